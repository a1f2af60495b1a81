//! Data that is read or written for long: how far it is, for who looks on, until its end or Ctrl-C.

use std::fs::File;
#[cfg(feature = "server")]
use std::io::Write;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use zeroize::Zeroizing;

use super::show;
use crate::failure::{Failure, Name};
use crate::interrupt;

/// How much is read of the standard input at a time, in bytes.
const PIECE: usize = 64 << 10;

/// How often it is looked whether Ctrl-C was pressed while nothing comes.
const PATIENCE: Duration = Duration::from_millis(50);

/// A file that is read, or the standard input for `-`, with its progress shown on a terminal. Ctrl-C ends it: the next read
/// fails.
pub(crate) fn reader(path: &Path) -> Result<Watched, Failure> {
    interrupt::watch()?;
    let is_input = path.to_str() == Some("-");
    let (from, length): (Box<dyn Read + Send>, Option<u64>) = if is_input {
        (Box::new(Input::new().map_err(|error| Failure::Read(Name(path.to_owned()), error))?), None)
    } else {
        let opened = File::open(path).and_then(|file| file.metadata().map(|metadata| (file, metadata)));
        let (file, metadata) = opened.map_err(|error| Failure::Read(Name(path.to_owned()), error))?;
        // What is no file, such as a pipe, does not say how much is in it.
        (Box::new(file), metadata.is_file().then_some(metadata.len()))
    };
    Ok(Watched { from, done: 0, bar: bar(length) })
}

/// Progress by bytes, of so many if that is known.
fn bar(length: Option<u64>) -> ProgressBar {
    if !show::is_watched() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bytes} of {total_bytes} {wide_bar} {eta}"),
        None => (ProgressBar::new_spinner(), "{bytes} {spinner} {bytes_per_sec}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What is written, with its progress shown on a terminal. Ctrl-C ends it: the next write fails.
#[cfg(feature = "server")]
pub(crate) fn writer<W: Write>(to: W) -> Result<Writing<W>, Failure> {
    interrupt::watch()?;
    Ok(Writing { to, done: 0, bar: bar(None), failure: None })
}

/// What is read, and how far it is.
pub(crate) struct Watched {
    from: Box<dyn Read + Send>,
    /// How many bytes were read.
    done: u64,
    bar: ProgressBar,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if interrupt::pressed() { Err(interrupted()) } else { self.from.read(buffer) };
        match read {
            Ok(read) => {
                self.done += read as u64;
                self.bar.set_position(self.done);
                Ok(read)
            }
            // Not of the kind that is tried again.
            Err(_) if interrupt::pressed() => {
                Err(io::Error::other(format!("interrupted after {} bytes were read", self.done)))
            }
            Err(error) => Err(error),
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Where something is written, and how far it is.
#[cfg(feature = "server")]
pub(crate) struct Writing<W> {
    to: W,
    /// How many bytes were written.
    done: u64,
    bar: ProgressBar,
    failure: Option<io::Error>,
}

#[cfg(feature = "server")]
impl<W> Writing<W> {
    /// Why something could not be written, if it could not.
    pub(crate) fn into_failure(mut self) -> Option<io::Error> {
        self.failure.take()
    }
}

#[cfg(feature = "server")]
impl<W: Write> Write for Writing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if interrupt::pressed() {
            return Err(io::Error::other(format!("interrupted after {} bytes were written", self.done)));
        }
        let written = self.to.write(bytes).map_err(|error| {
            let told = io::Error::new(error.kind(), error.to_string());
            self.failure = Some(error);
            told
        })?;
        self.done += written as u64;
        self.bar.set_position(self.done);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(feature = "server")]
impl<W> Drop for Writing<W> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn interrupted() -> io::Error {
    io::Error::other("interrupted")
}

/// The standard input, read by a thread of its own, so that waiting for it ends with Ctrl-C.
struct Input {
    pieces: Receiver<io::Result<Zeroizing<Vec<u8>>>>,
    piece: Zeroizing<Vec<u8>>,
    given: usize,
}

impl Input {
    fn new() -> io::Result<Self> {
        // One piece ahead.
        let (sender, pieces) = mpsc::sync_channel(1);
        let read = move || {
            let mut input = io::stdin().lock();
            loop {
                let mut piece = Zeroizing::new(vec![0; PIECE]);
                let read = match input.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let is_last = !matches!(read, Ok(1..));
                let sent = sender.send(read.map(|read| {
                    piece.truncate(read);
                    piece
                }));
                if is_last || sent.is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("kmip-input".to_owned()).spawn(read)?;
        Ok(Self { pieces, piece: Zeroizing::default(), given: 0 })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.piece.len() {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => (self.piece, self.given) = (piece?, 0),
                Err(RecvTimeoutError::Timeout) if interrupt::pressed() => return Err(interrupted()),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
            if self.piece.is_empty() {
                return Ok(0);
            }
        }
        let rest = self.piece.get(self.given..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        let (buffer, rest) = (&mut buffer[..read], &rest[..read]);
        buffer.copy_from_slice(rest);
        self.given += read;
        Ok(read)
    }
}
