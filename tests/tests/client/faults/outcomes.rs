//! Refusals and answers that do not say what was done.

use kmip_sdk::types::enumerations::{BatchErrorContinuationOption, Operation, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::operation::{ActivateRequest, LocateRequest};
use kmip_sdk::{Batch, ErrorKind, Phase, ResponseError};

use super::{answers, client, success};
use crate::drivers::{Drives, Make, with_both_drivers};
use crate::peer::{receive, response, script, send};

with_both_drivers![
    knows_nothing_of_a_batch_that_was_answered_by_half,
    knows_nothing_of_a_batch_that_failed_as_a_whole,
    knows_nothing_of_what_is_pending,
];

/// A batch of two changes, which goes on after a failure.
fn batch() -> Batch {
    let mut batch = Batch::new();
    batch.continuation(BatchErrorContinuationOption::Continue);
    batch.add(ActivateRequest::new("a"));
    batch.add(ActivateRequest::new("b"));
    batch
}

fn knows_nothing_of_a_batch_that_was_answered_by_half<D: Drives>() {
    let half = |request: &[u8]| {
        let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
        response(request, vec![success(&items[0])]).to_ttlv().unwrap()
    };
    let client = client::<D>(vec![answers(half)]);
    let error = client.call_batch(batch()).make().unwrap_err();
    let ErrorKind::Response(ResponseError::ItemCount { expected: 2, found: 1 }) = error.kind() else {
        panic!("{error}")
    };
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");

    // Half of the message, and the end.
    let client = super::client::<D>(vec![script(|stream| {
        let answer = super::answer(&receive(stream).unwrap());
        send(stream, &answer[..answer.len() / 2]);
    })]);
    let error = client.call_batch(batch()).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Receive, "{error}");
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    client.call(LocateRequest::default()).make().unwrap();
}

fn knows_nothing_of_a_batch_that_failed_as_a_whole<D: Drives>() {
    for (reason, is_unknown) in [
        (ResultReason::ResponseTooLarge, true),
        (ResultReason::GeneralFailure, true),
        (ResultReason::InvalidMessage, false),
        (ResultReason::PermissionDenied, false),
    ] {
        let refuses = move |request: &[u8]| {
            response(request, vec![ResponseBatchItem::failure(None, reason, "no")]).to_ttlv().unwrap()
        };
        let client = client::<D>(vec![answers(refuses)]);
        let error = client.call_batch(batch()).make().unwrap_err();
        assert_eq!((error.phase(), error.reason()), (Phase::Result, Some(reason)), "{error}");
        assert_eq!(error.is_outcome_unknown(), is_unknown, "{error}");
        assert!(!error.is_retryable(), "{error}");
    }
}

fn knows_nothing_of_what_is_pending<D: Drives>() {
    let pending = |request: &[u8]| {
        let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
        let mut item =
            ResponseBatchItem::failure(Some(Operation::Activate), ResultReason::GeneralFailure, "");
        item.unique_batch_item_id = items[0].unique_batch_item_id.clone();
        (item.result_status, item.result_reason, item.result_message) =
            (ResultStatus::OperationPending, None, None);
        item.asynchronous_correlation_value = Some(vec![9]);
        response(request, vec![item]).to_ttlv().unwrap()
    };
    let client = client::<D>(vec![answers(pending)]);
    let error = client.call(ActivateRequest::new("a")).make().unwrap_err();
    let server = error.server().unwrap();
    assert_eq!(server.result_status, ResultStatus::OperationPending);
    assert_eq!(server.asynchronous_correlation_value.as_deref(), Some(&[9][..]));
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}
