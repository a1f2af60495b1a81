//! The session without a connection: how batches are written, and responses matched to them.

use kmip_sdk::session::{Prepared, Session};
use kmip_sdk::types::enumerations::{BatchErrorContinuationOption, Operation, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, ActivateResponse, DestroyRequest, DestroyResponse, EncryptRequest, LocateRequest,
    LocateResponse, PollRequest, PollResponse, RequestPayload, ResponsePayload,
};
use kmip_sdk::types::ttlv::{DeviationKind, Mode};
use kmip_sdk::types::{DateTime, EncodeErrorKind, Limits, ProtocolVersion};
use kmip_sdk::{Batch, ErrorKind, Handle, Phase, ResponseError, Results};

const VERSION: ProtocolVersion = ProtocolVersion::V1_4;

/// A batch of three, with its handles.
struct Three {
    prepared: Prepared,
    activated: Handle<ActivateRequest>,
    located: Handle<LocateRequest>,
    destroyed: Handle<DestroyRequest>,
}

fn three(session: &Session, options: impl FnOnce(&mut Batch)) -> Three {
    let mut batch = Batch::new();
    options(&mut batch);
    let activated = batch.add(ActivateRequest::new("a"));
    let located = batch.add(LocateRequest::default());
    let destroyed = batch.add(DestroyRequest::new("d"));
    let prepared = session.prepare(batch).unwrap();
    Three { prepared, activated, located, destroyed }
}

/// The items of a response that all three succeeded.
fn items() -> Vec<ResponseBatchItem> {
    let mut items = vec![
        ResponseBatchItem::success(
            Operation::Activate,
            ActivateResponse { unique_identifier: "a".into() }.into(),
        ),
        ResponseBatchItem::success(
            Operation::Locate,
            LocateResponse { unique_identifier: vec!["l".into()], ..LocateResponse::default() }.into(),
        ),
        ResponseBatchItem::success(
            Operation::Destroy,
            DestroyResponse { unique_identifier: "d".into() }.into(),
        ),
    ];
    for (index, item) in items.iter_mut().enumerate() {
        item.unique_batch_item_id = Some(vec![0, 0, 0, index as u8 + 1]);
    }
    items
}

fn failure(operation: Operation, number: u8) -> ResponseBatchItem {
    let mut item = ResponseBatchItem::failure(Some(operation), ResultReason::ItemNotFound, "no such object");
    item.unique_batch_item_id = Some(vec![0, 0, 0, number]);
    item
}

fn message(items: Vec<ResponseBatchItem>) -> ResponseMessage {
    ResponseMessage {
        response_header: ResponseHeader::new(VERSION, DateTime::from_seconds(0), items.len() as i32),
        batch_item: items,
    }
}

fn complete(prepared: Prepared, items: Vec<ResponseBatchItem>) -> Result<Results, kmip_sdk::Error> {
    prepared.complete(&message(items).to_ttlv().unwrap())
}

/// Takes the three results, which must be those of [`items`].
fn all_succeed(three: Three, items: Vec<ResponseBatchItem>) {
    let mut results = complete(three.prepared, items).unwrap();
    assert!(results.is_success() && results.len() == 3);
    // In any order.
    assert_eq!(results.take(three.destroyed).unwrap().unique_identifier, "d".into());
    assert_eq!(results.take(three.activated).unwrap().unique_identifier, "a".into());
    assert_eq!(results.take(three.located).unwrap().unique_identifier, ["l".into()]);
}

