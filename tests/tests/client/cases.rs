//! Messages of servers in the field, and what the client makes of them.

use std::sync::mpsc;

use kmip_sdk::session::{Negotiation, Session};
use kmip_sdk::types::enumerations::{ObjectType, Operation, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::operation::{
    ActivateRequest, CreateRequest, DestroyRequest, GetRequest, LocateRequest, LocateResponse,
    ResponsePayload,
};
use kmip_sdk::types::ttlv::{DeviationKind, Mode};
use kmip_sdk::types::{DecodeErrorKind, Item, ProtocolVersion, Tag, Value};
use kmip_sdk::{Batch, ErrorKind, Phase, ResponseError};

use crate::peer::{
    Stream, builder, locates_nothing, nothing_located, receive, response, script, send, tls_peer,
};

/// A refusal of the whole message in 1.2 with Operation 0: InvalidMessage, "cannot read the request".
const OPERATION_ZERO: &str = "42007b01000000a842007a0100000048420069010000002042006a0200000004000000010000000042006b020000000400000002000000004200920900000008000000006553f10042000d0200000004000000010000000042000f010000005042005c0500000004000000000000000042007f0500000004000000010000000042007e0500000004000000040000000042007d070000001763616e6e6f74207265616420746865207265717565737400";
/// The same in 2.1: "unsupported protocol version".
const OPERATION_ZERO_2_1: &str = "42007b01000000b042007a0100000048420069010000002042006a0200000004000000020000000042006b020000000400000001000000004200920900000008000000006553f10042000d0200000004000000010000000042000f010000005842005c0500000004000000000000000042007f0500000004000000010000000042007e0500000004000000040000000042007d070000001c756e737570706f727465642070726f746f636f6c2076657273696f6e00000000";
/// Create failed in 1.2 with CryptographicFailure, "no entropy", and an empty Response Payload.
const EMPTY_PAYLOAD: &str = "42007b01000000a842007a0100000048420069010000002042006a0200000004000000010000000042006b020000000400000002000000004200920900000008000000006553f10042000d0200000004000000010000000042000f010000005042005c0500000004000000010000000042007f0500000004000000010000000042007e05000000040000000a0000000042007d070000000a6e6f20656e74726f707900000000000042007c0100000000";

const V1_2: ProtocolVersion = ProtocolVersion::V1_2;

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// That the error is the server's refusal, and the request had no effect.
fn is_refusal(error: &kmip_sdk::Error, reason: ResultReason, message: &str) {
    assert_eq!(error.phase(), Phase::Result, "{error}");
    let server = error.server().unwrap_or_else(|| panic!("{error}"));
    assert_eq!(server.result_reason, Some(reason), "{error}");
    assert_eq!(server.result_message.as_deref(), Some(message), "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}

#[test]
fn takes_a_refusal_with_operation_zero_in_any_version_and_mode() {
    for version in ProtocolVersion::ALL {
        for mode in [Mode::Lenient, Mode::Strict] {
            let session = Session::new(*version).with_mode(mode);
            for (hex, message) in [
                (OPERATION_ZERO, "cannot read the request"),
                (OPERATION_ZERO_2_1, "unsupported protocol version"),
            ] {
                let (prepared, _) = session.prepare_one(ActivateRequest::new("a")).unwrap();
                let error = prepared.complete(&bytes(hex)).unwrap_err();
                is_refusal(&error, ResultReason::InvalidMessage, message);
                // What was asked for, not what the server says.
                assert_eq!(error.server().unwrap().operation, Some(Operation::Activate));

                let mut batch = Batch::new();
                batch.add(ActivateRequest::new("a"));
                batch.add(DestroyRequest::new("a"));
                let error = session.prepare(batch).unwrap().complete(&bytes(hex)).unwrap_err();
                is_refusal(&error, ResultReason::InvalidMessage, message);
                assert_eq!(error.server().unwrap().operation, None);
            }
        }
    }
}

#[test]
fn takes_a_refusal_whatever_else_the_message_says() {
    type Change = fn(&mut kmip_sdk::types::message::ResponseMessage);
    let changes: &[Change] = &[
        |_| {},
        |message| message.batch_item[0].operation = None,
        |message| message.batch_item[0].operation = Some(Operation::Locate),
        |message| message.batch_item[0].result_status = ResultStatus::OperationUndone,
        |message| message.batch_item[0].unique_batch_item_id = Some(vec![9]),
        |message| message.response_header.protocol_version = ProtocolVersion::V1_0,
        |message| message.response_header.batch_count = 7,
        |message| message.batch_item.push(message.batch_item[0].clone()),
        |message| {
            message.batch_item[0].response_payload =
                Some(LocateResponse { unique_identifier: vec!["l".into()], ..Default::default() }.into());
            message.batch_item[0].operation = Some(Operation::Locate);
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        for mode in [Mode::Lenient, Mode::Strict] {
            let session = Session::new(V1_2).with_mode(mode);
            let (prepared, handle) = session.prepare_one(ActivateRequest::new("a")).unwrap();
            let item =
                ResponseBatchItem::failure(Some(Operation::Activate), ResultReason::ItemNotFound, "no");
            let mut answer = response(prepared.bytes(), vec![item]);
            change(&mut answer);
            let result = prepared.complete(&answer.to_ttlv().unwrap());
            let error = result.and_then(|mut results| results.take(handle)).unwrap_err();
            is_refusal(&error, ResultReason::ItemNotFound, "no");
            assert_eq!(error.server().unwrap().operation, Some(Operation::Activate), "{number}");
        }
    }
}

#[test]
fn takes_a_failure_with_a_payload_that_cannot_be_read() {
    let create = || {
        Session::new(V1_2)
            .prepare_one(CreateRequest::new(ObjectType::SymmetricKey, Default::default()))
            .unwrap()
    };
    let (prepared, handle) = create();
    let mut results = prepared.complete(&bytes(EMPTY_PAYLOAD)).unwrap();
    let listed: Vec<_> = results.deviations().iter().map(|deviation| deviation.path.to_string()).collect();
    assert_eq!(listed, ["ResponseMessage/BatchItem/ResponsePayload"]);
    assert_eq!(results.deviations()[0].offset, bytes(EMPTY_PAYLOAD).len() - 8);
    is_refusal(&results.take(handle).unwrap_err(), ResultReason::CryptographicFailure, "no entropy");

    // The same with the operation left out, which then does not say how to read the payload.
    let mut item = Item::from_ttlv(&bytes(EMPTY_PAYLOAD)).unwrap();
    let Value::Structure(fields) = &mut item.value else { panic!() };
    let Value::Structure(fields) = &mut fields[1].value else { panic!() };
    assert_eq!(fields.remove(0).tag, Tag::OPERATION);
    let error = create().0.complete(&item.to_ttlv().unwrap()).unwrap_err();
    is_refusal(&error, ResultReason::CryptographicFailure, "no entropy");
}

#[test]
fn puts_failures_of_a_batch_in_their_places_and_compares_what_succeeded() {
    let batch = || {
        let mut batch = Batch::new();
        let activated = batch.add(ActivateRequest::new("a"));
        let destroyed = batch.add(DestroyRequest::new("d"));
        (Session::new(V1_2).prepare(batch).unwrap(), activated, destroyed)
    };
    let failure = |operation, id: Option<u8>| {
        let mut item = ResponseBatchItem::failure(operation, ResultReason::ItemNotFound, "no");
        item.unique_batch_item_id = id.map(|id| vec![0, 0, 0, id]);
        item
    };
    // Both failed, and the server says another operation for one, in another version.
    let (prepared, activated, destroyed) = batch();
    let items = vec![failure(Some(Operation::Locate), Some(2)), failure(Some(Operation::Activate), Some(1))];
    let mut answer = response(prepared.bytes(), items);
    answer.response_header.protocol_version = ProtocolVersion::V1_0;
    let mut results = prepared.complete(&answer.to_ttlv().unwrap()).unwrap();
    for (error, operation) in [
        (results.take(activated).unwrap_err(), Operation::Activate),
        (results.take(destroyed).unwrap_err(), Operation::Destroy),
    ] {
        is_refusal(&error, ResultReason::ItemNotFound, "no");
        assert_eq!(error.server().unwrap().operation, Some(operation));
    }

    // One item of an operation of the batch that is not the first: what became of the first is not said.
    let (prepared, ..) = batch();
    let answer = response(prepared.bytes(), vec![failure(Some(Operation::Destroy), None)]);
    let error = prepared.complete(&answer.to_ttlv().unwrap()).unwrap_err();
    assert_eq!(error.server().unwrap().operation, Some(Operation::Destroy));
    assert!(error.is_outcome_unknown(), "{error}");

    // A success beside a failure is compared.
    let (prepared, ..) = batch();
    let mut done =
        ResponseBatchItem::success(Operation::Locate, ResponsePayload::from(LocateResponse::default()));
    done.unique_batch_item_id = Some(vec![0, 0, 0, 1]);
    let answer = response(prepared.bytes(), vec![done, failure(None, Some(2))]);
    let error = prepared.complete(&answer.to_ttlv().unwrap()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response(ResponseError::Operation { item: 0, .. })), "{error}");
    assert!(error.is_outcome_unknown(), "{error}");
}

#[test]
fn keeps_the_connection_after_a_refusal() {
    for refusal in [OPERATION_ZERO, OPERATION_ZERO_2_1] {
        let address = tls_peer(vec![script(move |stream| {
            receive(stream).unwrap();
            send(stream, &bytes(refusal));
            locates_nothing(stream);
        })]);
        let client = builder(address).connect().unwrap();
        let error = client.call(ActivateRequest::new("a")).send().unwrap_err();
        assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::InvalidMessage));
        client.call(LocateRequest::default()).send().unwrap();
    }
}

#[test]
fn goes_on_negotiating_after_a_refusal() {
    let versions: Vec<ProtocolVersion> = ProtocolVersion::ALL.iter().rev().copied().collect();
    // The refusal states 1.2, so that comes next; or the version that was asked in, so all are asked in.
    for (refusal, expected) in
        [(OPERATION_ZERO, ProtocolVersion::V1_2), (OPERATION_ZERO_2_1, ProtocolVersion::V2_0)]
    {
        let mut negotiation = Negotiation::new(&versions, &Session::new(ProtocolVersion::V2_1)).unwrap();
        negotiation.request().unwrap();
        assert_eq!(negotiation.answered(&bytes(refusal)).unwrap(), None);
        let next = RequestMessage::from_ttlv(negotiation.request().unwrap()).unwrap();
        assert_eq!(next.request_header.protocol_version, expected);
    }
    let mut negotiation = Negotiation::new(&[V1_2], &Session::new(V1_2)).unwrap();
    negotiation.request().unwrap();
    assert_eq!(negotiation.answered(&bytes(OPERATION_ZERO)).unwrap(), None);
    let error = negotiation.request().unwrap_err();
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::InvalidMessage));
}

