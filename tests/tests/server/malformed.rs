//! Requests that are not as they should be: each gets an answer, and no harm is done.

use kmip_sdk::server::{Leniency, ServerOptions};
use kmip_sdk::types::enumerations::{Operation, ResultReason as R, ResultStatus};
use kmip_sdk::types::message::{
    Message, MessageExtension, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage,
};
use kmip_sdk::types::operation::{CreateKeyPairRequest, LocateRequest, RequestPayload};
use kmip_sdk::types::{Item, Limits, ProtocolVersion, RawStructure, Tag, Value, ttlv};

use crate::support::{Peer, VERSIONS, create_aes};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// What a message that cannot be answered item by item is answered with.
fn refusal(peer: &Peer, request: &[u8]) -> R {
    let response = ResponseMessage::from_ttlv(&peer.server.handle(request)).unwrap();
    let [item] = response.batch_item.as_slice() else { panic!("one item, without an operation") };
    assert_eq!((item.operation, item.result_status), (None, ResultStatus::OperationFailed));
    assert!(item.result_message.is_some());
    item.result_reason.unwrap()
}

fn request(version: ProtocolVersion) -> RequestMessage {
    RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![RequestBatchItem::new(Operation::Create, create_aes([]).into())],
    }
}

/// An item of the message as a tree, to be changed in ways that the types do not allow.
fn tree(message: &RequestMessage) -> Vec<Item> {
    let bytes = message.to_ttlv().unwrap();
    let item: Item = ttlv::decode(Tag::REQUEST_MESSAGE, &bytes).unwrap();
    item.as_structure().expect("a message is a structure").to_vec()
}

fn encode(fields: Vec<Item>) -> Vec<u8> {
    ttlv::encode(Tag::REQUEST_MESSAGE, &Value::Structure(fields), V2_1).unwrap()
}

fn fields(item: &mut Item) -> &mut Vec<Item> {
    match &mut item.value {
        Value::Structure(fields) => fields,
        other => panic!("{other:?} is not a structure"),
    }
}

#[test]
fn a_request_cut_anywhere_is_answered() {
    for version in [ProtocolVersion::V1_0, V2_1] {
        let peer = Peer::new(version);
        let whole = request(version).to_ttlv().unwrap();
        for length in 0..whole.len() {
            assert_eq!(refusal(&peer, &whole[..length]), R::InvalidMessage, "{length}");
        }
        assert_eq!(peer.call(LocateRequest::default()).unwrap().unique_identifier, []);
    }
}

#[test]
fn a_request_with_any_byte_changed_is_answered() {
    let peer = Peer::new(V2_1);
    let whole = request(V2_1).to_ttlv().unwrap();
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            let response = peer.server.handle(&changed);
            let response = ResponseMessage::from_ttlv(&response).unwrap();
            assert!(!response.batch_item.is_empty(), "{at}");
        }
    }
}

#[test]
fn bytes_after_the_message_are_refused() {
    let peer = Peer::new(V2_1);
    let mut whole = request(V2_1).to_ttlv().unwrap();
    whole.extend_from_slice(&[0; 8]);
    assert_eq!(refusal(&peer, &whole), R::InvalidMessage);
    assert_eq!(refusal(&peer, b"GET / HTTP/1.1\r\n\r\n"), R::InvalidMessage);
}

#[test]
fn messages_beyond_the_limits_are_refused() {
    let limits = Limits { size: 512, ..Limits::default() };
    let peer = Peer::with(V2_1, ServerOptions::default().limits(limits));
    let mut large = request(V2_1);
    large.request_header.client_correlation_value = Some("x".repeat(512));
    assert_eq!(refusal(&peer, &large.to_ttlv().unwrap()), R::InvalidMessage);
    let mut deep = vec![];
    for _ in 0..100 {
        let length = deep.len() as u32;
        let mut item = vec![0x42, 0x00, 0x7B, 1];
        item.extend_from_slice(&length.to_be_bytes());
        item.append(&mut deep);
        deep = item;
    }
    let peer = Peer::new(V2_1);
    assert_eq!(refusal(&peer, &deep), R::InvalidMessage);
    let nested = (0..100).fold(Item::new(Tag::KEY, Value::Structure(vec![])), |inner, _| {
        Item::new(Tag::KEY, Value::Structure(vec![inner]))
    });
    let mut message = request(V2_1);
    message.batch_item[0].message_extension.push(MessageExtension {
        vendor_identification: "acme".to_owned(),
        criticality_indicator: false,
        vendor_extension: RawStructure { items: vec![nested] },
    });
    // The writer has the same limit, unless it is told otherwise.
    let limits = Limits { depth: 200, ..Limits::default() };
    let mut writer = ttlv::Writer::with_buffer(Vec::new(), V2_1, limits);
    ttlv::Encode::encode(&message, Tag::REQUEST_MESSAGE, &mut writer).unwrap();
    let response = ResponseMessage::from_ttlv(&peer.server.handle(writer.bytes())).unwrap();
    assert_eq!(response.batch_item[0].result_reason, Some(R::InvalidMessage));
}

