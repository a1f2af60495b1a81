//! What JSON says as a value, by item type (`kmip-addtl-msg-enc` sections 4.1.6.2 to 4.1.6.12).

use zeroize::Zeroizing;

use crate::item::Value;
use crate::item_type::ItemType;
use crate::primitive::{BigInteger, Interval};
use crate::text::error::TextErrorKind;
use crate::text::names::ValueNames;
use crate::text::node::Content;
use crate::text::parse;
use crate::wipe::ValueText;

/// Reads a value that is not a structure.
pub(in crate::text) fn parse_value(
    item_type: ItemType,
    content: &Content<'_>,
    names: ValueNames<'_>,
) -> Result<Value, TextErrorKind> {
    let value = match content {
        Content::Text(text) => match item_type {
            ItemType::BigInteger => big_integer(text).map(Value::BigInteger),
            ItemType::Boolean => boolean(text).map(Value::Boolean),
            _ => parse::parse(item_type, text, names)?,
        },
        Content::Number(digits) => match integral(digits) {
            Some(digits) => number(item_type, &digits),
            None => None,
        },
        Content::Boolean(value) if item_type == ItemType::Boolean => Some(Value::Boolean(*value)),
        Content::Absent => return Err(TextErrorKind::MissingMember { what: "member", name: "value" }),
        _ => None,
    };
    value.ok_or_else(|| TextErrorKind::InvalidValue {
        item_type,
        expected: parse::expected(item_type, names),
        found: match content {
            Content::Number(digits) if integral(digits).is_none() => {
                "a number with a fraction or out of range"
            }
            Content::Number(_) if item_type == ItemType::BigInteger => "a number of more than 128 bits",
            _ => content.kind(item_type),
        },
    })
}

/// The digits of the longest number that is taken, more than 128 bits have.
const MOST_DIGITS: usize = 40;

/// A JSON number without fraction and exponent, as writers that only know floating point may have put one:
/// `1.0` and `10e-1` are 1. No digit is lost: there is `None` for what is no integer, or far too long.
fn integral(number: &str) -> Option<ValueText<'_>> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    if mantissa.len() == number.len() && !number.contains('.') {
        return Some(number.into());
    }
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = Zeroizing::new(format!("{whole}{fraction}"));
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".into());
    }
    let trailing = all.len() - all.trim_end_matches('0').len();
    // How many zeros follow the last digit that is not one.
    let zeros = i64::from(exponent.parse::<i32>().ok()?)
        .checked_sub(i64::try_from(fraction.len()).ok()?)?
        .checked_add(i64::try_from(trailing).ok()?)?;
    let zeros = usize::try_from(zeros).ok()?;
    let fits = significant.len().checked_add(zeros)? <= MOST_DIGITS;
    fits.then(|| format!("{sign}{significant}{}", "0".repeat(zeros)).into())
}

/// A number without a fraction or an exponent.
fn number(item_type: ItemType, digits: &str) -> Option<Value> {
    Some(match item_type {
        ItemType::Integer => Value::Integer(digits.parse().ok()?),
        ItemType::LongInteger => Value::LongInteger(digits.parse().ok()?),
        ItemType::BigInteger => Value::BigInteger(decimal_big_integer(digits)?),
        ItemType::Enumeration => Value::Enumeration(digits.parse().ok()?),
        ItemType::Interval => Value::Interval(Interval::from_seconds(digits.parse().ok()?)),
        _ => return None,
    })
}

/// Hex digits after `0x` for a multiple of eight bytes; a decimal number is taken too.
fn big_integer(text: &str) -> Option<BigInteger> {
    match text.strip_prefix("0x") {
        Some(digits) => {
            let bytes = parse::hex_bytes(digits)?;
            (!bytes.is_empty() && bytes.len() % 8 == 0).then(|| BigInteger::from_signed_bytes(&bytes))
        }
        None => decimal_big_integer(text),
    }
}

fn decimal_big_integer(digits: &str) -> Option<BigInteger> {
    let number: i128 = digits.parse().ok()?;
    Some(match i64::try_from(number) {
        Ok(number) => BigInteger::from(number),
        Err(_) => BigInteger::from_signed_bytes(&number.to_be_bytes()),
    })
}

fn boolean(text: &str) -> Option<bool> {
    match parse::hex_u64(text)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}
