//! Wrapping keys by others, here, in the form that the standard has for it (KMIP 1.4 sections 2.1.5 and 2.1.6, 2.1
//! sections 3.3 and 7.18).
//!
//! A [`WrappingKey`] is an AES key with the identifier that it has on the server. It wraps the Key Value of an object
//! ([`WrappingKey::wrap`]), which can then be registered as it is, and unwraps what a server gave
//! ([`WrappingKey::unwrap`]). [`Wrapping`] says how, and gives the Key Wrapping Specification with which a server is asked
//! to do the same.
//!
//! | | Block Cipher Mode | takes |
//! | --- | --- | --- |
//! | [`Wrapping::aes_key_wrap`] | NISTKeyWrap (RFC 3394) | whole blocks of 8 bytes, at least two: AES keys, and what is encoded as TTLV |
//! | [`Wrapping::aes_key_wrap_with_padding`] | AESKeyWrapPadding (RFC 5649) | anything |
//! | [`Wrapping::aes_gcm`] | GCM | anything; the tag is behind the wrapped bytes, the nonce in IV/Counter/Nonce |
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

mod cipher;
mod error;
mod wrapping;

use core::fmt;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{CryptographicAlgorithm, EncodingOption, KeyFormatType, WrappingMethod};
use kmip_types::object::{
    EncryptionKeyInformation, KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, ManagedObject, PgpKey,
    PlainKeyValue, PrivateKey, PublicKey, SecretData, SplitKey, SymmetricKey,
};
use kmip_types::ttlv::{self, DecodeSelected as _, Mode, Reader};
use kmip_types::{Limits, ProtocolVersion, SecretBytes, Tag};
use zeroize::Zeroizing;

pub use self::error::WrapError;
pub use self::wrapping::{WrapMode, Wrapping};
use super::Material;
use super::material::Kind;

/// An AES key that wraps others, with its identifier on the server.
#[derive(Clone)]
pub struct WrappingKey {
    identifier: UniqueIdentifier,
    key: SecretBytes,
    usual: Option<WrapMode>,
}

impl WrappingKey {
    /// The AES key of 128, 192 or 256 bits that is known to the server by this identifier.
    ///
    /// # Errors
    /// It is no such key.
    pub fn new(identifier: impl Into<UniqueIdentifier>, key: &Material) -> Result<Self, WrapError> {
        match &key.kind {
            Kind::Symmetric { algorithm: None | Some(CryptographicAlgorithm::Aes), key: bytes }
                if matches!(bytes.reveal().len(), 16 | 24 | 32) =>
            {
                Ok(Self { identifier: identifier.into(), key: bytes.clone(), usual: None })
            }
            _ => Err(WrapError::NoWrappingKey { found: key.to_string() }),
        }
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
        let value = match &block.key_value {
            Some(KeyValue::Plain(value)) if block.key_wrapping_data.is_none() => value,
            None => return Err(WrapError::NoKeyValue),
            Some(_) => return Err(WrapError::AlreadyWrapped),
        };
        let plaintext = encoded(value, block.key_format_type, wrapping)?;
        let (wrapped, iv_counter_nonce) = cipher::wrap(wrapping.mode, &self.key, &plaintext)?;
        let data = KeyWrappingData {
            wrapping_method: WrappingMethod::Encrypt,
            encryption_key_information: Some(EncryptionKeyInformation {
                unique_identifier: self.identifier.clone(),
                cryptographic_parameters: Some(Box::new(wrapping.mode.parameters())),
            }),
            mac_signature_key_information: None,
            mac_signature: None,
            iv_counter_nonce,
            encoding_option: wrapping.encoding_option(),
        };
        Ok(with_value(block, KeyValue::Wrapped(wrapped), Some(Box::new(data))))
    }

    /// As [`unwrap`](Self::unwrap), of a key block by itself.
    ///
    /// # Errors
    /// As [`unwrap`](Self::unwrap).
    pub fn unwrap_block(&self, block: &KeyBlock) -> Result<KeyBlock, WrapError> {
        let (wrapped, data) = match (&block.key_value, &block.key_wrapping_data) {
            (Some(KeyValue::Wrapped(wrapped)), Some(data)) => (wrapped, data),
            (None, _) => return Err(WrapError::NoKeyValue),
            _ => return Err(WrapError::NotWrapped),
        };
        let wrapping = Wrapping::of_data(data, self.usual)?;
        if let Some(information) = &data.encryption_key_information
            && information.unique_identifier != self.identifier
        {
            let (expected, found) = (self.identifier.clone(), information.unique_identifier.clone());
            return Err(WrapError::OtherKey { expected, found });
        }
        let nonce = data.iv_counter_nonce.as_deref();
        let plaintext = cipher::unwrap(wrapping.mode, &self.key, wrapped.reveal(), nonce)?;
        let value = decoded(plaintext, block.key_format_type, &wrapping)?;
        Ok(with_value(block, KeyValue::Plain(value), None))
    }

