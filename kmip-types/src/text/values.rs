//! Values as text, as the encodings write them: numbers in hex, dates, masks.

use time::OffsetDateTime;

use crate::primitive::{DateTime, DateTimeExtended};
use crate::text::options::DateForm;
#[cfg(any(feature = "json", feature = "xml"))]
use crate::text::{names::Table, options::NameForm};

/// The bits that up to eight hex digits after `0x` say.
pub(super) fn hex_u32(text: &str) -> Option<u32> {
    hex_digits(text, 8).and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

/// The standard wants every digit of a fixed width, but has fewer in an example of its own.
pub(super) fn hex_digits(text: &str, most: usize) -> Option<&str> {
    let digits = text.strip_prefix("0x")?;
    let valid = (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    valid.then_some(digits)
}

/// The number in hex, with all digits.
pub(super) fn hex_of_u32(number: u32) -> String {
    format!("0x{number:08x}")
}

/// The number in hex, with all digits.
pub(super) fn hex_of_u64(number: u64) -> String {
    format!("0x{number:016x}")
}

/// A Date-Time as text: ISO 8601 in UTC, or hex where that is asked for or the year is not between 1 and
/// 9999.
pub(super) fn date_text(date: DateTime, form: DateForm) -> String {
    match calendar(OffsetDateTime::try_from(date).ok(), form) {
        Some(at) => format!("{}+00:00", iso8601(at)),
        None => hex_of_u64(date.seconds().cast_unsigned()),
    }
}

/// A Date-Time Extended as text: ISO 8601 in UTC with all microseconds, or hex as for a Date-Time.
pub(super) fn extended_date_text(date: DateTimeExtended, form: DateForm) -> String {
    match calendar(OffsetDateTime::try_from(date).ok(), form) {
        Some(at) => format!("{}.{:06}+00:00", iso8601(at), at.microsecond()),
        None => hex_of_u64(date.microseconds().cast_unsigned()),
    }
}

fn calendar(date: Option<OffsetDateTime>, form: DateForm) -> Option<OffsetDateTime> {
    date.filter(|at| form == DateForm::Iso8601 && (1..=9999).contains(&at.year()))
}

fn iso8601(at: OffsetDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", u8::from(month))
}

/// An Integer that stands for a mask, as text: `None` where it is to be a number.
#[cfg(any(feature = "json", feature = "xml"))]
pub(super) fn mask_text(value: i32, table: Table<'_>, form: NameForm, separator: &str) -> Option<String> {
    match form {
        NameForm::Name => Some(table.join(value.cast_unsigned(), separator)),
        NameForm::Hex => Some(hex_of_u32(value.cast_unsigned())),
        NameForm::Number => None,
    }
}
