//! What a server keeps has bounds, and what a client asks for in one batch costs no more than its size.

use std::time::Duration;

use kmip_sdk::keys::Material;
use kmip_sdk::server::{Later, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, BatchErrorContinuationOption as Option_, Operation, ResultReason as R,
    ResultStatus,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::message::ResponseMessage;
use kmip_sdk::types::operation::{
    AddAttributeRequest, CreateKeyPairRequest, DeleteAttributeRequest, DestroyRequest, LocateRequest,
    PollRequest, RegisterRequest, RequestPayload, SetAttributeRequest,
};
use kmip_sdk::types::{Interval, ProtocolVersion, Tag};

use crate::support::{Peer, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn name(text: impl ToString) -> Attribute {
    Attribute::Name(Name::text(text.to_string()))
}

/// Asks for one name after the other in one batch.
fn add_names(peer: &Peer, key: &UniqueIdentifier, count: usize, option: Option_) -> ResponseMessage {
    let add = |number| RequestPayload::from(AddAttributeRequest::new(key.clone(), name(number)));
    peer.send((0..count).map(add).collect(), |message| {
        message.request_header.batch_error_continuation_option = Some(option);
    })
}

#[test]
fn a_large_batch_fills_an_object_and_no_more() {
    for version in [ProtocolVersion::V1_4, V2_1] {
        let refused = Some(reason(version, R::ServerLimitExceeded, R::GeneralFailure));
        for (option, done) in [(Option_::Stop, true), (Option_::Continue, true), (Option_::Undo, false)] {
            let peer = Peer::with(version, ServerOptions::default().maximum_attributes(100));
            let key = peer.create([]);
            let response = add_names(&peer, &key, 2000, option);
            let mut reasons = response.batch_item.iter().map(|item| item.result_reason);
            let added = reasons.by_ref().position(|reason| reason.is_some()).unwrap();
            // Those that the server sets, some of which KMIP 1.x does not show, count too.
            assert_eq!(peer.in_version(V2_1).attributes(&key).names().count(), if done { added } else { 0 });
            assert!((70..100).contains(&added), "{added}");
            assert_eq!(response.batch_item[added].result_reason, refused, "{version}");
            let rest = if option == Option_::Continue { 2000 - added - 1 } else { 0 };
            assert_eq!(reasons.filter(|reason| *reason == refused).count(), rest);
        }
    }
}

#[test]
fn a_large_batch_that_is_undone_leaves_the_object_as_it_was() {
    let peer = Peer::with(V2_1, ServerOptions::default().maximum_attributes(600));
    let key = peer.create([name("first")]);
    let before = peer.attributes(&key);
    peer.create([name(499)]);
    let response = add_names(&peer, &key, 500, Option_::Undo);
    assert_eq!(response.batch_item[499].result_reason, Some(R::NonUniqueNameAttribute));
    assert_eq!(peer.attributes(&key), before);
    // The names are free again.
    peer.create((0..499).map(name));
}

#[test]
fn a_new_object_has_no_more_attributes_than_another() {
    let peer = Peer::with(V2_1, ServerOptions::default().maximum_attributes(100));
    for (names, fits) in [(50, true), (100, false), (5000, false)] {
        let created = peer.call(create_aes((0..names).map(name)));
        assert_eq!(created.err(), (!fits).then_some(R::ServerLimitExceeded), "{names}");
    }
    let common = (0..5000).map(name).collect();
    let pair = CreateKeyPairRequest { common_attributes: Some(common), ..Default::default() };
    assert_eq!(peer.call(pair), Err(R::ServerLimitExceeded));
}

#[test]
fn an_attribute_that_is_deleted_makes_room_for_another() {
    let key_alone = Peer::new(V2_1);
    let own = key_alone.attributes(&key_alone.create([])).len();
    let peer = Peer::with(V2_1, ServerOptions::default().maximum_attributes(own + 1));
    let key = peer.create([]);
    peer.call(AddAttributeRequest::new(key.clone(), name("a"))).unwrap();
    let contact = || SetAttributeRequest::new(key.clone(), Attribute::ContactInformation("me".to_owned()));
    assert_eq!(peer.call(contact()), Err(R::ServerLimitExceeded));
    assert_eq!(peer.attributes(&key).len(), own + 1);
    let delete = DeleteAttributeRequest {
        unique_identifier: Some(key.clone()),
        attribute_reference: Some(Tag::NAME.into()),
        ..DeleteAttributeRequest::default()
    };
    peer.call(delete).unwrap();
    peer.call(contact()).unwrap();
}

/// A server with room for little more than the objects that a test makes.
fn small(maximum_bytes: u64) -> ServerOptions {
    ServerOptions::default().maximum_bytes(maximum_bytes).later(Operation::Create, Later::Polls(0))
}

/// Fills the server with secret data until it takes no more.
fn fill(peer: &Peer) -> Vec<UniqueIdentifier> {
    let sizes = [1 << 12, 1 << 8, 1 << 4].into_iter();
    let made = sizes.flat_map(|size| std::iter::from_fn(move || peer.call(secret(size)).ok()));
    made.map(|made| made.unique_identifier).collect()
}

fn secret(size: usize) -> RegisterRequest {
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::DERIVE_KEY));
    Material::password(&"x".repeat(size)).to_register_request(attributes).unwrap()
}

