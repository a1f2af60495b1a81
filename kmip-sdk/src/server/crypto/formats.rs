//! Formats of whole objects: the default ones, converting, and what the digest is made of.

use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType};
use kmip_types::object::{KeyMaterial, KeyValue, ManagedObject, PlainKeyValue};
use kmip_types::ttlv::{self, Header, Mode, Reader};
use kmip_types::{Limits, ProtocolVersion, Tag};

use super::no_such_format;
use crate::answer::Failure;
use crate::keys;
pub(crate) use crate::keys::format_of;

/// The format that an object has unless another is asked for (KMIP 2.1 section 4.26, table 81).
///
/// The transparent formats of elliptic curve keys came with KMIP 1.3, so before 2.0, where the standard has no
/// such table, they are in ASN.1.
pub(crate) fn default_format(
    object_type: ObjectType,
    algorithm: Option<CryptographicAlgorithm>,
    version: ProtocolVersion,
) -> KeyFormatType {
    let transparent = version.is_at_least(ProtocolVersion::V2_0);
    match (object_type, algorithm) {
        (ObjectType::PrivateKey, Some(CryptographicAlgorithm::Dsa)) => {
            return KeyFormatType::TransparentDsaPrivateKey;
        }
        (ObjectType::PublicKey, Some(CryptographicAlgorithm::Dsa)) => {
            return KeyFormatType::TransparentDsaPublicKey;
        }
        // The table does not have it: as of DSA.
        (ObjectType::PrivateKey, Some(CryptographicAlgorithm::Dh)) => {
            return KeyFormatType::TransparentDhPrivateKey;
        }
        (ObjectType::PublicKey, Some(CryptographicAlgorithm::Dh)) => {
            return KeyFormatType::TransparentDhPublicKey;
        }
        (ObjectType::PrivateKey | ObjectType::PublicKey, Some(CryptographicAlgorithm::Rsa)) => {
            return KeyFormatType::Pkcs1;
        }
        _ => {}
    }
    match object_type {
        ObjectType::PrivateKey if transparent => KeyFormatType::TransparentEcPrivateKey,
        ObjectType::PublicKey if transparent => KeyFormatType::TransparentEcPublicKey,
        ObjectType::PrivateKey => KeyFormatType::EcPrivateKey,
        ObjectType::PublicKey | ObjectType::Certificate => KeyFormatType::X509,
        ObjectType::OpaqueObject => KeyFormatType::Opaque,
        ObjectType::CertificateRequest => KeyFormatType::Pkcs10,
        _ => KeyFormatType::Raw,
    }
}

/// The object in a format.
pub(crate) fn convert(object: &ManagedObject, format: KeyFormatType) -> Result<ManagedObject, Failure> {
    keys::convert(object, format).map_err(|_| no_such_format(format))
}

/// What the digest of an object is made of: bytes, or the TTLV of a structure (KMIP 2.1 section 4.21).
///
/// The result holds a secret wherever the object does.
pub(crate) fn digested(
    object: &ManagedObject,
    version: ProtocolVersion,
) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let bytes = match object {
        ManagedObject::Certificate(certificate) => certificate.certificate_value.clone(),
        ManagedObject::OpaqueObject(object) => object.opaque_data_value.reveal().to_vec(),
        _ => {
            let block = object.key_block()?;
            match block.key_value.as_ref()? {
                KeyValue::Wrapped(bytes) => bytes.reveal().to_vec(),
                KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Bytes(bytes), .. }) => {
                    bytes.reveal().to_vec()
                }
                KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Transparent(_), .. }) => {
                    let bytes = ttlv::encode(Tag::KEY_BLOCK, block, version).ok()?;
                    let bytes = zeroize::Zeroizing::new(bytes);
                    field(field(&bytes, Tag::KEY_VALUE)?, Tag::KEY_MATERIAL)?.to_vec()
                }
            }
        }
    };
    Some(bytes.into())
}

/// The bytes of the field with this tag in a structure.
fn field(structure: &[u8], tag: Tag) -> Option<&[u8]> {
    let mut rest = structure.get(Header::SIZE..)?;
    loop {
        let header = Reader::new(rest, Mode::Strict, Limits::default()).ok()?.peek().ok()??;
        let (item, behind) = rest.split_at(header.end());
        if header.tag == tag {
            return Some(item);
        }
        rest = behind;
    }
}
