//! What OASIS's test cases ask for and the text of the standard leaves open.

use kmip_sdk::server::{GroupDefault, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicParameters, KeyValueLocation, RngParameters, UsageLimits,
};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, EncodingOption, KeyFormatType, KeyValueLocationType,
    KeyWrapType, ObjectGroupMember, ObjectType, ResultReason, RevocationReasonCode, RngAlgorithm,
    SecretDataType, UsageLimitsUnit, WrappingMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::{
    EncryptionKeyInformation, KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, KeyWrappingSpecification,
    ManagedObject, SecretData, SymmetricKey,
};
use kmip_sdk::types::operation::{
    AddAttributeRequest, CreateRequest, DestroyRequest, GetAttributeListRequest, GetAttributesRequest,
    GetRequest, LocateRequest, ObtainLeaseRequest, RegisterRequest, RevokeRequest,
};

use crate::support::{Peer, VERSIONS, create_aes};

fn usage(mask: CryptographicUsageMask) -> Attributes {
    Attributes::new().with(Attribute::CryptographicUsageMask(mask))
}

fn aes(key: &[u8]) -> KeyBlock {
    let bits = i32::try_from(key.len() * 8).unwrap();
    KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(key), CryptographicAlgorithm::Aes, bits)
}

fn register(attributes: Attributes, key_block: KeyBlock) -> RegisterRequest {
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block });
    RegisterRequest::new(ObjectType::SymmetricKey, attributes, object)
}

#[test]
fn of_a_key_whose_value_is_elsewhere_there_is_the_rest() {
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let block = KeyBlock { key_value: None, ..aes(&[0; 16]) };
        let location = KeyValueLocation {
            key_value_location_value: "HSM".to_owned(),
            key_value_location_type: KeyValueLocationType::UninterpretedTextString,
        };
        let attributes = usage(CryptographicUsageMask::ENCRYPT).with(Attribute::KeyValueLocation(location));
        let key = peer.call(register(attributes, block.clone())).unwrap().unique_identifier;
        let got = peer.call(GetRequest::new(key.clone())).unwrap().object;
        assert_eq!(got.key_block(), Some(&block));
        let unwrapped =
            GetRequest { key_wrap_type: Some(KeyWrapType::NotWrapped), ..GetRequest::new(key.clone()) };
        assert_eq!(peer.call(unwrapped).map(drop), Err(ResultReason::KeyValueNotPresent));
    }
}

#[test]
fn a_client_says_what_generated_its_own_key() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let generator = RngParameters { rng_algorithm: RngAlgorithm::AnsiX931, ..generator() };
    let attributes = usage(CryptographicUsageMask::ENCRYPT)
        .with(Attribute::RandomNumberGenerator(Box::new(generator.clone())));
    let key = peer.call(register(attributes, aes(&[1; 16]))).unwrap().unique_identifier;
    assert_eq!(peer.attributes(&key).random_number_generator(), Some(&generator));
}

fn generator() -> RngParameters {
    RngParameters {
        rng_algorithm: RngAlgorithm::Unspecified,
        cryptographic_algorithm: None,
        cryptographic_length: None,
        hashing_algorithm: None,
        drbg_algorithm: None,
        recommended_curve: None,
        fips186_variation: None,
        prediction_resistance: None,
    }
}

/// The vectors of RFC 3394, section 4.1.
#[test]
fn wrapped_bytes_in_a_structure_stay_there_and_unwrap() {
    let wrapped = [
        0x1F, 0xA6, 0x8B, 0x0A, 0x81, 0x12, 0xB4, 0x47, 0xAE, 0xF3, 0x4B, 0xD8, 0xFB, 0x5A, 0x7B, 0x82, 0x9D,
        0x3E, 0x86, 0x23, 0x71, 0xD2, 0xCF, 0xE5,
    ];
    let plain: Vec<u8> = (0..16).map(|number| number * 0x11).collect();
    let kek: Vec<u8> = (0..16).collect();
    let peer = Peer::new(ProtocolVersion::V1_4);
    let masks = CryptographicUsageMask::WRAP_KEY | CryptographicUsageMask::UNWRAP_KEY;
    let attributes = usage(masks).with(Attribute::ActivationDate(peer.now()));
    let kek = peer.call(register(attributes, aes(&kek))).unwrap().unique_identifier;
    let parameters = CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::NistKeyWrap),
        ..CryptographicParameters::default()
    };
    let mut data = KeyWrappingData::new(WrappingMethod::Encrypt);
    data.encryption_key_information = Some(EncryptionKeyInformation {
        unique_identifier: kek,
        cryptographic_parameters: Some(Box::new(parameters)),
    });
    data.encoding_option = Some(EncodingOption::NoEncoding);
    let mut block = aes(&wrapped);
    block.cryptographic_length = Some(128);
    block.key_wrapping_data = Some(Box::new(data));
    let request = register(usage(CryptographicUsageMask::ENCRYPT), block.clone());
    let key = peer.call(request).unwrap().unique_identifier;
    let as_registered = peer.call(GetRequest::new(key.clone())).unwrap().object;
    assert_eq!(as_registered.key_block(), Some(&block));
    assert!(matches!(as_registered.key_block().unwrap().key_value, Some(KeyValue::Plain(_))));
    let unwrapped = GetRequest { key_wrap_type: Some(KeyWrapType::NotWrapped), ..GetRequest::new(key) };
    let object = peer.call(unwrapped).unwrap().object;
    assert_eq!(object.key_block().unwrap().key_bytes(), Some(plain.as_slice()));
}

