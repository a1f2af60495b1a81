//! Material to and from the key types of other libraries.

use pkcs8::spki::{DecodePublicKey, EncodePublicKey};
use pkcs8::{DecodePrivateKey, EncodePrivateKey};

use super::material::Kind;
use super::reading::private;
use super::{KeyEncoding, KeyError, Material, PrivateKey, PublicKey};

impl Material {
    /// A private key of another library that writes PKCS#8 by the traits of RustCrypto's [`pkcs8`](super::pkcs8), such as
    /// `rsa::RsaPrivateKey`, `p256::SecretKey`, `p256::ecdsa::SigningKey` or `ed25519_dalek::SigningKey`.
    ///
    /// # Errors
    /// The other library fails, or the key is of an algorithm or on a curve that is not known here.
    pub fn from_private_key(key: &impl EncodePrivateKey) -> Result<Self, KeyError> {
        let der =
            key.to_pkcs8_der().map_err(|_| KeyError::Malformed { expected: "private key in PKCS#8" })?;
        private(PrivateKey::from_pkcs8(der.as_bytes()))
    }

    /// A public key of another library that writes SubjectPublicKeyInfo by the traits of RustCrypto's
    /// [`pkcs8`](super::pkcs8), such as `rsa::RsaPublicKey`, `p256::PublicKey` or `ed25519_dalek::VerifyingKey`.
    ///
    /// # Errors
    /// The other library fails, or the key is of an algorithm or on a curve that is not known here.
    pub fn from_public_key(key: &impl EncodePublicKey) -> Result<Self, KeyError> {
        let malformed = |_| KeyError::Malformed { expected: "public key in a SubjectPublicKeyInfo" };
        let der = key.to_public_key_der().map_err(malformed)?;
        Ok(Self::of(Kind::PublicKey(PublicKey::from_spki(der.as_bytes())?)))
    }

    /// The private key as a type of another library that reads PKCS#8 by the traits of RustCrypto's
    /// [`pkcs8`](super::pkcs8).
    ///
    /// # Errors
    /// It is no private key, or none that the type takes.
    pub fn to_private_key<K: DecodePrivateKey>(&self) -> Result<K, KeyError> {
        let der = self.to_der_as(KeyEncoding::Pkcs8)?;
        K::from_pkcs8_der(der.reveal()).map_err(|_| self.not_taken(core::any::type_name::<K>()))
    }

    /// The public key as a type of another library that reads SubjectPublicKeyInfo by the traits of RustCrypto's
    /// [`pkcs8`](super::pkcs8).
    ///
    /// # Errors
    /// It is no public key, or none that the type takes.
    pub fn to_public_key<K: DecodePublicKey>(&self) -> Result<K, KeyError> {
        let der = self.to_der_as(KeyEncoding::Spki)?;
        K::from_public_key_der(der.reveal()).map_err(|_| self.not_taken(core::any::type_name::<K>()))
    }

    fn not_taken(&self, name: &str) -> KeyError {
        self.unavailable(format_args!("`{name}`"), "the type does not take it")
    }
}
