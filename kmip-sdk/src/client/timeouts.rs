//! How long the client waits.

use std::time::{Duration, Instant};

/// How long the client waits for the server. `None` waits for ever.
///
/// None of them covers looking up the host's name (DNS), before a connection is made: the system bounds that.
///
/// ```
/// use std::time::Duration;
/// use kmip_sdk::Timeouts;
/// let timeouts = Timeouts { overall: Some(Duration::from_secs(5)), ..Timeouts::default() };
/// assert_eq!(timeouts.connect, Some(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Connecting to one address, TLS handshake included. Default 10 s.
    pub connect: Option<Duration>,
    /// The server's silence: the wait for the next bytes of a response. Default 30 s.
    pub read: Option<Duration>,
    /// The server's taking no more bytes of a request. Default 30 s.
    pub write: Option<Duration>,
    /// A whole exchange: from the first byte of a request to the last byte of its response. Default 60 s.
    pub overall: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        Self { connect: seconds(10), read: seconds(30), write: seconds(30), overall: seconds(60) }
    }
}

impl Timeouts {
    /// The timeouts with none of zero, which the system's sockets do not know.
    pub(super) fn usable(self) -> Self {
        let usable = |timeout: Option<Duration>| timeout.map(|timeout| timeout.max(Duration::from_millis(1)));
        Self {
            connect: usable(self.connect),
            read: usable(self.read),
            write: usable(self.write),
            overall: usable(self.overall),
        }
    }
}

/// When a timeout that starts now ends. A timeout beyond what the clock can say is none.
pub(super) fn deadline(timeout: Option<Duration>) -> Option<Instant> {
    timeout.and_then(|timeout| Instant::now().checked_add(timeout))
}
