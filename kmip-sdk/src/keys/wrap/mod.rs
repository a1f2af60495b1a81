//! Wrapping keys by others, here, in the form that the standard has for it (KMIP 1.4 sections 2.1.5 and 2.1.6, 2.1
//! sections 3.3 and 7.18).
//!
//! A [`WrappingKey`] is an AES or RSA key with the identifier that it has on the server. It wraps the Key Value of an
//! object ([`WrappingKey::wrap`]), which can then be registered as it is, and unwraps what a server gave
//! ([`WrappingKey::unwrap`]). [`Wrapping`] says how, and gives the Key Wrapping Specification with which a server is asked
//! to do the same.
//!
//! | | Cryptographic Parameters | takes |
//! | --- | --- | --- |
//! | [`Wrapping::aes_key_wrap`] | NISTKeyWrap (RFC 3394) | whole blocks of 8 bytes, at least two: AES keys, and what is encoded as TTLV |
//! | [`Wrapping::aes_key_wrap_with_padding`] | AESKeyWrapPadding (RFC 5649) | anything |
//! | [`Wrapping::aes_gcm`] | GCM | anything; the tag is behind the wrapped bytes, the nonce in IV/Counter/Nonce |
//! | [`Wrapping::rsa_oaep`] | OAEP (RFC 8017), the mask by the same hash | as much as fits: an AES key |
//! | [`Wrapping::rsa_oaep_with_mask`] | OAEP, the mask by a hash of its own | as much as fits |
//! | [`Wrapping::rsa_pkcs1`] | PKCS1 v1.5 (RFC 8017) | as much as fits |
//!
//! A MAC by another key can be added ([`Wrapping::then_mac`], [`Wrapping::mac_first`]) or be all there is
//! ([`Wrapping::mac`]), which leaves the key value readable: [`WrappingKey::with_mac_key`] has the key for it. In its place there
//! may be a signature ([`Wrapping::then_sign`], [`Wrapping::sign_first`], [`Wrapping::signature`]), whose key
//! [`WrappingKey::with_signing_key`] has.
//!
//! ```
//! use kmip_sdk::keys::Material;
//! use kmip_sdk::keys::wrap::{Wrapping, WrappingKey};
//!
//! let wrapping_key = WrappingKey::new("kek-1", &Material::aes(vec![1; 32])?)?;
//! let key = Material::aes(vec![7; 16])?;
//!
//! // To be registered wrapped:
//! let wrapped = wrapping_key.wrap(&key.to_object()?, &Wrapping::aes_key_wrap())?;
//! // As a server gives it that is asked by this:
//! let specification = Wrapping::aes_key_wrap().specification("kek-1");
//! # let _ = specification;
//! let unwrapped = wrapping_key.unwrap(&wrapped)?;
//! assert_eq!(Material::from_object(&unwrapped)?, key);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block;
pub(crate) mod cipher;
mod error;
mod signature;
mod wrapping;

use core::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::SecretBytes;
use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::CryptographicAlgorithm;
use kmip_types::object::{KeyBlock, ManagedObject};

pub(crate) use self::block::{
    Authentication, Encryption, Steps, unwrap_block, with_block, wrap_block, wrapped,
};
use self::cipher::{Cipher, Code};
pub use self::error::WrapError;
pub use self::signature::SignatureMode;
use self::signature::{Signer, SigningKey};
use self::wrapping::{Authenticated, AuthenticationMode};
pub use self::wrapping::{MacMode, WrapMode, Wrapping};
use super::material::Kind;
use super::{Material, PrivateKey, PublicKey};

/// An AES or RSA key that wraps others, with its identifier on the server, and a key for MACs and one for signatures if they have
/// some.
#[derive(Clone)]
pub struct WrappingKey {
    identifier: UniqueIdentifier,
    key: Key,
    usual: Option<WrapMode>,
    mac: Option<(UniqueIdentifier, SecretBytes)>,
    signing: Option<(UniqueIdentifier, SigningKey)>,
}

/// What wraps.
#[derive(Clone)]
enum Key {
    Aes(SecretBytes),
    /// A key of RSA, which wraps by its public half, and unwraps if the private one is there.
    Rsa {
        public: Vec<u8>,
        private: Option<SecretBytes>,
    },
}

