//! Encrypt and Decrypt.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicParameters, UniqueIdentifier, UsageLimits,
};
use kmip_sdk::types::enumerations::{
    self, BlockCipherMode, CryptographicAlgorithm, HashingAlgorithm, PaddingMethod, ResultReason as R,
    RevocationReasonCode, UsageLimitsUnit,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, Data, DecryptRequest, EncryptRequest, RegisterRequest, RevokeRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn active() -> Attribute {
    Attribute::ActivationDate(DateTime::from_seconds(START))
}

fn cbc() -> CryptographicParameters {
    CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Cbc),
        padding_method: Some(PaddingMethod::Pkcs5),
        ..CryptographicParameters::default()
    }
}

fn gcm() -> CryptographicParameters {
    CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Gcm),
        tag_length: Some(16),
        random_iv: Some(true),
        ..CryptographicParameters::default()
    }
}

fn encrypt(key: &UniqueIdentifier, parameters: CryptographicParameters, data: &[u8]) -> EncryptRequest {
    EncryptRequest {
        cryptographic_parameters: Some(Box::new(parameters)),
        ..EncryptRequest::new(key.clone(), data)
    }
}

#[test]
fn what_was_encrypted_is_decrypted() {
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V1_4, V2_1] {
        let peer = Peer::new(version);
        let key = peer.create([active()]);
        let iv = Some(vec![9; 16]);
        let request = EncryptRequest { iv_counter_nonce: iv.clone(), ..encrypt(&key, cbc(), b"hello") };
        let encrypted = peer.call(request).unwrap();
        assert_eq!(encrypted.iv_counter_nonce, None, "the client knows it");
        let request = DecryptRequest {
            cryptographic_parameters: Some(Box::new(cbc())),
            iv_counter_nonce: iv,
            ..DecryptRequest::new(key, encrypted.data.unwrap())
        };
        assert_eq!(peer.call(request).unwrap().data.unwrap().reveal(), b"hello");
    }
}

