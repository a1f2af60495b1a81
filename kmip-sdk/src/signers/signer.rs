//! A key with a scheme: what makes signatures.

use core::fmt;

use super::{RemoteKey, Scheme, Signature, SignerError};
use crate::client::ask::{Ask, Exchanges};
use crate::client::verbs::Sign;
use crate::client::{Call, Driver};
use crate::error::{Error, ErrorKind, Phase};
use crate::keys::Material;
use kmip_types::operation::Data;

/// A private key of the server's with the scheme by which it signs, made by [`RemoteKey::signer`].
///
/// With the feature `signature` it is a `Signer` of RustCrypto's crate of that name, in its generation 3, for every type of
/// signature that another library has; with the async client it is an `AsyncSigner` for [`Signature`], which
/// is made into such a type by `to`.
pub struct RemoteSigner<D: Driver> {
    pub(super) key: RemoteKey<D>,
    pub(super) scheme: Scheme,
}

impl<D: Driver> RemoteSigner<D> {
    /// The key.
    pub fn key(&self) -> &RemoteKey<D> {
        &self.key
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// To sign data: all of it goes to the server, which hashes it as the scheme says. What is large is better signed by
    /// [`sign_stream`](crate::generic::Client::sign_stream).
    ///
    /// # Errors
    /// Of the call: as of [`sign`](crate::generic::Client::sign); and [`SignerError::Signature`], in an
    /// [`ErrorKind::Signer`].
    pub fn signature_of(&self, data: impl Into<Data>) -> Call<'_, D, MakeSignature> {
        let call = self.key.call(|client, key| client.sign(key, data));
        let (scheme, key) = (self.scheme, self.key.public_key().clone());
        self.scheme.ask(call).asking(|sign| MakeSignature { sign, scheme, key })
    }
}

/// Asks for a signature in the form that everybody takes.
#[derive(Clone, Debug)]
pub struct MakeSignature {
    sign: Sign,
    scheme: Scheme,
    key: Material,
}

impl<D: Driver> Ask<D> for MakeSignature {
    type Answer = Signature;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Signature, Error> {
        let given = self.sign.perform(exchanges).await?;
        let (scheme, found) = (self.scheme, given.len());
        Signature::from_server(scheme, &self.key, given).ok_or_else(|| {
            let error = SignerError::Signature { scheme, public_key: self.key.to_string(), found };
            Error::new(Phase::Result, ErrorKind::Signer(error))
        })
    }
}

impl<D: Driver> Clone for RemoteSigner<D> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), scheme: self.scheme }
    }
}

impl<D: Driver> fmt::Debug for RemoteSigner<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteSigner").field("key", &self.key).field("scheme", &self.scheme).finish()
    }
}