#[test]
fn reports_bytes_that_follow_an_answer_at_that_call() {
    for extra in [1_usize, 8, 40_000, 100_000] {
        let (sent, wait) = mpsc::channel();
        let answers_too_much = script(move |stream: &mut Stream| {
            let mut answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
            answer.resize(answer.len() + extra, 0x42);
            send(stream, &answer);
            sent.send(()).unwrap();
            while receive(stream).is_some() {}
        });
        let address = tls_peer(vec![answers_too_much, script(locates_nothing)]);
        let client = builder(address).connect().unwrap();
        let error = client.call(ActivateRequest::new("a")).send().unwrap_err();
        wait.recv().unwrap();
        assert_eq!(error.phase(), Phase::Receive, "{error}");
        let ErrorKind::StrayBytes { bytes } = error.kind() else { panic!("{error}") };
        // Of many, not all may have come yet.
        assert!(*bytes == extra || extra > 8 && *bytes > 0 && *bytes <= extra.min(64 << 10), "{bytes}");
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        client.call(LocateRequest::default()).send().unwrap();
    }
}

/// The response as items, changed.
fn changed(
    answer: &kmip_sdk::types::message::ResponseMessage,
    change: impl FnOnce(&mut Vec<Item>),
) -> Vec<u8> {
    let mut item = Item::from_ttlv(&answer.to_ttlv().unwrap()).unwrap();
    let Value::Structure(fields) = &mut item.value else { panic!() };
    let Value::Structure(fields) = &mut fields[1].value else { panic!() };
    change(fields);
    item.to_ttlv().unwrap()
}

