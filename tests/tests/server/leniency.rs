//! What the server tolerates of clients of KMIP 1.x, each on and off, and that it says so.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use kmip_sdk::server::{Leniency, ServerOptions};
use kmip_sdk::types::attribute::{
    Attribute, AttributeEntry, Attributes, CryptographicParameters, SingleAttribute,
};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, KeyFormatType, ObjectType, Operation, ResultReason as R,
    ResultStatus as S,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::message::{Message, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, DiscoverVersionsRequest, EncryptRequest, RegisterRequest,
    ResponsePayload,
};
use kmip_sdk::types::{Item, ProtocolVersion, Tag, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes as SpanAttributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{Peer, create_aes};

/// The deviations that are told of.
#[derive(Clone, Default)]
struct Deviations(Arc<Mutex<Vec<String>>>);

impl Visit for Deviations {
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "deviation" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }
}

impl Subscriber for Deviations {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &SpanAttributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Which deviations something causes, each once.
fn told(act: impl FnOnce()) -> Vec<String> {
    let deviations = Deviations::default();
    tracing::subscriber::with_default(deviations.clone(), act);
    let mut told = deviations.0.lock().unwrap().clone();
    told.sort();
    told.dedup();
    told
}

fn peer(version: ProtocolVersion, leniency: Leniency) -> Peer {
    Peer::with(version, ServerOptions::default().leniency(leniency))
}

const BEFORE_2: [ProtocolVersion; 5] = [
    ProtocolVersion::V1_0,
    ProtocolVersion::V1_1,
    ProtocolVersion::V1_2,
    ProtocolVersion::V1_3,
    ProtocolVersion::V1_4,
];

/// A Register whose Template-Attribute stands behind the object.
fn attributes_behind(version: ProtocolVersion) -> Vec<u8> {
    let block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(vec![7; 16]), A::Aes, 128);
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT));
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    let request = RegisterRequest::new(ObjectType::SymmetricKey, attributes, object);
    let message = RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![kmip_sdk::types::message::RequestBatchItem::new(
            Operation::Register,
            request.into(),
        )],
    };
    let mut item = Item::from_ttlv(&message.to_ttlv().unwrap()).unwrap();
    swap(&mut item, &[Tag::BATCH_ITEM, Tag::REQUEST_PAYLOAD]);
    item.to_ttlv().unwrap()
}

/// Lets the second and the third field of a structure inside another change places.
fn swap(item: &mut Item, path: &[Tag]) {
    let Value::Structure(fields) = &mut item.value else { panic!("{path:?}") };
    match path {
        [] => fields.swap(1, 2),
        [first, rest @ ..] => swap(fields.iter_mut().find(|field| field.tag == *first).unwrap(), rest),
    }
}

#[test]
fn attributes_may_stand_behind_the_object_in_register() {
    let without_policy = Leniency::NONE.attributes_after_object(true);
    for version in BEFORE_2 {
        let bytes = attributes_behind(version);
        let ask = |peer: &Peer| {
            let response = ResponseMessage::from_ttlv(&peer.server.handle(&bytes)).unwrap();
            response.batch_item.into_iter().next().unwrap()
        };
        let lenient = peer(version, without_policy);
        assert_eq!(told(|| assert_eq!(ask(&lenient).result_status, S::Success)), ["attributes_after_object"]);
        let strict = peer(version, Leniency::default().attributes_after_object(false));
        assert_eq!(
            told(|| assert_eq!(ask(&strict).result_reason, Some(R::InvalidMessage))),
            [""; 0],
            "{version}"
        );
    }
}

#[test]
fn an_index_of_zero_may_be_spelled_out() {
    let add = |peer: &Peer, index| {
        let identifier = peer.create([]);
        let attribute = Attribute::ContactInformation("c".to_owned());
        let new_attribute = SingleAttribute(AttributeEntry { index, attribute });
        peer.call(AddAttributeRequest { unique_identifier: Some(identifier), new_attribute }).err()
    };
    for version in BEFORE_2 {
        let lenient = peer(version, Leniency::NONE.index_zero(true));
        assert_eq!(told(|| assert_eq!(add(&lenient, Some(0)), None)), ["index_zero"], "{version}");
        assert_eq!(told(|| assert_eq!(add(&lenient, None), None)), [""; 0]);
        assert_eq!(add(&lenient, Some(1)), Some(R::InvalidField));
        let strict = peer(version, Leniency::default().index_zero(false));
        assert_eq!(add(&strict, Some(0)), Some(R::InvalidField));
        assert_eq!(add(&strict, None), None);
    }
}