#[test]
fn what_is_compromised_is_not_leased() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        let lease = || peer.call(ObtainLeaseRequest { unique_identifier: Some(key.clone()) }).map(drop);
        assert_eq!(lease(), Ok(()));
        peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::KeyCompromise)).unwrap();
        assert_eq!(lease(), Err(ResultReason::PermissionDenied));
    }
}

#[test]
fn the_count_of_added_limits_is_the_total() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        let limits = UsageLimits {
            usage_limits_total: 10,
            usage_limits_count: None,
            usage_limits_unit: UsageLimitsUnit::Object,
        };
        peer.call(AddAttributeRequest::new(key.clone(), Attribute::UsageLimits(limits))).unwrap();
        assert_eq!(peer.attributes(&key).usage_limits().unwrap().usage_limits_count, Some(10));
    }
}

#[test]
fn the_default_of_a_group_is_by_turns_where_that_is_wanted() {
    let all = |options| {
        let peer = Peer::with(ProtocolVersion::V2_1, options);
        let group = || Attribute::ObjectGroup("group".to_owned());
        let keys: Vec<_> = (0..3).map(|_| peer.create([group()])).collect();
        let default = || {
            let request = LocateRequest {
                object_group_member: Some(ObjectGroupMember::GroupMemberDefault),
                attributes: Attributes::new().with(group()),
                ..LocateRequest::default()
            };
            peer.call(request).unwrap().unique_identifier
        };
        let turns = (0..4).map(|_| {
            let found = default();
            peer.call(GetRequest::new(found[0].clone())).unwrap();
            found.iter().map(|found| keys.iter().position(|key| key == found).unwrap()).collect::<Vec<_>>()
        });
        turns.collect::<Vec<_>>()
    };
    let by_turns = ServerOptions::default().group_default(GroupDefault::ByTurns);
    assert_eq!(all(by_turns), [[0], [1], [2], [0]]);
    assert_eq!(all(ServerOptions::default()), [[2, 1, 0]; 4]);
}

#[test]
fn the_server_makes_secret_data() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let made = |attributes: Attributes| {
            let made = peer.call(CreateRequest::new(ObjectType::SecretData, attributes)).unwrap();
            assert_eq!(made.object_type, ObjectType::SecretData);
            made.unique_identifier
        };
        let secret = made(usage(CryptographicUsageMask::VERIFY).with(Attribute::CryptographicLength(128)));
        let got = peer.call(GetRequest::new(secret.clone())).unwrap().object;
        let ManagedObject::SecretData(SecretData { secret_data_type, key_block }) = got else {
            panic!("{got:?}");
        };
        assert_eq!(secret_data_type, SecretDataType::Seed);
        assert_eq!(key_block.key_format_type, KeyFormatType::Raw);
        assert_eq!((key_block.cryptographic_algorithm, key_block.cryptographic_length), (None, None));
        assert_eq!(key_block.key_bytes().map(<[u8]>::len), Some(16));
        let attributes = peer.attributes(&secret);
        assert_eq!(attributes.object_type(), Some(ObjectType::SecretData));
        assert_eq!(attributes.cryptographic_usage_mask(), Some(CryptographicUsageMask::VERIFY));
        assert_eq!(attributes.cryptographic_length(), Some(128));
        // Without a length or a mask it has those of the server.
        let other = made(Attributes::new());
        assert_eq!(peer.attributes(&other).cryptographic_length(), Some(256));
        assert!(peer.attributes(&other).cryptographic_usage_mask().is_some());
        for bits in [0, -8, 7, i32::MAX] {
            let attributes = Attributes::new().with(Attribute::CryptographicLength(bits));
            assert!(peer.call(CreateRequest::new(ObjectType::SecretData, attributes)).is_err(), "{bits}");
        }
    }
}

