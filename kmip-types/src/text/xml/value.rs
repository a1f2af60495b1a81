//! What XML says as a value, by item type (`kmip-addtl-msg-enc` sections 6.1.6.3 to 6.1.6.12).

use crate::item::Value;
use crate::item_type::ItemType;
use crate::primitive::BigInteger;
use crate::text::error::TextErrorKind;
use crate::text::names::ValueNames;
use crate::text::node::Content;
use crate::text::parse;

/// Reads a value that is not a structure.
pub(in crate::text) fn parse_value(
    item_type: ItemType,
    content: &Content<'_>,
    names: ValueNames<'_>,
) -> Result<Value, TextErrorKind> {
    let value = match content {
        Content::Text(text) if item_type == ItemType::TextString => parse::parse(item_type, text, names)?,
        Content::Text(text) => {
            // In XML Schema, white space around a value of any other type is not part of it.
            let text = text.trim_matches([' ', '\t', '\r', '\n']);
            match item_type {
                ItemType::BigInteger => big_integer(text).map(Value::BigInteger),
                ItemType::Boolean => boolean(text).map(Value::Boolean),
                _ => parse::parse(item_type, text, names)?,
            }
        }
        Content::Items(items) if items.is_empty() => {
            return Err(TextErrorKind::MissingMember { what: "attribute", name: "value" });
        }
        _ => None,
    };
    value.ok_or_else(|| TextErrorKind::InvalidValue {
        item_type,
        expected: match item_type {
            ItemType::Boolean => "true, false, 1 or 0",
            ItemType::BigInteger => "an even number of hex digits",
            _ => parse::expected(item_type, names),
        },
        found: content.kind(item_type),
    })
}

/// Hex digits, with or without `0x`. Peers are known to leave out the sign-extension to a multiple of eight
/// bytes.
fn big_integer(text: &str) -> Option<BigInteger> {
    let bytes = parse::hex_bytes(text.strip_prefix("0x").unwrap_or(text))?;
    (!bytes.is_empty()).then(|| BigInteger::from_signed_bytes(&bytes))
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
