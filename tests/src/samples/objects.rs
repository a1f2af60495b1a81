//! Managed objects: one of every kind, with key material in every form.

use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{
    BlockCipherMode, CertificateRequestType, CertificateType, CryptographicAlgorithm, EncodingOption,
    KeyFormatType, OpaqueDataType, RecommendedCurve, SecretDataType, SplitKeyMethod, WrappingMethod,
};
use kmip_types::object::*;
use kmip_types::{BigInteger, ProtocolVersion, SecretBigInteger};

use super::values::*;
use super::{attributes, identifiers};

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_3: ProtocolVersion = ProtocolVersion::V1_3;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// An object, and the versions that have it.
pub struct ObjectSample {
    /// What tells it from the other samples.
    pub name: &'static str,
    /// The oldest version that has it.
    pub oldest: ProtocolVersion,
    /// The newest version that has it.
    pub newest: ProtocolVersion,
    /// The object.
    pub object: ManagedObject,
}

/// The objects.
pub fn all() -> Vec<ObjectSample> {
    let mut objects = kinds();
    objects.extend(split_keys());
    objects.extend(transparent_keys());
    objects
}

fn object(
    name: &'static str,
    oldest: ProtocolVersion,
    newest: ProtocolVersion,
    object: ManagedObject,
) -> ObjectSample {
    ObjectSample { name, oldest, newest, object }
}

fn aes(key_material: KeyMaterial) -> KeyBlock {
    KeyBlock::plain(KeyFormatType::Raw, key_material, CryptographicAlgorithm::Aes, 256)
}

fn curve(key_format_type: KeyFormatType, key: &[u8]) -> KeyBlock {
    KeyBlock::plain(key_format_type, KeyMaterial::bytes(key), CryptographicAlgorithm::Ecdsa, 256)
}

/// Bytes that are no key of an algorithm.
fn bytes(key_format_type: KeyFormatType, bytes: &[u8]) -> KeyBlock {
    let plain = KeyBlock::plain(key_format_type, KeyMaterial::bytes(bytes), CryptographicAlgorithm::Aes, 0);
    KeyBlock { cryptographic_algorithm: None, cryptographic_length: None, ..plain }
}

fn wrapped() -> KeyBlock {
    KeyBlock {
        key_format_type: KeyFormatType::Raw,
        key_compression_type: None,
        key_value: Some(KeyValue::Wrapped(WRAPPED_KEY.into())),
        cryptographic_algorithm: Some(CryptographicAlgorithm::Aes),
        cryptographic_length: Some(256),
        key_wrapping_data: Some(Box::new(KeyWrappingData {
            wrapping_method: WrappingMethod::Encrypt,
            encryption_key_information: Some(EncryptionKeyInformation {
                unique_identifier: identifiers::WRAPPING_KEY.into(),
                cryptographic_parameters: Some(Box::new(CryptographicParameters {
                    block_cipher_mode: Some(BlockCipherMode::NistKeyWrap),
                    ..CryptographicParameters::default()
                })),
            }),
            mac_signature_key_information: None,
            mac_signature: None,
            iv_counter_nonce: None,
            encoding_option: Some(EncodingOption::NoEncoding),
        })),
    }
}

/// A key whose value goes with attributes.
fn attributed() -> KeyBlock {
    let mut key_block = aes(KeyMaterial::bytes(AES_KEY));
    let key_material = KeyMaterial::bytes(AES_KEY);
    key_block.key_value = Some(KeyValue::Plain(PlainKeyValue { key_material, attributes: attributes() }));
    key_block
}

