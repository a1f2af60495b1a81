//! Key blocks: what is in them, and the same key in another Key Format Type.

use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType, RecommendedCurve};
use kmip_types::object::{
    KeyBlock, KeyMaterial, KeyValue, ManagedObject, PlainKeyValue, TransparentKey, TransparentSymmetricKey,
};

use super::{Curve, KeyError, Material, PrivateKey, PublicKey};

/// The object in another Key Format Type: what a server does that is asked for one, done by the client where the
/// server does not.
///
/// What else the key block says stays as it is. An object that is in the format already is given as it is.
///
/// ```
/// use kmip_sdk::keys::{Material, convert};
/// use kmip_sdk::types::enumerations::KeyFormatType;
///
/// let raw = Material::aes(vec![7; 32])?.to_object()?;
/// let transparent = convert(&raw, KeyFormatType::TransparentSymmetricKey)?;
/// assert_eq!(convert(&transparent, KeyFormatType::Raw)?, raw);
/// # Ok::<(), kmip_sdk::keys::KeyError>(())
/// ```
///
/// # Errors
/// The object's material cannot be read, or cannot be had in the format.
pub fn convert(object: &ManagedObject, format: KeyFormatType) -> Result<ManagedObject, KeyError> {
    if format_of(object) == Some(format) {
        return Ok(object.clone());
    }
    let mut converted = object.clone();
    let (block, key_material) = match (&mut converted, object) {
        (ManagedObject::SymmetricKey(new), ManagedObject::SymmetricKey(old)) => {
            let bytes = symmetric_bytes(&old.key_block)?;
            (&mut new.key_block, symmetric_material(bytes, format))
        }
        (ManagedObject::PrivateKey(new), ManagedObject::PrivateKey(old)) => {
            (&mut new.key_block, PrivateKey::from_block(&old.key_block)?.to_material(format))
        }
        (ManagedObject::PublicKey(new), ManagedObject::PublicKey(old)) => {
            (&mut new.key_block, PublicKey::from_block(&old.key_block)?.to_material(format))
        }
        _ => return Err(Material::from_object(object)?.unavailable_format(format)),
    };
    let Some(key_material) = key_material else {
        return Err(Material::from_object(object)?.unavailable_format(format));
    };
    let attributes = match block.key_value.take() {
        Some(KeyValue::Plain(value)) => value.attributes,
        _ => Default::default(),
    };
    block.key_format_type = format;
    block.key_value = Some(KeyValue::Plain(PlainKeyValue { key_material, attributes }));
    Ok(converted)
}

/// The format that an object is in.
pub(crate) fn format_of(object: &ManagedObject) -> Option<KeyFormatType> {
    match object {
        ManagedObject::Certificate(_) => Some(KeyFormatType::X509),
        ManagedObject::OpaqueObject(_) => Some(KeyFormatType::Opaque),
        _ => Some(object.key_block()?.key_format_type),
    }
}

/// The bytes of a symmetric key.
pub(super) fn symmetric_bytes(block: &KeyBlock) -> Result<&[u8], KeyError> {
    let material = plain_material(block)?;
    let format = block.key_format_type;
    material.as_bytes().ok_or(KeyError::UnreadFormat { format, material: "a symmetric key" })
}

/// The material of a symmetric key in a format, if it can be had in that.
pub(super) fn symmetric_material(key: &[u8], format: KeyFormatType) -> Option<KeyMaterial> {
    match format {
        KeyFormatType::Raw => Some(KeyMaterial::bytes(key)),
        KeyFormatType::TransparentSymmetricKey => {
            let key = TransparentSymmetricKey { key: key.into() };
            Some(KeyMaterial::Transparent(TransparentKey::SymmetricKey(key)))
        }
        _ => None,
    }
}

/// The key material of a block.
///
/// # Errors
/// It is wrapped, or not there.
pub(super) fn plain_material(block: &KeyBlock) -> Result<&KeyMaterial, KeyError> {
    match &block.key_value {
        Some(KeyValue::Plain(value)) => Ok(&value.key_material),
        Some(KeyValue::Wrapped(_)) => {
            let wrapping = block.key_wrapping_data.as_ref();
            let key = wrapping.and_then(|wrapping| wrapping.encryption_key_information.as_ref());
            Err(KeyError::Wrapped { by: key.map(|key| key.unique_identifier.clone()) })
        }
        None => Err(KeyError::NoKeyMaterial),
    }
}

/// The curve of a transparent key.
pub(super) fn known_curve(
    curve: RecommendedCurve,
    algorithm: Option<CryptographicAlgorithm>,
) -> Result<Curve, KeyError> {
    Curve::find(curve, algorithm)
        .ok_or_else(|| KeyError::Unsupported { what: format!("a key on the curve {curve}") })
}
