//! A key block wrapped and unwrapped by any method, whoever has the keys (KMIP 2.1 sections 3.3 and 11.62).

use kmip_types::enumerations::{EncodingOption, KeyFormatType, WrappingMethod};
use kmip_types::object::{
    KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, KeyWrappingSpecification, ManagedObject, PgpKey,
    PlainKeyValue, PrivateKey, PublicKey, SecretData, SplitKey, SymmetricKey,
};
use kmip_types::ttlv::{self, DecodeSelected as _, Mode, Reader};
use kmip_types::{Limits, ProtocolVersion, SecretBytes, Tag};
use zeroize::Zeroizing;

use super::WrapError;

/// What encrypts the bytes of a Key Value.
pub(crate) trait Encryption<E> {
    /// The encrypted bytes, and the IV/Counter/Nonce if there is one.
    fn encrypt(&self, bytes: &[u8]) -> Result<(SecretBytes, Option<Vec<u8>>), E>;

    /// What was encrypted.
    fn decrypt(&self, bytes: &[u8], nonce: Option<&[u8]>) -> Result<SecretBytes, E>;
}

/// What makes a MAC or a signature of the bytes of a Key Value.
pub(crate) trait Authentication<E> {
    /// The MAC or the signature.
    fn authenticate(&self, bytes: &[u8]) -> Result<Vec<u8>, E>;

    /// Whether a MAC or a signature is that of the bytes.
    fn is_authentic(&self, bytes: &[u8], code: &[u8]) -> Result<bool, E>;
}

/// What a Wrapping Method does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) encrypts: bool,
    pub(crate) authenticates: bool,
    /// Whether the MAC or the signature is of what is encrypted, rather than of what is to be.
    encrypts_first: bool,
}

impl Steps {
    /// # Errors
    /// The method is a vendor's, or TR-31.
    pub(crate) fn of(method: WrappingMethod) -> Result<Self, WrapError> {
        let (encrypts, authenticates, encrypts_first) = match method {
            WrappingMethod::Encrypt => (true, false, false),
            WrappingMethod::MacSign => (false, true, false),
            WrappingMethod::EncryptThenMacSign => (true, true, true),
            WrappingMethod::MacSignThenEncrypt => (true, true, false),
            method => return Err(WrapError::UnsupportedMethod { method }),
        };
        Ok(Self { encrypts, authenticates, encrypts_first })
    }
}

/// A block with its Key Value wrapped as a specification says.
///
/// # Errors
/// It has no plain key value, cannot be wrapped so, or there is no key for a step of the method.
pub(crate) fn wrap_block<E: From<WrapError>>(
    block: &KeyBlock,
    specification: &KeyWrappingSpecification,
    version: ProtocolVersion,
    encryption: Option<&dyn Encryption<E>>,
    authentication: Option<&dyn Authentication<E>>,
) -> Result<KeyBlock, E> {
    let value = match &block.key_value {
        Some(KeyValue::Plain(value)) if block.key_wrapping_data.is_none() => value,
        None => return Err(WrapError::NoKeyValue.into()),
        Some(_) => return Err(WrapError::AlreadyWrapped.into()),
    };
    let steps = Steps::of(specification.wrapping_method)?;
    let encoding = encoding_of(specification.encoding_option)?;
    let encoded = encoded(value, block.key_format_type, encoding, version)?;
    let (wrapped, iv_counter_nonce) = if steps.encrypts {
        encryption.ok_or(WrapError::NoKeyInformation)?.encrypt(&encoded)?
    } else {
        (SecretBytes::from(encoded.as_slice()), None)
    };
    let mac_signature = if steps.authenticates {
        let authentication = authentication.ok_or(WrapError::NoAuthenticationKey)?;
        let bytes = if steps.encrypts_first { wrapped.reveal() } else { &encoded };
        Some(authentication.authenticate(bytes)?)
    } else {
        None
    };
    // What the client did not say is as it knows; and what the method does not use is not said.
    let data = KeyWrappingData {
        wrapping_method: specification.wrapping_method,
        encryption_key_information: specification
            .encryption_key_information
            .clone()
            .filter(|_| steps.encrypts),
        mac_signature_key_information: specification
            .mac_signature_key_information
            .clone()
            .filter(|_| steps.authenticates),
        mac_signature,
        iv_counter_nonce,
        encoding_option: specification.encoding_option,
    };
    Ok(with_value(block, KeyValue::Wrapped(wrapped), Some(Box::new(data))))
}

