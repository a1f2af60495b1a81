//! Values from text: all that JSON strings and XML attributes say in the same way.

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use zeroize::Zeroizing;

use crate::item::Value;
use crate::item_type::ItemType;
use crate::primitive::{DateTime, DateTimeExtended, Interval};
use crate::text::error::TextErrorKind;
use crate::text::names::{Table, ValueNames};
use crate::text::values::{hex_digits, hex_u32};

/// Reads a value from text, in any of the forms that JSON and XML share: all but those of a Big Integer and a
/// Boolean, for which there is `None`, as they differ.
pub(super) fn parse(
    item_type: ItemType,
    text: &str,
    names: ValueNames<'_>,
) -> Result<Option<Value>, TextErrorKind> {
    let value = match item_type {
        ItemType::Integer => integer(text, names)?.map(Value::Integer),
        ItemType::LongInteger => long_integer(text).map(Value::LongInteger),
        ItemType::Enumeration => enumeration(text, names)?.map(Value::Enumeration),
        ItemType::TextString => Some(Value::TextString(text.to_owned())),
        ItemType::ByteString => {
            hex_bytes(text).map(|mut bytes| Value::ByteString(core::mem::take(&mut *bytes)))
        }
        ItemType::DateTime => {
            let seconds = match hex_u64(text) {
                Some(bits) => Some(bits.cast_signed()),
                None => instant(text).map(|date| date.unix_timestamp()),
            };
            seconds.map(|seconds| Value::DateTime(DateTime::from_seconds(seconds)))
        }
        ItemType::DateTimeExtended => {
            let date = match hex_u64(text) {
                Some(bits) => Some(DateTimeExtended::from_microseconds(bits.cast_signed())),
                None => instant(text).map(DateTimeExtended::from),
            };
            date.map(Value::DateTimeExtended)
        }
        ItemType::Interval => {
            let seconds = hex_u32(text).or_else(|| text.parse().ok());
            seconds.map(|seconds| Value::Interval(Interval::from_seconds(seconds)))
        }
        ItemType::Structure | ItemType::BigInteger | ItemType::Boolean => None,
    };
    Ok(value)
}

