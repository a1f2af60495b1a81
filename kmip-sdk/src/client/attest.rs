//! Attestation: what a server wants to know of the client's state before it does something.

use std::error::Error as StdError;

use kmip_types::message::AttestationCredential;

use crate::error::Challenge;

/// Makes attestations: asks a TPM, an enclave or a service what the server wants to know. Any function from a
/// [`Challenge`] to a credential is one.
///
/// The client calls it where a server answers Attestation Required (KMIP 1.4 section 2.1.2, 2.1 section 9.11), and makes
/// the request once more with the credential. It may block.
pub trait Attester: Send + Sync + 'static {
    /// The credential for the server's random value, of one of the kinds that the server takes.
    ///
    /// # Errors
    /// The attestation cannot be made: the call fails with [`ErrorKind::Attestation`](crate::ErrorKind::Attestation).
    fn attest(&self, challenge: &Challenge)
    -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>>;
}

impl<F> Attester for F
where
    F: Fn(&Challenge) -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>>
        + Send
        + Sync
        + 'static,
{
    fn attest(
        &self,
        challenge: &Challenge,
    ) -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>> {
        self(challenge)
    }
}
