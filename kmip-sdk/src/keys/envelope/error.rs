//! Why an envelope is not sealed or opened.

use kmip_types::{DecodeError, EncodeError};

/// Why an envelope is not sealed or opened. It never tells of the content.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// It does not begin as an envelope does.
    #[error("this is no envelope: it does not begin with `KMIPENV`")]
    NoEnvelope,
    /// It is of another version of the format.
    #[error("the envelope is of version {found} of the format, and only version 1 is read")]
    Version {
        /// The version.
        found: u8,
    },
    /// Its data are encrypted by an algorithm that is not known.
    #[error(
        "the envelope is encrypted by algorithm {found}, and only algorithm 1 (AES-256-GCM in STREAM) is known"
    )]
    Algorithm {
        /// The number of the algorithm.
        found: u8,
    },
    /// Its chunks are of a length that is out of bounds.
    #[error("the envelope has chunks of {found} bytes, and 1 to 16 777 216 are read")]
    ChunkLength {
        /// The length in bytes.
        found: u32,
    },
    /// Its request for the data key is too long.
    #[error("the envelope's request for the data key has {found} bytes, and up to 65 536 are read")]
    RequestLength {
        /// The length in bytes.
        found: usize,
    },
    /// Its request for the data key cannot be read.
    #[error("the envelope's request for the data key cannot be read: {0}")]
    Decode(DecodeError),
    /// The request for the data key cannot be written.
    #[error("the request for the data key cannot be written: {0}")]
    Encode(EncodeError),
    /// It ends too early.
    #[error("the envelope is cut off")]
    Truncated,
    /// The data key is none of AES-256.
    #[error("the data key has {found} bytes, and 32 are wanted")]
    DataKeyLength {
        /// The length in bytes.
        found: usize,
    },
    /// A chunk does not decrypt.
    #[error(
        "chunk {chunk} of the envelope does not decrypt: it was changed, moved or cut off, or the data key is another's"
    )]
    Refused {
        /// Which, from 0.
        chunk: u32,
    },
    /// There is more than an envelope holds.
    #[error("an envelope holds no more than 4 294 967 296 chunks")]
    TooLong,
    /// The system has no random numbers, or a computation failed.
    #[error("the cryptographic library failed")]
    Cryptography,
}
