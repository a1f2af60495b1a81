//! A clock that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use kmip_types::DateTime;

/// A clock that stands still until a test moves it. Its clones are the same clock.
///
/// ```
/// use std::time::Duration;
///
/// use kmip_sdk::server::{ServerOptions, TestClock};
/// use kmip_sdk::types::DateTime;
///
/// let clock = TestClock::new(DateTime::from_seconds(1_700_000_000));
/// let options = ServerOptions::default().test_clock(&clock);
/// clock.advance(Duration::from_secs(60)); // For the server too.
/// assert_eq!(clock.now(), DateTime::from_seconds(1_700_000_060));
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct TestClock {
    /// Since 1970.
    milliseconds: Arc<AtomicI64>,
}

impl Default for TestClock {
    /// The beginning of 2024, in UTC.
    fn default() -> Self {
        Self::new(DateTime::from_seconds(1_704_067_200))
    }
}

impl TestClock {
    /// A clock that shows this time.
    pub fn new(now: DateTime) -> Self {
        Self { milliseconds: Arc::new(AtomicI64::new(milliseconds(now))) }
    }

    /// What the clock shows, to the second.
    pub fn now(&self) -> DateTime {
        DateTime::from_seconds(self.milliseconds.load(Ordering::SeqCst).div_euclid(1000))
    }

    /// Lets so much time pass, to the millisecond.
    pub fn advance(&self, time: Duration) {
        let passed = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let add = |before: i64| Some(before.saturating_add(passed));
        let _ = self.milliseconds.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    /// Sets the clock to another time, also an earlier one.
    pub fn set(&self, now: DateTime) {
        self.milliseconds.store(milliseconds(now), Ordering::SeqCst);
    }
}

fn milliseconds(time: DateTime) -> i64 {
    time.seconds().saturating_mul(1000)
}
