//! Derive Key.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Link, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, DerivationMethod as M, HashingAlgorithm, KeyFormatType,
    LinkType, ObjectType, ResultReason as R, RngAlgorithm, SecretDataType,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SecretData, SymmetricKey};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, DerivationParameters, DeriveKeyRequest, GetRequest, RegisterRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, VERSIONS, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn usable(mask: Mask) -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
}

fn block(algorithm: A, bytes: &[u8]) -> KeyBlock {
    let bits = i32::try_from(bytes.len() * 8).unwrap();
    KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(bytes), algorithm, bits)
}

fn key(peer: &Peer, algorithm: A, bytes: &[u8], mask: Mask) -> UniqueIdentifier {
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block(algorithm, bytes) });
    let request = RegisterRequest::new(ObjectType::SymmetricKey, usable(mask), object);
    peer.call(request).unwrap().unique_identifier
}

fn secret(peer: &Peer, bytes: &[u8]) -> UniqueIdentifier {
    let key_block = block(A::HmacSha1, bytes);
    let object =
        ManagedObject::SecretData(SecretData { secret_data_type: SecretDataType::Password, key_block });
    let request = RegisterRequest::new(ObjectType::SecretData, usable(Mask::DERIVE_KEY), object);
    peer.call(request).unwrap().unique_identifier
}

fn derive(
    bases: &[UniqueIdentifier],
    method: M,
    parameters: DerivationParameters,
    bits: i32,
) -> DeriveKeyRequest {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Aes))
        .with(Attribute::CryptographicLength(bits))
        .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT));
    DeriveKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: bases.to_vec(),
        derivation_method: method,
        derivation_parameters: parameters,
        attributes,
    }
}

fn material(peer: &Peer, identifier: UniqueIdentifier) -> Vec<u8> {
    let object = peer.call(GetRequest::new(identifier)).unwrap().object;
    object.key_block().unwrap().key_bytes().unwrap().to_vec()
}

fn by(hash: HashingAlgorithm) -> Option<Box<CryptographicParameters>> {
    Some(Box::new(CryptographicParameters {
        hashing_algorithm: Some(hash),
        ..CryptographicParameters::default()
    }))
}

/// RFC 6070, FIPS 180-4's `abc`, RFC 4231 test case 2, and SP 800-38A F.1.1 and F.2.1.
#[test]
fn each_method_gives_the_known_answer() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let password = secret(&peer, b"password");
        let abc = secret(&peer, b"abc");
        let jefe = key(&peer, A::HmacSha256, b"Jefe", Mask::DERIVE_KEY);
        let number = 0x2b7e1516_28aed2a6_abf71588_09cf4f3c_u128.to_be_bytes();
        let aes = key(&peer, A::Aes, &number, Mask::DERIVE_KEY);
        let block = 0x6bc1bee2_2e409f96_e93d7e11_7393172a_u128.to_be_bytes();
        let data = secret(&peer, &block);
        let cbc = |mode| {
            Some(Box::new(CryptographicParameters {
                block_cipher_mode: Some(mode),
                ..CryptographicParameters::default()
            }))
        };
        let question = b"what do ya want for nothing?".as_slice();
        for (bases, method, parameters, expected) in [
            (
                vec![password.clone()],
                M::Pbkdf2,
                DerivationParameters {
                    cryptographic_parameters: by(HashingAlgorithm::Sha1),
                    salt: Some(b"salt".to_vec()),
                    iteration_count: Some(2),
                    ..DerivationParameters::default()
                },
                0xea6c014d_c72d6f8c_cd1ed92a_ce1d41f0_u128,
            ),
            (
                vec![abc],
                M::Hash,
                DerivationParameters {
                    cryptographic_parameters: by(HashingAlgorithm::Sha256),
                    ..DerivationParameters::default()
                },
                0xba7816bf_8f01cfea_414140de_5dae2223,
            ),
            (
                vec![jefe],
                M::Hmac,
                DerivationParameters {
                    derivation_data: vec![question.into()],
                    ..DerivationParameters::default()
                },
                0x5bdcc146_bf60754e_6a042426_089575c7,
            ),
            (
                vec![aes.clone()],
                M::Encrypt,
                DerivationParameters {
                    cryptographic_parameters: cbc(BlockCipherMode::Ecb),
                    derivation_data: vec![block.as_slice().into()],
                    ..DerivationParameters::default()
                },
                0x3ad77bb4_0d7a3660_a89ecaf3_2466ef97,
            ),
            (
                vec![aes, data],
                M::Encrypt,
                DerivationParameters {
                    cryptographic_parameters: cbc(BlockCipherMode::Cbc),
                    initialization_vector: Some(
                        0x00010203_04050607_08090a0b_0c0d0e0f_u128.to_be_bytes().to_vec(),
                    ),
                    ..DerivationParameters::default()
                },
                0x7649abac_8119b246_cee98e9b_12e9197d,
            ),
        ] {
            let request = derive(&bases, method, parameters, 128);
            let derived = peer.call(request).unwrap().unique_identifier;
            assert_eq!(material(&peer, derived.clone()), expected.to_be_bytes(), "{method} {version}");
            let attributes = peer.attributes(&derived);
            let link = |link_type, linked: &UniqueIdentifier| {
                Attribute::Link(Link { link_type, linked_object_identifier: linked.clone() })
            };
            // No generator made it, which since there is an attribute for it is said.
            let said = attributes.random_number_generator().map(|generator| generator.rng_algorithm);
            let has_it = version.is_at_least(ProtocolVersion::V1_3);
            assert_eq!(said, has_it.then_some(RngAlgorithm::Unspecified), "{version}");
            for base in &bases {
                let has =
                    |attributes: &Attributes, link| attributes.iter().any(|attribute| *attribute == link);
                assert!(has(&attributes, link(LinkType::DerivationBaseObjectLink, base)));
                assert!(has(&peer.attributes(base), link(LinkType::DerivedKeyLink, &derived)));
            }
        }
    }
}