#[test]
fn completes_a_success_from_the_request() {
    let item = || ResponseBatchItem {
        response_payload: None,
        ..ResponseBatchItem::success(Operation::Activate, LocateResponse::default().into())
    };
    let empty = |fields: &mut Vec<Item>| fields.push(Item::structure(Tag::RESPONSE_PAYLOAD, Vec::new()));
    type Change = fn(&mut Vec<Item>);
    let cases: [(Change, &str, &str, Tag); 2] = [
        (|_| {}, "ResponseMessage/BatchItem", "BatchItem", Tag::RESPONSE_PAYLOAD),
        (empty, "ResponseMessage/BatchItem/ResponsePayload", "ResponsePayload", Tag::UNIQUE_IDENTIFIER),
    ];
    for version in ProtocolVersion::ALL {
        for (change, path, structure, tag) in cases {
            let session = Session::new(*version);
            let (prepared, handle) = session.prepare_one(ActivateRequest::new("a")).unwrap();
            let answer = changed(&response(prepared.bytes(), vec![item()]), change);
            let mut results = prepared.complete(&answer).unwrap();
            let [deviation] = results.deviations() else { panic!("{:?}", results.deviations()) };
            assert_eq!(deviation.path.to_string(), path);
            assert_eq!(deviation.kind, DeviationKind::Missing { structure, tag });
            assert_eq!(results.take(handle).unwrap().unique_identifier, "a".into());

            // The request leaves the object to the server, so nothing is known.
            let (prepared, handle) = session.prepare_one(ActivateRequest::default()).unwrap();
            let results = prepared.complete(&answer);
            assert!(results.and_then(|mut results| results.take(handle)).unwrap_err().is_outcome_unknown());

            let (prepared, handle) =
                session.with_mode(Mode::Strict).prepare_one(ActivateRequest::new("a")).unwrap();
            let results = prepared.complete(&answer);
            assert!(results.and_then(|mut results| results.take(handle)).unwrap_err().is_outcome_unknown());
        }
    }
}