/// SP 800-38A, F.2.1, the first block.
#[test]
fn a_registered_key_gives_the_known_answer() {
    let peer = Peer::new(V2_1);
    let number = 0x2b7e1516_28aed2a6_abf71588_09cf4f3c_u128;
    let material = KeyMaterial::bytes(number.to_be_bytes().as_slice());
    let block = KeyBlock::plain(enumerations::KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
    let parameters = CryptographicParameters { padding_method: None, ..cbc() };
    let attributes = Attributes::new()
        .with(Attribute::CryptographicUsageMask(CryptographicUsageMask::ENCRYPT))
        .with(Attribute::CryptographicParameters(Box::new(parameters)))
        .with(active());
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    let request = RegisterRequest::new(enumerations::ObjectType::SymmetricKey, attributes, object);
    let key = peer.call(request).unwrap().unique_identifier;
    let plain = 0x6bc1bee2_2e409f96_e93d7e11_7393172a_u128.to_be_bytes();
    let iv = 0x00010203_04050607_08090a0b_0c0d0e0f_u128.to_be_bytes();
    // The parameters are those of the object.
    let request =
        EncryptRequest { iv_counter_nonce: Some(iv.to_vec()), ..EncryptRequest::new(key, plain.as_slice()) };
    let expected = 0x7649abac_8119b246_cee98e9b_12e9197d_u128.to_be_bytes();
    assert_eq!(peer.call(request).unwrap().data.unwrap().reveal(), expected);
}

#[test]
fn gcm_authenticates_the_data_and_what_goes_with_it() {
    let peer = Peer::new(V2_1);
    let key = peer.create([active()]);
    let additional = Some(b"header".to_vec());
    let request = EncryptRequest {
        authenticated_encryption_additional_data: additional.clone(),
        ..encrypt(&key, gcm(), b"hello")
    };
    let encrypted = peer.call(request).unwrap();
    let good = DecryptRequest {
        cryptographic_parameters: Some(Box::new(gcm())),
        iv_counter_nonce: encrypted.iv_counter_nonce,
        authenticated_encryption_additional_data: additional,
        authenticated_encryption_tag: encrypted.authenticated_encryption_tag,
        ..DecryptRequest::new(key, encrypted.data.unwrap())
    };
    assert_eq!(peer.call(good.clone()).unwrap().data.unwrap().reveal(), b"hello");
    let other = DecryptRequest { authenticated_encryption_additional_data: None, ..good.clone() };
    assert_eq!(peer.call(other), Err(R::CryptographicFailure));
    let other = DecryptRequest { authenticated_encryption_tag: None, ..good };
    assert_eq!(peer.call(other), Err(R::BadCryptographicParameters));
}

#[test]
fn before_there_is_a_field_for_it_the_tag_stands_behind_the_data() {
    let peer = Peer::new(ProtocolVersion::V1_2);
    let key = peer.create([active()]);
    let encrypted = peer.call(encrypt(&key, gcm(), b"hello")).unwrap();
    assert_eq!(encrypted.authenticated_encryption_tag, None);
    let data = encrypted.data.unwrap();
    assert_eq!(data.reveal().len(), 5 + 16);
    let decrypt = |data: &[u8]| DecryptRequest {
        cryptographic_parameters: Some(Box::new(gcm())),
        iv_counter_nonce: encrypted.iv_counter_nonce.clone(),
        ..DecryptRequest::new(key.clone(), data)
    };
    assert_eq!(peer.call(decrypt(data.reveal())).unwrap().data.unwrap().reveal(), b"hello");
    let mut other = data.reveal().to_vec();
    other[20] ^= 1;
    assert_eq!(peer.call(decrypt(&other)), Err(R::CryptographicFailure));
    assert_eq!(peer.call(decrypt(&other[..15])), Err(R::CryptographicFailure));

    let peer = Peer::with(ProtocolVersion::V1_2, ServerOptions::default().appended_tag(false));
    let key = peer.create([active()]);
    assert_eq!(peer.call(encrypt(&key, gcm(), b"hello")), Err(R::InvalidField));
}

#[test]
fn a_tag_is_no_shorter_than_the_keys_parameters_say() {
    let peer = Peer::new(V2_1);
    let with = |tag_length| CryptographicParameters { tag_length, ..gcm() };
    // Parameters without a mode are those of each mode; those of another mode say nothing of this one.
    let of_any = CryptographicParameters { block_cipher_mode: None, ..gcm() };
    let of_another = CryptographicParameters { block_cipher_mode: Some(BlockCipherMode::Ccm), ..gcm() };
    for (own, shorter) in [
        (gcm(), Err(R::BadCryptographicParameters)),
        (of_any, Err(R::BadCryptographicParameters)),
        (of_another, Ok(12)),
    ] {
        let key = peer.create([active(), Attribute::CryptographicParameters(Box::new(own.clone()))]);
        for (tag_length, expected) in [
            (Some(16), Ok(16)),
            (Some(12), shorter),
            (None, Err(R::BadCryptographicParameters)),
            (Some(17), Err(R::GeneralFailure)),
        ] {
            let encrypted = peer.call(encrypt(&key, with(tag_length), b"hello"));
            let found = encrypted.map(|encrypted| encrypted.authenticated_encryption_tag.unwrap().len());
            assert_eq!(found, expected, "{tag_length:?} {own:?}");
        }
    }
}

#[test]
fn rsa_encrypts_with_the_public_and_decrypts_with_the_private_key() {
    let peer = Peer::new(V2_1);
    let mask = |mask| Some(Attributes::new().with(Attribute::CryptographicUsageMask(mask)));
    let pair = peer
        .call(CreateKeyPairRequest {
            common_attributes: Some(
                Attributes::new()
                    .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Rsa))
                    .with(Attribute::CryptographicLength(2048))
                    .with(active()),
            ),
            private_key_attributes: mask(CryptographicUsageMask::DECRYPT),
            public_key_attributes: mask(CryptographicUsageMask::ENCRYPT),
            ..CreateKeyPairRequest::default()
        })
        .unwrap();
    let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    let oaep = |hash, label: Option<&[u8]>| CryptographicParameters {
        padding_method: Some(PaddingMethod::Oaep),
        hashing_algorithm: Some(hash),
        p_source: label.map(<[u8]>::to_vec),
        ..CryptographicParameters::default()
    };
    let pkcs1 = CryptographicParameters {
        padding_method: Some(PaddingMethod::Pkcs1V1_5),
        ..CryptographicParameters::default()
    };
    for parameters in [
        pkcs1,
        oaep(HashingAlgorithm::Sha1, None),
        oaep(HashingAlgorithm::Sha256, Some(b"label")),
        oaep(HashingAlgorithm::Sha512, None),
    ] {
        let encrypted = peer.call(encrypt(&public, parameters.clone(), b"hello")).unwrap().data.unwrap();
        assert_eq!(encrypted.reveal().len(), 256);
        let decrypt = |parameters| DecryptRequest {
            cryptographic_parameters: Some(parameters),
            ..DecryptRequest::new(private.clone(), encrypted.clone())
        };
        assert_eq!(peer.call(decrypt(Box::new(parameters))).unwrap().data.unwrap().reveal(), b"hello");
        let wrong = oaep(HashingAlgorithm::Sha384, Some(b"other"));
        assert_eq!(peer.call(decrypt(Box::new(wrong))), Err(R::CryptographicFailure));
    }
    let none = CryptographicParameters::default();
    assert_eq!(peer.call(encrypt(&public, none, b"a")), Err(R::BadCryptographicParameters));
    let long = vec![0; 300];
    let parameters = oaep(HashingAlgorithm::Sha256, None);
    assert_eq!(peer.call(encrypt(&public, parameters.clone(), &long)), Err(R::CryptographicFailure));
    let wrong = peer.call(encrypt(&private, parameters, b"a"));
    assert_eq!(wrong, Err(R::IncompatibleCryptographicUsageMask));
}

