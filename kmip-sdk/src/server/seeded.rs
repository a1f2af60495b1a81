//! What clients' seeds add to the random bytes that they retrieve.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use kmip_types::SecretBytes;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::crypto::random::random;
use crate::answer::Failure;

/// The server's random bytes, to which a stream is added that depends on every seed that came. So a seed counts, and one
/// that is known to others, or badly chosen, makes nothing worse.
#[derive(Default)]
pub(crate) struct Seeded {
    /// The key of the stream, once there was a seed.
    key: Mutex<Option<Zeroizing<[u8; 32]>>>,
}

impl fmt::Debug for Seeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeded").finish_non_exhaustive()
    }
}

impl Seeded {
    /// Takes a seed.
    pub(crate) fn seed(&self, seed: &[u8]) {
        if seed.is_empty() {
            return;
        }
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hash = Sha256::new();
        if let Some(key) = key.as_ref() {
            hash.update(**key);
        }
        hash.update(seed);
        *key = Some(Zeroizing::new(hash.finalize().into()));
    }

    /// Random bytes.
    pub(crate) fn random(&self, length: usize) -> Result<SecretBytes, Failure> {
        let bytes = random(length)?;
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(key) = key.as_mut() else { return Ok(bytes) };
        let mut stream = ChaCha20::new((&**key).into(), &[0; 12].into());
        // The next bytes have another key.
        let mut next = Zeroizing::new([0; 32]);
        stream.apply_keystream(&mut *next);
        *key = next;
        let mut bytes = Zeroizing::new(bytes.reveal().to_vec());
        stream.apply_keystream(&mut bytes);
        Ok(bytes.into())
    }
}
