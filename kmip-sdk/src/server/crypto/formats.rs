//! Formats of whole objects: the default ones, converting, and what the digest is made of.

use kmip_types::enumerations::{
    CryptographicAlgorithm, KeyCompressionType, KeyFormatType, ObjectType, ResultReason,
};
use kmip_types::object::{KeyMaterial, KeyValue, ManagedObject, PlainKeyValue};
use kmip_types::ttlv::{self, Header, Mode, Reader};
use kmip_types::{Limits, ProtocolVersion, Tag};
use p256::elliptic_curve::sec1::ToSec1Point;

use super::no_such_format;
use crate::answer::Failure;
pub(crate) use crate::keys::format_of;
use crate::keys::{self, Curve, PublicKey};

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

/// A public key on a curve with its point in a form (SEC 1 section 2.3.3), in the format that it is in.
pub(crate) fn with_point(
    object: &ManagedObject,
    wanted: KeyCompressionType,
) -> Result<ManagedObject, Failure> {
    let refused = || {
        let message = format!("the key cannot be had with the compression {wanted}");
        Failure::new(ResultReason::KeyCompressionTypeNotSupported, message)
    };
    let mut formed = object.clone();
    let ManagedObject::PublicKey(key) = &mut formed else { return Err(refused()) };
    let block = &mut key.key_block;
    let Ok(PublicKey::Ec { curve, point }) = PublicKey::from_block(block) else { return Err(refused()) };
    let point = point_in(curve, &point, wanted).ok_or_else(refused)?;
    let material = PublicKey::Ec { curve, point }.to_material(block.key_format_type);
    let (Some(KeyValue::Plain(value)), Some(material)) = (&mut block.key_value, material) else {
        return Err(refused());
    };
    value.key_material = material;
    // Without one, it is uncompressed (KMIP 2.1 section 3.1).
    let uncompressed = KeyCompressionType::EcPublicKeyTypeUncompressed;
    block.key_compression_type = Some(wanted).filter(|wanted| *wanted != uncompressed);
    Ok(formed)
}

/// A point in a form, which the curve has.
fn point_in(curve: Curve, point: &[u8], wanted: KeyCompressionType) -> Option<Vec<u8>> {
    use KeyCompressionType as C;
    macro_rules! point {
        ($curve:ident, $compress:expr) => {{
            let point = $curve::PublicKey::from_sec1_bytes(point).ok()?;
            point.to_sec1_point($compress).as_bytes().to_vec()
        }};
    }
    let compress = wanted == C::EcPublicKeyTypeX962CompressedPrime;
    if !compress && !matches!(wanted, C::EcPublicKeyTypeUncompressed | C::EcPublicKeyTypeX962Hybrid) {
        return None;
    }
    let mut point = match curve {
        Curve::P256 => point!(p256, compress),
        Curve::P384 => point!(p384, compress),
        Curve::P521 => point!(p521, compress),
        Curve::Secp256k1 => point!(k256, compress),
        // These have one form.
        Curve::X25519 | Curve::Ed25519 | Curve::X448 | Curve::Ed448 => return None,
    };
    if wanted == C::EcPublicKeyTypeX962Hybrid {
        // The first byte says the last bit of y too, which is there as well.
        let last = point.last()? & 1;
        *point.first_mut()? = 6 | last;
    }
    Some(point)
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
