//! A blocking stream whose reads and writes end by the patience that a call has.

use std::io::{self, IoSlice, Read, Write};
use std::time::{Duration, Instant};

use super::super::connect::Stream;
use super::super::timeouts::Patience;

/// The shortest timeout that is set: the system takes zero for none.
const SHORTEST: Duration = Duration::from_millis(1);

/// A stream with timeouts.
///
/// It sits below TLS. So a peer that drips bytes cannot hold a read above TLS for ever, although that goes on reading
/// here until a whole record is there.
///
/// The system's timeout is left as it was set before where that is not too long: where it ends early the rest is waited
/// for. So in a row of calls each costs one system call to write and one to read.
pub(crate) struct TimedStream {
    stream: Box<dyn Stream>,
    patience: Patience,
    read: Option<Duration>,
    write: Option<Duration>,
}

impl TimedStream {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, patience: Patience { until: None, read: None, write: None }, read: None, write: None }
    }

    /// Sets when reads and writes from now on give up.
    pub(super) fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// The stream without its timeouts.
    pub(super) fn stream(&mut self) -> &mut Box<dyn Stream> {
        &mut self.stream
    }

    /// Does one read or one write, for as long as the patience lasts.
    fn patiently(
        &mut self,
        writing: bool,
        mut transfer: impl FnMut(&mut dyn Stream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let mut now = Instant::now();
        let limit = self.patience.limit(writing, now);
        let mut again = false;
        loop {
            let left = limit.map(|limit| limit.saturating_duration_since(now));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.set_timeout(writing, left, again)?;
            match transfer(&mut *self.stream) {
                // The one on some systems, the other on others.
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    now = Instant::now();
                    again = true;
                }
                result => return result,
            }
        }
    }

    /// Makes sure that the stream's timeout ends before this time is over, and not much too early.
    fn set_timeout(&mut self, writing: bool, left: Option<Duration>, exactly: bool) -> io::Result<()> {
        let set = if writing { &mut self.write } else { &mut self.read };
        let is_right = match (*set, left) {
            (None, None) => true,
            (Some(set), Some(left)) => set <= left && (set >= left / 2),
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        let timeout = left.map(|left| if exactly { left } else { left / 4 * 3 }.max(SHORTEST));
        *set = timeout;
        match writing {
            true => self.stream.set_write_timeout(timeout),
            false => self.stream.set_read_timeout(timeout),
        }
    }
}

impl Read for TimedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.patiently(false, |stream| stream.read(buffer))
    }
}

impl Write for TimedStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.patiently(true, |stream| stream.write(bytes))
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.patiently(true, |stream| stream.write_vectored(slices))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
