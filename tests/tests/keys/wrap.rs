//! Keys wrapped by others, against the vectors of the RFCs and in the form of the standard.

use kmip_sdk::keys::Material;
use kmip_sdk::keys::wrap::{WrapError, WrapMode, Wrapping, WrappingKey};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, EncodingOption, KeyFormatType, ObjectType, WrappingMethod,
};
use kmip_sdk::types::object::{KeyValue, ManagedObject};
use kmip_sdk::types::operation::RegisterRequest;
use kmip_sdk::types::{ProtocolVersion, Tag, ttlv};
use proptest::prelude::*;

use crate::made::{RSA, private_key, secret, symmetric_key};

const MODES: [WrapMode; 3] = [WrapMode::AesKeyWrap, WrapMode::AesKeyWrapWithPadding, WrapMode::AesGcm];

pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn wrapping_key(bytes: impl Into<Vec<u8>>) -> WrappingKey {
    WrappingKey::new("kek-1", &Material::aes(bytes.into()).unwrap()).unwrap()
}

/// RFC 3394 section 4 and RFC 5649 section 6: the wrapping key, the key data and the ciphertext.
const VECTORS: [(WrapMode, &str, &str, &str); 8] = [
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F",
        "00112233445566778899AABBCCDDEEFF",
        "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
    ),
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F1011121314151617",
        "00112233445566778899AABBCCDDEEFF",
        "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D",
    ),
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF",
        "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
    ),
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F1011121314151617",
        "00112233445566778899AABBCCDDEEFF0001020304050607",
        "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2",
    ),
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF0001020304050607",
        "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1",
    ),
    (
        WrapMode::AesKeyWrap,
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
    ),
    (
        WrapMode::AesKeyWrapWithPadding,
        "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8",
        "C37B7E6492584340BED12207808941155068F738",
        "138BDEAA9B8FA7FC61F97742E72248EE5AE6AE5360D1AE6A5F54F373FA543B6A",
    ),
    (
        WrapMode::AesKeyWrapWithPadding,
        "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8",
        "466F7250617369",
        "AFBEB0F07DFBF5419200F2CCB50BB24F",
    ),
];

#[test]
fn wraps_and_unwraps_as_the_vectors_of_the_rfcs() {
    for (mode, key, plaintext, wrapped) in VECTORS {
        let (key, plaintext, wrapped) = (wrapping_key(hex(key)), hex(plaintext), hex(wrapped));
        assert_eq!(key.wrap_bytes(&plaintext, mode).unwrap(), wrapped, "{mode}");
        assert_eq!(key.unwrap_bytes(&wrapped, mode).unwrap().reveal(), plaintext, "{mode}");
        for bit in 0..wrapped.len() * 8 {
            let mut changed = wrapped.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.unwrap_bytes(&changed, mode).unwrap_err(), WrapError::Refused);
        }
        for length in 0..wrapped.len() {
            assert_eq!(key.unwrap_bytes(&wrapped[..length], mode).unwrap_err(), WrapError::Refused);
        }
    }
}

/// AES-GCM by the example of NIST's for a key and a plaintext of zeros (test case 14 of the proposal).
#[test]
fn unwraps_as_the_vector_of_gcm() {
    let key = wrapping_key([0; 32]);
    let wrapped =
        hex("000000000000000000000000CEA7403D4D606B6E074EC5D3BAF39D18D0D1C8A799996BF0265B98B5D48AB919");
    assert_eq!(key.unwrap_bytes(&wrapped, WrapMode::AesGcm).unwrap().reveal(), [0; 16]);
}

#[test]
fn key_wrapping_data_are_as_the_standard_has_them() {
    let key = wrapping_key([1; 32]);
    let object = Material::aes(vec![7; 32]).unwrap().to_object().unwrap();
    for (wrapping, mode, encoding) in [
        (Wrapping::aes_key_wrap(), BlockCipherMode::NistKeyWrap, EncodingOption::NoEncoding),
        (
            Wrapping::aes_key_wrap_with_padding(),
            BlockCipherMode::AesKeyWrapPadding,
            EncodingOption::NoEncoding,
        ),
        (Wrapping::aes_gcm().ttlv_encoding(), BlockCipherMode::Gcm, EncodingOption::TtlvEncoding),
    ] {
        let wrapped = key.wrap(&object, &wrapping).unwrap();
        let block = wrapped.key_block().unwrap();
        assert!(matches!(block.key_value, Some(KeyValue::Wrapped(_))));
        let data = block.key_wrapping_data.as_ref().unwrap();
        let specification = wrapping.specification("kek-1");
        assert_eq!(data.wrapping_method, WrappingMethod::Encrypt);
        assert_eq!(data.encryption_key_information, specification.encryption_key_information);
        assert_eq!((data.encoding_option, specification.encoding_option), (Some(encoding), Some(encoding)));
        let information = data.encryption_key_information.as_ref().unwrap();
        assert_eq!(information.unique_identifier, "kek-1".into());
        assert_eq!(information.cryptographic_parameters.as_ref().unwrap().block_cipher_mode, Some(mode));
        assert_eq!(data.iv_counter_nonce.is_some(), mode == BlockCipherMode::Gcm);
        assert_eq!(Wrapping::of_specification(&specification, None).unwrap(), wrapping);
        assert_eq!(key.unwrap(&wrapped).unwrap(), object);
    }
}

