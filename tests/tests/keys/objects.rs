//! Managed objects in every Key Format Type, there and back.

use kmip_sdk::keys::{KeyError, Material, convert};
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, KeyFormatType as F, ObjectType, RecommendedCurve,
};
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, PublicKey};
use kmip_sdk::types::operation::RegisterRequest;
use kmip_sdk::types::ttlv;
use kmip_sdk::types::{ProtocolVersion, Tag};
use proptest::prelude::*;

use crate::made::{certificate, private_key, secret, symmetric_key};

const FORMATS: [F; 22] = [
    F::Raw,
    F::Opaque,
    F::Pkcs1,
    F::Pkcs8,
    F::X509,
    F::EcPrivateKey,
    F::TransparentSymmetricKey,
    F::TransparentDsaPrivateKey,
    F::TransparentDsaPublicKey,
    F::TransparentRsaPrivateKey,
    F::TransparentRsaPublicKey,
    F::TransparentDhPrivateKey,
    F::TransparentDhPublicKey,
    F::TransparentEcdsaPrivateKey,
    F::TransparentEcdsaPublicKey,
    F::TransparentEcdhPrivateKey,
    F::TransparentEcdhPublicKey,
    F::TransparentEcmqvPrivateKey,
    F::TransparentEcmqvPublicKey,
    F::TransparentEcPrivateKey,
    F::TransparentEcPublicKey,
    F::Pkcs12,
];

/// The formats that an object of the material is to be had in; every other is refused.
fn formats(material: &Material) -> Vec<F> {
    use CryptographicAlgorithm as A;
    let algorithm = material.algorithm();
    let is_rsa = algorithm == Some(A::Rsa);
    match material.object_type() {
        ObjectType::SymmetricKey => vec![F::Raw, F::TransparentSymmetricKey],
        ObjectType::SecretData => vec![F::Raw, F::Opaque],
        ObjectType::OpaqueObject => vec![F::Opaque],
        ObjectType::Certificate => vec![F::X509],
        ObjectType::PrivateKey if is_rsa => vec![F::Pkcs1, F::Pkcs8, F::TransparentRsaPrivateKey],
        ObjectType::PublicKey if is_rsa => vec![F::Pkcs1, F::X509, F::TransparentRsaPublicKey],
        ObjectType::PrivateKey if algorithm == Some(A::Dsa) => vec![F::Pkcs8, F::TransparentDsaPrivateKey],
        ObjectType::PublicKey if algorithm == Some(A::Dsa) => vec![F::X509, F::TransparentDsaPublicKey],
        ObjectType::PrivateKey if algorithm == Some(A::Dh) => vec![F::Pkcs8, F::TransparentDhPrivateKey],
        ObjectType::PublicKey if algorithm == Some(A::Dh) => vec![F::X509, F::TransparentDhPublicKey],
        ObjectType::PrivateKey => vec![
            F::Pkcs8,
            F::EcPrivateKey,
            F::TransparentEcPrivateKey,
            F::TransparentEcdsaPrivateKey,
            F::TransparentEcdhPrivateKey,
            F::TransparentEcmqvPrivateKey,
        ],
        _ => vec![
            F::X509,
            F::TransparentEcPublicKey,
            F::TransparentEcdsaPublicKey,
            F::TransparentEcdhPublicKey,
            F::TransparentEcmqvPublicKey,
        ],
    }
}

/// A version that has the format and the key, if there is one.
fn version(material: &Material, format: F) -> Option<ProtocolVersion> {
    // Ed25519 and Curve25519 are of 2.0, and the formats of ECDSA, ECDH and ECMQV until 1.4.
    let is_new = material.curve() == Some(RecommendedCurve::Curve25519);
    let versions: &[_] =
        if is_new { &[ProtocolVersion::V2_1] } else { &[ProtocolVersion::V1_4, ProtocolVersion::V2_1] };
    versions.iter().copied().find(|version| format.is_in(*version))
}

pub(crate) fn goes_through_every_format(material: &Material) {
    let possible = formats(material);
    for format in FORMATS {
        let object = match material.to_object_as(format) {
            Ok(object) if possible.contains(&format) => object,
            Ok(_) => panic!("{material} as {format}"),
            Err(KeyError::Unavailable { .. }) if !possible.contains(&format) => continue,
            Err(error) => panic!("{material} as {format}: {error}"),
        };
        assert_eq!(object.object_type(), Some(material.object_type()));
        assert_eq!(&Material::from_object(&object).unwrap(), material, "{format}");
        for other in possible
            .iter()
            .filter(|_| object.key_block().is_some() && material.object_type() != ObjectType::SecretData)
        {
            let converted = convert(&object, *other).unwrap();
            assert_eq!(converted, material.to_object_as(*other).unwrap(), "{format} to {other}");
        }
        // As it goes over the wire.
        if let Some(version) = version(material, format) {
            let request = material.to_register_request_as(format, Attributes::new()).unwrap();
            let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, version).unwrap();
            let read: RegisterRequest = ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes).unwrap();
            assert_eq!(&Material::from_object(&read.object.unwrap()).unwrap(), material, "{format}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn key_pairs_go_through_every_format_and_back(key in private_key()) {
        goes_through_every_format(&key);
        goes_through_every_format(&key.public_key().unwrap());
    }

    #[test]
    fn symmetric_keys_and_secrets_go_through_every_format_and_back(
        material in prop_oneof![symmetric_key(), secret()],
    ) {
        goes_through_every_format(&material);
    }
}

#[test]
fn a_certificate_goes_through_its_format_and_back() {
    goes_through_every_format(&certificate().0);
}

#[test]
fn reads_der_that_is_called_raw_or_opaque() {
    let (_, key) = certificate();
    for material in [key.clone(), key.public_key().unwrap()] {
        for format in [F::Raw, F::Opaque] {
            let block = KeyBlock {
                key_format_type: format,
                ..material.to_key_block_as(material.default_format()).unwrap()
            };
            let mut object = material.to_object().unwrap();
            match &mut object {
                ManagedObject::PrivateKey(key) => key.key_block = block,
                ManagedObject::PublicKey(key) => key.key_block = block,
                _ => unreachable!(),
            }
            assert_eq!(Material::from_object(&object).unwrap(), material);
        }
    }
}

/// The point of P-256 that is the generator, compressed (SEC 2 section 2.4.2).
#[test]
fn reads_a_compressed_point_and_says_where_it_is_of_no_use() {
    let mut point = vec![3];
    point.extend([
        0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2, 0x77,
        0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2, 0x96,
    ]);
    let transparent = |point: &[u8]| {
        let key = kmip_sdk::types::object::TransparentEcPublicKey {
            recommended_curve: RecommendedCurve::P256,
            q_string: point.to_vec(),
        };
        let material = KeyMaterial::Transparent(kmip_sdk::types::object::TransparentKey::EcPublicKey(key));
        let block = KeyBlock::plain(F::TransparentEcPublicKey, material, CryptographicAlgorithm::Ec, 256);
        Material::from_object(&ManagedObject::PublicKey(PublicKey { key_block: block }))
    };
    let key = transparent(&point).unwrap();
    assert_eq!(Material::from_der(key.to_der().unwrap().reveal()).unwrap(), key);
    assert_eq!(
        key.to_jwk().unwrap_err().to_string(),
        "a public key (EC, P-256) cannot be had as a JSON Web Key: its point is compressed"
    );
    point[0] = 5;
    assert_eq!(transparent(&point).unwrap_err(), KeyError::InvalidPoint { curve: "P-256" });
}
