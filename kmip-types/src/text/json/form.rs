//! What JSON says of an item, in the forms that the options choose, whoever writes it.

use core::fmt;
use std::borrow::Cow;

use crate::item::{Item, Value};
use crate::text::TextCodec;
use crate::text::names::ValueNames;
use crate::text::options::{NameForm, NumberForm, TagForm};
use crate::text::values;

/// An item as its JSON says it.
pub(super) struct Form<'a> {
    pub(super) tag: Cow<'a, str>,
    /// The name beside a tag that is in hex.
    pub(super) name: Option<&'a str>,
    pub(super) item_type: Option<&'static str>,
    pub(super) value: ValueForm<'a>,
}

/// A value as its JSON says it.
pub(super) enum ValueForm<'a> {
    Items(&'a [Item]),
    Integer(i32),
    Unsigned(u32),
    LongInteger(i64),
    Boolean(bool),
    /// Any text.
    Text(&'a str),
    /// Names, hex or a date: a text of which no character needs an escape.
    Plain(Cow<'a, str>),
    /// Bytes in hex.
    Bytes(HexBytes<'a>),
}

/// Bytes in hex after a prefix.
pub(super) struct HexBytes<'a>(pub(super) &'static str, pub(super) &'a [u8]);

/// From 2^52 on, a JSON number may lose digits on its way through a program that keeps it as floating point.
const EXACT: u64 = 1 << 52;

impl<'a> Form<'a> {
    /// The form of an item with the Attribute Name beside it.
    pub(super) fn new(codec: &'a TextCodec, item: &'a Item, attribute: Option<&str>) -> Self {
        let typed = !matches!(item.value, Value::Structure(_)) || codec.json.structure_type;
        let (form, name) = match item.tag.name() {
            Some(name) => (codec.json.tags, Some(name)),
            None => (codec.json.vendor_tags, codec.vendor.name(item.tag)),
        };
        Self {
            tag: match name {
                Some(name) if form == TagForm::Name => Cow::Borrowed(name),
                _ => Cow::Owned(format!("0x{:06X}", item.tag.value())),
            },
            name: name.filter(|_| form == TagForm::HexAndName),
            item_type: typed.then(|| item.item_type().name()),
            value: ValueForm::new(codec, item, attribute),
        }
    }
}

impl<'a> ValueForm<'a> {
    fn new(codec: &'a TextCodec, item: &'a Item, attribute: Option<&str>) -> Self {
        let options = &codec.json;
        let hex = options.integers == NumberForm::Hex;
        let names = || codec.vendor.value_names(item.tag, attribute);
        let plain = |text: String| Self::Plain(Cow::Owned(text));
        match &item.value {
            Value::Structure(items) => Self::Items(items),
            Value::Integer(value) => match names() {
                ValueNames::Mask(table) => {
                    let text = values::mask_text(*value, table, options.masks, "|");
                    text.map_or(Self::Integer(*value), plain)
                }
                _ if hex => plain(values::hex_of_u32(value.cast_unsigned())),
                _ => Self::Integer(*value),
            },
            Value::LongInteger(value) => match hex || value.unsigned_abs() >= EXACT {
                true => plain(values::hex_of_u64(value.cast_unsigned())),
                false => Self::LongInteger(*value),
            },
            Value::BigInteger(value) => Self::Bytes(HexBytes("0x", value.padded_bytes())),
            Value::Enumeration(value) => match (options.enumerations, names()) {
                (NameForm::Number, _) => Self::Unsigned(*value),
                (NameForm::Name, ValueNames::Enumeration(table)) => Self::Plain(table.label(*value)),
                _ => plain(values::hex_of_u32(*value)),
            },
            Value::Boolean(value) => match options.hex_booleans {
                true => plain(values::hex_of_u64(u64::from(*value))),
                false => Self::Boolean(*value),
            },
            Value::TextString(value) => Self::Text(value),
            Value::ByteString(value) => Self::Bytes(HexBytes("", value)),
            Value::DateTime(value) => plain(values::date_text(*value, options.dates)),
            Value::Interval(value) => match hex {
                true => plain(values::hex_of_u32(value.seconds())),
                false => Self::Unsigned(value.seconds()),
            },
            Value::DateTimeExtended(value) => plain(values::extended_date_text(*value, options.dates)),
        }
    }
}

impl fmt::Display for HexBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        crate::wipe::write_hex(self.1, f)
    }
}
