//! How long the client waits.

use std::time::{Duration, Instant};

use crate::engine::{after, earlier};

/// How long the client waits for the server. `None` waits for ever.
///
/// How long a call waits for a connection of the pool's is said by [`PoolOptions::wait`](crate::PoolOptions::wait).
///
/// ```
/// use std::time::Duration;
/// use kmip_sdk::Timeouts;
/// let timeouts = Timeouts { overall: Some(Duration::from_secs(5)), ..Timeouts::default() };
/// assert_eq!(timeouts.connect, Some(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Looking up the host's name, and connecting to one of its addresses. Default 10 s.
    pub connect: Option<Duration>,
    /// The TLS handshake. Default 10 s.
    pub tls: Option<Duration>,
    /// The server's silence: the wait for the next bytes of a response. Default 30 s.
    pub read: Option<Duration>,
    /// The server's taking no more bytes of a request. Default 30 s.
    pub write: Option<Duration>,
    /// A whole call: waiting for a connection, connecting, every attempt, to the last byte of the response. Default
    /// 60 s.
    pub overall: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        Self {
            connect: seconds(10),
            tls: seconds(10),
            read: seconds(30),
            write: seconds(30),
            overall: seconds(60),
        }
    }
}

/// Until when a link may be driven, and how long nothing may move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) until: Option<Instant>,
    pub(crate) read: Option<Duration>,
    pub(crate) write: Option<Duration>,
}

impl Patience {
    /// When to give up, if nothing moves from now on.
    pub(crate) fn limit(&self, writing: bool, now: Instant) -> Option<Instant> {
        let silence = if writing { self.write } else { self.read };
        earlier(after(now, silence), self.until)
    }
}
