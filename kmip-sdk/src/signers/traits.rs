//! The traits of RustCrypto's `signature`.

#[cfg(feature = "tokio")]
use signature::AsyncSigner;
use signature::{Error, SignatureEncoding, Signer};

use super::{RemoteSigner, Signature, SignerError};
use crate::client::Blocking;

/// Signs for whichever type of signature: the type decides whether ECDSA is in DER. A type that does not take what the
/// scheme makes, such as one of another curve, is an error.
impl<S: SignatureEncoding> Signer<S> for RemoteSigner<Blocking> {
    fn try_sign(&self, message: &[u8]) -> Result<S, Error> {
        let signature = self.signature_of(message).send().map_err(Error::from_source)?;
        signature.to().map_err(Error::from_source)
    }
}

/// Signs for [`Signature`], of which [`to`](Signature::to) makes any other type.
///
/// The trait has an implementation for all that is a `Signer`, which leaves no room for another one for all types.
#[cfg(feature = "tokio")]
impl AsyncSigner<Signature> for RemoteSigner<crate::client::tokio::Tokio> {
    async fn sign_async(&self, message: &[u8]) -> Result<Signature, Error> {
        self.signature_of(message).await.map_err(Error::from_source)
    }
}

impl SignatureEncoding for Signature {
    type Repr = Vec<u8>;
}

impl Signature {
    /// The signature as a type of another library, such as `p256::ecdsa::Signature`, `p256::ecdsa::DerSignature`,
    /// `rsa::pss::Signature` or `ed25519_dalek::Signature`: the type decides whether ECDSA is in DER.
    ///
    /// # Errors
    /// The type does not take it.
    pub fn to<S: SignatureEncoding>(&self) -> Result<S, SignerError> {
        let (bytes, fixed) = (self.as_bytes(), self.to_fixed());
        let taken = S::try_from(bytes).ok().or_else(|| S::try_from(&fixed).ok());
        taken.ok_or(SignerError::NotTaken { name: core::any::type_name::<S>(), length: bytes.len() })
    }
}