#[test]
fn another_version_is_answered_in_the_nearest_one() {
    use ProtocolVersion as V;
    let peer = Peer::with(V2_1, ServerOptions::default().versions([V::V1_2, V::V1_4, V::V2_1]));
    for (asked, answered, expected) in [
        (V::V1_0, V::V1_2, R::InvalidMessage),
        (V::V1_3, V::V1_2, R::InvalidMessage),
        (V::V2_0, V::V1_4, R::InvalidMessage),
        (V::new(3, 0), V::V2_1, R::UnsupportedProtocolVersion),
        (V::new(2, 99), V::V2_1, R::UnsupportedProtocolVersion),
        (V::new(-1, 0), V::V1_2, R::InvalidMessage),
    ] {
        let mut message = tree(&request(V2_1));
        let version = fields(&mut fields(&mut message[0])[0]);
        version[0].value = Value::Integer(asked.major);
        version[1].value = Value::Integer(asked.minor);
        let bytes = encode(message);
        assert_eq!(refusal(&peer, &bytes), expected, "{asked}");
        let response = ResponseMessage::from_ttlv(&peer.server.handle(&bytes)).unwrap();
        assert_eq!(response.response_header.protocol_version, answered, "{asked}");
    }
}

#[test]
fn a_wrong_number_of_items_is_refused() {
    let peer = Peer::new(V2_1);
    for count in [-1, 0, 2, i32::MAX] {
        let mut message = request(V2_1);
        message.request_header.batch_count = count;
        assert_eq!(refusal(&peer, &message.to_ttlv().unwrap()), R::InvalidMessage);
    }
    let mut message = tree(&request(V2_1));
    message.pop();
    assert_eq!(refusal(&peer, &encode(message)), R::InvalidMessage);
}

#[test]
fn unknown_fields_are_named() {
    let peer = Peer::new(V2_1);
    let mut message = tree(&request(V2_1));
    fields(&mut message[0]).push(Item::new(Tag::MODULUS, Value::Integer(1)));
    assert_eq!(refusal(&peer, &encode(message)), R::InvalidField);

    let mut message = tree(&request(V2_1));
    fields(&mut message[1]).push(Item::new(Tag::MODULUS, Value::Integer(1)));
    let response = ResponseMessage::from_ttlv(&peer.server.handle(&encode(message))).unwrap();
    let item = &response.batch_item[0];
    assert_eq!((item.operation, item.result_reason), (Some(Operation::Create), Some(R::InvalidField)));
    assert!(item.result_message.as_ref().unwrap().contains("Modulus"));
}

/// Gives the items of a batch what they are told apart by.
fn name_items(message: &mut RequestMessage) {
    for (number, item) in (0..).zip(&mut message.batch_item) {
        item.unique_batch_item_id = Some(vec![number]);
    }
}

#[test]
fn items_that_cannot_be_told_apart_are_refused() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let mut message = request(version);
        message.request_header.batch_count = 3;
        message.batch_item.resize(3, message.batch_item[0].clone());
        assert_eq!(refusal(&peer, &message.to_ttlv().unwrap()), R::InvalidMessage);
        name_items(&mut message);
        message.batch_item[2].unique_batch_item_id = Some(vec![0]);
        assert_eq!(refusal(&peer, &message.to_ttlv().unwrap()), R::InvalidMessage);
        message.batch_item[2].unique_batch_item_id = None;
        assert_eq!(refusal(&peer, &message.to_ttlv().unwrap()), R::InvalidMessage);
        // The same in more bytes is another one.
        message.batch_item[2].unique_batch_item_id = Some(vec![0, 0]);
        let response = ResponseMessage::from_ttlv(&peer.server.handle(&message.to_ttlv().unwrap())).unwrap();
        assert_eq!(response.batch_item.len(), 3);
        assert!(response.batch_item.iter().all(|item| item.result_reason.is_none()));
    }
}

