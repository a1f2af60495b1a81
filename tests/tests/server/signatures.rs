//! Sign, Signature Verify, MAC, MAC Verify, Hash, RNG Retrieve and RNG Seed.

use kmip_sdk::server::{SeedUse, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, DigitalSignatureAlgorithm as D, HashingAlgorithm as H,
    KeyFormatType, ObjectType, PaddingMethod, ResultReason as R, RevocationReasonCode, UsageLimitsUnit,
    ValidityIndicator,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, CreateKeyPairResponse, HashRequest, MacRequest, MacVerifyRequest, RegisterRequest,
    RevokeRequest, RngRetrieveRequest, RngSeedRequest, SignRequest, SignatureVerifyRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn active() -> Attribute {
    Attribute::ActivationDate(DateTime::from_seconds(START))
}

fn pair(peer: &Peer, algorithm: A, length: i32) -> CreateKeyPairResponse {
    let mask = |mask| Some(Attributes::new().with(Attribute::CryptographicUsageMask(mask)));
    peer.call(CreateKeyPairRequest {
        common_attributes: Some(
            Attributes::new()
                .with(Attribute::CryptographicAlgorithm(algorithm))
                .with(Attribute::CryptographicLength(length))
                .with(active()),
        ),
        private_key_attributes: mask(Mask::SIGN),
        public_key_attributes: mask(Mask::VERIFY),
        ..CreateKeyPairRequest::default()
    })
    .unwrap()
}

fn sign(key: &UniqueIdentifier, parameters: &CryptographicParameters, data: &[u8]) -> SignRequest {
    SignRequest {
        unique_identifier: Some(key.clone()),
        cryptographic_parameters: Some(Box::new(parameters.clone())),
        data: Some(data.into()),
        ..SignRequest::default()
    }
}

fn verify(
    key: &UniqueIdentifier,
    parameters: &CryptographicParameters,
    data: &[u8],
    signature: &[u8],
) -> SignatureVerifyRequest {
    SignatureVerifyRequest {
        unique_identifier: Some(key.clone()),
        cryptographic_parameters: Some(Box::new(parameters.clone())),
        data: Some(data.into()),
        signature_data: Some(signature.to_vec()),
        ..SignatureVerifyRequest::default()
    }
}

fn by(padding: Option<PaddingMethod>, hash: Option<H>, signature: Option<D>) -> CryptographicParameters {
    CryptographicParameters {
        padding_method: padding,
        hashing_algorithm: hash,
        digital_signature_algorithm: signature,
        ..CryptographicParameters::default()
    }
}

#[test]
fn what_was_signed_is_verified_and_nothing_else() {
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V1_4, V2_1] {
        let peer = Peer::new(version);
        let rsa = pair(&peer, A::Rsa, 2048);
        let ec = pair(&peer, A::Ec, 384);
        for (pair, parameters) in [
            (&rsa, by(Some(PaddingMethod::Pkcs1V1_5), Some(H::Sha256), None)),
            (&rsa, by(None, None, Some(D::Sha512WithRsaEncryption))),
            (&rsa, by(Some(PaddingMethod::Pss), Some(H::Sha384), None)),
            (&rsa, by(None, Some(H::Sha224), Some(D::RsassaPss))),
            (&ec, by(None, Some(H::Sha256), None)),
            (&ec, by(None, None, Some(D::EcdsaWithSha384))),
        ] {
            let (private, public) = (&pair.private_key_unique_identifier, &pair.public_key_unique_identifier);
            let signature = peer.call(sign(private, &parameters, b"hello")).unwrap().signature_data.unwrap();
            let validity = |data: &[u8], signature: &[u8]| {
                peer.call(verify(public, &parameters, data, signature)).unwrap().validity_indicator
            };
            assert_eq!(validity(b"hello", &signature), Some(ValidityIndicator::Valid), "{parameters:?}");
            assert_eq!(validity(b"hallo", &signature), Some(ValidityIndicator::Invalid), "{parameters:?}");
            let mut other = signature.clone();
            *other.last_mut().unwrap() ^= 1;
            assert_eq!(validity(b"hello", &other), Some(ValidityIndicator::Invalid), "{parameters:?}");
            assert_eq!(validity(b"hello", &[]), Some(ValidityIndicator::Invalid), "{parameters:?}");
        }
    }
}

