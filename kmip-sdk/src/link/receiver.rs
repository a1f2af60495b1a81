//! What takes in an answer, in whichever way messages go.

use std::io::{self, Read};

use zeroize::Zeroizing;

#[cfg(feature = "https")]
use super::http;
use super::ttlv;
use crate::error::ErrorKind;

/// Takes in one answer.
#[allow(clippy::large_enum_variant, reason = "the common one takes no memory of its own")]
pub(super) enum Receiver {
    Ttlv(ttlv::Receiver),
    #[cfg(feature = "https")]
    Http(Box<http::Receiver>),
}

impl Receiver {
    /// Takes in what there is; whatever else is wrong with the stream shows where it is read from.
    pub(super) fn take_in(&mut self, plain: &mut dyn Read) {
        match self {
            Self::Ttlv(receiver) => receiver.take_in(plain),
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.take_in(plain),
        }
    }

    /// Reads once from a stream; nothing, if the answer is complete.
    pub(super) fn read(&mut self, plain: &mut dyn Read) -> io::Result<usize> {
        match self {
            Self::Ttlv(receiver) => receiver.read(plain),
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.read(plain),
        }
    }

    /// The message, or what is wrong with what came instead, once that is known.
    pub(super) fn answer(&mut self) -> Option<Result<Zeroizing<Vec<u8>>, ErrorKind>> {
        match self {
            Self::Ttlv(receiver) => receiver.answer(),
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.answer(),
        }
    }

    /// How many bytes of the answer came.
    pub(super) fn received(&self) -> usize {
        match self {
            Self::Ttlv(receiver) => receiver.received(),
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.received(),
        }
    }

    /// How many bytes were taken in that are behind the answer.
    pub(super) fn stray(&self) -> usize {
        match self {
            Self::Ttlv(_) => 0,
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.stray(),
        }
    }

    /// Whether the server closes the connection behind the answer.
    pub(super) fn closes(&self) -> bool {
        match self {
            Self::Ttlv(_) => false,
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.closes(),
        }
    }

    /// Takes the end of the stream for that of the answer, where that can be.
    pub(super) fn end(&mut self) -> bool {
        match self {
            Self::Ttlv(_) => false,
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.end(),
        }
    }

    /// What it means that the stream ended.
    pub(super) fn ended(&self) -> ErrorKind {
        match self {
            Self::Ttlv(receiver) => receiver.ended(),
            #[cfg(feature = "https")]
            Self::Http(receiver) => receiver.ended(),
        }
    }
}