#[test]
fn names_each_item_as_no_earlier_one() {
    let session = Session::new(VERSION);
    let options = |batch: &mut Batch| {
        batch.order(true).continuation(BatchErrorContinuationOption::Undo);
    };
    let request = RequestMessage::from_ttlv(three(&session, options).prepared.bytes()).unwrap();
    let header = request.request_header;
    assert_eq!(header.batch_count, 3);
    assert_eq!(header.batch_order_option, Some(true));
    assert_eq!(header.batch_error_continuation_option, Some(BatchErrorContinuationOption::Undo));
    let ids: Vec<_> = request.batch_item.iter().map(|item| item.unique_batch_item_id.clone()).collect();
    assert_eq!(ids, [1, 2, 3].map(|id| Some(vec![0, 0, 0, id])));

    let (single, _) = session.prepare_one(LocateRequest::default()).unwrap();
    let single = RequestMessage::from_ttlv(single.bytes()).unwrap();
    assert_eq!(single.batch_item[0].unique_batch_item_id, Some(vec![0, 0, 0, 4]));

    let unnamed = three(&session, |batch| {
        batch.unique_batch_item_ids(false);
    });
    let session = session.with_unique_batch_item_ids(false);
    let (single, _) = session.prepare_one(LocateRequest::default()).unwrap();
    for prepared in [unnamed.prepared, single] {
        let request = RequestMessage::from_ttlv(prepared.bytes()).unwrap();
        assert!(request.batch_item.iter().all(|item| item.unique_batch_item_id.is_none()));
        assert_eq!(request.request_header.batch_order_option, None);
    }
}

#[test]
fn matches_results_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let session = Session::new(VERSION).with_mode(Mode::Strict);
        let shuffled = order.map(|index| items()[index].clone()).to_vec();
        all_succeed(three(&session, |_| {}), shuffled);
    }
}

#[test]
fn matches_results_without_names_by_their_order() {
    let unnamed = || -> Vec<_> {
        let without = |mut item: ResponseBatchItem| {
            item.unique_batch_item_id = None;
            item
        };
        items().into_iter().map(without).collect()
    };
    let strict = Session::new(VERSION).with_mode(Mode::Strict);
    all_succeed(
        three(&strict, |batch| {
            batch.unique_batch_item_ids(false);
        }),
        unnamed(),
    );
    all_succeed(three(&Session::new(VERSION), |_| {}), unnamed());
    let error = complete(three(&strict, |_| {}).prepared, unnamed()).unwrap_err();
    let ErrorKind::Response(error) = error.kind() else { panic!("{error}") };
    assert_eq!(*error, ResponseError::UniqueBatchItemId { item: 0, found: None });
    // Out of order, the operations tell.
    let mut swapped = unnamed();
    swapped.swap(0, 1);
    let error = complete(three(&Session::new(VERSION), |_| {}).prepared, swapped).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response(ResponseError::Operation { item: 0, .. })), "{error}");
}

#[test]
fn rejects_responses_that_answer_something_else() {
    type Change = fn(&mut ResponseMessage);
    let cases: Vec<(Change, ResponseError)> = vec![
        (
            |message| message.response_header.batch_count = 2,
            ResponseError::BatchCount { declared: 2, found: 3 },
        ),
        (
            |message| message.response_header.batch_count = -1,
            ResponseError::BatchCount { declared: -1, found: 3 },
        ),
        (
            |message| message.response_header.protocol_version = ProtocolVersion::V2_1,
            ResponseError::Version { expected: VERSION, found: ProtocolVersion::V2_1 },
        ),
        (
            |message| {
                message.batch_item.push(failure(Operation::Locate, 3));
                message.response_header.batch_count = 4;
            },
            ResponseError::ItemCount { expected: 3, found: 4 },
        ),
        // Fewer, though none failed.
        (
            |message| {
                message.batch_item.pop();
                message.response_header.batch_count = 2;
            },
            ResponseError::ItemCount { expected: 3, found: 2 },
        ),
        (
            |message| message.batch_item[1].unique_batch_item_id = Some(vec![0, 0, 0, 1]),
            ResponseError::UniqueBatchItemId { item: 1, found: Some(vec![0, 0, 0, 1]) },
        ),
        (
            |message| message.batch_item[2].unique_batch_item_id = Some(vec![3]),
            ResponseError::UniqueBatchItemId { item: 2, found: Some(vec![3]) },
        ),
        (
            |message| message.batch_item[2].unique_batch_item_id = Some(vec![0, 0, 0, 0, 3]),
            ResponseError::UniqueBatchItemId { item: 2, found: Some(vec![0, 0, 0, 0, 3]) },
        ),
        (
            |message| message.batch_item[2].unique_batch_item_id = Some(vec![0; 4]),
            ResponseError::UniqueBatchItemId { item: 2, found: Some(vec![0; 4]) },
        ),
        (
            |message| message.batch_item[2].unique_batch_item_id = Some(vec![0, 0, 0, 4]),
            ResponseError::UniqueBatchItemId { item: 2, found: Some(vec![0, 0, 0, 4]) },
        ),
        (
            |message| message.batch_item[0].unique_batch_item_id = None,
            ResponseError::UniqueBatchItemId { item: 0, found: None },
        ),
        (
            |message| message.batch_item[2].operation = Some(Operation::Activate),
            ResponseError::Operation {
                item: 2,
                expected: Operation::Destroy,
                found: Some(Operation::Activate),
            },
        ),
        (
            |message| {
                let mut pending = failure(Operation::Locate, 3);
                pending.result_status = ResultStatus::OperationPending;
                *message = self::message(vec![
                    failure(Operation::Activate, 1),
                    failure(Operation::Locate, 2),
                    pending,
                ])
            },
            ResponseError::Operation {
                item: 2,
                expected: Operation::Destroy,
                found: Some(Operation::Locate),
            },
        ),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        let session = Session::new(VERSION);
        let mut response = message(items());
        change(&mut response);
        let prepared = three(&session, |_| {}).prepared;
        let error = prepared.complete(&response.to_ttlv().unwrap()).unwrap_err();
        assert_eq!(error.phase(), Phase::Decode, "{number}: {error}");
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{number}: {error}");
        let ErrorKind::Response(found) = error.kind() else { panic!("{number}: {error}") };
        assert_eq!(*found, expected, "{number}");
    }
}