#[test]
fn a_hash_made_elsewhere_is_signed_in_place_of_the_data() {
    let peer = Peer::new(V2_1);
    let pair = pair(&peer, A::Ec, 256);
    let parameters = by(None, Some(H::Sha256), None);
    let request =
        HashRequest { data: Some(b"hello".as_slice().into()), ..HashRequest::new(parameters.clone()) };
    let digest = peer.call(request).unwrap().data.unwrap();
    let digested_data = Some(digest.reveal().to_vec());
    let request = SignRequest {
        data: None,
        digested_data: digested_data.clone(),
        ..sign(&pair.private_key_unique_identifier, &parameters, b"")
    };
    let signature = peer.call(request.clone()).unwrap().signature_data.unwrap();
    let request_2 = verify(&pair.public_key_unique_identifier, &parameters, b"hello", &signature);
    assert_eq!(peer.call(request_2).unwrap().validity_indicator, Some(ValidityIndicator::Valid));
    let both = SignRequest { data: Some(b"hello".as_slice().into()), ..request.clone() };
    assert_eq!(peer.call(both), Err(R::InvalidField));
    let short = SignRequest { digested_data: Some(vec![1; 31]), ..request };
    assert_eq!(peer.call(short), Err(R::BadCryptographicParameters));
}

#[test]
fn a_key_signs_only_as_it_may() {
    for version in [ProtocolVersion::V1_4, V2_1] {
        let peer = Peer::new(version);
        let pair = pair(&peer, A::Ec, 256);
        let (private, public) = (&pair.private_key_unique_identifier, &pair.public_key_unique_identifier);
        let hash = by(None, Some(H::Sha256), None);
        let signature = peer.call(sign(private, &hash, b"a")).unwrap().signature_data.unwrap();
        let wrong_mask = reason(version, R::IncompatibleCryptographicUsageMask, R::PermissionDenied);
        assert_eq!(peer.call(sign(public, &hash, b"a")), Err(wrong_mask));
        let bad = reason(version, R::BadCryptographicParameters, R::InvalidField);
        let rsa = by(None, None, Some(D::Sha256WithRsaEncryption));
        assert_eq!(peer.call(sign(private, &rsa, b"a")), Err(bad));
        assert_eq!(peer.call(sign(private, &CryptographicParameters::default(), b"a")), Err(bad));
        let unsupported = reason(version, R::UnsupportedCryptographicParameters, R::InvalidField);
        assert_eq!(peer.call(sign(private, &by(None, Some(H::Md2), None), b"a")), Err(unsupported));
        for key in [private, public] {
            peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::Superseded)).unwrap();
        }
        let wrong_state = reason(version, R::WrongKeyLifecycleState, R::PermissionDenied);
        assert_eq!(peer.call(sign(private, &hash, b"a")), Err(wrong_state));
        // What was signed can still be verified.
        assert!(peer.call(verify(public, &hash, b"a", &signature)).is_ok());
    }
}

fn register(
    peer: &Peer,
    algorithm: A,
    key: &[u8],
    more: impl IntoIterator<Item = Attribute>,
) -> UniqueIdentifier {
    let bits = i32::try_from(key.len() * 8).unwrap();
    let block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(key), algorithm, bits);
    let mut attributes = Attributes::new()
        .with(Attribute::CryptographicUsageMask(Mask::MAC_GENERATE | Mask::MAC_VERIFY))
        .with(active());
    attributes.extend(more);
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    peer.call(RegisterRequest::new(ObjectType::SymmetricKey, attributes, object)).unwrap().unique_identifier
}