    /// Bytes wrapped as they are, without a key block: key data as other standards have it. Of AES-GCM the nonce is in
    /// front.
    ///
    /// # Errors
    /// The mode does not take so many bytes.
    pub fn wrap_bytes(&self, bytes: &[u8], mode: WrapMode) -> Result<Vec<u8>, WrapError> {
        let (wrapped, nonce) = cipher::wrap(mode, &self.key, bytes)?;
        Ok([nonce.unwrap_or_default().as_slice(), wrapped.reveal()].concat())
    }

    /// What [`wrap_bytes`](Self::wrap_bytes) was given.
    ///
    /// # Errors
    /// They were wrapped by another key, or changed.
    pub fn unwrap_bytes(&self, wrapped: &[u8], mode: WrapMode) -> Result<SecretBytes, WrapError> {
        let (nonce, wrapped) = wrapped.split_at_checked(mode.nonce_length()).ok_or(WrapError::Refused)?;
        cipher::unwrap(mode, &self.key, wrapped, Some(nonce))
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappingKey").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

/// The block with another value; of the one that it has no copy is made.
fn with_value(
    block: &KeyBlock,
    key_value: KeyValue,
    key_wrapping_data: Option<Box<KeyWrappingData>>,
) -> KeyBlock {
    KeyBlock {
        key_format_type: block.key_format_type,
        key_compression_type: block.key_compression_type,
        key_value: Some(key_value),
        cryptographic_algorithm: block.cryptographic_algorithm,
        cryptographic_length: block.cryptographic_length,
        key_wrapping_data,
    }
}

/// What is wrapped of a Key Value.
fn encoded(
    value: &PlainKeyValue,
    format: KeyFormatType,
    wrapping: &Wrapping,
) -> Result<Zeroizing<Vec<u8>>, WrapError> {
    if wrapping.encoding == EncodingOption::TtlvEncoding {
        let bytes = ttlv::encode(Tag::KEY_VALUE, value, wrapping.version).map_err(WrapError::Encode)?;
        return Ok(Zeroizing::new(bytes));
    }
    match &value.key_material {
        KeyMaterial::Bytes(_) if !value.attributes.is_empty() => Err(WrapError::AttributesNotEncoded),
        KeyMaterial::Bytes(bytes) => Ok(Zeroizing::new(bytes.reveal().to_vec())),
        KeyMaterial::Transparent(_) => Err(WrapError::StructureNotEncoded { format }),
    }
}

/// The Key Value that was wrapped.
fn decoded(
    plaintext: SecretBytes,
    format: KeyFormatType,
    wrapping: &Wrapping,
) -> Result<PlainKeyValue, WrapError> {
    if wrapping.encoding != EncodingOption::TtlvEncoding {
        if format.name().is_some_and(|name| name.starts_with("Transparent")) {
            return Err(WrapError::StructureNotEncoded { format });
        }
        return Ok(PlainKeyValue {
            key_material: KeyMaterial::Bytes(plaintext),
            attributes: Default::default(),
        });
    }
    let read = || {
        let mut reader = Reader::new(plaintext.reveal(), Mode::Strict, Limits::default())?;
        let value = PlainKeyValue::decode_selected(&format, Tag::KEY_VALUE, &mut reader)?;
        reader.finish()?;
        Ok(value)
    };
    read().map_err(WrapError::Decode)
}

/// The object with what becomes of its key block.
fn with_block(
    object: &ManagedObject,
    change: impl FnOnce(&KeyBlock) -> Result<KeyBlock, WrapError>,
) -> Result<ManagedObject, WrapError> {
    Ok(match object {
        ManagedObject::SymmetricKey(key) => {
            ManagedObject::SymmetricKey(SymmetricKey { key_block: change(&key.key_block)? })
        }
        ManagedObject::PublicKey(key) => {
            ManagedObject::PublicKey(PublicKey { key_block: change(&key.key_block)? })
        }
        ManagedObject::PrivateKey(key) => {
            ManagedObject::PrivateKey(PrivateKey { key_block: change(&key.key_block)? })
        }
        ManagedObject::SplitKey(part) => ManagedObject::SplitKey(SplitKey {
            split_key_parts: part.split_key_parts,
            key_part_identifier: part.key_part_identifier,
            split_key_threshold: part.split_key_threshold,
            split_key_method: part.split_key_method,
            prime_field_size: part.prime_field_size.clone(),
            key_block: change(&part.key_block)?,
        }),
        ManagedObject::SecretData(secret) => ManagedObject::SecretData(SecretData {
            secret_data_type: secret.secret_data_type,
            key_block: change(&secret.key_block)?,
        }),
        ManagedObject::PgpKey(key) => ManagedObject::PgpKey(PgpKey {
            pgp_key_version: key.pgp_key_version,
            key_block: change(&key.key_block)?,
        }),
        _ => return Err(WrapError::NoKeyBlock { object_type: object.object_type() }),
    })
}

/// The version in which what is encoded as TTLV is written unless another is said: that in which a key value without
/// attributes is as in all.
const VERSION: ProtocolVersion = ProtocolVersion::V1_4;
