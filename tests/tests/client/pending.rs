//! Operations that the server answers later.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{CancellationResult, Operation, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::operation::{
    CancelResponse, RecoverRequest, RecoverResponse, RequestPayload, ResponsePayload,
};
use kmip_sdk::{Pending, Polled, Started};

use crate::drivers::{Drives, Make as _, Start as _, with_both_drivers};
use crate::peer::response;

with_both_drivers![
    is_done_at_once_where_the_server_answers_at_once,
    asks_until_the_result_is_there,
    goes_on_in_another_client,
    waits_no_longer_than_it_is_told,
    cancels,
    is_outcome_unknown_where_nobody_asked_for_it,
];

const VALUE: &[u8] = &[7, 8, 9];

fn recovered() -> ResponsePayload {
    ResponsePayload::Recover(RecoverResponse { unique_identifier: "k-1".into() })
}

/// A server that has the result once it was asked so often.
fn server(questions: u32) -> impl Fn(&[u8]) -> Vec<u8> + Send + Sync {
    let asked = AtomicU32::new(0);
    move |request: &[u8]| {
        let item = RequestMessage::from_ttlv(request).unwrap().batch_item.remove(0);
        let pending = |operation| {
            let mut item = ResponseBatchItem::failure(Some(operation), ResultReason::GeneralFailure, "");
            (item.result_status, item.result_reason) = (ResultStatus::OperationPending, None);
            item.result_message = None;
            item.asynchronous_correlation_value = Some(VALUE.to_vec());
            item
        };
        let is_done = asked.fetch_add(1, Ordering::Relaxed) >= questions;
        let mut answer = match &item.request_payload {
            RequestPayload::Recover(_) if !is_done => pending(Operation::Recover),
            RequestPayload::Poll(poll) => {
                assert_eq!(poll.asynchronous_correlation_value, VALUE);
                match is_done {
                    // It names the operation that was pending.
                    true => ResponseBatchItem::success(Operation::Recover, recovered()),
                    false => pending(Operation::Recover),
                }
            }
            RequestPayload::Cancel(_) => ResponseBatchItem::success(
                Operation::Cancel,
                ResponsePayload::Cancel(CancelResponse {
                    asynchronous_correlation_value: VALUE.to_vec(),
                    cancellation_result: CancellationResult::Canceled,
                }),
            ),
            _ => ResponseBatchItem::success(Operation::Recover, recovered()),
        };
        answer.unique_batch_item_id = item.unique_batch_item_id;
        response(request, vec![answer]).to_ttlv().unwrap()
    }
}

fn client<D: Drives>(questions: u32) -> kmip_sdk::generic::Client<D> {
    D::builder().service(server(questions)).version(ProtocolVersion::V2_1).start_late().unwrap()
}

fn recover() -> RecoverRequest {
    RecoverRequest::default().with_unique_identifier("k-1")
}

fn started<D: Drives>(client: &kmip_sdk::generic::Client<D>) -> Pending<D, RecoverResponse> {
    match client.call(recover()).start().make().unwrap() {
        Started::Pending(pending) => pending,
        Started::Done(done) => panic!("{done:?}"),
    }
}

fn is_done_at_once_where_the_server_answers_at_once<D: Drives>() {
    let Started::Done(done) = client::<D>(0).call(recover()).start().make().unwrap() else { panic!() };
    assert_eq!(done.unique_identifier, "k-1".into());
}

fn asks_until_the_result_is_there<D: Drives>() {
    let client = client::<D>(3);
    let pending = started(&client);
    assert_eq!(pending.correlation_value(), VALUE);
    assert_eq!(pending.poll().make().unwrap(), Polled::Pending);
    let done = pending.wait(Duration::from_secs(30)).make().unwrap();
    assert_eq!(done.unique_identifier, "k-1".into());
}

fn goes_on_in_another_client<D: Drives>() {
    let kept = started(&client::<D>(1)).correlation_value().to_vec();
    let pending = client::<D>(0).resume::<RecoverRequest>(kept);
    let Polled::Done(done) = pending.poll().make().unwrap() else { panic!() };
    assert_eq!(done.unique_identifier, "k-1".into());
}

fn waits_no_longer_than_it_is_told<D: Drives>() {
    let client = client::<D>(u32::MAX);
    let pending = started(&client);
    let error = pending.wait(Duration::from_millis(80)).make().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(pending.poll().make().unwrap(), Polled::Pending);
}

fn cancels<D: Drives>() {
    let client = client::<D>(9);
    assert_eq!(started(&client).cancel().make().unwrap(), CancellationResult::Canceled);
}

fn is_outcome_unknown_where_nobody_asked_for_it<D: Drives>() {
    let error = client::<D>(9).call(recover()).make().unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    assert_eq!(error.server().unwrap().asynchronous_correlation_value.as_deref(), Some(VALUE));
}
