//! A TCP stream whose reads and writes end by a timeout each, and by a deadline together.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A TCP stream with timeouts.
///
/// It sits below TLS. So a peer that drips bytes cannot hold a read above TLS for ever, although that goes on
/// reading here until a whole record is there.
#[derive(Debug)]
pub(crate) struct TimedStream {
    tcp: TcpStream,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    deadline: Option<Instant>,
}

impl TimedStream {
    /// The stream with the longest that one read and one write may take; for ever, if it is not said.
    pub(crate) fn new(
        tcp: TcpStream,
        read_timeout: Option<Duration>,
        write_timeout: Option<Duration>,
    ) -> Self {
        Self { tcp, read_timeout, write_timeout, deadline: None }
    }

    /// Sets when all reads and writes from now on must be done.
    pub(crate) fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// The stream without its timeouts.
    pub(crate) fn tcp(&mut self) -> &mut TcpStream {
        &mut self.tcp
    }

    /// How long the next read or write may take.
    fn timeout(&self, timeout: Option<Duration>) -> io::Result<Option<Duration>> {
        let Some(deadline) = self.deadline else { return Ok(timeout) };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(Some(timeout.map_or(left, |timeout| timeout.min(left))))
    }
}

impl Read for TimedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(self.timeout(self.read_timeout)?)?;
        self.tcp.read(buffer).map_err(timed_out)
    }
}

impl Write for TimedStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(self.timeout(self.write_timeout)?)?;
        self.tcp.write(buffer).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// Names a timeout as one on all systems: what is above takes the other name for a socket that does not block,
/// and goes on to wait for something else.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}
