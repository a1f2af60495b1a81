//! Decrypting with an RSA key of the server's.

use core::fmt;

use kmip_types::enumerations::{CryptographicAlgorithm, HashingAlgorithm};

use super::{RemoteKey, SignerError};
use crate::client::verbs::Decrypt;
use crate::client::{Call, Driver};
use crate::types::attribute::UniqueIdentifier;

/// How RSA pads what it encrypts (RFC 8017 section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncryptionPadding {
    /// Optimal Asymmetric Encryption Padding, with this hash for the label and, where the version can say it (since KMIP
    /// 1.4), the mask.
    Oaep(HashingAlgorithm),
    /// That of PKCS #1 v1.5, for what is old: who can ask to decrypt many messages may learn one from the failures.
    Pkcs1V1_5,
}

/// A private RSA key of the server's that decrypts, made by [`RemoteKey::decryptor`].
///
/// RustCrypto has no trait for it that stands apart from a library of RSA, so that it is no more than a type.
pub struct Decryptor<D: Driver> {
    key: RemoteKey<D>,
    padding: EncryptionPadding,
}

impl<D: Driver> RemoteKey<D> {
    /// What decrypts with the key.
    ///
    /// ```
    /// use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
    /// use kmip_sdk::keys::KeyEncoding;
    /// use kmip_sdk::signers::EncryptionPadding;
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    ///
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_rsa(2048).encrypting().activated().send()?;
    /// let key = client.remote_key(&pair.private_key_unique_identifier).send()?;
    ///
    /// // Whoever has the public key encrypts.
    /// let public = key.public_key().to_der_as(KeyEncoding::Spki)?;
    /// let public = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(public.reveal())?)?;
    /// let mut buffer = vec![0; public.ciphertext_size()];
    /// let ciphertext = public.encrypt(&OAEP_SHA256_MGF1SHA256, b"attack at dawn", &mut buffer, None)?;
    ///
    /// let decryptor = key.decryptor(EncryptionPadding::Oaep(HashingAlgorithm::Sha256))?;
    /// assert_eq!(decryptor.decrypt(&*ciphertext).send()?.reveal(), b"attack at dawn");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is no RSA key.
    pub fn decryptor(&self, padding: EncryptionPadding) -> Result<Decryptor<D>, SignerError> {
        match self.public_key().algorithm() {
            Some(CryptographicAlgorithm::Rsa) => Ok(Decryptor { key: self.clone(), padding }),
            _ => Err(SignerError::NoDecryption { public_key: self.public_key().to_string() }),
        }
    }
}

impl<D: Driver> Decryptor<D> {
    /// The key.
    pub fn key(&self) -> &RemoteKey<D> {
        &self.key
    }

    /// How it is padded.
    pub fn padding(&self) -> EncryptionPadding {
        self.padding
    }

    /// To decrypt what was encrypted with the public key.
    ///
    /// # Errors
    /// Of the call: as of [`decrypt`](crate::generic::Client::decrypt).
    pub fn decrypt(&self, ciphertext: impl Into<Vec<u8>>) -> Call<'_, D, Decrypt> {
        let ciphertext = ciphertext.into();
        let call = self.key.call(|client, key: &UniqueIdentifier| client.decrypt((key, ciphertext)));
        match self.padding {
            EncryptionPadding::Oaep(hash) => call.rsa_oaep(hash),
            EncryptionPadding::Pkcs1V1_5 => call.rsa_pkcs1_v1_5(),
        }
    }
}

impl<D: Driver> Clone for Decryptor<D> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), padding: self.padding }
    }
}

impl<D: Driver> fmt::Debug for Decryptor<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decryptor").field("key", &self.key).field("padding", &self.padding).finish()
    }
}
