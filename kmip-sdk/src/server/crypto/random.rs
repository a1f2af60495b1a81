//! Random numbers: those of the server's source, in the form that others take.

use aws_lc_rs::error::Unspecified;
use kmip_types::SecretBytes;
use rsa::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::cryptographic_failure;
use crate::answer::Failure;

/// Random bytes.
pub(crate) fn random(length: usize) -> Result<SecretBytes, Failure> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    crate::random::fill(&mut bytes).map_err(|_| cryptographic_failure("making random bytes"))?;
    Ok(bytes.into())
}

/// The generator, for libraries that ask for one.
pub(crate) struct Generator;

impl TryRng for Generator {
    type Error = Unspecified;

    fn try_next_u32(&mut self) -> Result<u32, Unspecified> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Unspecified> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Unspecified> {
        crate::random::fill(bytes)
    }
}

impl TryCryptoRng for Generator {}