fn kinds() -> Vec<ObjectSample> {
    let certificate =
        Certificate { certificate_type: CertificateType::X509, certificate_value: CERTIFICATE.to_vec() };
    let certificate_request = CertificateRequest {
        certificate_request_type: CertificateRequestType::Pkcs10,
        certificate_request_value: CERTIFICATE_REQUEST.to_vec(),
    };
    let opaque =
        OpaqueObject { opaque_data_type: OpaqueDataType::Other(0x8000_0001), opaque_data_value: TEXT.into() };
    let secret = SecretData {
        secret_data_type: SecretDataType::Password,
        key_block: bytes(KeyFormatType::Opaque, b"correct horse"),
    };
    let symmetric = |key_block| ManagedObject::SymmetricKey(SymmetricKey { key_block });
    let public = PublicKey { key_block: curve(KeyFormatType::X509, EC_SPKI) };
    let private = PrivateKey { key_block: curve(KeyFormatType::Pkcs8, EC_PKCS_8) };
    let pgp = PgpKey { pgp_key_version: 4, key_block: bytes(KeyFormatType::Raw, RANDOM) };
    vec![
        object("certificate", V1_0, V2_1, ManagedObject::Certificate(certificate)),
        object("certificate_request", V2_0, V2_1, ManagedObject::CertificateRequest(certificate_request)),
        object("symmetric_key", V1_0, V2_1, symmetric(aes(KeyMaterial::bytes(AES_KEY)))),
        object("symmetric_key_with_attributes", V1_0, V2_1, symmetric(attributed())),
        object("symmetric_key_wrapped", V1_1, V2_1, symmetric(wrapped())),
        object("public_key", V1_0, V2_1, ManagedObject::PublicKey(public)),
        object("private_key", V1_0, V2_1, ManagedObject::PrivateKey(private)),
        object("template", V1_0, V1_4, ManagedObject::Template(Template { attributes: attributes() })),
        object("secret_data", V1_0, V2_1, ManagedObject::SecretData(secret)),
        object("opaque_object", V1_0, V2_1, ManagedObject::OpaqueObject(opaque)),
        object("pgp_key", V1_2, V2_1, ManagedObject::PgpKey(pgp)),
    ]
}

/// A part of a key by every method.
fn split_keys() -> Vec<ObjectSample> {
    let split = |split_key_method, prime_field_size| {
        ManagedObject::SplitKey(SplitKey {
            split_key_parts: 2,
            key_part_identifier: 1,
            split_key_threshold: 2,
            split_key_method,
            prime_field_size,
            key_block: aes(KeyMaterial::bytes(XOR_PART)),
        })
    };
    // 2^256 + 297 is a prime.
    let prime = BigInteger::from_unsigned_bytes(&PRIME);
    vec![
        object("split_key_xor", V1_0, V2_1, split(SplitKeyMethod::Xor, None)),
        object("split_key_gf2_16", V1_0, V2_1, split(SplitKeyMethod::PolynomialSharingGf2_16, None)),
        object(
            "split_key_prime_field",
            V1_0,
            V2_1,
            split(SplitKeyMethod::PolynomialSharingPrimeField, Some(prime)),
        ),
        object("split_key_gf2_8", V1_2, V2_1, split(SplitKeyMethod::PolynomialSharingGf2_8, None)),
    ]
}

const PRIME: [u8; 33] = {
    let mut prime = [0; 33];
    (prime[0], prime[31], prime[32]) = (0x01, 0x01, 0x29);
    prime
};

fn big(bytes: &[u8]) -> BigInteger {
    BigInteger::from_unsigned_bytes(bytes)
}

fn secret(bytes: &[u8]) -> SecretBigInteger {
    SecretBigInteger::new(big(bytes))
}

/// A transparent key of every format.
fn transparent_keys() -> Vec<ObjectSample> {
    let private = |format, algorithm, length, key| {
        let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), algorithm, length);
        ManagedObject::PrivateKey(PrivateKey { key_block })
    };
    let public = |format, algorithm, length, key| {
        let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), algorithm, length);
        ManagedObject::PublicKey(PublicKey { key_block })
    };
    let symmetric = TransparentKey::SymmetricKey(TransparentSymmetricKey { key: AES_KEY.into() });
    let symmetric = KeyBlock::plain(
        KeyFormatType::TransparentSymmetricKey,
        KeyMaterial::Transparent(symmetric),
        CryptographicAlgorithm::Aes,
        256,
    );
    let (rsa, dsa, dh) =
        (CryptographicAlgorithm::Rsa, CryptographicAlgorithm::Dsa, CryptographicAlgorithm::Dh);
    let mut objects = vec![
        object(
            "transparent_symmetric_key",
            V1_0,
            V2_1,
            ManagedObject::SymmetricKey(SymmetricKey { key_block: symmetric }),
        ),
        object(
            "transparent_dsa_private_key",
            V1_0,
            V2_1,
            private(KeyFormatType::TransparentDsaPrivateKey, dsa, 1024, dsa_private()),
        ),
        object(
            "transparent_dsa_public_key",
            V1_0,
            V2_1,
            public(KeyFormatType::TransparentDsaPublicKey, dsa, 1024, dsa_public()),
        ),
        object(
            "transparent_rsa_private_key",
            V1_0,
            V2_1,
            private(KeyFormatType::TransparentRsaPrivateKey, rsa, 1024, rsa_private()),
        ),
        object(
            "transparent_rsa_public_key",
            V1_0,
            V2_1,
            public(KeyFormatType::TransparentRsaPublicKey, rsa, 1024, rsa_public()),
        ),
        object(
            "transparent_dh_private_key",
            V1_0,
            V2_1,
            private(KeyFormatType::TransparentDhPrivateKey, dh, 1024, dh_private()),
        ),
        object(
            "transparent_dh_public_key",
            V1_0,
            V2_1,
            public(KeyFormatType::TransparentDhPublicKey, dh, 1024, dh_public()),
        ),
    ];
    objects.extend(curves().map(|(name, oldest, newest, format, algorithm, key)| {
        let is_private = name.ends_with("private_key");
        let make = if is_private {
            private(format, algorithm, 256, key)
        } else {
            public(format, algorithm, 256, key)
        };
        object(name, oldest, newest, make)
    }));
    objects
}

