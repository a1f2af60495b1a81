//! Several requests in a message.

use kmip_sdk::types::enumerations::BatchErrorContinuationOption;
use kmip_sdk::types::operation::{DestroyRequest, GetRequest, LocateRequest};
use kmip_sdk::{Batch, ErrorKind, Phase};

use super::place::{Place, Transport, create_aes, created, named};
use crate::drivers::{Drives, Make, Start};

pub(super) fn finds_the_results_of_a_batch<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    for version in place.versions() {
        let client = place.builder::<D>().version(*version).start().unwrap();
        let key = created(&client, &format!("first of {version}"));
        let mut batch = Batch::new();
        batch.continuation(BatchErrorContinuationOption::Continue).order(true);
        let second = batch.add(create_aes(&format!("second of {version}")));
        let missing = batch.add(GetRequest::new("nothing"));
        let got = batch.add(GetRequest::new(key.clone()));
        let located = batch.add(LocateRequest::new(named(&format!("second of {version}"))));
        let mut results = client.call_batch(batch).make().unwrap();
        assert!(!results.is_success());
        assert_eq!(results.len(), 4);
        let found = results.take(located).unwrap().unique_identifier;
        assert_eq!(found, [results.take(second).unwrap().unique_identifier]);
        assert!(results.take(missing).unwrap_err().is_not_found());
        assert_eq!(results.take(got).unwrap().unique_identifier, key);
    }
}

pub(super) fn knows_what_a_stopped_batch_did_not_do<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let key = created(&client, "key");
    let mut batch = Batch::new();
    batch.continuation(BatchErrorContinuationOption::Stop).order(true);
    let missing = batch.add(DestroyRequest::new("nothing"));
    let destroyed = batch.add(DestroyRequest::new(key.clone()));
    let mut results = client.call_batch(batch).make().unwrap();
    assert!(results.take(missing).unwrap_err().is_not_found());
    let error = results.take(destroyed).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotDone { failed: 0 }), "{error}");
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    client.call(GetRequest::new(key)).make().unwrap();
}

pub(super) fn refuses_a_batch_in_the_bare_form<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let mut batch = Batch::new();
    batch.add(LocateRequest::default());
    batch.add(create_aes("never made"));
    let error = client.call_batch(batch).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Encode, "{error}");
    assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
    assert!(error.to_string().contains("the bare form has no batches"), "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    let found = client.call(LocateRequest::new(named("never made"))).make().unwrap();
    assert!(found.unique_identifier.is_empty());
    assert_eq!(client.status().opened(), 1);
}
