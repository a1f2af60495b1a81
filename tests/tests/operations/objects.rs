//! Managed objects and the forms of their key material.

use kmip_types::attribute::Attributes;
use kmip_types::enumerations::{
    CertificateRequestType, CertificateType, CryptographicAlgorithm, KEY_FORMAT_TYPE, KeyFormatType,
    OBJECT_TYPE, OpaqueDataType, RecommendedCurve, SecretDataType, SplitKeyMethod,
};
use kmip_types::object::*;
use kmip_types::operation::RegisterRequest;
use kmip_types::{BigInteger, ProtocolVersion, SecretBigInteger};

use crate::round_trips::{request, round_trip};
use crate::samples::attributes;

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_3: ProtocolVersion = ProtocolVersion::V1_3;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn block(key_format_type: KeyFormatType, material: KeyMaterial) -> KeyBlock {
    KeyBlock::plain(key_format_type, material, CryptographicAlgorithm::Aes, 128)
}

fn raw() -> KeyBlock {
    block(KeyFormatType::Raw, KeyMaterial::bytes(vec![1; 16]))
}

fn register(version: ProtocolVersion, object: ManagedObject) {
    let object_type = object.object_type().unwrap();
    round_trip(&request(version, RegisterRequest::new(object_type, attributes(), object)));
}

#[test]
fn every_object_round_trips_in_its_oldest_and_its_newest_version() {
    let split = |split_key_method| SplitKey {
        split_key_parts: 3,
        key_part_identifier: 1,
        split_key_threshold: 2,
        split_key_method,
        prime_field_size: Some(BigInteger::from(257)),
        key_block: raw(),
    };
    let certificate =
        Certificate { certificate_type: CertificateType::X509, certificate_value: vec![0x30, 0] };
    let certificate_request = CertificateRequest {
        certificate_request_type: CertificateRequestType::Pkcs10,
        certificate_request_value: vec![0x30, 0],
    };
    let opaque = OpaqueObject {
        opaque_data_type: OpaqueDataType::Other(0x8000_0001),
        opaque_data_value: vec![1].into(),
    };
    let secret = SecretData { secret_data_type: SecretDataType::Password, key_block: raw() };
    let mut objects = vec![
        (V1_0, V2_1, ManagedObject::Certificate(certificate)),
        (V2_0, V2_1, ManagedObject::CertificateRequest(certificate_request)),
        (V1_0, V2_1, ManagedObject::SymmetricKey(SymmetricKey { key_block: raw() })),
        (V1_0, V2_1, ManagedObject::PublicKey(PublicKey { key_block: raw() })),
        (V1_0, V2_1, ManagedObject::PrivateKey(PrivateKey { key_block: raw() })),
        (V1_0, V1_4, ManagedObject::Template(Template { attributes: attributes() })),
        (V1_0, V2_1, ManagedObject::SecretData(secret)),
        (V1_0, V2_1, ManagedObject::OpaqueObject(opaque)),
        (V1_2, V2_1, ManagedObject::PgpKey(PgpKey { pgp_key_version: 4, key_block: raw() })),
    ];
    let methods =
        [SplitKeyMethod::Xor, SplitKeyMethod::PolynomialSharingGf2_16, SplitKeyMethod::Other(0x8000_0001)];
    objects.extend(methods.map(|method| (V1_0, V2_1, ManagedObject::SplitKey(split(method)))));
    let found: Vec<_> = objects.iter().filter_map(|(_, _, object)| object.object_type()).collect();
    for kind in OBJECT_TYPE.values {
        assert!(found.iter().any(|found| u32::from(*found) == kind.value), "{} is missing", kind.name);
    }
    for (oldest, newest, object) in objects {
        register(oldest, object.clone());
        register(newest, object);
    }
}

