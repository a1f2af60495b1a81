//! Operations that are answered later: Poll, Cancel, Process and Query Asynchronous Requests.

use kmip_sdk::server::{Failure, Later, ServerOptions};
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator as Indicator, BatchErrorContinuationOption, CancellationResult, Operation,
    ProcessingStage, ResultReason as R, ResultStatus as S,
};
use kmip_sdk::types::message::{RequestBatchItem, ResponseBatchItem};
use kmip_sdk::types::operation::{
    AsynchronousCorrelationValues, CancelRequest, CreateRequest, GetRequest, LocateRequest, Operations,
    PingRequest, PollRequest, ProcessRequest, QueryAsynchronousRequestsRequest, RequestPayload,
    ResponsePayload,
};
use kmip_sdk::types::{Interval, ProtocolVersion, RawStructure};

use crate::support::{Peer, VERSIONS, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn ask(peer: &Peer, payload: impl Into<RequestPayload>, indicator: Indicator) -> ResponseBatchItem {
    let mut response = peer.send(vec![payload.into()], |message| {
        message.request_header.asynchronous_indicator = Some(indicator);
    });
    response.batch_item.remove(0)
}

/// Asks for a new key, and gives what is to be polled with.
fn create_later(peer: &Peer) -> Vec<u8> {
    let item = ask(peer, create_aes([]), Indicator::Optional);
    assert_eq!((item.operation, item.result_status), (Some(Operation::Create), S::OperationPending));
    assert_eq!(item.response_payload, None);
    item.asynchronous_correlation_value.unwrap()
}

fn poll(peer: &Peer, value: &[u8]) -> ResponseBatchItem {
    let request = PollRequest { asynchronous_correlation_value: value.to_vec() };
    ask(peer, request, Indicator::Prohibited)
}

fn cancel(peer: &Peer, value: &[u8]) -> CancellationResult {
    let response = peer.call(CancelRequest { asynchronous_correlation_value: value.to_vec() }).unwrap();
    assert_eq!(response.asynchronous_correlation_value, value);
    response.cancellation_result
}

fn keys(peer: &Peer) -> usize {
    peer.call(LocateRequest::default()).unwrap().unique_identifier.len()
}

fn later(later: Later) -> ServerOptions {
    ServerOptions::default().later(Operation::Create, later)
}

#[test]
fn a_result_comes_after_so_many_polls_and_stays_a_while() {
    for version in VERSIONS {
        let peer = Peer::with(version, later(Later::Polls(2)));
        let value = create_later(&peer);
        for _ in 0..2 {
            let item = poll(&peer, &value);
            assert_eq!((item.operation, item.result_status), (Some(Operation::Poll), S::OperationPending));
            assert_eq!(item.asynchronous_correlation_value.as_ref(), Some(&value));
            assert_eq!(item.response_payload, None);
        }
        let item = poll(&peer, &value);
        assert_eq!((item.operation, item.result_status), (Some(Operation::Create), S::Success));
        assert!(matches!(item.response_payload, Some(ResponsePayload::Create(_))));
        assert_eq!(item.asynchronous_correlation_value, None);
        assert_eq!(keys(&peer), 1);
        // The answer may have been lost.
        assert_eq!(poll(&peer, &value).response_payload, item.response_payload);
        assert_eq!(keys(&peer), 1);
        peer.wait(601);
        create_later(&peer);
        let expected = reason(version, R::InvalidAsynchronousCorrelationValue, R::ItemNotFound);
        assert_eq!(poll(&peer, &value).result_reason, Some(expected));
    }
}

#[test]
fn a_result_comes_with_time_whether_it_is_asked_for_or_not() {
    let peer = Peer::with(V2_1, later(Later::Time(Interval::from_seconds(60))));
    let (one, _) = (create_later(&peer), create_later(&peer));
    peer.wait(59);
    assert_eq!(poll(&peer, &one).result_status, S::OperationPending);
    assert_eq!(keys(&peer), 0);
    peer.wait(1);
    assert_eq!(keys(&peer), 2);
    assert_eq!(poll(&peer, &one).result_status, S::Success);
}

#[test]
fn a_client_that_takes_nothing_later_is_answered_at_once() {
    let peer = Peer::with(V2_1, later(Later::Polls(2)));
    assert_eq!(ask(&peer, create_aes([]), Indicator::Prohibited).result_status, S::Success);
    assert!(peer.call(create_aes([])).is_ok());
    assert_eq!(ask(&peer, LocateRequest::default(), Indicator::Optional).result_status, S::Success);
}

#[test]
fn a_client_may_demand_it_of_everything() {
    let peer = Peer::new(V2_1);
    let item = ask(&peer, create_aes([]), Indicator::Mandatory);
    assert_eq!(item.result_status, S::OperationPending);
    let value = item.asynchronous_correlation_value.unwrap();
    let request = PollRequest { asynchronous_correlation_value: value };
    // Poll itself is answered at once.
    assert_eq!(ask(&peer, request, Indicator::Mandatory).result_status, S::Success);
    // What is not there is not there later either.
    let request = RequestPayload::Other(RawStructure::default());
    let mut response = peer.send(Vec::new(), |message| {
        message.request_header.asynchronous_indicator = Some(Indicator::Mandatory);
        message.request_header.batch_count = 1;
        message.batch_item = vec![RequestBatchItem::new(Operation::from(0x8000_0001), request)];
    });
    assert_eq!(response.batch_item.remove(0).result_reason, Some(R::OperationNotSupported));
}

#[test]
fn what_fails_fails_later() {
    let peer = Peer::with(V2_1, ServerOptions::default().later(Operation::Get, Later::Polls(0)));
    let item = ask(&peer, GetRequest::new("none".to_owned()), Indicator::Optional);
    let value = item.asynchronous_correlation_value.unwrap();
    let item = poll(&peer, &value);
    assert_eq!((item.operation, item.result_status), (Some(Operation::Get), S::OperationFailed));
    assert_eq!(item.result_reason, Some(R::ObjectNotFound));
    assert_eq!(cancel(&peer, &value), CancellationResult::Failed);
}

#[test]
fn an_operation_knows_what_its_batch_did_before_it() {
    let peer = Peer::with(V2_1, ServerOptions::default().later(Operation::Get, Later::Polls(0)));
    let placed = GetRequest { unique_identifier: None, ..GetRequest::new(String::new()) };
    let response = peer.send(vec![create_aes([]).into(), placed.into()], |message| {
        message.request_header.asynchronous_indicator = Some(Indicator::Optional);
        for (number, item) in (0..).zip(&mut message.batch_item) {
            item.unique_batch_item_id = Some(vec![number]);
        }
    });
    let [created, got] = &response.batch_item[..] else { panic!("{response:?}") };
    assert_eq!((created.result_status, got.result_status), (S::Success, S::OperationPending));
    assert_eq!(got.unique_batch_item_id, Some(vec![1]));
    let item = poll(&peer, got.asynchronous_correlation_value.as_ref().unwrap());
    assert_eq!((item.result_status, item.unique_batch_item_id), (S::Success, None));
}

#[test]
fn what_is_cancelled_is_not_done() {
    for version in VERSIONS {
        let peer = Peer::with(version, later(Later::Polls(1)));
        let (value, done) = (create_later(&peer), create_later(&peer));
        assert_eq!(cancel(&peer, &value), CancellationResult::Canceled);
        assert_eq!(poll(&peer, &value).result_reason, Some(R::OperationCanceledByRequester));
        assert_eq!(keys(&peer), 0);
        assert_eq!(poll(&peer, &done).result_status, S::OperationPending);
        assert_eq!(poll(&peer, &done).result_status, S::Success);
        assert_eq!(cancel(&peer, &done), CancellationResult::Completed);
        assert_eq!(cancel(&peer, b"other"), CancellationResult::Unavailable);
        assert_eq!(keys(&peer), 1);
    }
}

#[test]
fn what_is_hurried_is_there_at_the_next_poll() {
    let peer = Peer::with(V2_1, later(Later::Polls(9)));
    let value = create_later(&peer);
    peer.call(ProcessRequest { asynchronous_correlation_value: value.clone() }).unwrap();
    assert_eq!(poll(&peer, &value).result_status, S::Success);
    let unknown = ProcessRequest { asynchronous_correlation_value: b"other".to_vec() };
    assert_eq!(peer.call(unknown), Err(R::InvalidAsynchronousCorrelationValue));
}

#[test]
fn what_is_outstanding_is_listed() {
    let options = later(Later::Polls(1)).later(Operation::Locate, Later::Polls(0));
    let peer = Peer::with(V2_1, options);
    let list = |request: QueryAsynchronousRequestsRequest| -> Vec<_> {
        let found = peer.call(request).unwrap().asynchronous_request;
        found.into_iter().map(|request| (request.operation, request.processing_stage)).collect()
    };
    let value = create_later(&peer);
    ask(&peer, LocateRequest::default(), Indicator::Optional);
    let all = QueryAsynchronousRequestsRequest::default();
    let create = (Operation::Create, ProcessingStage::Submitted);
    let locate = (Operation::Locate, ProcessingStage::Completed);
    assert_eq!(list(all.clone()), [create, locate]);
    let some = QueryAsynchronousRequestsRequest {
        operations: Some(Operations { operation: vec![Operation::Locate] }),
        ..all.clone()
    };
    assert_eq!(list(some), [locate]);
    let values = AsynchronousCorrelationValues { asynchronous_correlation_value: vec![value.clone()] };
    let some =
        QueryAsynchronousRequestsRequest { asynchronous_correlation_values: Some(values), ..all.clone() };
    assert_eq!(list(some), [create]);
    poll(&peer, &value);
    poll(&peer, &value);
    assert_eq!(list(all), [locate]);
}

#[test]
fn what_is_undone_together_is_answered_at_once() {
    let peer = Peer::with(V2_1, later(Later::Polls(1)));
    for (indicator, expected) in [
        (Indicator::Optional, (S::Success, None)),
        (Indicator::Mandatory, (S::OperationFailed, Some(R::FeatureNotSupported))),
    ] {
        let response = peer.send(vec![create_aes([]).into()], |message| {
            message.request_header.asynchronous_indicator = Some(indicator);
            message.request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Undo);
        });
        let item = &response.batch_item[0];
        assert_eq!((item.result_status, item.result_reason), expected);
    }
}