#[test]
fn takes_no_payload_that_cannot_be_read_for_an_empty_one() {
    let (prepared, located) = Session::new(V1_2).prepare_one(LocateRequest::default()).unwrap();
    let mut item = ResponseBatchItem::success(Operation::Locate, LocateResponse::default().into());
    item.response_payload = None;
    let answer = changed(&response(prepared.bytes(), vec![item]), |fields| {
        fields.push(Item::text_string(Tag::RESPONSE_PAYLOAD, "l"));
    });
    let error = prepared.complete(&answer).unwrap().take(located).unwrap_err();
    assert_eq!(error.phase(), Phase::Decode, "{error}");
    assert!(matches!(error.kind(), ErrorKind::Decode(_)) && error.is_outcome_unknown(), "{error}");
}

#[test]
fn completes_no_more_than_what_the_request_tells() {
    let session = Session::new(V1_2);
    // Get without an object, and Create without an identifier.
    let (prepared, got) = session.prepare_one(GetRequest::new("a")).unwrap();
    let mut item = ResponseBatchItem::success(Operation::Get, LocateResponse::default().into());
    item.response_payload = None;
    let answer = response(prepared.bytes(), vec![item]).to_ttlv().unwrap();
    let error = prepared.complete(&answer).unwrap().take(got).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response(ResponseError::NoPayload { .. })), "{error}");

    // A reference to another operation's result is no identifier.
    let session = Session::new(ProtocolVersion::V2_1);
    let placeholder = kmip_sdk::types::enumerations::UniqueIdentifierEnumeration::IdPlaceholder;
    let request =
        ActivateRequest::new(kmip_sdk::types::attribute::UniqueIdentifier::Enumeration(placeholder));
    let (prepared, activated) = session.prepare_one(request).unwrap();
    let mut item = ResponseBatchItem::success(Operation::Activate, LocateResponse::default().into());
    item.response_payload = None;
    let answer = response(prepared.bytes(), vec![item]).to_ttlv().unwrap();
    let error = prepared.complete(&answer).unwrap().take(activated).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response(ResponseError::NoPayload { .. })), "{error}");
}

