//! What is written is read back, in every form, and typed throughout.

use std::fmt::Debug;

use kmip_types::enumerations::Operation;
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::message::{
    Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader,
    ResponseMessage,
};
use kmip_types::operation::{RequestPayload, ResponsePayload};
use kmip_types::schemas;
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Schema;
use kmip_types::{DateTime, Item, ProtocolVersion, Tag};

use kmip_tests::samples::{self, Sample};

pub(crate) fn request(version: ProtocolVersion, payload: impl Into<RequestPayload>) -> RequestMessage {
    let payload = payload.into();
    let operation = payload.operation().unwrap();
    RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![RequestBatchItem::new(operation, payload)],
    }
}

pub(crate) fn response(version: ProtocolVersion, payload: impl Into<ResponsePayload>) -> ResponseMessage {
    let payload = payload.into();
    let operation = payload.operation().unwrap();
    ResponseMessage {
        response_header: ResponseHeader::new(version, DateTime::from_seconds(0), 1),
        batch_item: vec![ResponseBatchItem::success(operation, payload)],
    }
}

/// The message's bytes, which must give the same message back, typed throughout, and the same bytes through each
/// text encoding.
#[track_caller]
pub(crate) fn round_trip<M: Message + Debug + PartialEq>(message: &M) -> Vec<u8> {
    let ttlv = message.to_ttlv().unwrap();
    assert_eq!(&M::from_ttlv(&ttlv).unwrap(), message);
    let decoded = M::from_ttlv_lenient(&ttlv).unwrap();
    assert_eq!(&decoded.value, message);
    assert_eq!((decoded.deviations, decoded.untyped), (vec![], vec![]));
    let codec = TextCodec::new();
    assert_eq!(codec.from_xml(&codec.to_xml(&ttlv).unwrap()).unwrap(), ttlv);
    assert_eq!(codec.from_json(&codec.to_json(&ttlv).unwrap()).unwrap(), ttlv);
    ttlv
}

/// The operations of the standard, each with its sample in the oldest and in the newest version that has it.
fn operations() -> Vec<(Operation, ProtocolVersion, Sample)> {
    let newest = *ProtocolVersion::ALL.last().unwrap();
    let mut operations = Vec::new();
    for info in OPERATIONS {
        for version in [info.since, info.until.unwrap_or(newest)] {
            let samples = samples::all(version).into_iter();
            let mut of = samples.filter(|sample| sample.request.operation() == Some(info.operation));
            let sample = of.next().unwrap_or_else(|| panic!("{} has no sample", info.name));
            assert!(of.next().is_none(), "{} has two samples", info.name);
            operations.push((info.operation, version, sample));
        }
    }
    operations
}

#[test]
fn every_operation_round_trips_in_its_oldest_and_its_newest_version() {
    for (_, version, Sample { request: asked, response: answered }) in operations() {
        round_trip(&request(version, asked));
        round_trip(&response(version, answered));
    }
}

#[test]
fn every_sample_has_every_field_that_its_version_has() {
    for (operation, version, sample) in operations() {
        let bytes = round_trip(&request(version, sample.request));
        check_fields(operation, version, Tag::REQUEST_PAYLOAD, &bytes);
        if operation != Operation::Poll {
            let bytes = round_trip(&response(version, sample.response));
            check_fields(operation, version, Tag::RESPONSE_PAYLOAD, &bytes);
        }
    }
}

fn check_fields(operation: Operation, version: ProtocolVersion, payload: Tag, message: &[u8]) {
    let message = Item::from_ttlv(message).unwrap();
    let payload_item = message.walk().find(|item| item.tag == payload).unwrap();
    let schema: &Schema = schemas::all()
        .find(|entry| entry.tag == payload && entry.operation == Some(operation))
        .map(|entry| entry.schema)
        .unwrap();
    for field in schema.fields.iter().filter(|field| field.is_in(version)) {
        let tag = field.tag_in(version);
        let is_there = |item: &Item| item.tag == tag || field.other_tags.contains(&item.tag);
        assert!(payload_item.fields().iter().any(is_there), "{} in {version}: no {tag:?}", schema.name);
    }
}