/// A block with its Key Value unwrapped, and without Key Wrapping Data.
///
/// # Errors
/// It is not wrapped, or not by these keys; its MAC or signature is another's; or there is no key for a step.
pub(crate) fn unwrap_block<E: From<WrapError>>(
    block: &KeyBlock,
    encryption: Option<&dyn Encryption<E>>,
    authentication: Option<&dyn Authentication<E>>,
) -> Result<KeyBlock, E> {
    let (wrapped, data) = wrapped(block)?;
    let steps = Steps::of(data.wrapping_method)?;
    let encoding = encoding_of(data.encoding_option)?;
    let check = |bytes: &[u8]| {
        let authentication = authentication.ok_or(WrapError::NoAuthenticationKey)?;
        let code = data.mac_signature.as_deref().ok_or(WrapError::NoMac)?;
        if authentication.is_authentic(bytes, code)? { Ok(()) } else { Err(E::from(WrapError::Refused)) }
    };
    if steps.authenticates && steps.encrypts_first {
        check(wrapped.reveal())?;
    }
    let plaintext = if steps.encrypts {
        let encryption = encryption.ok_or(WrapError::NoKeyInformation)?;
        encryption.decrypt(wrapped.reveal(), data.iv_counter_nonce.as_deref())?
    } else {
        wrapped.clone()
    };
    if steps.authenticates && !steps.encrypts_first {
        check(plaintext.reveal())?;
    }
    let value = decoded(plaintext, block.key_format_type, encoding)?;
    Ok(with_value(block, KeyValue::Plain(value), None))
}

/// The wrapped bytes of a block, and how they are wrapped.
///
/// # Errors
/// It is not wrapped.
pub(crate) fn wrapped(block: &KeyBlock) -> Result<(&SecretBytes, &KeyWrappingData), WrapError> {
    match (&block.key_value, &block.key_wrapping_data) {
        (Some(KeyValue::Wrapped(wrapped)), Some(data)) => Ok((wrapped, data)),
        (None, _) => Err(WrapError::NoKeyValue),
        _ => Err(WrapError::NotWrapped),
    }
}

/// The encoding: TTLV where none is said, as in KMIP 1.0, which has no other.
pub(super) fn encoding_of(encoding: Option<EncodingOption>) -> Result<EncodingOption, WrapError> {
    match encoding.unwrap_or(EncodingOption::TtlvEncoding) {
        known @ (EncodingOption::TtlvEncoding | EncodingOption::NoEncoding) => Ok(known),
        encoding => Err(WrapError::UnsupportedEncoding { encoding }),
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
    encoding: EncodingOption,
    version: ProtocolVersion,
) -> Result<Zeroizing<Vec<u8>>, WrapError> {
    if encoding == EncodingOption::TtlvEncoding {
        let bytes = ttlv::encode(Tag::KEY_VALUE, value, version).map_err(WrapError::Encode)?;
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
    encoding: EncodingOption,
) -> Result<PlainKeyValue, WrapError> {
    if encoding != EncodingOption::TtlvEncoding {
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
pub(crate) fn with_block<E: From<WrapError>>(
    object: &ManagedObject,
    change: impl FnOnce(&KeyBlock) -> Result<KeyBlock, E>,
) -> Result<ManagedObject, E> {
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
        _ => return Err(WrapError::NoKeyBlock { object_type: object.object_type() }.into()),
    })
}