#[test]
fn a_server_may_say_that_an_object_is_anothers() {
    for version in VERSIONS {
        let peer = Peer::with(version, ServerOptions::default().tell_denials(true));
        let key = peer.call_as("alice", create_aes([])).unwrap().unique_identifier;
        let denied = Some(ResultReason::PermissionDenied);
        assert_eq!(peer.call_as("bob", GetRequest::new(key.clone())).err(), denied);
        assert_eq!(peer.call_as("bob", GetAttributesRequest::all(key.clone())).err(), denied);
        let list = GetAttributeListRequest { unique_identifier: Some(key.clone()) };
        assert_eq!(peer.call_as("bob", list).err(), denied);
        assert_eq!(peer.call_as("bob", DestroyRequest::new(key.clone())).err(), denied, "{version}");
        assert_eq!(peer.call_as("bob", LocateRequest::default()).unwrap().unique_identifier, []);
        peer.call_as("alice", GetRequest::new(key)).unwrap();
    }
}

#[test]
fn a_key_that_was_registered_wrapped_is_given_in_another_wrapping() {
    let wrapped = [
        0x1F, 0xA6, 0x8B, 0x0A, 0x81, 0x12, 0xB4, 0x47, 0xAE, 0xF3, 0x4B, 0xD8, 0xFB, 0x5A, 0x7B, 0x82, 0x9D,
        0x3E, 0x86, 0x23, 0x71, 0xD2, 0xCF, 0xE5,
    ];
    let peer = Peer::new(ProtocolVersion::V2_1);
    let kek = |bytes: u8| {
        let masks = CryptographicUsageMask::WRAP_KEY | CryptographicUsageMask::UNWRAP_KEY;
        let attributes = usage(masks).with(Attribute::ActivationDate(peer.now()));
        let key: Vec<u8> = (0..bytes).collect();
        peer.call(register(attributes, aes(&key))).unwrap().unique_identifier
    };
    let (first, second) = (kek(16), kek(24));
    let information = |kek| EncryptionKeyInformation {
        unique_identifier: kek,
        cryptographic_parameters: Some(Box::new(CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::NistKeyWrap),
            ..CryptographicParameters::default()
        })),
    };
    let mut data = KeyWrappingData::new(WrappingMethod::Encrypt);
    data.encryption_key_information = Some(information(first));
    data.encoding_option = Some(EncodingOption::NoEncoding);
    let mut block = aes(&wrapped);
    block.cryptographic_length = Some(128);
    block.key_value = Some(KeyValue::Wrapped(wrapped.as_slice().into()));
    block.key_wrapping_data = Some(Box::new(data));
    let attributes = usage(CryptographicUsageMask::ENCRYPT);
    let key = peer.call(register(attributes, block)).unwrap().unique_identifier;
    let get = |wrap_type| {
        let mut specification = KeyWrappingSpecification::new(WrappingMethod::Encrypt);
        specification.encryption_key_information = Some(information(second.clone()));
        specification.encoding_option = Some(EncodingOption::NoEncoding);
        let request = GetRequest {
            key_wrap_type: wrap_type,
            key_wrapping_specification: Some(Box::new(specification)),
            ..GetRequest::new(key.clone())
        };
        peer.call(request).map(|got| got.object.key_block().unwrap().key_value.clone())
    };
    // The vector of RFC 3394, section 4.2.
    let other = [
        0x96, 0x77, 0x8B, 0x25, 0xAE, 0x6C, 0xA4, 0x35, 0xF9, 0x2B, 0x5B, 0x97, 0xC0, 0x50, 0xAE, 0xD2, 0x46,
        0x8A, 0xB8, 0xA1, 0x7A, 0xD8, 0x4E, 0x5D,
    ];
    assert_eq!(get(None), Ok(Some(KeyValue::Wrapped(other.as_slice().into()))));
    assert_eq!(get(Some(KeyWrapType::AsRegistered)), Err(ResultReason::KeyWrapTypeNotSupported));
}