#[test]
fn completes_each_item_of_a_batch_from_its_own_request() {
    let session = Session::new(V1_2);
    let mut batch = Batch::new();
    let activated = batch.add(ActivateRequest::new("a"));
    let created = batch.add(CreateRequest::new(ObjectType::SecretData, Default::default()));
    let destroyed = batch.add(DestroyRequest::new("d"));
    let prepared = session.prepare(batch).unwrap();
    let success = |operation, id: u8| {
        let mut item = ResponseBatchItem::success(operation, LocateResponse::default().into());
        item.response_payload = None;
        item.unique_batch_item_id = Some(vec![0, 0, 0, id]);
        item
    };
    let items =
        vec![success(Operation::Destroy, 3), success(Operation::Create, 2), success(Operation::Activate, 1)];
    let mut answer = Item::from_ttlv(&response(prepared.bytes(), items).to_ttlv().unwrap()).unwrap();
    let Value::Structure(fields) = &mut answer.value else { panic!() };
    // The new object's identifier, without the type that was asked for; and a field behind that is out of order.
    let Value::Structure(create) = &mut fields[2].value else { panic!() };
    let identifier = Item::text_string(Tag::UNIQUE_IDENTIFIER, "c");
    create.push(Item::structure(Tag::RESPONSE_PAYLOAD, vec![identifier]));
    let Value::Structure(activate) = &mut fields[3].value else { panic!() };
    activate.swap(0, 1);
    let answer = answer.to_ttlv().unwrap();
    let mut results = prepared.complete(&answer).unwrap();
    let missing = |deviation: &&kmip_sdk::types::ttlv::Deviation| {
        matches!(deviation.kind, DeviationKind::Missing { .. })
    };
    let listed: Vec<_> =
        results.deviations().iter().filter(missing).map(|deviation| deviation.path.to_string()).collect();
    assert_eq!(
        listed,
        [
            "ResponseMessage/BatchItem[0]",
            "ResponseMessage/BatchItem[1]/ResponsePayload",
            "ResponseMessage/BatchItem[2]"
        ]
    );
    for deviation in results.deviations() {
        // The offsets are those of what came.
        let tag = deviation.path.segments().last().unwrap().tag;
        let header = &answer[deviation.offset..deviation.offset + 3];
        assert_eq!(Tag::from_raw(u32::from_be_bytes([0, header[0], header[1], header[2]])), tag);
    }
    assert!(results.deviations().iter().any(|deviation| deviation.kind == DeviationKind::Misplaced));
    assert_eq!(results.take(destroyed).unwrap().unique_identifier, "d".into());
    let created = results.take(created).unwrap();
    assert_eq!((created.object_type, created.unique_identifier), (ObjectType::SecretData, "c".into()));
    assert_eq!(results.take(activated).unwrap().unique_identifier, "a".into());
}

