//! Objects that the server replaces by itself when their time has come.

use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, LinkType, ObjectType, State};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::operation::{
    ArchiveRequest, CreateKeyPairRequest, DestroyRequest, GetRequest, LocateRequest, ReKeyRequest,
    RecoverRequest,
};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion};

use crate::support::{Peer, START};

fn at(seconds: i64) -> DateTime {
    DateTime::from_seconds(START + seconds)
}

fn seconds(seconds: u32) -> Interval {
    Interval::from_seconds(seconds)
}

fn rotating(more: impl IntoIterator<Item = Attribute>) -> Vec<Attribute> {
    let mut attributes = vec![Attribute::RotateAutomatic(true), Attribute::RotateInterval(seconds(100))];
    attributes.extend(more);
    attributes
}

fn link(peer: &Peer, key: &UniqueIdentifier, link_type: LinkType) -> Vec<UniqueIdentifier> {
    let attributes = peer.attributes(key);
    let links = attributes.links().filter(|link| link.link_type == link_type);
    links.map(|link| link.linked_object_identifier.clone()).collect()
}

fn all(peer: &Peer) -> Vec<UniqueIdentifier> {
    peer.call(LocateRequest::default()).unwrap().unique_identifier
}

#[test]
fn a_key_is_replaced_once_when_its_interval_is_over() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create(rotating([
        Attribute::Name(Name::text("n")),
        Attribute::ActivationDate(at(0)),
        Attribute::RotateOffset(seconds(30)),
    ]));
    peer.wait(99);
    assert_eq!(all(&peer), std::slice::from_ref(&key));
    assert_eq!(peer.attributes(&key).rotate_generation(), None);
    peer.wait(1);
    let keys = all(&peer);
    assert_eq!(keys.len(), 2);
    let [new, old] = [keys[0].clone(), keys[1].clone()];
    assert_eq!(old, key);
    assert_eq!(link(&peer, &old, LinkType::ReplacementObjectLink), std::slice::from_ref(&new));
    assert_eq!(link(&peer, &new, LinkType::ReplacedObjectLink), std::slice::from_ref(&old));
    let (before, after) = (peer.attributes(&old), peer.attributes(&new));
    assert_eq!((before.rotate_latest(), after.rotate_latest()), (Some(false), Some(true)));
    assert_eq!((before.names().count(), after.names().count()), (0, 1));
    assert_eq!((after.rotate_generation(), after.rotate_date()), (Some(1), Some(at(100))));
    assert_eq!(after.activation_date(), Some(at(130)), "after the Rotate Offset");
    assert_eq!(after.state(), Some(State::PreActive));
    assert_eq!((after.rotate_automatic(), after.rotate_interval()), (Some(true), Some(seconds(100))));
    let value = |key: UniqueIdentifier| peer.call(GetRequest::new(key)).unwrap().object;
    assert!(value(old) != value(new));
}

#[test]
fn a_clock_that_jumps_rotates_once_and_the_next_time_counts_from_there() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create(rotating([]));
    peer.wait(1050);
    assert_eq!(all(&peer).len(), 2);
    peer.wait(99);
    assert_eq!(all(&peer).len(), 2);
    peer.wait(1);
    let keys = all(&peer);
    assert_eq!(keys.len(), 3);
    assert_eq!(peer.attributes(&keys[0]).rotate_generation(), Some(2));
    assert_eq!(peer.attributes(&key).rotate_generation(), None);
}

#[test]
fn what_is_not_to_be_rotated_stays() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    peer.create([Attribute::RotateInterval(seconds(100))]);
    peer.create([Attribute::RotateAutomatic(true)]);
    let destroyed = peer.create(rotating([]));
    peer.call(DestroyRequest { unique_identifier: Some(destroyed) }).unwrap();
    let archived = peer.create(rotating([]));
    peer.call(ArchiveRequest { unique_identifier: Some(archived.clone()) }).unwrap();
    let replaced = peer.create(rotating([]));
    let request = ReKeyRequest { unique_identifier: Some(replaced.clone()), ..ReKeyRequest::default() };
    let newest = peer.call(request).unwrap().unique_identifier;
    assert_eq!(peer.attributes(&newest).rotate_generation(), Some(1), "what a client asks for counts too");
    let before = all(&peer).len();
    peer.wait(100);
    assert_eq!(all(&peer).len(), before + 1, "the newest alone");
    assert_eq!(link(&peer, &newest, LinkType::ReplacementObjectLink).len(), 1);
    assert_eq!(link(&peer, &replaced, LinkType::ReplacementObjectLink), [newest]);
    // It was due long since when it is there again.
    peer.call(RecoverRequest { unique_identifier: Some(archived.clone()) }).unwrap();
    assert_eq!(link(&peer, &archived, LinkType::ReplacementObjectLink).len(), 1);
}

#[test]
fn a_pair_is_replaced_as_a_pair() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let attributes = |mask, more: Vec<Attribute>| {
        let mut attributes = Attributes::new().with(Attribute::CryptographicUsageMask(mask));
        attributes.extend(more);
        Some(attributes)
    };
    let common = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Ecdsa))
        .with(Attribute::CryptographicLength(256));
    let request = CreateKeyPairRequest {
        common_attributes: Some(common),
        private_key_attributes: attributes(Mask::SIGN, rotating([])),
        public_key_attributes: attributes(Mask::VERIFY, Vec::new()),
        ..CreateKeyPairRequest::default()
    };
    let pair = peer.call(request).unwrap();
    peer.wait(100);
    assert_eq!(all(&peer).len(), 4);
    let private = link(&peer, &pair.private_key_unique_identifier, LinkType::ReplacementObjectLink);
    let public = link(&peer, &pair.public_key_unique_identifier, LinkType::ReplacementObjectLink);
    assert_eq!(link(&peer, &private[0], LinkType::PublicKeyLink), public);
    assert_eq!(peer.attributes(&public[0]).object_type(), Some(ObjectType::PublicKey));
    assert_eq!(peer.attributes(&public[0]).rotate_generation(), Some(1));
}

#[test]
fn whoever_asks_finds_it_done() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create(rotating([]));
    peer.wait(100);
    // Any request, of another version too, finds it done.
    let older = peer.in_version(ProtocolVersion::V1_0);
    assert_eq!(all(&older).len(), 2);
    assert_eq!(link(&older, &key, LinkType::ReplacementObjectLink).len(), 1);
}
