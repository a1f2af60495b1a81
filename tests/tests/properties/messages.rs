//! The payloads of every operation, and whole messages in the version that they state.

use std::cell::RefCell;
use std::collections::BTreeSet;

use kmip_types::enumerations::Operation;
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::message::{RequestBatchItem, RequestMessage, ResponseBatchItem, ResponseMessage};
use kmip_types::ttlv::Schema;
use kmip_types::{Tag, schemas};

use crate::kind::{Kind, cases};
use crate::secrets::{LOOKED, assert_all_looked_for};

/// The operations that have a payload under a tag.
fn operations(tag: Tag) -> BTreeSet<Operation> {
    schemas::all().filter(|entry| entry.tag == tag).filter_map(|entry| entry.operation).collect()
}

fn payloads(tag: Tag) -> impl Iterator<Item = &'static Schema> {
    schemas::all().filter(move |entry| entry.tag == tag).map(|entry| entry.schema)
}

#[test]
fn requests_of_every_operation_survive() {
    let seen = RefCell::new(BTreeSet::new());
    // The batch item says which operation its payload is of.
    let kind = Kind::<RequestBatchItem>::new("RequestBatchItem", Tag::BATCH_ITEM);
    let tally = kind.bytes(1024).run(
        cases(24) * 2 * operations(Tag::REQUEST_PAYLOAD).len() as u32,
        |item, carried| {
            if carried > 0 {
                seen.borrow_mut().extend(item.request_payload.operation());
            }
        },
    );
    eprintln!("requests: {tally}");
    let seen = seen.into_inner();
    assert_eq!(seen, OPERATIONS.iter().map(|info| info.operation).collect());
    assert_eq!(seen, operations(Tag::REQUEST_PAYLOAD));
    assert!(assert_all_looked_for(payloads(Tag::REQUEST_PAYLOAD)) > 0);
}

#[test]
fn responses_of_every_operation_survive() {
    let seen = RefCell::new(BTreeSet::new());
    let kind = Kind::<ResponseBatchItem>::new("ResponseBatchItem", Tag::BATCH_ITEM);
    let cases = cases(24) * 2 * operations(Tag::RESPONSE_PAYLOAD).len() as u32;
    let tally = kind.bytes(1024).run(cases, |item, carried| {
        if carried > 0 {
            seen.borrow_mut().extend(item.response_payload.as_ref().and_then(|payload| payload.operation()));
        }
    });
    eprintln!("responses: {tally}");
    assert_eq!(seen.into_inner(), operations(Tag::RESPONSE_PAYLOAD));
    assert!(assert_all_looked_for(payloads(Tag::RESPONSE_PAYLOAD)) > 0);
}

#[test]
fn messages_survive_in_the_version_that_they_state() {
    let requests = Kind::<RequestMessage>::new("RequestMessage", Tag::REQUEST_MESSAGE)
        .prepare(|message, version| message.request_header.protocol_version = version);
    let responses = Kind::<ResponseMessage>::new("ResponseMessage", Tag::RESPONSE_MESSAGE)
        .prepare(|message, version| message.response_header.protocol_version = version);
    let tally = requests.bytes(2048).run(cases(512), |_, _| ());
    let tally = tally.and(responses.bytes(2048).run(cases(512), |_, _| ()));
    let (secrets, faults) = LOOKED.get();
    eprintln!("messages: {tally}; {secrets} secrets, not shown in {faults} errors");
    assert!(tally.carried > 0 && secrets > 0 && faults > 0);
}
