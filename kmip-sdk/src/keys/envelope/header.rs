//! What is before the chunks of an envelope.

use core::fmt;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::DecryptRequest;
use kmip_types::{ProtocolVersion, Tag, ttlv};

use super::stream::{Opener, PREFIX, Stream};
use super::{DataKey, EnvelopeError};

const MAGIC: [u8; 7] = *b"KMIPENV";
const VERSION: u8 = 1;
const AES_256_GCM_STREAM: u8 = 1;

/// How long a chunk of plaintext is that is written, in bytes.
const CHUNK: u32 = 64 << 10;

/// How long a chunk may be that is read: memory is taken for it.
const MAX_CHUNK: u32 = 16 << 20;

/// How long the request may be.
const MAX_REQUEST: usize = 64 << 10;

/// How long the part before the request is.
const FIXED: usize = MAGIC.len() + 1 + 1 + 4 + PREFIX + 4;

/// What is before the chunks of an envelope: which key of the server's decrypts the data key, and how.
#[derive(Clone, PartialEq)]
pub struct Header {
    request: DecryptRequest,
    chunk_length: u32,
    prefix: [u8; PREFIX],
    bytes: Vec<u8>,
}

impl Header {
    pub(super) fn new(request: DecryptRequest, prefix: [u8; PREFIX]) -> Result<Self, EnvelopeError> {
        let payload = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, ProtocolVersion::V2_1);
        let payload = payload.map_err(EnvelopeError::Encode)?;
        let found = payload.len();
        let length = match u32::try_from(found) {
            Ok(length) if found <= MAX_REQUEST => length,
            _ => return Err(EnvelopeError::RequestLength { found }),
        };
        let mut bytes = Vec::with_capacity(FIXED + found);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[VERSION, AES_256_GCM_STREAM]);
        bytes.extend_from_slice(&CHUNK.to_be_bytes());
        bytes.extend_from_slice(&prefix);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&payload);
        Ok(Self { request, chunk_length: CHUNK, prefix, bytes })
    }

    /// The header at the beginning of these bytes, with its length; nothing, if it goes on behind them.
    ///
    /// # Errors
    /// It is none, of another version, or malformed.
    pub fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, EnvelopeError> {
        let begins = bytes.iter().zip(MAGIC).all(|(found, expected)| *found == expected);
        if !begins {
            return Err(EnvelopeError::NoEnvelope);
        }
        let Some((fixed, rest)) = bytes.split_at_checked(FIXED) else { return Ok(None) };
        let fields = Fields::of(fixed).ok_or(EnvelopeError::NoEnvelope)?;
        if fields.version != VERSION {
            return Err(EnvelopeError::Version { found: fields.version });
        }
        if fields.algorithm != AES_256_GCM_STREAM {
            return Err(EnvelopeError::Algorithm { found: fields.algorithm });
        }
        if !(1..=MAX_CHUNK).contains(&fields.chunk_length) {
            return Err(EnvelopeError::ChunkLength { found: fields.chunk_length });
        }
        let found = usize::try_from(fields.request_length).unwrap_or(usize::MAX);
        if found > MAX_REQUEST {
            return Err(EnvelopeError::RequestLength { found });
        }
        let Some(payload) = rest.get(..found) else { return Ok(None) };
        let request = ttlv::decode(Tag::REQUEST_PAYLOAD, payload).map_err(EnvelopeError::Decode)?;
        let length = FIXED + found;
        let bytes = bytes.get(..length).unwrap_or_default().to_vec();
        let header = Self { request, chunk_length: fields.chunk_length, prefix: fields.prefix, bytes };
        Ok(Some((header, length)))
    }

    /// How many bytes of the header are still to be read behind these, at least; none, if there are enough of them, or
    /// if they are those of no header.
    pub(super) fn missing(bytes: &[u8]) -> usize {
        let wanted = match bytes.split_at_checked(FIXED).and_then(|(fixed, _)| Fields::of(fixed)) {
            None => FIXED,
            Some(fields) => {
                let length = usize::try_from(fields.request_length).unwrap_or(MAX_REQUEST);
                FIXED + length.min(MAX_REQUEST)
            }
        };
        wanted.saturating_sub(bytes.len())
    }

    /// The request that gives the data key back.
    pub fn decrypt_request(&self) -> &DecryptRequest {
        &self.request
    }

    /// The key of the server's that decrypts the data key.
    pub fn wrapping_key(&self) -> Option<&UniqueIdentifier> {
        self.request.unique_identifier.as_ref()
    }

    /// Begins to decrypt the chunks by the data key: in parts, and without I/O.
    ///
    /// # Errors
    /// The data key has not 32 bytes.
    pub fn open(self, data_key: DataKey) -> Result<Opener, EnvelopeError> {
        Ok(Opener::new(Stream::new(data_key.bytes(), self.prefix, self.bytes)?, self.chunk_length))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn chunk_length(&self) -> u32 {
        self.chunk_length
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("request", &self.request)
            .field("chunk_length", &self.chunk_length)
            .finish_non_exhaustive()
    }
}

/// The part before the request.
struct Fields {
    version: u8,
    algorithm: u8,
    chunk_length: u32,
    prefix: [u8; PREFIX],
    request_length: u32,
}

impl Fields {
    fn of(fixed: &[u8]) -> Option<Self> {
        let (&[version, algorithm], rest) = fixed.strip_prefix(&MAGIC)?.split_first_chunk()?;
        let (chunk_length, rest) = rest.split_first_chunk()?;
        let (prefix, rest) = rest.split_first_chunk()?;
        let (request_length, _) = rest.split_first_chunk()?;
        Some(Self {
            version,
            algorithm,
            chunk_length: u32::from_be_bytes(*chunk_length),
            prefix: *prefix,
            request_length: u32::from_be_bytes(*request_length),
        })
    }
}