impl WrappingKey {
    /// The AES key of 128, 192 or 256 bits, or the RSA key of 2048 bits or more, that is known to the server by this
    /// identifier. A public key wraps, a private key unwraps too.
    ///
    /// # Errors
    /// It is no such key.
    pub fn new(identifier: impl Into<UniqueIdentifier>, key: &Material) -> Result<Self, WrapError> {
        let found = || WrapError::NoWrappingKey { found: key.to_string() };
        let key = match &key.kind {
            Kind::Symmetric { algorithm: None | Some(CryptographicAlgorithm::Aes), key: bytes }
                if matches!(bytes.reveal().len(), 16 | 24 | 32) =>
            {
                Key::Aes(bytes.clone())
            }
            Kind::PublicKey(PublicKey::Rsa(pkcs1)) => Key::Rsa { public: pkcs1.clone(), private: None },
            Kind::PrivateKey(private @ PrivateKey::Rsa(pkcs1)) => match private.public_key() {
                Some(PublicKey::Rsa(public)) => Key::Rsa { public, private: Some(pkcs1.clone()) },
                _ => return Err(found()),
            },
            _ => return Err(found()),
        };
        Ok(Self { identifier: identifier.into(), key, usual: None, mac: None, signing: None })
    }

    /// With the symmetric key that MACs are made with, which is known to the server by this identifier.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::keys::wrap::{MacMode, Wrapping, WrappingKey};
    /// use kmip_sdk::types::enumerations::{CryptographicAlgorithm, HashingAlgorithm};
    ///
    /// let mac = Material::symmetric(CryptographicAlgorithm::HmacSha256, vec![2; 32])?;
    /// let wrapping_key = WrappingKey::new("kek-1", &Material::aes(vec![1; 32])?)?.with_mac_key("mac-1", &mac)?;
    /// let wrapping = Wrapping::aes_key_wrap().then_mac("mac-1", MacMode::Hmac(HashingAlgorithm::Sha256));
    /// let key = Material::aes(vec![7; 16])?;
    /// let wrapped = wrapping_key.wrap(&key.to_object()?, &wrapping)?;
    /// assert_eq!(Material::from_object(&wrapping_key.unwrap(&wrapped)?)?, key);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is no symmetric key.
    pub fn with_mac_key(
        mut self,
        identifier: impl Into<UniqueIdentifier>,
        key: &Material,
    ) -> Result<Self, WrapError> {
        let Kind::Symmetric { key: bytes, .. } = &key.kind else {
            return Err(WrapError::NoMacKey { found: key.to_string() });
        };
        self.mac = Some((identifier.into(), bytes.clone()));
        Ok(self)
    }

    /// With the key that signatures are made and verified with, which is known to the server by this identifier: the one that
    /// MAC/Signature Key Information names. A private key signs, and verifies by its public half; a public key verifies.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::keys::wrap::{SignatureMode, Wrapping, WrappingKey};
    ///
    /// let signing = Material::generate_ed25519()?;
    /// let wrapping_key =
    ///     WrappingKey::new("kek-1", &Material::aes(vec![1; 32])?)?.with_signing_key("sign-1", &signing)?;
    /// let wrapping = Wrapping::aes_key_wrap().then_sign("sign-1", SignatureMode::Ed25519);
    /// let key = Material::aes(vec![7; 16])?;
    /// let wrapped = wrapping_key.wrap(&key.to_object()?, &wrapping)?;
    /// assert_eq!(Material::from_object(&wrapping_key.unwrap(&wrapped)?)?, key);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is no key of RSA or an elliptic curve.
    pub fn with_signing_key(
        mut self,
        identifier: impl Into<UniqueIdentifier>,
        key: &Material,
    ) -> Result<Self, WrapError> {
        let found = || WrapError::NoSigningKey { found: key.to_string() };
        let (public, private) = match &key.kind {
            Kind::PublicKey(public) => (public.clone(), None),
            Kind::PrivateKey(private) => (private.public_key().ok_or_else(found)?, Some(private.clone())),
            _ => return Err(found()),
        };
        if matches!(public, PublicKey::Group { .. }) {
            return Err(found());
        }
        self.signing = Some((identifier.into(), SigningKey { public, private }));
        Ok(self)
    }

    /// How the key wraps where Key Wrapping Data has no Cryptographic Parameters, so that those of the key's attributes
    /// count.
    #[must_use]
    pub fn usual_mode(mut self, mode: WrapMode) -> Self {
        self.usual = Some(mode);
        self
    }

    /// The object with its Key Value wrapped, and Key Wrapping Data that say how.
    ///
    /// # Errors
    /// The object has no plain key value, or it cannot be wrapped so.
    pub fn wrap(&self, object: &ManagedObject, wrapping: &Wrapping) -> Result<ManagedObject, WrapError> {
        with_block(object, |block| self.wrap_block(block, wrapping))
    }