/// The forms that a type takes, for an error.
pub(super) fn expected(item_type: ItemType, names: ValueNames<'_>) -> &'static str {
    match item_type {
        ItemType::Structure => "items",
        ItemType::Integer => match names {
            ValueNames::Mask(_) => {
                "a number of 32 bits with a sign, up to 8 hex digits after 0x, or names of a mask's bits"
            }
            _ => "a number of 32 bits with a sign, or up to 8 hex digits after 0x",
        },
        ItemType::LongInteger => "a number of 64 bits with a sign, or up to 16 hex digits after 0x",
        ItemType::BigInteger => "a number, or hex digits for a multiple of 8 bytes",
        ItemType::Enumeration => match names {
            ValueNames::Enumeration(_) => {
                "a name of the tag's values, a number of 32 bits, or up to 8 hex digits after 0x"
            }
            _ => "a number of 32 bits without a sign, or up to 8 hex digits after 0x",
        },
        ItemType::Boolean => "true or false",
        ItemType::TextString => "text",
        ItemType::ByteString => "an even number of hex digits",
        ItemType::DateTime | ItemType::DateTimeExtended => {
            "a date as 2001-01-01T10:00:00+10:00, or up to 16 hex digits after 0x"
        }
        ItemType::Interval => "a number of 32 bits without a sign, or up to 8 hex digits after 0x",
    }
}

/// An Integer: hex, decimal, or the names of a mask's bits.
fn integer(text: &str, names: ValueNames<'_>) -> Result<Option<i32>, TextErrorKind> {
    if let Some(bits) = hex_u32(text) {
        return Ok(Some(bits.cast_signed()));
    }
    match (text.parse(), names) {
        (Ok(number), _) => Ok(Some(number)),
        (Err(_), ValueNames::Mask(table)) => {
            mask(text, |name| Ok(table.number(name)), table).map(|bits| Some(bits.cast_signed()))
        }
        (Err(_), _) => Ok(None),
    }
}

/// Components with `|`, a comma or spaces between them: names that `number` finds, or numbers in hex. None at all are
/// no bits.
fn mask(
    text: &str,
    number: impl Fn(&str) -> Result<Option<u32>, TextErrorKind>,
    table: Table<'_>,
) -> Result<u32, TextErrorKind> {
    let component = |name: &str| -> Result<Option<u32>, TextErrorKind> {
        match number(name)? {
            Some(number) => Ok(Some(number)),
            None => Ok(hex_u32(name).or_else(|| name.parse().ok())),
        }
    };
    let mut bits = 0;
    for part in text.split(['|', ',']).map(str::trim) {
        // A spelled-out name holds spaces itself.
        match component(part)? {
            Some(number) => bits |= number,
            None => {
                for name in part.split_whitespace() {
                    bits |= component(name)?.ok_or_else(|| table.unknown_name(name))?;
                }
            }
        }
    }
    Ok(bits)
}

/// Reads a value from names that are spelled otherwise than the standard spells them, with what they were taken for.
/// There is `None` where no names are due.
#[cold]
pub(super) fn parse_folded(
    item_type: ItemType,
    text: &str,
    names: ValueNames<'_>,
) -> Result<Option<(Value, String)>, TextErrorKind> {
    match (item_type, names) {
        (ItemType::Enumeration, ValueNames::Enumeration(table)) => {
            let number = table.folded(text)?.ok_or_else(|| table.unknown_name(text))?;
            Ok(Some((Value::Enumeration(number), table.label(number).into_owned())))
        }
        (ItemType::Integer, ValueNames::Mask(table)) => {
            let number = |name: &str| match table.number(name) {
                Some(number) => Ok(Some(number)),
                None => table.folded(name),
            };
            let bits = mask(text, number, table)?;
            Ok(Some((Value::Integer(bits.cast_signed()), table.join(bits, "|"))))
        }
        _ => Ok(None),
    }
}

fn long_integer(text: &str) -> Option<i64> {
    hex_u64(text).map(u64::cast_signed).or_else(|| text.parse().ok())
}

fn enumeration(text: &str, names: ValueNames<'_>) -> Result<Option<u32>, TextErrorKind> {
    let number = || hex_u32(text).or_else(|| text.parse().ok());
    match names {
        ValueNames::Enumeration(table) => match table.number(text).or_else(number) {
            Some(number) => Ok(Some(number)),
            None => Err(table.unknown_name(text)),
        },
        _ => Ok(number()),
    }
}

/// The bits that up to sixteen hex digits after `0x` say.
pub(super) fn hex_u64(text: &str) -> Option<u64> {
    hex_digits(text, 16).and_then(|digits| u64::from_str_radix(digits, 16).ok())
}

/// The bytes that hex digits say, in either case.
pub(super) fn hex_bytes(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // A prefix here would be a second one, which the library would take off.
    if text.starts_with("0x") {
        return None;
    }
    // All at once: where a vector grows, it leaves copies behind.
    let mut bytes = Zeroizing::new(vec![0; text.len() / 2]);
    const_hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// A point in time by ISO 8601 as XML Schema has it: without an offset, it is in UTC.
fn instant(text: &str) -> Option<OffsetDateTime> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (date, clock) = text.split_once('T')?;
    let mut date = date.split('-');
    let year: i32 = date.next().filter(|year| year.len() >= 4).and_then(digits)?;
    let month: u8 = two_digits(date.next()?)?;
    let day = two_digits(date.next()?)?;
    if date.next().is_some() {
        return None;
    }
    let year = if negative { -year } else { year };
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let (clock, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => (&clock[..at], utc_offset(&clock[at..])?),
        None => (clock, UtcOffset::UTC),
    };
    let (time, days) = time_of_day(clock)?;
    let at = PrimitiveDateTime::new(date, time).checked_add(Duration::days(days))?;
    Some(at.assume_offset(offset))
}

/// A time of day, and how many days later: `24:00:00` is midnight at the end of the day.
fn time_of_day(text: &str) -> Option<(Time, i64)> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) if !fraction.is_empty() => (clock, fraction),
        Some(_) => return None,
        None => (text, "0"),
    };
    let mut parts = clock.split(':').map(two_digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // What is finer than microseconds has no form on the wire.
    let microsecond = digits::<u32>(&format!("{:0<6.6}", fraction))?;
    if hour == 24 {
        let midnight = minute == 0 && second == 0 && fraction.bytes().all(|digit| digit == b'0');
        return midnight.then_some((Time::MIDNIGHT, 1));
    }
    Some((Time::from_hms_micro(hour, minute, second, microsecond).ok()?, 0))
}

fn utc_offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let minutes: i32 =
        two_digits::<i32>(hours)? * 60 + two_digits::<i32>(minutes).filter(|part| *part < 60)?;
    // XML Schema ends at 14 hours.
    let seconds = (minutes <= 14 * 60).then_some(minutes * 60)?;
    UtcOffset::from_whole_seconds(if negative { -seconds } else { seconds }).ok()
}

fn two_digits<T: core::str::FromStr>(text: &str) -> Option<T> {
    if text.len() == 2 { digits(text) } else { None }
}

fn digits<T: core::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok())?
}
