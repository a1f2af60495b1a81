//! Exchanges with a peer that does as it should: what is sent, shown and reported.

use std::sync::{Arc, Mutex};

use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::{ObjectType, Operation, ResultReason};
use kmip_sdk::types::message::{Authentication, Credential, Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::operation::{CreateRequest, LocateRequest};
use kmip_sdk::{Batch, Direction, ErrorKind, Phase, RequestOptions};

use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{builder_of, locates_nothing, nothing_located, receive, response, script, send, tls_peer};

with_both_drivers![
    sends_the_options_and_shows_the_messages,
    reports_the_servers_failure_without_secrets,
    reports_what_cannot_be_encoded_and_goes_on,
];

fn sends_the_options_and_shows_the_messages<D: Drives>() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = builder_of::<D>(tls_peer(vec![script(locates_nothing)]))
        .options(RequestOptions { maximum_response_size: Some(9999), ..RequestOptions::default() })
        .observer(move |direction, message: &[u8]| log.lock().unwrap().push((direction, message.to_vec())))
        .start()
        .unwrap();
    client.call(LocateRequest::default()).client_correlation_value("step 1").make().unwrap();
    let seen = seen.lock().unwrap();
    let [(Direction::Request, request), (Direction::Response, response)] = seen.as_slice() else {
        panic!("{} messages", seen.len());
    };
    let header = RequestMessage::from_ttlv(request).unwrap().request_header;
    assert_eq!(header.maximum_response_size, Some(9999));
    assert_eq!(header.client_correlation_value.as_deref(), Some("step 1"));
    assert_eq!(*response, nothing_located(request).to_ttlv().unwrap());
}

fn reports_the_servers_failure_without_secrets<D: Drives>() {
    let refuses = |request: &[u8]| {
        let reason = ResultReason::PermissionDenied;
        let item = ResponseBatchItem::failure(Some(Operation::Create), reason, "not you");
        response(request, vec![item]).to_ttlv().unwrap()
    };
    let credential = Credential::username_and_password("alice", "hunter2");
    let options = RequestOptions {
        authentication: Some(Authentication { credential: vec![credential] }),
        ..RequestOptions::default()
    };
    let builder = builder_of::<D>(tls_peer(vec![script(move |stream| {
        let request = receive(stream).unwrap();
        send(stream, &refuses(&request));
    })]))
    .options(options);
    let shown = format!("{builder:?}");
    let client = builder.start().unwrap();
    let error =
        client.call(CreateRequest::new(ObjectType::SymmetricKey, Attributes::new())).make().unwrap_err();
    assert_eq!(error.to_string(), "the result: Create: OperationFailed, PermissionDenied: not you");
    let server = error.server().unwrap();
    assert_eq!(server.operation, Some(Operation::Create));
    assert_eq!(server.result_reason, Some(ResultReason::PermissionDenied));
    for text in [shown, format!("{client:?}"), format!("{error:?}")] {
        assert!(!text.contains("hunter2") && !text.contains("PRIVATE KEY"), "{text}");
    }
}

fn reports_what_cannot_be_encoded_and_goes_on<D: Drives>() {
    let address = tls_peer(vec![script(locates_nothing)]);
    let client = builder_of::<D>(address).version(ProtocolVersion::V1_0).start().unwrap();
    let call = client.call(LocateRequest::default()).client_correlation_value("since 1.4");
    let error = call.make().unwrap_err();
    assert_eq!(error.phase(), Phase::Encode);
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("ClientCorrelationValue"), "{error}");

    let error = client.call_batch(Batch::new()).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::EmptyBatch), "{error}");
    client.call(LocateRequest::default()).make().unwrap();
    assert_eq!(client.status().opened(), 1);
}
