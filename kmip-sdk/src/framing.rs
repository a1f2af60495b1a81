//! Framing: exactly one message from a stream, and one to it.

use std::io::{self, Read, Write};
use std::time::Instant;

use kmip_types::{ItemType, Limits, Tag};
use zeroize::Zeroizing;

use crate::filling::Filling;

/// The size of a TTLV header in bytes.
pub const HEADER_SIZE: usize = kmip_types::ttlv::Header::SIZE;

/// What a stream is read and written by: which message is expected, how large it may be, and until when.
///
/// ```
/// use kmip_sdk::framing::Framing;
/// use kmip_sdk::types::Tag;
///
/// let message = [0x42, 0x00, 0x7B, 1, 0, 0, 0, 0];
/// let mut stream = [message, message].concat();
/// let framing = Framing::new(Tag::RESPONSE_MESSAGE);
/// let read = framing.read_message(&mut stream.as_slice())?;
/// assert_eq!(read.as_deref(), Some(&message.to_vec()));
/// # Ok::<(), kmip_sdk::framing::FramingError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Framing {
    /// The tag that a message has: Request Message or Response Message.
    pub tag: Tag,
    /// The size in bytes that a message may have, header included. Default [`Limits::size`], 16 MiB.
    pub limit: usize,
    /// When a message must be complete; never, if there is none.
    ///
    /// It is looked at between the stream's reads, so a stream that blocks needs a timeout of its own.
    pub deadline: Option<Instant>,
}

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FramingError {
    /// The stream failed.
    #[error("the stream failed: {0}")]
    Io(io::Error),
    /// The stream's timeout, or the deadline, passed.
    #[error("timed out after {done} bytes of the message")]
    TimedOut {
        /// How many bytes of the message had been read or written.
        done: usize,
    },
    /// The stream ended inside a message.
    #[error("the stream ended after {read} bytes of a message of {}", Size(*size))]
    Truncated {
        /// How many bytes of the message there were.
        read: usize,
        /// The size of the message in bytes, if the header was there.
        size: Option<usize>,
    },
    /// What came is not the expected message.
    #[error("expected {expected}, found the tag {found}")]
    UnexpectedTag {
        /// The tag of the expected message.
        expected: Tag,
        /// The tag that was found.
        found: Tag,
    },
    /// What came has the message's tag, but is no structure.
    #[error("expected a Structure, found the item type 0x{found:02X}")]
    UnexpectedItemType {
        /// The number of the item type that was found.
        found: u8,
    },
    /// The declared length is not that of a structure, whose items are padded to eight bytes.
    #[error("a length of {found} is not valid for a Structure, which takes a multiple of 8 bytes")]
    InvalidLength {
        /// The declared length in bytes.
        found: usize,
    },
    /// The message is larger than the limit. Nothing behind its header was read.
    #[error("a message of {size} bytes exceeds the limit of {limit}")]
    SizeLimit {
        /// The size of the message in bytes, header included, by its header.
        size: usize,
        /// [`Framing::limit`].
        limit: usize,
    },
}

/// A size that may not be known.
struct Size(Option<usize>);

impl core::fmt::Display for Size {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(size) => write!(f, "{size}"),
            None => f.write_str("unknown size"),
        }
    }
}

impl Framing {
    /// Framing of messages with this tag, with the default limit and no deadline.
    pub fn new(tag: Tag) -> Self {
        Self { tag, limit: Limits::default().size, deadline: None }
    }

    /// The framing with another limit, in bytes.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The framing with a deadline, or without one.
    #[must_use]
    pub fn with_deadline(mut self, deadline: impl Into<Option<Instant>>) -> Self {
        self.deadline = deadline.into();
        self
    }

    /// The size in bytes of the message that starts with this header, header included.
    ///
    /// # Errors
    /// It is not the header of the expected message, or the message exceeds the limit.
    pub fn message_size(&self, header: &[u8; HEADER_SIZE]) -> Result<usize, FramingError> {
        let [tag_high, tag_middle, tag_low, item_type, length @ ..] = *header;
        let found = Tag::from_raw(u32::from_be_bytes([0, tag_high, tag_middle, tag_low]));
        if found != self.tag {
            return Err(FramingError::UnexpectedTag { expected: self.tag, found });
        }
        if item_type != ItemType::Structure.number() {
            return Err(FramingError::UnexpectedItemType { found: item_type });
        }
        let length = u32::from_be_bytes(length) as usize;
        let size = length.saturating_add(HEADER_SIZE);
        if size > self.limit {
            return Err(FramingError::SizeLimit { size, limit: self.limit });
        }
        if !length.is_multiple_of(8) {
            return Err(FramingError::InvalidLength { found: length });
        }
        Ok(size)
    }