#[test]
fn keeps_the_places_of_what_deviates_in_a_completed_payload() {
    let stray = Tag::from_raw(0x54_0001);
    let (prepared, created) = Session::new(V1_2)
        .prepare_one(CreateRequest::new(ObjectType::SecretData, Default::default()))
        .unwrap();
    let mut item = ResponseBatchItem::success(Operation::Create, LocateResponse::default().into());
    item.response_payload = None;
    let answer = changed(&response(prepared.bytes(), vec![item]), |fields| {
        let inside = vec![Item::integer(stray, 7), Item::text_string(Tag::UNIQUE_IDENTIFIER, "c")];
        fields.push(Item::structure(Tag::RESPONSE_PAYLOAD, inside));
    });
    let mut results = prepared.complete(&answer).unwrap();
    let payload = answer.windows(3).position(|bytes| bytes == [0x42, 0x00, 0x7C]).unwrap();
    let listed: Vec<_> =
        results.deviations().iter().map(|deviation| (deviation.offset, &deviation.kind)).collect();
    let [(at, DeviationKind::Missing { tag, .. }), (inside, DeviationKind::Unknown(kept))] = listed[..]
    else {
        panic!("{listed:?}")
    };
    assert_eq!((at, *tag), (payload, Tag::OBJECT_TYPE));
    assert_eq!((inside, kept.tag()), (payload + 8, stray));
    let path = results.deviations()[1].path.to_string();
    assert!(path.starts_with("ResponseMessage/BatchItem/ResponsePayload/"), "{path}");
    assert_eq!(results.take(created).unwrap().unique_identifier, "c".into());
}

#[test]
fn says_what_a_payload_lacks_that_the_request_does_not_tell() {
    let (prepared, got) = Session::new(V1_2).prepare_one(GetRequest::new("a")).unwrap();
    let mut item = ResponseBatchItem::success(Operation::Get, LocateResponse::default().into());
    item.response_payload = None;
    let answer = changed(&response(prepared.bytes(), vec![item]), |fields| {
        fields.push(Item::structure(Tag::RESPONSE_PAYLOAD, Vec::new()));
    });
    let error = prepared.complete(&answer).unwrap().take(got).unwrap_err();
    let ErrorKind::Decode(fault) = error.kind() else { panic!("{error}") };
    assert!(matches!(fault.kind(), DecodeErrorKind::MissingField { .. }), "{fault}");
    assert_eq!(fault.path().to_string(), "ResponseMessage/BatchItem/ResponsePayload");
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}

#[test]
fn shows_a_servers_text_without_what_controls_a_terminal() {
    let text = "gone\r\n\u{1B}[2J\u{202E}\u{2066}\u{200F}\u{2028}end";
    let (prepared, handle) = Session::new(V1_2).prepare_one(ActivateRequest::new("a")).unwrap();
    let item = ResponseBatchItem::failure(Some(Operation::Activate), ResultReason::ItemNotFound, text);
    let answer = response(prepared.bytes(), vec![item]).to_ttlv().unwrap();
    let error = prepared.complete(&answer).unwrap().take(handle).unwrap_err();
    // The text itself is as it came.
    assert_eq!(error.server().unwrap().result_message.as_deref(), Some(text));
    let shown = r"gone\r\n\u{1b}[2J\u{202e}\u{2066}\u{200f}\u{2028}end";
    assert_eq!(error.to_string(), format!("the result: Activate: OperationFailed, ItemNotFound: {shown}"));
    for text in [format!("{error:?}"), format!("{:?}", error.server())] {
        assert!(text.contains(shown), "{text}");
        assert!(!text.contains(kmip_sdk::types::escape::is_escaped), "{text}");
    }
}

#[test]
fn writes_an_address_of_ipv6_in_brackets() {
    // Nothing listens on that port, or there is no IPv6.
    let closed = 1;
    let roots = crate::peer::CERTIFICATES.ca_pem();
    let client = || kmip_sdk::Client::builder().root_certificates_pem(&roots).version(V1_2);
    let error = client().address(format!("[::1]:{closed}")).connect().unwrap_err();
    assert_eq!(error.address(), Some(format!("[::1]:{closed}").as_str()));
    assert!(error.to_string().starts_with(&format!("connecting [::1]:{closed}: ")), "{error}");
}
