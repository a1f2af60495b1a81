//! What is made again, and what is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kmip_sdk::types::enumerations::{Operation, ResultReason};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::operation::GetRequest;
use kmip_sdk::{Closed, RetryPolicy};

use super::{create, serves};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{Script, Stream, builder_of, receive, response, script, send, tls_peer};

with_both_drivers![
    makes_what_changes_nothing_again,
    never_repeats_what_may_have_taken_effect,
    keeps_to_its_budget,
    takes_a_failure_within_the_server_for_an_answer,
];

/// A script that counts a request and closes.
fn closes(count: &Arc<AtomicUsize>) -> Script {
    let count = Arc::clone(count);
    script(move |stream| {
        if receive(stream).is_some() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    })
}

/// A script that counts each request and answers it.
fn counts(count: &Arc<AtomicUsize>, answer: fn(&[u8]) -> Vec<u8>) -> Script {
    let count = Arc::clone(count);
    script(move |stream: &mut Stream| {
        while let Some(request) = receive(stream) {
            count.fetch_add(1, Ordering::SeqCst);
            send(stream, &answer(&request));
        }
    })
}

fn makes_what_changes_nothing_again<D: Drives>() {
    let count = Arc::default();
    let address = tls_peer(vec![closes(&count), closes(&count), counts(&count, super::answer)]);
    let client = builder_of::<D>(address).start().unwrap();
    let got = client.call(GetRequest::new("k-1")).make().unwrap();
    assert_eq!(got.unique_identifier, "k-1".into());
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let status = client.status();
    assert_eq!((status.opened(), status.closed(Closed::Failed), status.idle()), (3, 2, 1));
}

fn never_repeats_what_may_have_taken_effect<D: Drives>() {
    let count = Arc::default();
    let client = builder_of::<D>(tls_peer(vec![closes(&count), script(serves)])).start().unwrap();
    let error = client.call(create()).make().unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
    client.call(create()).make().unwrap();
}

fn keeps_to_its_budget<D: Drives>() {
    let count = Arc::default();
    let policy = RetryPolicy {
        attempts: 10,
        pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(1),
        budget: 2,
    };
    let scripts = (0..8).map(|_| closes(&count)).collect();
    let client = builder_of::<D>(tls_peer(scripts)).retries(policy).start().unwrap();
    for expected in [3, 4, 5] {
        let error = client.call(GetRequest::new("k-1")).make().unwrap_err();
        assert!(error.is_outcome_unknown() && error.is_retryable(), "{error}");
        assert_eq!(count.load(Ordering::SeqCst), expected);
    }
}

fn takes_a_failure_within_the_server_for_an_answer<D: Drives>() {
    let fails = |request: &[u8]| {
        let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
        let reason = ResultReason::InternalServerError;
        let mut item = ResponseBatchItem::failure(Some(items[0].operation), reason, "not now");
        item.unique_batch_item_id = items[0].unique_batch_item_id.clone();
        response(request, vec![item]).to_ttlv().unwrap()
    };
    for (operation, attempts) in [(Operation::Get, 1), (Operation::Create, 1)] {
        let count = Arc::default();
        let client = builder_of::<D>(tls_peer(vec![counts(&count, fails)])).start().unwrap();
        let error = match operation {
            Operation::Get => client.call(GetRequest::new("k-1")).make().unwrap_err(),
            _ => client.call(create()).make().unwrap_err(),
        };
        assert_eq!(error.reason(), Some(ResultReason::InternalServerError), "{error}");
        assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
        // That an operation failed is an answer.
        assert_eq!(count.load(Ordering::SeqCst), attempts, "{operation}");
        assert_eq!(client.status().opened(), 1);
    }
}