    /// The object with its Key Value unwrapped, and without Key Wrapping Data.
    ///
    /// # Errors
    /// The object is not wrapped, or wrapped by another key or in a way that is not read; or the wrapped bytes were
    /// changed.
    pub fn unwrap(&self, object: &ManagedObject) -> Result<ManagedObject, WrapError> {
        with_block(object, |block| self.unwrap_block(block))
    }

    /// As [`wrap`](Self::wrap), of a key block by itself.
    ///
    /// # Errors
    /// As [`wrap`](Self::wrap).
    pub fn wrap_block(&self, block: &KeyBlock, wrapping: &Wrapping) -> Result<KeyBlock, WrapError> {
        let cipher = wrapping.mode.map(|mode| Cipher { mode, key: &self.key });
        let authentication = wrapping.authenticated.as_ref().map(|by| self.authentication(by)).transpose()?;
        wrap_block(
            block,
            &wrapping.specification(self.identifier.clone()),
            wrapping.version,
            cipher.as_ref().map(|cipher| cipher as &dyn Encryption<WrapError>),
            authentication.as_deref(),
        )
    }

    /// As [`unwrap`](Self::unwrap), of a key block by itself.
    ///
    /// # Errors
    /// As [`unwrap`](Self::unwrap).
    pub fn unwrap_block(&self, block: &KeyBlock) -> Result<KeyBlock, WrapError> {
        let (_, data) = wrapped(block)?;
        let wrapping = Wrapping::of_data(data, self.usual)?;
        let steps = Steps::of(data.wrapping_method)?;
        if let Some(information) = &data.encryption_key_information
            && steps.encrypts
        {
            same_key(&self.identifier, &information.unique_identifier)?;
        }
        let cipher = wrapping.mode.map(|mode| Cipher { mode, key: &self.key });
        let authentication = wrapping.authenticated.as_ref().map(|by| self.authentication(by)).transpose()?;
        unwrap_block(
            block,
            cipher.as_ref().map(|cipher| cipher as &dyn Encryption<WrapError>),
            authentication.as_deref(),
        )
    }

    /// What makes MACs or signatures by the key that is named.
    fn authentication(
        &self,
        by: &Authenticated,
    ) -> Result<Box<dyn Authentication<WrapError> + '_>, WrapError> {
        match by.mode {
            AuthenticationMode::Mac(mode) => {
                let (own, key) = self.mac.as_ref().ok_or(WrapError::NoAuthenticationKey)?;
                same_key(own, &by.identifier)?;
                Ok(Box::new(Code { mode, key }))
            }
            AuthenticationMode::Signature(mode) => {
                let (own, key) = self.signing.as_ref().ok_or(WrapError::NoAuthenticationKey)?;
                same_key(own, &by.identifier)?;
                Ok(Box::new(Signer { mode, key }))
            }
        }
    }

    /// Bytes wrapped as they are, without a key block: key data as other standards have it. Of AES-GCM the nonce is in
    /// front.
    ///
    /// # Errors
    /// The mode does not take so many bytes.
    pub fn wrap_bytes(&self, bytes: &[u8], mode: WrapMode) -> Result<Vec<u8>, WrapError> {
        let (wrapped, nonce) = Cipher { mode, key: &self.key }.encrypt(bytes)?;
        Ok([nonce.unwrap_or_default().as_slice(), wrapped.reveal()].concat())
    }

    /// What [`wrap_bytes`](Self::wrap_bytes) was given.
    ///
    /// # Errors
    /// They were wrapped by another key, or changed.
    pub fn unwrap_bytes(&self, wrapped: &[u8], mode: WrapMode) -> Result<SecretBytes, WrapError> {
        let (nonce, wrapped) = wrapped.split_at_checked(mode.nonce_length()).ok_or(WrapError::Refused)?;
        Cipher { mode, key: &self.key }.decrypt(wrapped, Some(nonce))
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappingKey").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

/// Refuses another key than the one that is here.
fn same_key(expected: &UniqueIdentifier, found: &UniqueIdentifier) -> Result<(), WrapError> {
    if expected == found {
        return Ok(());
    }
    Err(WrapError::OtherKey { expected: expected.clone(), found: found.clone() })
}

/// The version in which what is encoded as TTLV is written unless another is said: that in which a key value without
/// attributes is as in all.
const VERSION: ProtocolVersion = ProtocolVersion::V1_4;
