//! Activate, Revoke and Destroy, and what dates do by themselves.

use kmip_sdk::types::attribute::{Attribute, RevocationReason};
use kmip_sdk::types::enumerations::{ResultReason, RevocationReasonCode, State};
use kmip_sdk::types::operation::{
    ActivateRequest, DestroyRequest, GetRequest, ModifyAttributeRequest, RevokeRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion, Tag};

use crate::support::{Peer, START, VERSIONS, reason};

fn at(offset: i64) -> DateTime {
    DateTime::from_seconds(START + offset)
}

#[test]
fn an_object_lives_from_creation_to_destruction() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        assert_eq!(peer.state(&key), State::PreActive);
        peer.wait(10);
        peer.call(ActivateRequest::new(key.clone())).unwrap();
        let attributes = peer.attributes(&key);
        assert_eq!(attributes.state(), Some(State::Active));
        assert_eq!(attributes.activation_date(), Some(at(10)));
        assert_eq!(attributes.last_change_date(), Some(at(10)));
        peer.wait(10);
        peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::CessationOfOperation)).unwrap();
        let attributes = peer.attributes(&key);
        assert_eq!(attributes.state(), Some(State::Deactivated));
        assert_eq!(attributes.deactivation_date(), Some(at(20)));
        let expected = RevocationReason::from(RevocationReasonCode::CessationOfOperation);
        assert_eq!(attributes.revocation_reason(), Some(&expected));
        peer.wait(10);
        peer.call(DestroyRequest::new(key.clone())).unwrap();
        let attributes = peer.attributes(&key);
        assert_eq!(attributes.state(), Some(State::Destroyed));
        assert_eq!(attributes.destroy_date(), Some(at(30)));
        assert_eq!(attributes.digests().count(), 1, "the digest outlives the key");
        let gone = peer.call(GetRequest::new(key)).unwrap_err();
        assert_eq!(gone, reason(version, ResultReason::ObjectDestroyed, ResultReason::IllegalOperation));
    }
}

#[test]
fn a_compromise_is_dated() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let (one, other) = (peer.create([]), peer.create([]));
    peer.wait(10);
    peer.call(RevokeRequest::new(one.clone(), RevocationReasonCode::KeyCompromise)).unwrap();
    let attributes = peer.attributes(&one);
    assert_eq!(attributes.state(), Some(State::Compromised));
    assert_eq!(attributes.compromise_date(), Some(at(10)));
    assert_eq!(attributes.compromise_occurrence_date(), Some(at(0)), "the Initial Date, if none is given");
    let occurrence = Some(at(5));
    let mut request = RevokeRequest::new(other.clone(), RevocationReasonCode::CaCompromise);
    request.compromise_occurrence_date = occurrence;
    peer.call(request).unwrap();
    assert_eq!(peer.attributes(&other).compromise_occurrence_date(), occurrence);
    peer.call(DestroyRequest::new(other.clone())).unwrap();
    assert_eq!(peer.state(&other), State::DestroyedCompromised);
}

#[test]
fn refuses_what_the_state_does_not_allow() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let wrong = reason(version, ResultReason::WrongKeyLifecycleState, ResultReason::PermissionDenied);
        let destroyed = reason(version, ResultReason::ObjectDestroyed, ResultReason::PermissionDenied);
        let key = peer.create([]);
        let cessation = || RevokeRequest::new(key.clone(), RevocationReasonCode::CessationOfOperation);
        assert_eq!(peer.call(cessation()), Err(wrong), "a key that was never active has no use to end");
        peer.call(ActivateRequest::new(key.clone())).unwrap();
        assert_eq!(peer.call(ActivateRequest::new(key.clone())), Err(wrong));
        assert_eq!(peer.call(DestroyRequest::new(key.clone())), Err(wrong));
        let mut dated = cessation();
        dated.compromise_occurrence_date = Some(at(0));
        assert_eq!(peer.call(dated), Err(ResultReason::InvalidField));
        let unknown = RevokeRequest::new(key.clone(), RevocationReasonCode::from(0x8000_0001));
        assert_eq!(peer.call(unknown), Err(ResultReason::InvalidField));
        peer.call(cessation()).unwrap();
        peer.call(DestroyRequest::new(key.clone())).unwrap();
        assert_eq!(peer.call(DestroyRequest::new(key.clone())), Err(destroyed));
        let nobody = reason(version, ResultReason::ObjectNotFound, ResultReason::ItemNotFound);
        assert_eq!(peer.call(ActivateRequest::new("nobody")), Err(nobody));
        assert_eq!(peer.call(ActivateRequest::default()), Err(nobody), "there is no ID Placeholder");
    }
}

#[test]
fn dates_activate_and_deactivate() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let past = peer.create([Attribute::ActivationDate(at(-10))]);
    assert_eq!(peer.state(&past), State::Active);
    assert_eq!(peer.attributes(&past).activation_date(), Some(at(-10)));
    let key = peer.create([Attribute::ActivationDate(at(10)), Attribute::DeactivationDate(at(20))]);
    for (wait, expected) in
        [(9, State::PreActive), (1, State::Active), (9, State::Active), (1, State::Deactivated)]
    {
        peer.wait(wait);
        assert_eq!(peer.state(&key), expected);
    }
    assert_eq!(peer.attributes(&key).last_change_date(), Some(at(20)));
}

#[test]
fn dates_can_be_changed_while_they_are_ahead() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create([Attribute::ActivationDate(at(10))]);
    let set = |attribute| peer.call(ModifyAttributeRequest::new(key.clone(), attribute));
    set(Attribute::ActivationDate(at(0))).unwrap();
    assert_eq!(peer.state(&key), State::Active, "the new date is reached");
    assert_eq!(set(Attribute::ActivationDate(at(-5))), Err(ResultReason::WrongKeyLifecycleState));
    let backwards = [Attribute::ActivationDate(at(10)), Attribute::DeactivationDate(at(5))];
    let refused = peer.call(crate::support::create_aes(backwards)).unwrap_err();
    assert_eq!(refused, ResultReason::InvalidAttributeValue);
    assert!(peer.attributes(&key).get(Tag::DEACTIVATION_DATE).is_none());
}
