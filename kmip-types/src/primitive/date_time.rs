//! Date-Time and Date-Time Extended.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time in whole seconds since 1970-01-01T00:00:00Z, signed 64-bit: Date-Time
/// (KMIP 1.4 section 9.1.1.4, 2.1 section 10.1.4).
///
/// ```
/// use kmip_types::DateTime;
/// use time::OffsetDateTime;
/// let date = DateTime::from_seconds(1_698_748_303);
/// assert_eq!(date.to_string(), "2023-10-31T10:31:43Z");
/// assert_eq!(format!("{date:?}"), "DateTime(2023-10-31T10:31:43Z)");
/// assert_eq!(OffsetDateTime::try_from(date).map(DateTime::from), Ok(date));
/// let before = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(2);
/// assert_eq!(DateTime::from(before), DateTime::from_seconds(-2));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime(i64);

/// A point in time in microseconds since 1970-01-01T00:00:00Z, signed 64-bit: Date-Time Extended
/// (KMIP 2.1 section 10.1.4). Since KMIP 2.0.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTimeExtended(i64);

/// The point in time is outside the years that `time` can say (-9999 to 9999).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the date is outside the years -9999 to 9999")]
pub struct DateTimeRangeError;

impl DateTime {
    /// The point so many seconds after 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The present, cut to whole seconds.
    pub fn now() -> Self {
        Self::from(OffsetDateTime::now_utc())
    }
}

impl DateTimeExtended {
    /// The point so many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// The present.
    pub fn now() -> Self {
        Self::from(OffsetDateTime::now_utc())
    }
}

/// Fractions of a second are cut.
impl From<OffsetDateTime> for DateTime {
    fn from(date: OffsetDateTime) -> Self {
        Self(date.unix_timestamp())
    }
}

/// Fractions of a second are cut.
impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Self(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => seconds(after),
            Err(error) => -seconds(error.duration()),
        })
    }
}

impl TryFrom<DateTime> for OffsetDateTime {
    type Error = DateTimeRangeError;

    fn try_from(date: DateTime) -> Result<Self, DateTimeRangeError> {
        Self::from_unix_timestamp(date.0).map_err(|_| DateTimeRangeError)
    }
}

/// Fractions of a microsecond are cut.
impl From<OffsetDateTime> for DateTimeExtended {
    fn from(date: OffsetDateTime) -> Self {
        // The years -9999 to 9999 in microseconds fit in 64 bits, with room to spare.
        Self((date.unix_timestamp_nanos().div_euclid(1000)) as i64)
    }
}

impl TryFrom<DateTimeExtended> for OffsetDateTime {
    type Error = DateTimeRangeError;

    fn try_from(date: DateTimeExtended) -> Result<Self, DateTimeRangeError> {
        Self::from_unix_timestamp_nanos(i128::from(date.0) * 1000).map_err(|_| DateTimeRangeError)
    }
}

/// ISO 8601 in UTC, or the seconds in hex where the year has no four digits.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match OffsetDateTime::try_from(*self).ok().and_then(|date| date.format(&Rfc3339).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "0x{:016X}", self.0),
        }
    }
}

/// ISO 8601 in UTC, or the microseconds in hex where the year has no four digits.
impl fmt::Display for DateTimeExtended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match OffsetDateTime::try_from(*self).ok().and_then(|date| date.format(&Rfc3339).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "0x{:016X}", self.0),
        }
    }
}

/// As in `Display`.
impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({self})")
    }
}

/// As in `Display`.
impl fmt::Debug for DateTimeExtended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTimeExtended({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_out_of_range_are_kept_and_shown_in_hex() {
        for seconds in [i64::MIN, i64::MAX] {
            let date = DateTime::from_seconds(seconds);
            assert_eq!(OffsetDateTime::try_from(date), Err(DateTimeRangeError));
            assert_eq!(date.to_string(), format!("0x{seconds:016X}"));
        }
    }

    #[test]
    fn extended_dates_keep_microseconds() {
        let date = DateTimeExtended::from_microseconds(-1);
        assert_eq!(date.to_string(), "1969-12-31T23:59:59.999999Z");
        assert_eq!(OffsetDateTime::try_from(date).map(DateTimeExtended::from), Ok(date));
    }
}