#[test]
fn a_key_that_finds_no_room_for_its_replacement_stays_and_others_are_answered() {
    let peer = Peer::with(ProtocolVersion::V2_1, small(100_000));
    let rotating = [Attribute::RotateAutomatic(true), Attribute::RotateInterval(Interval::from_seconds(60))];
    let key = peer.create(rotating);
    let made = fill(&peer);
    peer.wait(60);
    assert_eq!(peer.attributes(&key).rotate_latest(), None, "it was not replaced");
    // Once there is room, it is in a while, or as soon as somebody has changed it.
    for identifier in made.into_iter().take(4) {
        peer.call(DestroyRequest::new(identifier)).unwrap();
    }
    let comment = Attribute::Comment("again".to_owned());
    peer.call(AddAttributeRequest::new(key.clone(), comment)).unwrap();
    assert_eq!(peer.attributes(&key).rotate_latest(), Some(false));
}

#[test]
fn an_operation_that_finds_no_room_later_fails_alone() {
    let peer = Peer::with(ProtocolVersion::V2_1, small(100_000));
    let item = |response: ResponseMessage| response.batch_item.into_iter().next().unwrap();
    fill(&peer);
    let pending = item(peer.send(vec![create_aes([]).into()], |message| {
        message.request_header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory);
    }));
    assert_eq!(pending.result_status, ResultStatus::OperationPending);
    peer.wait(1);
    peer.call(LocateRequest::default()).unwrap();
    let poll = PollRequest::new(pending.asynchronous_correlation_value.unwrap());
    let polled = item(peer.send(vec![poll.into()], |_| {}));
    assert_eq!(polled.operation, Some(Operation::Create));
    assert_eq!(polled.result_reason, Some(R::ServerLimitExceeded));
}

/// Without time, one item is done, and of what a Locate finds nothing is looked at.
#[test]
fn a_request_takes_so_long_and_no_longer() {
    for version in [ProtocolVersion::V1_4, V2_1] {
        let refused = Some(reason(version, R::ServerLimitExceeded, R::GeneralFailure));
        let peer = Peer::with(version, ServerOptions::default().request_time(Duration::ZERO));
        let create = || RequestPayload::from(create_aes([]));
        for option in [Option_::Continue, Option_::Stop, Option_::Undo] {
            let response = peer.send(vec![create(), create(), create()], |message| {
                message.request_header.batch_error_continuation_option = Some(option);
            });
            let reasons: Vec<_> = response.batch_item.iter().map(|item| item.result_reason).collect();
            let expected =
                if option == Option_::Continue { vec![None, refused, refused] } else { vec![None, refused] };
            assert_eq!(reasons, expected, "{version} {option}");
        }
        assert_eq!(peer.call(LocateRequest::default()).err(), refused, "{version}");
    }
}
