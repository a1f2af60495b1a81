//! What is on a connection when nothing is awaited: nothing, its end, or what nobody asked for.

use std::io::{self, BufRead as _};

use zeroize::Zeroizing;

use super::{Io, Link};
use crate::error::{Error, ErrorKind, Phase};

/// How many bytes that nobody asked for are counted.
const STRAY_BYTES: usize = 64 << 10;

/// What is on a connection between exchanges.
pub(crate) enum Idle {
    /// Nothing.
    Open,
    /// Its end, or what nobody asked for, so that it is of no more use.
    Closed(Error),
}

impl Link {
    /// Looks what is on the connection, over a stream that does not block.
    pub(crate) fn look(&mut self, io: &mut dyn Io) -> Idle {
        let closed = |kind| Idle::Closed(Error::new(Phase::Send, kind));
        loop {
            match self.stray_bytes() {
                0 => {}
                // An answer to nothing, so the next one would be taken for the answer to something else.
                bytes => {
                    return closed(ErrorKind::StrayBytes {
                        bytes: (bytes + self.stray_behind(io)).min(STRAY_BYTES),
                    });
                }
            }
            if self.has_ended {
                return closed(ErrorKind::Closed);
            }
            match self.read_idle(io) {
                Ok(0) => return closed(ErrorKind::Closed),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Idle::Open,
                Err(error) => return Idle::Closed(self.failed(error)),
            }
        }
    }

    /// Reads once where nothing is awaited. What is not wrapped in TLS belongs to nothing, and is counted as it comes.
    fn read_idle(&mut self, io: &mut dyn Io) -> io::Result<usize> {
        if self.tls.is_some() {
            return self.read(io);
        }
        let mut buffer = Zeroizing::new([0; 4096]);
        let read = io.read(&mut *buffer)?;
        self.stray += read;
        Ok(read)
    }

    /// How many bytes are there that belong to no answer. They are thrown away.
    pub(super) fn stray_bytes(&mut self) -> usize {
        if let Some(tls) = &mut self.tls {
            let mut plain = tls.reader();
            while let Ok(count @ 1..) = plain.fill_buf().map(<[u8]>::len) {
                plain.consume(count);
                self.stray += count;
            }
        }
        self.stray
    }

    /// How many more bytes come at once.
    fn stray_behind(&mut self, io: &mut dyn Io) -> usize {
        let before = self.stray;
        while self.stray < STRAY_BYTES && matches!(self.read_idle(io), Ok(1..)) {
            self.stray_bytes();
        }
        self.stray - before
    }
}