#[test]
fn types_failures_one_by_one() {
    let mut mixed = items();
    mixed[1] = failure(Operation::Locate, 2);
    // Which operation failed is known, even if the response does not say so.
    mixed[1].operation = None;
    let batch = three(&Session::new(VERSION), |batch| {
        batch.continuation(BatchErrorContinuationOption::Continue);
    });
    let mut results = complete(batch.prepared, mixed).unwrap();
    assert!(!results.is_success());
    assert_eq!(results.take(batch.activated).unwrap().unique_identifier, "a".into());
    let error = results.take(batch.located).unwrap_err();
    assert_eq!(error.phase(), Phase::Result);
    assert!(!error.is_outcome_unknown() && !error.is_retryable());
    let server = error.server().unwrap();
    assert_eq!(server.operation, Some(Operation::Locate));
    assert_eq!(server.result_status, ResultStatus::OperationFailed);
    assert_eq!(server.result_reason, Some(ResultReason::ItemNotFound));
    assert_eq!(server.result_message.as_deref(), Some("no such object"));
    assert_eq!(server.unique_batch_item_id.as_deref(), Some(&[0, 0, 0, 2][..]));
    assert_eq!(results.take(batch.destroyed).unwrap().unique_identifier, "d".into());
}

#[test]
fn knows_what_a_stopped_batch_did_not_do() {
    for option in [None, Some(BatchErrorContinuationOption::Stop)] {
        let options = |batch: &mut Batch| {
            if let Some(option) = option {
                batch.continuation(option);
            }
        };
        let batch = three(&Session::new(VERSION), options);
        let stopped = vec![items().remove(0), failure(Operation::Locate, 2)];
        let mut results = complete(batch.prepared, stopped).unwrap();
        results.take(batch.activated).unwrap();
        assert!(results.take(batch.located).unwrap_err().server().is_some());
        let error = results.take(batch.destroyed).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotDone { failed: 1 }), "{error}");
        assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    }
    // A batch that goes on has all its results.
    let batch = three(&Session::new(VERSION), |batch| {
        batch.continuation(BatchErrorContinuationOption::Continue);
    });
    let error = complete(batch.prepared, vec![failure(Operation::Activate, 1)]).unwrap_err();
    let ErrorKind::Response(error) = error.kind() else { panic!("{error}") };
    assert_eq!(*error, ResponseError::ItemCount { expected: 3, found: 1 });
}

