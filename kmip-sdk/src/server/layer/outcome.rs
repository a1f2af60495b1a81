//! What a client is sent, if anything.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

/// What becomes of a request: what is sent, when, and whether the connection ends.
pub struct Outcome {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Whether the bytes are sent as they are, even where messages have another encoding.
    pub(crate) is_raw: bool,
    pub(crate) delay: Duration,
    /// How many bytes are sent of what would be.
    pub(crate) cut: Option<usize>,
    pub(crate) ends: bool,
    pub(crate) turns: bool,
}

impl Outcome {
    /// A response message, in binary TTLV; over HTTPS it is put into the encoding of the request.
    pub fn answer(message: impl Into<Vec<u8>>) -> Self {
        let bytes = Zeroizing::new(message.into());
        Self { bytes, is_raw: false, delay: Duration::ZERO, cut: None, ends: false, turns: false }
    }

    /// Bytes that are sent as they are, be they a message or not; over HTTPS they are the body.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { is_raw: true, ..Self::answer(bytes) }
    }

    /// Nothing: the connection ends.
    pub fn drop_connection() -> Self {
        Self { ends: true, ..Self::raw(Vec::new()) }
    }

    /// Sent so much later, in real time. Where the server listens other connections are answered meanwhile; in process the
    /// caller waits.
    #[must_use]
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = self.delay.saturating_add(by);
        self
    }

    /// Only the first so many bytes are sent, over HTTPS of the body, and then the connection ends.
    #[must_use]
    pub fn cut(mut self, after: usize) -> Self {
        self.cut = Some(after);
        self.ends = true;
        self
    }

    /// The connection ends behind it.
    #[must_use]
    pub fn then_closed(mut self) -> Self {
        self.ends = true;
        self
    }

    /// What is sent; nothing at all is the end of the connection. It may hold secrets.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How much of something of this length is sent.
    pub(crate) fn sent(&self, length: usize) -> usize {
        self.cut.map_or(length, |cut| cut.min(length))
    }

    /// What a caller in process gets: the bytes that would be sent, when they would be.
    pub(crate) fn in_process(mut self) -> Vec<u8> {
        if !self.delay.is_zero() {
            std::thread::sleep(self.delay);
        }
        let length = self.sent(self.bytes.len());
        let mut bytes = std::mem::take(&mut *self.bytes);
        bytes.truncate(length);
        bytes
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("length", &self.bytes.len())
            .field("is_raw", &self.is_raw)
            .field("delay", &self.delay)
            .field("cut", &self.cut)
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}