/// RFC 4231 test case 2, and RFC 4493 example 2 by way of CMAC.
#[test]
fn a_code_is_the_known_one_and_is_verified() {
    for version in [ProtocolVersion::V1_2, V2_1] {
        let peer = Peer::new(version);
        let aes = 0x2b7e1516_28aed2a6_abf71588_09cf4f3c_u128.to_be_bytes();
        let block = 0x6bc1bee2_2e409f96_e93d7e11_7393172a_u128.to_be_bytes();
        let cmac = CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Cmac),
            ..CryptographicParameters::default()
        };
        let text = b"what do ya want for nothing?".as_slice();
        for (algorithm, key, parameters, data, start) in [
            (A::HmacSha256, &b"Jefe"[..], CryptographicParameters::default(), text, [0x5b, 0xdc, 0xc1, 0x46]),
            (A::Aes, &aes, cmac, &block, [0x07, 0x0a, 0x16, 0xb4]),
        ] {
            let key = register(&peer, algorithm, key, []);
            let parameters = Some(Box::new(parameters));
            let request = MacRequest {
                unique_identifier: Some(key.clone()),
                cryptographic_parameters: parameters.clone(),
                data: Some(data.into()),
                ..MacRequest::default()
            };
            let code = peer.call(request).unwrap().mac_data.unwrap();
            assert_eq!(code.reveal()[..4], start, "{algorithm}");
            let verify = |code: &[u8]| {
                let request = MacVerifyRequest {
                    unique_identifier: Some(key.clone()),
                    cryptographic_parameters: parameters.clone(),
                    data: Some(data.into()),
                    mac_data: Some(code.into()),
                    ..MacVerifyRequest::default()
                };
                peer.call(request).unwrap().validity_indicator.unwrap()
            };
            assert_eq!(verify(code.reveal()), ValidityIndicator::Valid);
            assert_eq!(verify(&code.reveal()[1..]), ValidityIndicator::Invalid);
            assert_eq!(verify(&[]), ValidityIndicator::Invalid);
        }
    }
}

#[test]
fn codes_count_against_the_usage_limits() {
    let peer = Peer::new(V2_1);
    let limits = Attribute::UsageLimits(kmip_sdk::types::attribute::UsageLimits {
        usage_limits_total: 2,
        usage_limits_count: None,
        usage_limits_unit: UsageLimitsUnit::Object,
    });
    let key = register(&peer, A::HmacSha256, &[7; 32], [limits]);
    let request = || MacRequest {
        unique_identifier: Some(key.clone()),
        data: Some(b"a".as_slice().into()),
        ..MacRequest::default()
    };
    assert!(peer.call(request()).is_ok() && peer.call(request()).is_ok());
    assert_eq!(peer.call(request()), Err(R::PermissionDenied));
}

#[test]
fn random_bytes_are_as_many_as_asked_for_and_new_each_time() {
    for version in [ProtocolVersion::V1_2, V2_1] {
        let peer = Peer::new(version);
        let retrieve = |length| peer.call(RngRetrieveRequest::new(length)).map(|response| response.data);
        let first = retrieve(32).unwrap();
        assert_eq!(first.reveal().len(), 32);
        assert_ne!(retrieve(32).unwrap().reveal(), first.reveal());
        assert_eq!(retrieve(0).unwrap().reveal().len(), 0);
        assert_eq!(retrieve(-1), Err(R::InvalidField));
        assert_eq!(retrieve(i32::MAX), Err(R::ResponseTooLarge));
    }
}

#[test]
fn a_seed_counts_as_the_server_says() {
    for (seed_use, expected) in [
        (SeedUse::Whole, Ok(40)),
        (SeedUse::AtMost(16), Ok(16)),
        (SeedUse::Ignored, Ok(0)),
        (SeedUse::Denied, Err(R::PermissionDenied)),
    ] {
        let peer = Peer::with(V2_1, ServerOptions::default().seed_use(seed_use));
        let used = peer.call(RngSeedRequest::new([7_u8; 40].as_slice())).map(|response| response.data_length);
        assert_eq!(used, expected);
        // A seed that others know makes nothing known.
        let bytes = |peer: &Peer| peer.call(RngRetrieveRequest::new(32)).unwrap().data;
        let other = Peer::new(V2_1);
        other.call(RngSeedRequest::new([7_u8; 40].as_slice())).unwrap();
        assert_ne!(bytes(&peer).reveal(), bytes(&other).reveal());
    }
}
