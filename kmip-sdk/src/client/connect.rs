//! What a client connects by: the system's sockets, or streams that the user makes.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub use super::address::Address;

/// Makes the streams of a blocking client, where TCP is not what leads to the server, or TLS is not to be that of this
/// library: a Unix socket, a tunnel, another library of TLS, a smart card's key.
///
/// Any function from an address and a deadline to a stream is one.
///
/// ```no_run
/// use std::net::TcpStream;
/// use std::time::Instant;
/// use kmip_sdk::Client;
/// use kmip_sdk::connect::{Address, Stream};
///
/// let plain = |address: &Address, _: Option<Instant>| {
///     let stream = TcpStream::connect((address.host(), address.port()))?;
///     Ok(Box::new(stream) as Box<dyn Stream>)
/// };
/// let client = Client::builder().address("localhost:5696").connector(plain).build()?;
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub trait Connector: Send + Sync + 'static {
    /// A new stream to the server.
    ///
    /// # Errors
    /// It cannot be reached, or not before the deadline.
    fn connect(&self, address: &Address, deadline: Option<Instant>) -> io::Result<Box<dyn Stream>>;
}

impl<F> Connector for F
where
    F: Fn(&Address, Option<Instant>) -> io::Result<Box<dyn Stream>> + Send + Sync + 'static,
{
    fn connect(&self, address: &Address, deadline: Option<Instant>) -> io::Result<Box<dyn Stream>> {
        self(address, deadline)
    }
}

/// A stream of a blocking client.
///
/// For one that has no timeouts and always blocks there is [`Untimed`].
pub trait Stream: Read + Write + Send + 'static {
    /// Sets how long a read may block; for ever, if that is `None`. It fails with [`io::ErrorKind::TimedOut`] or
    /// [`io::ErrorKind::WouldBlock`] then.
    ///
    /// # Errors
    /// The stream cannot do that.
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()>;

    /// Sets how long a write may block, as [`set_read_timeout`](Self::set_read_timeout) does of a read.
    ///
    /// # Errors
    /// The stream cannot do that.
    fn set_write_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()>;

    /// Says whether reads and writes block. Where they do not, and would, they fail with
    /// [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    /// The stream cannot do that: whether the server has closed it is found out by the next request then.
    fn set_nonblocking(&mut self, nonblocking: bool) -> io::Result<()>;
}

/// A stream that has no timeouts and always blocks.
///
/// A client cannot end a read that blocks: that the server is silent it notices only between reads. And it cannot look
/// whether the server has closed the stream.
#[derive(Debug)]
pub struct Untimed<S>(pub S);

impl Stream for TcpStream {
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, timeout)
    }

    fn set_write_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_write_timeout(self, timeout)
    }

    fn set_nonblocking(&mut self, nonblocking: bool) -> io::Result<()> {
        Self::set_nonblocking(self, nonblocking)
    }
}

#[cfg(unix)]
impl Stream for std::os::unix::net::UnixStream {
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, timeout)
    }

    fn set_write_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_write_timeout(self, timeout)
    }

    fn set_nonblocking(&mut self, nonblocking: bool) -> io::Result<()> {
        Self::set_nonblocking(self, nonblocking)
    }
}

impl<S: Read> Read for Untimed<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<S: Write> Write for Untimed<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<S: Read + Write + Send + 'static> Stream for Untimed<S> {
    fn set_read_timeout(&mut self, _: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn set_write_timeout(&mut self, _: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn set_nonblocking(&mut self, _: bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
