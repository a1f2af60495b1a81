//! The chunks of an envelope: STREAM with AES-256-GCM.

use core::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use kmip_types::SecretBytes;
use zeroize::{Zeroize, Zeroizing};

use super::EnvelopeError;

/// How long the part of a nonce is that all of an envelope have.
pub(super) const PREFIX: usize = 7;

/// How long a tag is.
const TAG: usize = 16;

/// The key with the number of the next chunk.
pub(super) struct Stream {
    key: LessSafeKey,
    prefix: [u8; PREFIX],
    header: Vec<u8>,
    /// The number of the next chunk; nothing, if there is no more.
    next: Option<u32>,
}

impl Stream {
    pub(super) fn new(
        key: &SecretBytes,
        prefix: [u8; PREFIX],
        header: Vec<u8>,
    ) -> Result<Self, EnvelopeError> {
        let found = key.reveal().len();
        let key = UnboundKey::new(&AES_256_GCM, key.reveal())
            .map_err(|_| EnvelopeError::DataKeyLength { found })?;
        Ok(Self { key: LessSafeKey::new(key), prefix, header, next: Some(0) })
    }

    /// The number of the next chunk, and its nonce.
    fn advance(&mut self, is_last: bool) -> Result<(u32, Nonce), EnvelopeError> {
        let number = self.next.ok_or(EnvelopeError::TooLong)?;
        self.next = number.checked_add(1);
        let mut nonce = [0; NONCE_LEN];
        let (prefix, rest) = nonce.split_at_mut(PREFIX);
        prefix.copy_from_slice(&self.prefix);
        let (counter, last) = rest.split_at_mut(size_of::<u32>());
        counter.copy_from_slice(&number.to_be_bytes());
        last.fill(u8::from(is_last));
        Ok((number, Nonce::assume_unique_for_key(nonce)))
    }
}

/// Encrypts the data of an envelope, in parts of any length. A chunk is kept until it is known whether it is the last.
pub struct Sealer {
    stream: Stream,
    chunk: Zeroizing<Vec<u8>>,
    chunk_length: usize,
}

impl Sealer {
    pub(super) fn new(stream: Stream, chunk_length: u32) -> Self {
        let chunk_length = usize::try_from(chunk_length).unwrap_or(usize::MAX);
        let chunk = Zeroizing::new(Vec::with_capacity(chunk_length.saturating_add(TAG)));
        Self { stream, chunk, chunk_length }
    }

    /// What is to be written before all else.
    pub fn header(&self) -> &[u8] {
        &self.stream.header
    }

    /// Encrypts what comes next, and puts what is ready at the end of `sealed`.
    ///
    /// # Errors
    /// There is more than an envelope holds.
    pub fn update(&mut self, mut plaintext: &[u8], sealed: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        while !plaintext.is_empty() {
            if self.chunk.len() == self.chunk_length {
                self.seal(false, sealed)?;
            }
            let room = self.chunk_length - self.chunk.len();
            let (part, rest) = plaintext.split_at(room.min(plaintext.len()));
            self.chunk.extend_from_slice(part);
            plaintext = rest;
        }
        Ok(())
    }

    /// Encrypts what is left, and ends the envelope. Without this it is cut off, and does not open.
    ///
    /// # Errors
    /// There is more than an envelope holds.
    pub fn finish(mut self, sealed: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        self.seal(true, sealed)
    }

    fn seal(&mut self, is_last: bool, sealed: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        let (_, nonce) = self.stream.advance(is_last)?;
        let aad = Aad::from(&self.stream.header);
        let result = self.stream.key.seal_in_place_append_tag(nonce, aad, &mut *self.chunk);
        result.map_err(|_| EnvelopeError::Cryptography)?;
        sealed.extend_from_slice(&self.chunk);
        self.chunk.clear();
        Ok(())
    }
}

/// Decrypts the data of an envelope, in parts of any length. A chunk is kept until it is known whether it is the last.
///
/// What it gives is authentic, chunk by chunk. That all is there is known only when [`finish`](Self::finish) has
/// succeeded: what came before is not to be taken for the whole.
pub struct Opener {
    stream: Stream,
    chunk: Zeroizing<Vec<u8>>,
    chunk_length: usize,
}

impl Opener {
    pub(super) fn new(stream: Stream, chunk_length: u32) -> Self {
        let chunk_length = usize::try_from(chunk_length).unwrap_or(usize::MAX).saturating_add(TAG);
        Self { stream, chunk: Zeroizing::new(Vec::new()), chunk_length }
    }

    /// Decrypts what comes next behind the header, and puts what is ready at the end of `plaintext`, which it is up to
    /// the caller to wipe.
    ///
    /// # Errors
    /// A chunk was changed or is at another place, or the data key is not that of the envelope. The envelope is not to
    /// be read on.
    pub fn update(&mut self, mut sealed: &[u8], plaintext: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        while !sealed.is_empty() {
            if self.chunk.len() == self.chunk_length {
                self.open(false, plaintext)?;
            }
            let room = self.chunk_length - self.chunk.len();
            let (part, rest) = sealed.split_at(room.min(sealed.len()));
            self.chunk.extend_from_slice(part);
            sealed = rest;
        }
        Ok(())
    }

    /// Decrypts what is left.
    ///
    /// # Errors
    /// The envelope is cut off; or as [`update`](Self::update).
    pub fn finish(mut self, plaintext: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        if self.chunk.len() < TAG {
            return Err(EnvelopeError::Truncated);
        }
        self.open(true, plaintext)
    }

    fn open(&mut self, is_last: bool, plaintext: &mut Vec<u8>) -> Result<(), EnvelopeError> {
        let (chunk, nonce) = self.stream.advance(is_last)?;
        let refused = EnvelopeError::Refused { chunk };
        // Only what is empty as a whole ends with an empty chunk.
        if chunk > 0 && self.chunk.len() == TAG {
            return Err(refused);
        }
        let aad = Aad::from(&self.stream.header);
        let opened = self.stream.key.open_in_place(nonce, aad, &mut self.chunk).map_err(|_| refused)?;
        extend(plaintext, opened);
        self.chunk.clear();
        Ok(())
    }
}

/// Puts bytes at the end of others, of which no copy is left behind where they have to move.
fn extend(bytes: &mut Vec<u8>, more: &[u8]) {
    let needed = bytes.len() + more.len();
    if bytes.capacity() < needed {
        let mut moved = Vec::with_capacity(needed.max(2 * bytes.capacity()));
        moved.extend_from_slice(bytes);
        bytes.zeroize();
        *bytes = moved;
    }
    bytes.extend_from_slice(more);
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("next", &self.stream.next).finish_non_exhaustive()
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("next", &self.stream.next).finish_non_exhaustive()
    }
}