#[test]
fn takes_a_refusal_of_the_whole_message() {
    let refusal = ResponseBatchItem::failure(None, ResultReason::InvalidMessage, "cannot be read");
    let mut response = message(vec![refusal]);
    // A server that cannot read a message may not know its version.
    response.response_header.protocol_version = ProtocolVersion::V1_0;
    let response = response.to_ttlv().unwrap();
    let session = Session::new(VERSION);
    let (single, _) = session.prepare_one(ActivateRequest::new("a")).unwrap();
    for (prepared, operation) in
        [(three(&session, |_| {}).prepared, None), (single, Some(Operation::Activate))]
    {
        let error = prepared.complete(&response).unwrap_err();
        assert_eq!(error.phase(), Phase::Result);
        assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        let server = error.server().unwrap();
        assert_eq!(server.operation, operation);
        assert_eq!(server.result_reason, Some(ResultReason::InvalidMessage));
    }
}

#[test]
fn reports_a_pending_operation() {
    let mut pending = failure(Operation::Activate, 1);
    pending.unique_batch_item_id = None;
    pending.result_status = ResultStatus::OperationPending;
    pending.asynchronous_correlation_value = Some(vec![9]);
    let (prepared, handle) = Session::new(VERSION).prepare_one(ActivateRequest::new("a")).unwrap();
    let error = complete(prepared, vec![pending]).unwrap().take(handle).unwrap_err();
    let server = error.server().unwrap();
    assert_eq!(server.result_status, ResultStatus::OperationPending);
    assert_eq!(server.asynchronous_correlation_value.as_deref(), Some(&[9][..]));
}

#[test]
fn takes_the_answer_to_poll_as_that_of_the_pending_operation() {
    let (prepared, polled) =
        Session::new(VERSION).prepare_one(PollRequest { asynchronous_correlation_value: vec![7] }).unwrap();
    let response = ActivateResponse { unique_identifier: "a".into() };
    let item = ResponseBatchItem::success(Operation::Activate, response.clone().into());
    let mut results = complete(prepared, vec![item]).unwrap();
    let PollResponse(payload) = results.take(polled).unwrap();
    assert_eq!(payload, ResponsePayload::Activate(response));
}

#[test]
fn tolerates_an_empty_payload_that_is_left_out() {
    let item = |operation, payload| {
        let mut item = ResponseBatchItem::success(operation, payload);
        item.response_payload = None;
        item
    };
    let located = item(Operation::Locate, LocateResponse::default().into());
    let activated = item(Operation::Activate, ActivateResponse { unique_identifier: "a".into() }.into());

    let session = Session::new(VERSION);
    let (prepared, handle) = session.prepare_one(LocateRequest::default()).unwrap();
    let found = complete(prepared, vec![located.clone()]).unwrap().take(handle).unwrap();
    assert_eq!(found, LocateResponse::default());

    // Activate yields the identifier of the request: where that has none, the payload cannot be.
    let (prepared, handle) = session.prepare_one(ActivateRequest::default()).unwrap();
    let error = complete(prepared, vec![activated]).unwrap().take(handle).unwrap_err();
    let ErrorKind::Response(kind) = error.kind() else { panic!("{error}") };
    assert_eq!(*kind, ResponseError::NoPayload { item: 0, operation: Operation::Activate });
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");

    let strict = Session::new(VERSION).with_mode(Mode::Strict);
    let (prepared, handle) = strict.prepare_one(LocateRequest::default()).unwrap();
    let mut named = located;
    named.unique_batch_item_id = Some(vec![0, 0, 0, 1]);
    let error = complete(prepared, vec![named]).unwrap().take(handle).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response(ResponseError::NoPayload { .. })), "{error}");
}

#[test]
fn lists_deviations_or_rejects_them() {
    // The time stamp before the version.
    let (prepared, handle) = Session::new(VERSION).prepare_one(LocateRequest::default()).unwrap();
    let located = ResponseBatchItem::success(Operation::Locate, LocateResponse::default().into());
    let response = message(vec![located]).to_ttlv().unwrap();
    let (version, time_stamp) = (16..16 + 40, 56..72);
    let swapped = [&response[..16], &response[time_stamp], &response[version], &response[72..]].concat();
    let mut results = prepared.complete(&swapped).unwrap();
    assert!(!results.deviations().is_empty());
    for deviation in results.deviations() {
        assert_eq!(deviation.kind, DeviationKind::Misplaced, "{}", deviation.path);
    }
    results.take(handle).unwrap();

    let strict = Session::new(VERSION).with_mode(Mode::Strict);
    let (prepared, _) = strict.prepare_one(LocateRequest::default()).unwrap();
    let error = prepared.complete(&swapped).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
    // Locate changes nothing, but the same request would fail again.
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}