type Curve =
    (&'static str, ProtocolVersion, ProtocolVersion, KeyFormatType, CryptographicAlgorithm, TransparentKey);

/// The formats of elliptic curve keys: one for each use and, since 1.3, one for all.
fn curves() -> [Curve; 8] {
    use CryptographicAlgorithm::{Ec, Ecdh, Ecdsa, Ecmqv};
    let recommended_curve = RecommendedCurve::P256;
    let private = || TransparentEcPrivateKey { recommended_curve, d: secret(EC_D) };
    let public = || TransparentEcPublicKey { recommended_curve, q_string: EC_Q.to_vec() };
    [
        (
            "transparent_ecdsa_private_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcdsaPrivateKey,
            Ecdsa,
            TransparentKey::EcdsaPrivateKey(private()),
        ),
        (
            "transparent_ecdsa_public_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcdsaPublicKey,
            Ecdsa,
            TransparentKey::EcdsaPublicKey(public()),
        ),
        (
            "transparent_ecdh_private_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcdhPrivateKey,
            Ecdh,
            TransparentKey::EcdhPrivateKey(private()),
        ),
        (
            "transparent_ecdh_public_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcdhPublicKey,
            Ecdh,
            TransparentKey::EcdhPublicKey(public()),
        ),
        (
            "transparent_ecmqv_private_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcmqvPrivateKey,
            Ecmqv,
            TransparentKey::EcmqvPrivateKey(private()),
        ),
        (
            "transparent_ecmqv_public_key",
            V1_0,
            V1_4,
            KeyFormatType::TransparentEcmqvPublicKey,
            Ecmqv,
            TransparentKey::EcmqvPublicKey(public()),
        ),
        (
            "transparent_ec_private_key",
            V1_3,
            V2_1,
            KeyFormatType::TransparentEcPrivateKey,
            Ec,
            TransparentKey::EcPrivateKey(private()),
        ),
        (
            "transparent_ec_public_key",
            V1_3,
            V2_1,
            KeyFormatType::TransparentEcPublicKey,
            Ec,
            TransparentKey::EcPublicKey(public()),
        ),
    ]
}

fn dsa_private() -> TransparentKey {
    TransparentKey::DsaPrivateKey(TransparentDsaPrivateKey {
        p: big(DSA_P),
        q: big(DSA_Q),
        g: big(DSA_G),
        x: secret(DSA_X),
    })
}

fn dsa_public() -> TransparentKey {
    TransparentKey::DsaPublicKey(TransparentDsaPublicKey {
        p: big(DSA_P),
        q: big(DSA_Q),
        g: big(DSA_G),
        y: big(DSA_Y),
    })
}

fn dh_private() -> TransparentKey {
    TransparentKey::DhPrivateKey(TransparentDhPrivateKey {
        p: big(DSA_P),
        q: Some(big(DSA_Q)),
        g: big(DSA_G),
        j: Some(big(DSA_J)),
        x: secret(DSA_X),
    })
}

fn dh_public() -> TransparentKey {
    TransparentKey::DhPublicKey(TransparentDhPublicKey {
        p: big(DSA_P),
        q: Some(big(DSA_Q)),
        g: big(DSA_G),
        j: Some(big(DSA_J)),
        y: big(DSA_Y),
    })
}

fn rsa_private() -> TransparentKey {
    TransparentKey::RsaPrivateKey(TransparentRsaPrivateKey {
        modulus: big(RSA_MODULUS),
        private_exponent: Some(secret(RSA_D)),
        public_exponent: Some(BigInteger::from(65_537)),
        p: Some(secret(RSA_P)),
        q: Some(secret(RSA_Q)),
        prime_exponent_p: Some(secret(RSA_DP)),
        prime_exponent_q: Some(secret(RSA_DQ)),
        crt_coefficient: Some(secret(RSA_COEFFICIENT)),
    })
}

fn rsa_public() -> TransparentKey {
    TransparentKey::RsaPublicKey(TransparentRsaPublicKey {
        modulus: big(RSA_MODULUS),
        public_exponent: BigInteger::from(65_537),
    })
}
