//! Interval.

use core::fmt;
use core::time::Duration;

/// A span of time in whole seconds, unsigned 32-bit: Interval
/// (KMIP 1.4 section 9.1.1.4, 2.1 section 10.1.4).
///
/// ```
/// use std::time::Duration;
/// use kmip_types::Interval;
/// assert_eq!(Duration::from(Interval::from_seconds(42)), Duration::from_secs(42));
/// assert_eq!(format!("{:?}", Interval::from_seconds(42)), "Interval(42 s)");
/// assert!(Interval::try_from(Duration::from_secs(1 << 32)).is_err());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval(u32);

/// The duration is longer than 2^32 - 1 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an interval is at most 4294967295 seconds")]
pub struct IntervalRangeError;

impl Interval {
    /// So many seconds.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// The seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl From<Interval> for Duration {
    fn from(interval: Interval) -> Self {
        Self::from_secs(u64::from(interval.0))
    }
}

/// Fractions of a second are cut.
impl TryFrom<Duration> for Interval {
    type Error = IntervalRangeError;

    fn try_from(duration: Duration) -> Result<Self, IntervalRangeError> {
        u32::try_from(duration.as_secs()).map(Self).map_err(|_| IntervalRangeError)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

/// As in `Display`.
impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Interval({self})")
    }
}