#[test]
fn a_faulty_item_fails_alone() {
    let peer = Peer::new(V2_1);
    let mut message = request(V2_1);
    message.request_header.batch_count = 3;
    message.request_header.batch_error_continuation_option =
        Some(kmip_sdk::types::enumerations::BatchErrorContinuationOption::Continue);
    message.batch_item.resize(3, message.batch_item[0].clone());
    name_items(&mut message);
    let mut message = tree(&message);
    // The payload of the second item is no structure.
    fields(&mut message[2])[2].value = Value::Integer(1);
    let response = ResponseMessage::from_ttlv(&peer.server.handle(&encode(message))).unwrap();
    let reasons: Vec<Option<R>> = response.batch_item.iter().map(|item| item.result_reason).collect();
    assert_eq!(reasons, [None, Some(R::InvalidMessage), None]);
    let item = &response.batch_item[1];
    assert_eq!(
        (item.operation, item.unique_batch_item_id.as_deref()),
        (Some(Operation::Create), Some(&[1][..]))
    );
}

#[test]
fn operations_that_are_not_there_are_named_in_their_item() {
    let peer = Peer::new(V2_1);
    for operation in [Operation::from(0x8000_0001), Operation::from(0x7FFF_FFFF)] {
        let message = RequestMessage {
            request_header: RequestHeader::new(V2_1, 1),
            batch_item: vec![RequestBatchItem::new(
                operation,
                RequestPayload::Other(RawStructure::default()),
            )],
        };
        let response = ResponseMessage::from_ttlv(&peer.server.handle(&message.to_ttlv().unwrap())).unwrap();
        let item = &response.batch_item[0];
        let expected = (Some(operation), Some(R::OperationNotSupported));
        assert_eq!((item.operation, item.result_reason), expected);
    }
    let peer = Peer::with(V2_1, ServerOptions::default().leniency(Leniency::NONE));
    // Set Attribute came with KMIP 2.0, Encrypt with 1.2.
    for (version, operation) in [
        (ProtocolVersion::V1_4, Operation::SetAttribute),
        (ProtocolVersion::V1_1, Operation::Encrypt),
        (ProtocolVersion::V1_0, Operation::DiscoverVersions),
    ] {
        let mut message = tree(&request(version));
        let item = fields(&mut message[1]);
        item[0].value = Value::Enumeration(operation.value());
        item[1].value = Value::Structure(vec![]);
        let bytes = ttlv::encode(Tag::REQUEST_MESSAGE, &Value::Structure(message), version).unwrap();
        let response = ResponseMessage::from_ttlv(&peer.server.handle(&bytes)).unwrap();
        let item = &response.batch_item[0];
        // The operation is not repeated: the version of the answer lacks it too.
        assert_eq!(
            (item.operation, item.result_reason),
            (None, Some(R::OperationNotSupported)),
            "{operation}"
        );
    }
}

#[test]
fn numbers_at_their_ends_do_no_harm() {
    let peer = Peer::new(V2_1);
    for length in [i32::MIN, -1, 0, 1, i32::MAX] {
        let mut message = request(V2_1);
        let mut attributes = create_aes([]).attributes;
        attributes.retain(|attribute| {
            !matches!(attribute, kmip_sdk::types::attribute::Attribute::CryptographicLength(_))
        });
        attributes.push(kmip_sdk::types::attribute::Attribute::CryptographicLength(length));
        let pair = CreateKeyPairRequest { common_attributes: Some(attributes.clone()), ..Default::default() };
        let mut create = create_aes([]);
        create.attributes = attributes;
        message.batch_item = vec![
            RequestBatchItem::new(Operation::Create, create.into()),
            RequestBatchItem::new(Operation::CreateKeyPair, pair.into()),
        ];
        message.request_header.batch_count = 2;
        name_items(&mut message);
        message.request_header.batch_error_continuation_option =
            Some(kmip_sdk::types::enumerations::BatchErrorContinuationOption::Continue);
        let response = ResponseMessage::from_ttlv(&peer.server.handle(&message.to_ttlv().unwrap())).unwrap();
        let failed = response.batch_item.iter().filter(|item| item.result_reason.is_some()).count();
        assert_eq!(failed, 2, "{length}");
    }
}