#[test]
fn a_key_is_used_only_as_it_may_be() {
    for version in [ProtocolVersion::V1_4, V2_1] {
        let peer = Peer::new(version);
        let wrong = reason(version, R::WrongKeyLifecycleState, R::PermissionDenied);
        let key = peer.create([]);
        assert_eq!(peer.call(encrypt(&key, cbc(), b"a")), Err(wrong), "not active");
        let key = peer.create([active()]);
        let iv = Some(vec![9; 16]);
        let request = EncryptRequest { iv_counter_nonce: iv.clone(), ..encrypt(&key, cbc(), b"a") };
        let encrypted = peer.call(request.clone()).unwrap().data.unwrap();
        peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::Superseded)).unwrap();
        assert_eq!(peer.call(request), Err(wrong), "deactivated");
        let request = DecryptRequest {
            cryptographic_parameters: Some(Box::new(cbc())),
            iv_counter_nonce: iv,
            ..DecryptRequest::new(key, encrypted)
        };
        assert!(peer.call(request).is_ok(), "what was encrypted can still be read");

        let nobody = reason(version, R::ObjectNotFound, R::ItemNotFound);
        assert_eq!(peer.call(encrypt(&"nobody".into(), cbc(), b"a")), Err(nobody));
    }
}

#[test]
fn refuses_parts_of_nothing_and_missing_data() {
    let peer = Peer::new(V2_1);
    let key = peer.create([active()]);
    let request = || EncryptRequest { iv_counter_nonce: Some(vec![9; 16]), ..encrypt(&key, cbc(), b"a") };
    for (refused, expected) in [
        (EncryptRequest { final_indicator: Some(true), ..request() }, R::InvalidCorrelationValue),
        (EncryptRequest { correlation_value: Some(vec![1]), ..request() }, R::InvalidCorrelationValue),
        (EncryptRequest { data: None, ..request() }, R::InvalidMessage),
        (EncryptRequest { data: Some(Data::Index(-1)), ..request() }, R::InvalidField),
        (EncryptRequest { iv_counter_nonce: None, ..request() }, R::MissingInitializationVector),
    ] {
        assert_eq!(peer.call(refused), Err(expected));
    }
    let both = EncryptRequest { init_indicator: Some(true), final_indicator: Some(true), ..request() };
    assert!(peer.call(both).is_ok(), "the first part and the last is the whole");
}

#[test]
fn usage_limits_run_out() {
    let limits = |total, unit| {
        let usage_limits_unit = unit;
        Attribute::UsageLimits(UsageLimits {
            usage_limits_total: total,
            usage_limits_count: None,
            usage_limits_unit,
        })
    };
    let peer = Peer::new(V2_1);
    for (total, unit, times) in [(3, UsageLimitsUnit::Object, 3), (11, UsageLimitsUnit::Byte, 2)] {
        let key = peer.create([active(), limits(total, unit)]);
        let request =
            || EncryptRequest { iv_counter_nonce: Some(vec![9; 16]), ..encrypt(&key, cbc(), b"hello") };
        (0..times).for_each(|_| drop(peer.call(request()).unwrap()));
        assert_eq!(peer.call(request()), Err(R::PermissionDenied));
        let left = if unit == UsageLimitsUnit::Byte { 1 } else { 0 };
        assert_eq!(peer.attributes(&key).usage_limits().unwrap().usage_limits_count, Some(left));
    }
}
