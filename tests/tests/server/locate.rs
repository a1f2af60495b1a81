//! Locate.

use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{ObjectType, ResultReason};
use kmip_sdk::types::masks::{CryptographicUsageMask, StorageStatusMask};
use kmip_sdk::types::operation::{DestroyRequest, LocateRequest, LocateResponse};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, VERSIONS, reason};

fn find(peer: &Peer, wanted: impl IntoIterator<Item = Attribute>) -> Vec<UniqueIdentifier> {
    peer.call(LocateRequest::new(wanted.into_iter().collect())).unwrap().unique_identifier
}

#[test]
fn finds_by_any_attribute_the_newest_first() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let one = peer.create([Attribute::Name(Name::text("one"))]);
        peer.wait(10);
        let two = peer.create([Attribute::Name(Name::text("two")), Attribute::ObjectGroup("g".to_owned())]);
        let date = |seconds| Attribute::InitialDate(DateTime::from_seconds(START + seconds));
        for (wanted, expected) in [
            (vec![], vec![&two, &one]),
            (vec![Attribute::ObjectType(ObjectType::SymmetricKey)], vec![&two, &one]),
            (vec![Attribute::ObjectType(ObjectType::PrivateKey)], vec![]),
            (vec![Attribute::Name(Name::text("one"))], vec![&one]),
            (vec![Attribute::ObjectGroup("g".to_owned())], vec![&two]),
            (vec![date(0)], vec![&one]),
            (vec![date(5), date(15)], vec![&two]),
            (vec![Attribute::CryptographicUsageMask(CryptographicUsageMask::DECRYPT)], vec![&two, &one]),
            (vec![Attribute::CryptographicUsageMask(CryptographicUsageMask::SIGN)], vec![]),
            (vec![Attribute::UniqueIdentifier(one.clone())], vec![&one]),
        ] {
            assert_eq!(
                find(&peer, wanted.clone()).iter().collect::<Vec<_>>(),
                expected,
                "{wanted:?} {version}"
            );
        }
    }
}

#[test]
fn finds_by_patterns_of_text() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let name = |text: &str| Attribute::Name(Name::text(text));
        let group = |text: &str| Attribute::ObjectGroup(text.to_owned());
        let contact = |text: &str| Attribute::ContactInformation(text.to_owned());
        let one = peer.create([name("app-1"), group("team a")]);
        let two = peer.create([name("app-2"), name("db"), group("team b"), contact("ops@example.com")]);
        let odd = peer.create([name("app*")]);
        for (wanted, expected) in [
            (vec![name("app*")], vec![&odd, &two, &one]),
            (vec![name("app-?")], vec![&two, &one]),
            (vec![name("*")], vec![&odd, &two, &one]),
            (vec![name("*-2")], vec![&two]),
            (vec![name("App*")], vec![]),
            (vec![name("pp")], vec![]),
            (vec![name("app*"), name("d?")], vec![&two]),
            (vec![name("app*"), name("db")], vec![&two]),
            (vec![name("app-1"), name("d?")], vec![]),
            (vec![group("team*")], vec![&two, &one]),
            (vec![group("team ?"), name("app-1")], vec![&one]),
            (vec![contact("*@example.com")], vec![&two]),
            (vec![name("app*"), Attribute::ObjectType(ObjectType::PrivateKey)], vec![]),
        ] {
            let found = find(&peer, wanted.clone());
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{wanted:?} {version}");
        }
    }
}

#[test]
fn finds_by_patterns_of_an_identifier() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let one = peer.create([]);
    let UniqueIdentifier::Text(text) = &one else { panic!("{one:?}") };
    let end: String = text.chars().skip(1).collect();
    peer.create([]);
    let wanted = |text: &str| Attribute::UniqueIdentifier(UniqueIdentifier::Text(text.to_owned()));
    assert_eq!(find(&peer, [wanted(&format!("?{end}"))]), std::slice::from_ref(&one));
    assert_eq!(find(&peer, [wanted("*")]).len(), 2);
    assert_eq!(find(&peer, [wanted("no*such")]), []);
}

#[test]
fn refuses_many_patterns() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let patterns = (0..17).map(|number| Attribute::Name(Name::text(format!("{number}*"))));
    let request = LocateRequest::new(patterns.collect());
    assert_eq!(peer.call(request), Err(ResultReason::InvalidField));
}

#[test]
fn gives_a_part_of_what_it_finds_and_counts_all() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let keys: Vec<UniqueIdentifier> = (0..5).map(|_| peer.create([])).collect();
    for (maximum_items, offset_items, expected) in [
        (None, None, &[4, 3, 2, 1, 0][..]),
        (Some(2), None, &[4, 3]),
        (Some(2), Some(2), &[2, 1]),
        (None, Some(4), &[0]),
        (Some(9), Some(9), &[]),
        (Some(0), None, &[]),
    ] {
        let request = LocateRequest { maximum_items, offset_items, ..LocateRequest::default() };
        let LocateResponse { located_items, unique_identifier } = peer.call(request).unwrap();
        assert_eq!(located_items, Some(5));
        let expected: Vec<UniqueIdentifier> = expected.iter().map(|at: &usize| keys[*at].clone()).collect();
        assert_eq!(unique_identifier, expected);
    }
    for (maximum_items, offset_items) in [(Some(-1), None), (None, Some(-1))] {
        let request = LocateRequest { maximum_items, offset_items, ..LocateRequest::default() };
        assert_eq!(peer.call(request), Err(ResultReason::InvalidField));
    }
}

#[test]
fn finds_destroyed_objects_only_if_they_are_asked_for() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let (kept, gone) = (peer.create([]), peer.create([]));
    peer.call(DestroyRequest::new(gone.clone())).unwrap();
    let on_line = StorageStatusMask::ON_LINE_STORAGE;
    let destroyed = StorageStatusMask::DESTROYED_STORAGE;
    for (mask, expected) in [
        (None, vec![&kept]),
        (Some(on_line), vec![&kept]),
        (Some(destroyed), vec![&gone]),
        (Some(on_line | destroyed), vec![&gone, &kept]),
        (Some(StorageStatusMask::ARCHIVAL_STORAGE), vec![]),
    ] {
        let request = LocateRequest { storage_status_mask: mask, ..LocateRequest::default() };
        let found = peer.call(request).unwrap().unique_identifier;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{mask:?}");
    }
}

#[test]
fn refuses_attributes_that_it_does_not_know() {
    let policy = Attribute::OperationPolicyName("p".to_owned());
    let known: Attributes = [policy].into_iter().collect();
    let peer = Peer::new(ProtocolVersion::V1_4);
    assert_eq!(peer.call(LocateRequest::new(known)).map(|found| found.unique_identifier), Ok(vec![]));
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        // KMIP 1.x names attributes by text, from 2.0 on a tag can be any.
        let unknown = if version.has_attributes_by_tag() {
            Attribute::Other(kmip_sdk::types::Item::new(
                kmip_sdk::Tag::BATCH_COUNT,
                kmip_sdk::types::Value::Integer(1),
            ))
        } else {
            Attribute::Custom(Box::new(kmip_sdk::types::attribute::CustomAttribute {
                attribute_name: "No Such Attribute".to_owned(),
                attribute_value: kmip_sdk::types::Value::Integer(1),
            }))
        };
        let expected = reason(version, ResultReason::InvalidAttribute, ResultReason::InvalidField);
        assert_eq!(peer.call(LocateRequest::new([unknown].into_iter().collect())), Err(expected));
    }
}