#[test]
fn every_transparent_key_round_trips_in_its_oldest_and_its_newest_version() {
    let big = |value: i64| BigInteger::from(value);
    let secret = |value: i64| SecretBigInteger::new(BigInteger::from(value));
    let private = || TransparentEcPrivateKey { recommended_curve: RecommendedCurve::P256, d: secret(5) };
    let public =
        || TransparentEcPublicKey { recommended_curve: RecommendedCurve::P256, q_string: vec![4; 65] };
    let dsa_private = TransparentDsaPrivateKey { p: big(23), q: big(11), g: big(2), x: secret(3) };
    let dsa_public = TransparentDsaPublicKey { p: big(23), q: big(11), g: big(2), y: big(8) };
    let (q, j) = (Some(big(11)), Some(big(2)));
    let dh_private =
        TransparentDhPrivateKey { p: big(23), q: q.clone(), g: big(2), j: j.clone(), x: secret(3) };
    let dh_public = TransparentDhPublicKey { p: big(23), q, g: big(2), j, y: big(8) };
    let rsa_private = TransparentRsaPrivateKey {
        modulus: big(3233),
        private_exponent: Some(secret(2753)),
        public_exponent: Some(big(17)),
        p: Some(secret(61)),
        q: Some(secret(53)),
        prime_exponent_p: Some(secret(53)),
        prime_exponent_q: Some(secret(49)),
        crt_coefficient: Some(secret(38)),
    };
    let rsa_public = TransparentRsaPublicKey { modulus: big(3233), public_exponent: big(17) };
    let symmetric = TransparentSymmetricKey { key: vec![1; 16].into() };
    let keys = [
        (KeyFormatType::TransparentSymmetricKey, V1_0, V2_1, TransparentKey::SymmetricKey(symmetric)),
        (KeyFormatType::TransparentDsaPrivateKey, V1_0, V2_1, TransparentKey::DsaPrivateKey(dsa_private)),
        (KeyFormatType::TransparentDsaPublicKey, V1_0, V2_1, TransparentKey::DsaPublicKey(dsa_public)),
        (KeyFormatType::TransparentRsaPrivateKey, V1_0, V2_1, TransparentKey::RsaPrivateKey(rsa_private)),
        (KeyFormatType::TransparentRsaPublicKey, V1_0, V2_1, TransparentKey::RsaPublicKey(rsa_public)),
        (KeyFormatType::TransparentDhPrivateKey, V1_0, V2_1, TransparentKey::DhPrivateKey(dh_private)),
        (KeyFormatType::TransparentDhPublicKey, V1_0, V2_1, TransparentKey::DhPublicKey(dh_public)),
        (KeyFormatType::TransparentEcdsaPrivateKey, V1_0, V1_4, TransparentKey::EcdsaPrivateKey(private())),
        (KeyFormatType::TransparentEcdsaPublicKey, V1_0, V1_4, TransparentKey::EcdsaPublicKey(public())),
        (KeyFormatType::TransparentEcdhPrivateKey, V1_0, V1_4, TransparentKey::EcdhPrivateKey(private())),
        (KeyFormatType::TransparentEcdhPublicKey, V1_0, V1_4, TransparentKey::EcdhPublicKey(public())),
        (KeyFormatType::TransparentEcmqvPrivateKey, V1_0, V1_4, TransparentKey::EcmqvPrivateKey(private())),
        (KeyFormatType::TransparentEcmqvPublicKey, V1_0, V1_4, TransparentKey::EcmqvPublicKey(public())),
        (KeyFormatType::TransparentEcPrivateKey, V1_3, V2_1, TransparentKey::EcPrivateKey(private())),
        (KeyFormatType::TransparentEcPublicKey, V1_3, V2_1, TransparentKey::EcPublicKey(public())),
    ];
    let transparent = KEY_FORMAT_TYPE.values.iter().filter(|value| value.name.starts_with("Transparent"));
    assert_eq!(keys.len(), transparent.count());
    for (format, oldest, newest, key) in keys {
        for version in [oldest, newest] {
            let key_block = block(format, KeyMaterial::Transparent(key.clone()));
            register(version, ManagedObject::PrivateKey(PrivateKey { key_block }));
        }
    }
}

#[test]
fn a_key_value_has_its_attributes_in_the_form_of_each_version() {
    for attributes in [Attributes::new(), attributes()] {
        for version in [V1_0, V2_1] {
            let mut key_block = raw();
            let Some(KeyValue::Plain(value)) = &mut key_block.key_value else { panic!("not plain") };
            value.attributes = attributes.clone();
            register(version, ManagedObject::SymmetricKey(SymmetricKey { key_block }));
        }
    }
}
