//! A key with Key Wrapping Data is wrapped, whatever its Key Value looks like.

use kmip_tests::samples::messages::response;
use kmip_types::enumerations::{
    CryptographicAlgorithm, KeyFormatType, ObjectType, Operation, WrappingMethod,
};
use kmip_types::message::{Message, ResponseMessage};
use kmip_types::object::{KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, ManagedObject, SymmetricKey};
use kmip_types::operation::{GetResponse, ResponsePayload};
use kmip_types::ttlv::DeviationKind;
use kmip_types::{ItemType, ProtocolVersion, Tag};

/// The answer to Get of a wrapped key whose Key Value is a structure.
fn wrapped_in_a_structure(version: ProtocolVersion) -> ResponseMessage {
    let material = KeyMaterial::bytes(b"wrapped".as_slice());
    let mut key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 256);
    key_block.key_wrapping_data = Some(Box::new(KeyWrappingData::new(WrappingMethod::Encrypt)));
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block });
    response(version, Operation::Get, GetResponse::new(ObjectType::SymmetricKey, "key 1", object).into())
}

#[test]
fn a_structure_stays_one_strictly_and_is_taken_as_wrapped_leniently() {
    for version in ProtocolVersion::ALL {
        let bytes = wrapped_in_a_structure(*version).to_ttlv().unwrap();
        let path = "ResponseMessage/BatchItem/ResponsePayload/SymmetricKey/KeyBlock/KeyValue";
        let strict = ResponseMessage::from_ttlv(&bytes).unwrap();
        assert_eq!(strict.to_ttlv(), Ok(bytes.clone()));
        let Some(ResponsePayload::Get(answer)) = &strict.batch_item[0].response_payload else {
            panic!("no Get")
        };
        let block = answer.object.key_block().unwrap();
        assert!(matches!(&block.key_value, Some(KeyValue::Plain(_))));
        assert_eq!((block.key_material(), block.key_bytes()), (None, None));

        let lenient = ResponseMessage::from_ttlv_lenient(&bytes).unwrap();
        let [deviation] = lenient.deviations.as_slice() else { panic!("{:?}", lenient.deviations) };
        assert_eq!(deviation.path.to_string(), path);
        let DeviationKind::WrappedStructure(kept) = &deviation.kind else { panic!("{deviation}") };
        assert_eq!((kept.tag(), kept.item_type()), (Tag::KEY_VALUE, ItemType::Structure));
        let Some(ResponsePayload::Get(answer)) = &lenient.value.batch_item[0].response_payload else {
            panic!("no Get")
        };
        let block = answer.object.key_block().unwrap();
        let Some(KeyValue::Wrapped(wrapped)) = &block.key_value else { panic!("not wrapped: {block:?}") };
        assert_eq!(wrapped.reveal(), b"wrapped");
        // Nowhere as a plain key.
        assert_eq!((block.key_material(), block.key_bytes()), (None, None));
        assert_eq!(lenient.to_ttlv_as_it_was(), Ok(bytes));
    }
}