#[test]
fn version_1_0_has_no_encoding_option_and_means_ttlv() {
    let key = wrapping_key([1; 16]);
    let object = Material::aes(vec![7; 16]).unwrap().to_object().unwrap();
    let wrapping = Wrapping::aes_key_wrap().ttlv_encoding().in_version(ProtocolVersion::V1_0);
    let wrapped = key.wrap(&object, &wrapping).unwrap();
    assert_eq!(wrapped.key_block().unwrap().key_wrapping_data.as_ref().unwrap().encoding_option, None);
    let request = RegisterRequest::new(ObjectType::SymmetricKey, Attributes::new(), wrapped);
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, ProtocolVersion::V1_0).unwrap();
    let read: RegisterRequest = ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes).unwrap();
    assert_eq!(key.unwrap(&read.object.unwrap()).unwrap(), object);
}

#[test]
fn attributes_are_wrapped_with_the_key_in_every_version() {
    let key = wrapping_key([1; 24]);
    let mut object = Material::aes(vec![7; 16]).unwrap().to_object().unwrap();
    let ManagedObject::SymmetricKey(symmetric) = &mut object else { unreachable!() };
    let Some(KeyValue::Plain(value)) = &mut symmetric.key_block.key_value else { unreachable!() };
    value.attributes.push(Attribute::Name(Name::text("inside")));
    let refused = key.wrap(&object, &Wrapping::aes_key_wrap()).unwrap_err();
    assert_eq!(refused, WrapError::AttributesNotEncoded);
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let wrapping = Wrapping::aes_key_wrap().ttlv_encoding().in_version(version);
        assert_eq!(key.unwrap(&key.wrap(&object, &wrapping).unwrap()).unwrap(), object, "{version}");
    }
}

#[test]
fn wraps_only_what_the_mode_and_the_encoding_take() {
    let key = wrapping_key([1; 32]);
    for length in [0, 8, 20] {
        let error = key.wrap_bytes(&vec![0; length], WrapMode::AesKeyWrap).unwrap_err();
        assert!(matches!(error, WrapError::Length { .. }), "{error}");
    }
    assert!(matches!(
        key.wrap_bytes(&[], WrapMode::AesKeyWrapWithPadding).unwrap_err(),
        WrapError::Length { .. }
    ));
    let transparent = RSA[0].to_object_as(KeyFormatType::TransparentRsaPrivateKey).unwrap();
    let refused = key.wrap(&transparent, &Wrapping::aes_gcm()).unwrap_err();
    assert!(matches!(refused, WrapError::StructureNotEncoded { .. }), "{refused}");
    let wrapped = key.wrap(&transparent, &Wrapping::aes_gcm().ttlv_encoding()).unwrap();
    assert_eq!(key.wrap(&wrapped, &Wrapping::aes_gcm()).unwrap_err(), WrapError::AlreadyWrapped);
    assert_eq!(key.unwrap(&transparent).unwrap_err(), WrapError::NotWrapped);
    assert_eq!(key.unwrap(&wrapped).unwrap(), transparent);
}

#[test]
fn says_which_key_it_takes() {
    let wrapped = wrapping_key([1; 32]).wrap(&RSA[0].to_object().unwrap(), &Wrapping::aes_gcm()).unwrap();
    let other = WrappingKey::new("kek-2", &Material::aes(vec![1; 32]).unwrap()).unwrap();
    assert_eq!(
        other.unwrap(&wrapped).unwrap_err().to_string(),
        "the key is wrapped by `kek-1`, and this is the key `kek-2`"
    );
    assert_eq!(wrapping_key([2; 32]).unwrap(&wrapped).unwrap_err(), WrapError::Refused);
}

/// Without Cryptographic Parameters those of the key's attributes count.
#[test]
fn takes_the_usual_mode_where_none_is_said() {
    let key = wrapping_key([1; 32]);
    let object = Material::aes(vec![7; 16]).unwrap().to_object().unwrap();
    let mut wrapped = key.wrap(&object, &Wrapping::aes_key_wrap()).unwrap();
    let ManagedObject::SymmetricKey(symmetric) = &mut wrapped else { unreachable!() };
    let data = symmetric.key_block.key_wrapping_data.as_mut().unwrap();
    data.encryption_key_information.as_mut().unwrap().cryptographic_parameters = None;
    assert_eq!(key.unwrap(&wrapped).unwrap_err(), WrapError::UnsupportedMode { mode: None });
    assert_eq!(key.usual_mode(WrapMode::AesKeyWrap).unwrap(&wrapped).unwrap(), object);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_keys_are_wrapped_and_unwrapped_in_all_ways(
        material in prop_oneof![private_key(), symmetric_key(), secret()],
        bytes in any::<[u8; 32]>(),
        length in prop::sample::select(vec![16, 24, 32]),
    ) {
        let key = wrapping_key(&bytes[..length]);
        let Ok(block) = material.to_key_block_as(material.default_format()) else { return Ok(()) };
        for mode in MODES {
            for wrapping in [Wrapping::by(mode), Wrapping::by(mode).ttlv_encoding()] {
                match key.wrap_block(&block, &wrapping) {
                    Ok(wrapped) => prop_assert_eq!(&key.unwrap_block(&wrapped).unwrap(), &block),
                    Err(error) => prop_assert!(matches!(error, WrapError::Length { .. }), "{}", error),
                }
            }
            // A structure is of whole blocks.
            prop_assert!(key.wrap_block(&block, &Wrapping::by(mode).ttlv_encoding()).is_ok());
        }
    }
}