#[test]
fn writes_requests_of_any_size_within_the_limit() {
    let request = |length| EncryptRequest::new("k", vec![7; length]);
    for length in [1, 8000, 8 << 10, 100_000, 3 << 20] {
        let (prepared, _) = Session::new(VERSION).prepare_one(request(length)).unwrap();
        let message = RequestMessage::from_ttlv(prepared.bytes()).unwrap();
        assert_eq!(message.batch_item[0].request_payload, request(length).into());

        let size = prepared.bytes().len();
        for (size, fits) in [(size, true), (size - 1, false)] {
            let session = Session::new(VERSION).with_limits(Limits { size, ..Limits::default() });
            match session.prepare_one(request(length)) {
                Ok(_) => assert!(fits, "{length}"),
                Err(error) => {
                    let ErrorKind::Encode(kind) = error.kind() else { panic!("{error}") };
                    assert_eq!(*kind.kind(), EncodeErrorKind::SizeLimit { limit: size });
                    assert!(!fits, "{length}");
                }
            }
        }
    }
}

#[test]
fn refuses_the_handle_of_another_batch() {
    let session = Session::new(VERSION);
    let (_, foreign) = session.prepare_one(ActivateRequest::new("a")).unwrap();
    let mut results = complete(three(&Session::new(VERSION), |_| {}).prepared, items()).unwrap();
    let error = results.take(foreign).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignHandle), "{error}");
}

#[test]
fn never_panics_on_a_response_that_is_cut_or_changed() {
    let session = Session::new(VERSION);
    let response = message(items()).to_ttlv().unwrap();
    let mut refused = 0;
    for index in 0..response.len() {
        refused += u32::from(three(&session, |_| {}).prepared.complete(&response[..index]).is_err());
        let mut changed = response.clone();
        changed[index] ^= 0xFF;
        let batch = three(&Session::new(VERSION), |_| {});
        if let Ok(mut results) = batch.prepared.complete(&changed) {
            let _ = results.take(batch.activated);
            let _ = results.take(batch.located);
            let _ = results.take(batch.destroyed);
        }
    }
    assert_eq!(refused as usize, response.len());
}

#[test]
fn says_that_an_operation_was_undone() {
    let batch = three(&Session::new(VERSION), |batch| {
        batch.continuation(BatchErrorContinuationOption::Undo);
    });
    let mut undone = failure(Operation::Activate, 1);
    undone.result_status = ResultStatus::OperationUndone;
    let mut results = complete(batch.prepared, vec![undone, failure(Operation::Locate, 2)]).unwrap();
    let error = results.take(batch.activated).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Undone(_)) && error.is_not_done(), "{error}");
    let error = results.take(batch.located).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Server(_)) && !error.is_not_done(), "{error}");
    assert!(results.take(batch.destroyed).unwrap_err().is_not_done());
}

#[test]
fn sends_no_batch_for_another_id_placeholder_than_is_meant() {
    let session = Session::new(VERSION);
    let mut batch = Batch::new();
    let first = batch.add(LocateRequest::default()).id_placeholder();
    batch.add_for(first, ActivateRequest::new("ignored"));
    let request = RequestMessage::from_ttlv(session.prepare(batch).unwrap().bytes()).unwrap();
    assert_eq!(request.request_header.batch_order_option, Some(true));
    let RequestPayload::Activate(activate) = &request.batch_item[1].request_payload else { panic!() };
    assert_eq!(activate.unique_identifier, None);

    let mut between = Batch::new();
    let first = between.add(LocateRequest::default()).id_placeholder();
    between.add(LocateRequest::default());
    between.add_for(first, ActivateRequest::default());
    let mut other = Batch::new();
    other.add(LocateRequest::default());
    other.add_for(first, ActivateRequest::default());
    for batch in [between, other] {
        let error = session.prepare(batch).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Misplaced), "{error}");
    }
}