#[test]
fn two_key_pairs_agree_on_the_same_secret() {
    let peer = Peer::new(V2_1);
    let pair = || {
        let request = CreateKeyPairRequest {
            common_attributes: Some(
                usable(Mask::DERIVE_KEY)
                    .with(Attribute::CryptographicAlgorithm(A::Ec))
                    .with(Attribute::CryptographicLength(256)),
            ),
            ..CreateKeyPairRequest::default()
        };
        peer.call(request).unwrap()
    };
    let (one, other) = (pair(), pair());
    let agree = |private: &UniqueIdentifier, public: &UniqueIdentifier| {
        let bases = [public.clone(), private.clone()];
        let mut request = derive(&bases, M::AsymmetricKey, DerivationParameters::default(), 256);
        request.object_type = ObjectType::SecretData;
        material(&peer, peer.call(request).unwrap().unique_identifier)
    };
    assert_eq!(
        agree(&one.private_key_unique_identifier, &other.public_key_unique_identifier),
        agree(&other.private_key_unique_identifier, &one.public_key_unique_identifier)
    );
}

#[test]
fn refuses_what_does_not_derive() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let base = key(&peer, A::HmacSha256, &[7; 32], Mask::DERIVE_KEY);
        let other = key(&peer, A::HmacSha256, &[7; 32], Mask::ENCRYPT);
        let data = || DerivationParameters {
            derivation_data: vec![b"data".as_slice().into()],
            ..DerivationParameters::default()
        };
        let hmac = |base: &UniqueIdentifier, parameters, bits| {
            derive(std::slice::from_ref(base), M::Hmac, parameters, bits)
        };
        let without_mask = |mut request: DeriveKeyRequest| {
            let kept = request
                .attributes
                .iter()
                .filter(|attribute| !matches!(attribute, Attribute::CryptographicLength(_)));
            request.attributes = kept.cloned().collect();
            request
        };
        let wrong_mask = reason(version, R::IncompatibleCryptographicUsageMask, R::InvalidField);
        let wrong_type = reason(version, R::InvalidObjectType, R::InvalidField);
        let bad = reason(version, R::BadCryptographicParameters, R::InvalidField);
        for (request, expected) in [
            (hmac(&other, data(), 128), wrong_mask),
            (hmac(&base, data(), 264), R::CryptographicFailure),
            (hmac(&base, data(), 7), R::InvalidField),
            (hmac(&base, data(), -8), R::InvalidField),
            (hmac(&base, data(), i32::MAX - 7), R::CryptographicFailure),
            (hmac(&base, DerivationParameters::default(), 128), R::InvalidField),
            (without_mask(hmac(&base, data(), 128)), R::InvalidMessage),
            (derive(std::slice::from_ref(&base), M::Hash, DerivationParameters::default(), 128), bad),
            (
                derive(std::slice::from_ref(&base), M::Pbkdf2, DerivationParameters::default(), 128),
                R::InvalidField,
            ),
            (
                DeriveKeyRequest { object_type: ObjectType::PrivateKey, ..hmac(&base, data(), 128) },
                wrong_type,
            ),
        ] {
            assert_eq!(peer.call(request.clone()).map(drop), Err(expected), "{request:?} {version}");
        }
    }
}

#[test]
fn a_derivation_that_would_take_minutes_is_refused() {
    let peer = Peer::new(V2_1);
    let base = secret(&peer, b"password");
    let function = key(&peer, A::HmacSha256, b"Jefe", Mask::DERIVE_KEY);
    let pbkdf2 = |iterations| DerivationParameters {
        salt: Some(b"salt".to_vec()),
        iteration_count: Some(iterations),
        ..DerivationParameters::default()
    };
    let long = 8 * (1 << 20);
    let refused = peer.call(derive(std::slice::from_ref(&base), M::Pbkdf2, pbkdf2(2_000_000), long));
    assert_eq!(refused.err(), Some(R::ServerLimitExceeded));
    let derived =
        peer.call(derive(std::slice::from_ref(&base), M::Pbkdf2, pbkdf2(2), 8 * (1 << 12))).unwrap();
    assert_eq!(material(&peer, derived.unique_identifier).len(), 1 << 12);
    for method in [M::Nist800_108C, M::Nist800_108F, M::Nist800_108Dpi] {
        let parameters = DerivationParameters {
            derivation_data: vec![vec![7; 1 << 20].into()],
            ..DerivationParameters::default()
        };
        let refused = peer.call(derive(std::slice::from_ref(&function), method, parameters, long));
        assert_eq!(refused.err(), Some(R::ServerLimitExceeded), "{method}");
    }
}

#[test]
fn what_is_derived_is_linked_as_long_as_there_is_room() {
    let peer = Peer::with(V2_1, ServerOptions::default().maximum_attributes(40));
    let base = key(&peer, A::HmacSha256, &[7; 32], Mask::DERIVE_KEY);
    let derived = || {
        let parameters = DerivationParameters {
            derivation_data: vec![b"data".as_slice().into()],
            ..DerivationParameters::default()
        };
        peer.call(derive(std::slice::from_ref(&base), M::Hmac, parameters, 256))
    };
    let there = peer.attributes(&base).len();
    for _ in there..40 {
        derived().unwrap();
    }
    assert_eq!(derived().err(), Some(R::ServerLimitExceeded));
    assert_eq!(peer.attributes(&base).len(), 40);
}
