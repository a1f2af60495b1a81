//! An async stream as one that does not block, for as long as it is polled.

use std::io::{self, IoSlice, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use ::tokio::io::ReadBuf;

use super::Stream;

/// A stream while it is polled: where it is not ready it would block, and the task is woken when it is.
pub(super) struct Lent<'a, 'b> {
    stream: &'a mut Box<dyn Stream>,
    context: &'a mut Context<'b>,
}

impl<'a, 'b> Lent<'a, 'b> {
    pub(super) fn new(stream: &'a mut Box<dyn Stream>, context: &'a mut Context<'b>) -> Self {
        Self { stream, context }
    }
}

fn ready<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl Read for Lent<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        ready(Pin::new(&mut **self.stream).poll_read(self.context, &mut buffer))?;
        Ok(buffer.filled().len())
    }
}

impl Write for Lent<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        ready(Pin::new(&mut **self.stream).poll_write(self.context, bytes))
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        ready(Pin::new(&mut **self.stream).poll_write_vectored(self.context, slices))
    }

    fn flush(&mut self) -> io::Result<()> {
        ready(Pin::new(&mut **self.stream).poll_flush(self.context))
    }
}
