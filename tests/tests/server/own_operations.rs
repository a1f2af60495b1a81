//! Operations of an application: what they see, what they change, and those that wrap one of the server's.

use std::sync::{Arc, Mutex};

use kmip_sdk::server::{Failure, OperationContext, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Name};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, Operation, QueryFunction, ResultReason, ResultStatus,
};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{
    CreateRequest, CreateResponse, GetAttributesRequest, GetRequest, LocateRequest, PingRequest, QueryRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, create_aes};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

#[test]
fn sees_who_asks_when_and_in_which_version() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let options = ServerOptions::default().operation_with(
        move |_: PingRequest, context: &mut OperationContext<'_, '_>| {
            let identity = context.identity().map(str::to_owned);
            kept.lock().unwrap().push((identity, context.version(), context.now()));
            Ok(kmip_sdk::types::operation::PingResponse {})
        },
    );
    let peer = Peer::with(V2_1, options);
    peer.call(PingRequest {}).unwrap();
    let request = RequestMessage {
        request_header: RequestHeader::new(V2_1, 1),
        batch_item: vec![RequestBatchItem::new(Operation::Ping, PingRequest {}.into())],
    };
    peer.server.handle_as("alice", &request.to_ttlv().unwrap());
    let now = DateTime::from_seconds(START);
    assert_eq!(*seen.lock().unwrap(), [(None, V2_1, now), (Some("alice".to_owned()), V2_1, now)]);
}

/// Names every key that is made, and makes no second one of a name.
fn naming(request: CreateRequest, context: &mut OperationContext<'_, '_>) -> Result<CreateResponse, Failure> {
    let mut request = request;
    request.attributes.extend([Attribute::Name(Name::text("by the house"))]);
    context.run(request)
}

#[test]
fn wraps_an_operation_of_the_servers_whose_object_the_batch_goes_on_with() {
    let peer = Peer::with(V2_1, ServerOptions::default().operation_with(naming));
    let response = peer.send(vec![create_aes([]).into(), GetRequest::default().into()], |_| {});
    assert!(response.batch_item.iter().all(|item| item.result_status == ResultStatus::Success));
    let found = peer.call(LocateRequest::default()).unwrap().unique_identifier;
    let names = peer.attributes(&found[0]);
    assert_eq!(names.names().map(|name| name.name_value.as_str()).collect::<Vec<_>>(), ["by the house"]);
}

#[test]
fn what_it_changed_is_undone_with_its_item_and_with_its_batch() {
    let failing = |request: CreateRequest, context: &mut OperationContext<'_, '_>| {
        context.run(request)?;
        Err(Failure::new(ResultReason::PermissionDenied, "on second thoughts"))
    };
    let peer = Peer::with(V2_1, ServerOptions::default().operation_with(failing));
    assert_eq!(peer.call(create_aes([])).unwrap_err(), ResultReason::PermissionDenied);
    assert!(peer.call(LocateRequest::default()).unwrap().unique_identifier.is_empty());

    let peer = Peer::with(V2_1, ServerOptions::default().operation_with(naming));
    let response =
        peer.send(vec![create_aes([]).into(), GetRequest::new("none".to_owned()).into()], |message| {
            message.request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Undo);
        });
    assert_eq!(response.batch_item[0].result_status, ResultStatus::OperationUndone);
    assert!(peer.call(LocateRequest::default()).unwrap().unique_identifier.is_empty());
}

#[test]
fn reaches_no_object_that_who_asks_does_not() {
    let reading =
        |request: GetAttributesRequest, context: &mut OperationContext<'_, '_>| context.run(request);
    let peer = Peer::with(V2_1, ServerOptions::default().operation_with(reading));
    let ask = |identity: &str, operation, payload| {
        let request = RequestMessage {
            request_header: RequestHeader::new(V2_1, 1),
            batch_item: vec![RequestBatchItem::new(operation, payload)],
        };
        let response = peer.server.handle_as(identity, &request.to_ttlv().unwrap());
        ResponseMessage::from_ttlv(&response).unwrap().batch_item.remove(0)
    };
    let made = ask("alice", Operation::Create, create_aes([]).into());
    assert_eq!(made.result_status, ResultStatus::Success);
    // The first identifier that the server gives.
    let get = || GetAttributesRequest::all("k-0".to_owned()).into();
    assert_eq!(ask("alice", Operation::GetAttributes, get()).result_status, ResultStatus::Success);
    let refused = ask("mallory", Operation::GetAttributes, get());
    assert_eq!(refused.result_reason, Some(ResultReason::ObjectNotFound));
}

#[test]
fn what_was_taken_from_the_server_is_refused_before_its_payload_is_read_and_not_listed() {
    let options = ServerOptions::default().without_operation(Operation::Create);
    let peer = Peer::with(V2_1, options);
    assert_eq!(peer.call(create_aes([])).unwrap_err(), ResultReason::OperationNotSupported);
    let listed = peer.call(QueryRequest::new([QueryFunction::QueryOperations].to_vec())).unwrap().operation;
    assert!(listed.contains(&Operation::Get) && !listed.contains(&Operation::Create));
    // A payload of Get's in an item of Create's cannot be read.
    let item = RequestBatchItem::new(Operation::Get, GetRequest::new("k-0".to_owned()).into());
    let request = RequestMessage { request_header: RequestHeader::new(V2_1, 1), batch_item: vec![item] };
    let mut bytes = request.to_ttlv().unwrap();
    let operation = [0x42, 0x00, 0x5C, 0x05, 0, 0, 0, 4, 0, 0, 0];
    let at = bytes.windows(operation.len()).position(|window| window == operation).unwrap();
    bytes[at + operation.len()] = u8::try_from(Operation::Create.value()).unwrap();
    let reason = |peer: &Peer| {
        ResponseMessage::from_ttlv(&peer.server.handle(&bytes)).unwrap().batch_item[0].result_reason
    };
    assert_eq!(reason(&peer), Some(ResultReason::OperationNotSupported));
    assert_ne!(reason(&Peer::new(V2_1)), Some(ResultReason::OperationNotSupported));

    let peer = Peer::with(V2_1, ServerOptions::default().operations([Operation::Query]));
    let listed = peer.call(QueryRequest::new([QueryFunction::QueryOperations].to_vec())).unwrap().operation;
    assert_eq!(listed, [Operation::Query]);
}