    /// Reads one message, and not a byte more. `None` says that the stream ended before a message began.
    ///
    /// The header is checked before anything is allocated for the rest, and the buffer grows as bytes come:
    /// a length that is declared and not sent costs no memory. The buffer is zeroized when it is dropped,
    /// and so is each one that it outgrew.
    ///
    /// # Errors
    /// [`FramingError`]: the stream failed, ended inside a message or was too slow, or something else came.
    pub fn read_message(&self, stream: &mut impl Read) -> Result<Option<Zeroizing<Vec<u8>>>, FramingError> {
        let mut incoming = Incoming::new(*self);
        loop {
            self.check_deadline(incoming.read)?;
            match stream.read(incoming.room()) {
                Ok(0) => return incoming.ended().map(|()| None),
                Ok(read) => {
                    if incoming.filled(read)? {
                        return Ok(Some(incoming.into_message()));
                    }
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    // A TLS peer that closes without saying so. Between messages nothing can be cut off.
                    io::ErrorKind::UnexpectedEof => return incoming.ended().map(|()| None),
                    _ => return Err(failed(error, incoming.read)),
                },
            }
        }
    }

    /// Writes one message, and flushes the stream.
    ///
    /// # Errors
    /// [`FramingError::SizeLimit`] before anything is written; [`FramingError::TimedOut`] or
    /// [`FramingError::Io`] where the stream took only a part, or nothing.
    pub fn write_message(&self, stream: &mut impl Write, message: &[u8]) -> Result<(), FramingError> {
        if message.len() > self.limit {
            return Err(FramingError::SizeLimit { size: message.len(), limit: self.limit });
        }
        let mut done = 0;
        while done < message.len() {
            self.check_deadline(done)?;
            match stream.write(&message[done..]) {
                Ok(0) => return Err(FramingError::Io(io::ErrorKind::WriteZero.into())),
                Ok(written) => done += written,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error, done)),
            }
        }
        loop {
            match stream.flush() {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => self.check_deadline(done)?,
                Err(error) => return Err(failed(error, done)),
            }
        }
    }

    fn check_deadline(&self, done: usize) -> Result<(), FramingError> {
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(FramingError::TimedOut { done }),
            _ => Ok(()),
        }
    }
}

/// A message that comes in pieces: who has bytes puts them where there is [room](Self::room), and says how many.
pub(crate) struct Incoming {
    framing: Framing,
    header: [u8; HEADER_SIZE],
    read: usize,
    /// The message, once its header is there, and its size.
    message: Option<(Filling, usize)>,
}

impl Incoming {
    pub(crate) fn new(framing: Framing) -> Self {
        Self { framing, header: [0; HEADER_SIZE], read: 0, message: None }
    }

    /// How many bytes of the message have come.
    pub(crate) fn read(&self) -> usize {
        self.read
    }

    /// The bytes of the header that have come.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header[..self.read.min(HEADER_SIZE)]
    }

    /// Where its next bytes belong; nowhere, once it is complete.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        match &mut self.message {
            Some((message, _)) => message.room(),
            None => &mut self.header[self.read..],
        }
    }

    /// Takes note of the bytes that were put into the room; whether the message is complete.
    ///
    /// # Errors
    /// It is not the expected message, or it is too large.
    pub(crate) fn filled(&mut self, bytes: usize) -> Result<bool, FramingError> {
        self.read += bytes;
        match &mut self.message {
            Some((message, _)) => message.advance(bytes),
            None if self.read == HEADER_SIZE => {
                let size = self.framing.message_size(&self.header)?;
                let mut message = Filling::new(size);
                message.take(&self.header);
                self.message = Some((message, size));
            }
            None => {}
        }
        Ok(self.message.as_ref().is_some_and(|(message, _)| message.is_full()))
    }

    /// Takes note of the end of the stream.
    ///
    /// # Errors
    /// It came inside the message.
    pub(crate) fn ended(&self) -> Result<(), FramingError> {
        match self.read {
            0 => Ok(()),
            read => Err(FramingError::Truncated { read, size: self.message.as_ref().map(|(_, size)| *size) }),
        }
    }

    pub(crate) fn into_message(self) -> Zeroizing<Vec<u8>> {
        self.message.map(|(message, _)| message.into_bytes()).unwrap_or_default()
    }
}

fn failed(error: io::Error, done: usize) -> FramingError {
    match error.kind() {
        // A socket's timeout is the one on some systems and the other on others.
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => FramingError::TimedOut { done },
        _ => FramingError::Io(error),
    }
}