#[test]
fn a_client_has_so_many_at_a_time() {
    let peer = Peer::with(V2_1, later(Later::Polls(0)).maximum_later(2));
    let (one, _) = (create_later(&peer), create_later(&peer));
    let item = ask(&peer, create_aes([]), Indicator::Optional);
    assert_eq!(item.result_reason, Some(R::ServerLimitExceeded));
    // What the client has got makes room.
    poll(&peer, &one);
    create_later(&peer);
    assert_eq!(poll(&peer, &one).result_reason, Some(R::InvalidAsynchronousCorrelationValue));
}

#[test]
fn who_waits_for_an_operation_that_runs_gets_its_result() {
    let peer = Peer::with(
        V2_1,
        ServerOptions::default()
            .operation(|request: CreateRequest| -> Result<_, Failure> {
                std::thread::yield_now();
                let _ = request;
                Err(Failure::new(R::PermissionDenied, "not today"))
            })
            .later(Operation::Create, Later::Polls(0)),
    );
    let value = create_later(&peer);
    std::thread::scope(|scope| {
        let polls: Vec<_> = (0..4).map(|_| scope.spawn(|| poll(&peer, &value).result_reason)).collect();
        for result in polls {
            assert_eq!(result.join().unwrap(), Some(R::PermissionDenied));
        }
    });
    assert_eq!(ask(&peer, PingRequest::default(), Indicator::Prohibited).result_status, S::Success);
}
