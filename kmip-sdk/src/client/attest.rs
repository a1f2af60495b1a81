//! Attestation: what a server wants to know of the client's state before it does something.

use std::error::Error as StdError;

use kmip_types::enumerations::AttestationType;
use kmip_types::message::{AttestationCredential, Nonce};

/// Makes attestations: asks a TPM, an enclave or a service what the server wants to know. Any function from a nonce and
/// the kinds of attestation to a credential is one.
///
/// The client calls it where a server answers Attestation Required (KMIP 1.4 section 2.1.2, 2.1 section 9.11), and makes
/// the request once more with the credential. It may block.
pub trait Attester: Send + Sync + 'static {
    /// The credential for a random value of the server's, of one of the kinds that the server takes; of any kind, if the
    /// server names none.
    ///
    /// # Errors
    /// The attestation cannot be made: the call fails with [`ErrorKind::Attestation`](crate::ErrorKind::Attestation).
    fn attest(
        &self,
        nonce: &Nonce,
        kinds: &[AttestationType],
    ) -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>>;
}

impl<F> Attester for F
where
    F: Fn(&Nonce, &[AttestationType]) -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>>
        + Send
        + Sync
        + 'static,
{
    fn attest(
        &self,
        nonce: &Nonce,
        kinds: &[AttestationType],
    ) -> Result<AttestationCredential, Box<dyn StdError + Send + Sync>> {
        self(nonce, kinds)
    }
}