#[test]
fn discover_versions_may_be_asked_in_1_0() {
    // The request in 1.1, whose minor version is made that of 1.0.
    let message = RequestMessage {
        request_header: RequestHeader::new(ProtocolVersion::V1_1, 1),
        batch_item: vec![kmip_sdk::types::message::RequestBatchItem::new(
            Operation::DiscoverVersions,
            DiscoverVersionsRequest::default().into(),
        )],
    };
    let mut bytes = message.to_ttlv().unwrap();
    bytes[51] = 0;
    let ask = |leniency| peer(ProtocolVersion::V1_0, leniency).server.handle(&bytes);
    let mut response = Vec::new();
    assert_eq!(told(|| response = ask(Leniency::NONE.discover_versions(true))), ["discover_versions"]);
    // The answer says that it is one of 1.0, and has no form there.
    assert_eq!(response[51], 0);
    response[51] = 1;
    let response = ResponseMessage::from_ttlv(&response).unwrap();
    match &response.batch_item[0].response_payload {
        Some(ResponsePayload::DiscoverVersions(found)) => {
            assert_eq!(found.protocol_version.first(), Some(&ProtocolVersion::V2_1));
            assert_eq!(found.protocol_version.len(), ProtocolVersion::ALL.len());
        }
        other => panic!("{other:?}"),
    }
    let strict = ask(Leniency::default().discover_versions(false));
    let strict = ResponseMessage::from_ttlv(&strict).unwrap();
    assert_eq!(strict.response_header.protocol_version, ProtocolVersion::V1_0);
    assert_eq!(strict.batch_item[0].result_reason, Some(R::OperationNotSupported));
}

#[test]
fn the_tag_may_stand_behind_the_data() {
    let encrypt = |peer: &Peer| {
        let parameters = CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Gcm),
            tag_length: Some(16),
            random_iv: Some(true),
            ..CryptographicParameters::default()
        };
        let key = peer.create([]);
        peer.call(ActivateRequest::new(key.clone())).unwrap();
        let request = EncryptRequest {
            cryptographic_parameters: Some(Box::new(parameters)),
            ..EncryptRequest::new(key, b"data".to_vec())
        };
        peer.call(request).map(|response| response.data.map(|data| data.reveal().len()))
    };
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V1_3] {
        let lenient = peer(version, Leniency::NONE.appended_tag(true));
        assert_eq!(told(|| assert_eq!(encrypt(&lenient), Ok(Some(20)))), ["appended_tag"], "{version}");
        let strict = peer(version, Leniency::default().appended_tag(false));
        assert!(encrypt(&strict).is_err());
    }
    let newer = peer(ProtocolVersion::V1_4, Leniency::NONE.appended_tag(true));
    assert_eq!(told(|| assert_eq!(encrypt(&newer), Ok(Some(4)))), [""; 0]);
}

#[test]
fn new_objects_may_have_the_default_operation_policy() {
    let name = |peer: &Peer, more: Vec<Attribute>| {
        let identifier = peer.call(create_aes(more)).unwrap().unique_identifier;
        peer.attributes(&identifier).operation_policy_name().map(str::to_owned)
    };
    for version in BEFORE_2 {
        let lenient = peer(version, Leniency::NONE.default_operation_policy(true));
        let asked = Attribute::OperationPolicyName("own".to_owned());
        let told = told(|| assert_eq!(name(&lenient, Vec::new()).as_deref(), Some("default")));
        assert_eq!(told, ["default_operation_policy"], "{version}");
        assert_eq!(name(&lenient, vec![asked]).as_deref(), Some("own"));
        let strict = peer(version, Leniency::default().default_operation_policy(false));
        assert_eq!(name(&strict, Vec::new()), None);
    }
    // Since 2.0 there is no such attribute, and no leniency.
    let newer = peer(ProtocolVersion::V2_1, Leniency::default());
    assert_eq!(told(|| assert_eq!(name(&newer, Vec::new()), None)), [""; 0]);
}
