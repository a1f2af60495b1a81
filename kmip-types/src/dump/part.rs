//! What is in a dump: messages, and what is skipped.

use core::fmt;
use core::ops::Range;

use crate::primitive::SecretBytes;
use crate::tag::Tag;
use crate::text::{TextDeviation, TextError};
use crate::ttlv::header::padded;

/// A part of a dump, in the order of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A message, or another item.
    Message(DumpMessage),
    /// What is neither.
    Skipped(Skipped),
}

/// A message in a dump, or an item that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpMessage {
    /// The bytes that are there, from the header on. They are wiped on drop and not shown by `Debug`.
    pub bytes: SecretBytes,
    /// Where it starts: the line of the input, counted from 1.
    pub line: usize,
    /// Where it starts: the character in the line, counted from 1; in binary input, the byte.
    pub column: usize,
    /// The bytes of the input that say it, up to what follows.
    pub range: Range<usize>,
    /// Its offset in bytes among all that the dump says; `None` in JSON and XML, which say each item by itself.
    pub offset: Option<usize>,
    /// How many bytes are missing at its end, by the length that its header declares.
    pub missing: usize,
    /// What reading it tolerated, where it is in JSON or XML.
    pub deviations: Vec<TextDeviation>,
}

impl DumpMessage {
    /// The tag, if so much is there.
    pub fn tag(&self) -> Option<Tag> {
        let header: &[u8; 4] = self.bytes.reveal().first_chunk()?;
        Some(Tag::from_raw(u32::from_be_bytes(*header) >> 8))
    }

    /// Whether all is there that the header declares.
    pub fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// The length of the value in bytes as the header declares it, if so much is there.
    pub fn declared_length(&self) -> Option<usize> {
        declared_length(self.bytes.reveal())
    }
}

/// The length that a header declares.
fn declared_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(4..8)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*length)).ok()
}

/// The size in bytes of the item that starts so, by the length that it declares, with its header and padding.
pub(super) fn declared_size(bytes: &[u8]) -> Option<usize> {
    declared_length(bytes).map(|length| padded(length).saturating_add(8))
}

/// What it is, where, and how much of it there is.
impl fmt::Display for DumpMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if let Some(offset) = self.offset.filter(|offset| *offset > 0) {
            write!(f, ", offset {offset}")?;
        }
        let bytes = self.bytes.reveal();
        match self.tag() {
            Some(tag) => write!(f, ": {tag}")?,
            None => write!(f, ": the start of an item")?,
        }
        write!(f, ", {}", count(bytes.len()))?;
        if self.missing > 0 {
            // What is cut within its header says nothing of its length.
            match self.declared_length() {
                Some(length) => write!(
                    f,
                    " of {}: its header declares a value of {}",
                    bytes.len() + self.missing,
                    count(length)
                )?,
                None => write!(f, " of the 8 of its header")?,
            }
            write!(f, ", {} missing at the end", count(self.missing))?;
        }
        Ok(())
    }
}

/// So many bytes, in words.
pub(super) fn count(bytes: usize) -> String {
    if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") }
}

/// What of a dump is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it starts: the line of the input, counted from 1.
    pub line: usize,
    /// Where it starts: the character in the line, counted from 1; in binary input, the byte.
    pub column: usize,
    /// The bytes of the input that it takes.
    pub range: Range<usize>,
    /// Why it is skipped.
    pub kind: SkippedKind,
}

/// Why something is skipped. It holds nothing of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkippedKind {
    /// Bytes that do not start an item.
    #[error("{} in which no TTLV item starts: 0x42 or 0x54, an item type and a length that fits", count(*bytes))]
    NotTtlv {
        /// How many.
        bytes: usize,
    },
    /// Zeros between or behind items.
    #[error("{} of zero that belong to no item", count(*bytes))]
    Padding {
        /// How many.
        bytes: usize,
    },
    /// Text that does not belong to the form of the dump.
    #[error("text that is not read")]
    NotRead,
    /// A hex digit without the other of its byte, or a base64 character without those of its byte.
    #[error("half a byte: a digit or character is missing")]
    HalfByte,
    /// By its offsets, a hex dump lacks bytes here.
    #[error("{} missing here, by the offsets of the dump", count(*bytes))]
    Missing {
        /// How many.
        bytes: usize,
    },
    /// A captured packet was cut.
    #[error("{} of a packet not captured; capture with a larger snapshot length", count(*bytes))]
    CutPacket {
        /// How many.
        bytes: usize,
    },
    /// Records of TLS.
    #[error("{} of TLS, which are encrypted: without the keys no message can be read from them", count(*bytes))]
    Tls {
        /// How many.
        bytes: usize,
    },
    /// Text that looks like JSON or XML of an item, but is none.
    #[error(transparent)]
    Text(TextError),
    /// The input holds more than is listed.
    #[error("there is more than the {limit} parts that are listed")]
    TooMany {
        /// How many are listed.
        limit: usize,
    },
}

impl Skipped {
    /// Whether it is an item, but for what is wrong with it.
    pub(super) fn is_item(&self) -> bool {
        matches!(&self.kind, SkippedKind::Text(error) if !error.path().is_empty())
    }

    /// Whether something of a message may be lost with it, rather than that something else was beside the messages.
    pub fn is_fault(&self) -> bool {
        match self.kind {
            SkippedKind::NotTtlv { .. }
            | SkippedKind::Padding { .. }
            | SkippedKind::NotRead
            | SkippedKind::Tls { .. } => false,
            SkippedKind::HalfByte
            | SkippedKind::Missing { .. }
            | SkippedKind::CutPacket { .. }
            | SkippedKind::Text(_)
            | SkippedKind::TooMany { .. } => true,
        }
    }
}

/// Where, and why.
impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // It says a place of its own, which is nearer to the fault.
            SkippedKind::Text(error) if error.line().is_some() => write!(f, "{error}"),
            kind => write!(f, "line {}, column {}: {kind}", self.line, self.column),
        }
    }
}

impl Part {
    /// What is skipped, without its line and column.
    pub(super) fn skipped(range: Range<usize>, kind: SkippedKind) -> Self {
        Self::Skipped(Skipped { line: 0, column: 0, range, kind })
    }

    pub(super) fn is_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }

    pub(super) fn into_skipped(self) -> Option<Skipped> {
        match self {
            Self::Skipped(skipped) => Some(skipped),
            Self::Message(_) => None,
        }
    }

    /// The bytes of the input that it takes.
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Message(message) => message.range.clone(),
            Self::Skipped(skipped) => skipped.range.clone(),
        }
    }

    pub(super) fn set_place(&mut self, line: usize, column: usize) {
        let place = match self {
            Self::Message(message) => (&mut message.line, &mut message.column),
            Self::Skipped(skipped) => (&mut skipped.line, &mut skipped.column),
        };
        (*place.0, *place.1) = (line, column);
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => message.fmt(f),
            Self::Skipped(skipped) => skipped.fmt(f),
        }
    }
}
