//! What the user says of connections, servers and retries.

use std::time::{Duration, Instant};

/// How many connections there are to a server, and how long each is kept.
///
/// ```
/// use kmip_sdk::PoolOptions;
/// let pool = PoolOptions { maximum: 4, ..PoolOptions::default() };
/// assert_eq!(pool.minimum, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOptions {
    /// The most connections at a time, those in use included; at least one. Default 10.
    pub maximum: usize,
    /// How many connections are kept although nobody uses them. Default 0.
    pub minimum: usize,
    /// How long a connection may be idle before it is closed. `None`: for ever. Default 60 s.
    pub idle_timeout: Option<Duration>,
    /// How long a connection is used at most. `None`: for ever. Default one hour.
    pub lifetime: Option<Duration>,
    /// How long a connection must have been idle for the client to look, before it uses it, whether the server has
    /// closed it. Default one second: a look takes three system calls.
    pub check_after: Duration,
    /// How long a call waits for a connection, if the most are in use. `None`: as long as the call may take. Default
    /// 30 s.
    pub wait: Option<Duration>,
    /// How long a server that could not be reached is left alone, while there are others; doubled with each failure,
    /// up to 32 times. Default one second.
    pub leave_alone: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            maximum: 10,
            minimum: 0,
            idle_timeout: Some(Duration::from_secs(60)),
            lifetime: Some(Duration::from_secs(3600)),
            check_after: Duration::from_secs(1),
            wait: Some(Duration::from_secs(30)),
            leave_alone: Duration::from_secs(1),
        }
    }
}

impl PoolOptions {
    pub(super) fn is_idle_too_long(&self, since: Instant, now: Instant) -> bool {
        self.idle_timeout.is_some_and(|timeout| now.saturating_duration_since(since) >= timeout)
    }

    pub(super) fn is_too_old(&self, opened: Instant, now: Instant) -> bool {
        self.lifetime.is_some_and(|lifetime| now.saturating_duration_since(opened) >= lifetime)
    }

    /// How long a server is left alone that failed this often in a row.
    pub(super) fn leave_alone_for(&self, failures: u32) -> Duration {
        self.leave_alone.saturating_mul(1 << failures.saturating_sub(1).min(5))
    }
}

/// When a request is made again: only if it changes nothing, or nothing of it was sent.
///
/// ```
/// use kmip_sdk::RetryPolicy;
/// assert_eq!(RetryPolicy::default().attempts, 3);
/// assert_eq!(RetryPolicy::NONE.attempts, 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is made at most, the first time included. Default 3.
    pub attempts: u32,
    /// The pause before the second attempt; it doubles with each, and up to half of it is left out at random.
    /// Default 100 ms.
    pub pause: Duration,
    /// The longest pause. Default 5 s.
    pub longest_pause: Duration,
    /// How many retries all calls of a client have together. Each call that succeeds gives back a tenth of one, so
    /// that a server that fails is not asked several times as much as one that works. Default 50.
    pub budget: u32,
}

impl RetryPolicy {
    /// No request is made again, once something of it was sent or no server could be reached.
    pub const NONE: Self =
        Self { attempts: 1, pause: Duration::ZERO, longest_pause: Duration::ZERO, budget: 0 };

    /// The pause after this many failed attempts.
    pub(super) fn pause(&self, attempts: u32, random: &mut u64) -> Duration {
        let full = self.pause.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(self.longest_pause);
        full - full.mul_f64(0.5 * fraction(random))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(5),
            budget: 50,
        }
    }
}

/// Which of several servers is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Selection {
    /// The first that can be reached, in the order in which they were given.
    #[default]
    Priority,
    /// One after the other.
    RoundRobin,
}

/// A number from 0 to 1 that no two calls agree on (xorshift64).
fn fraction(random: &mut u64) -> f64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    (*random >> 11) as f64 / (1_u64 << 53) as f64
}
