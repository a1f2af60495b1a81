use std::sync::Arc;

use kmip_types::attribute::{
    ApplicationSpecificInformation, Attribute, AttributeEntry, Attributes, CustomAttribute, Name,
    VendorAttribute,
};
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, State};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::{DateTime, Item, Tag};

use super::*;
use crate::server::attributes;

const NOW: DateTime = DateTime::from_seconds(0);

/// A transaction on a store with room for so many objects.
fn begin(store: &Store, records: u64) -> Transaction<'_> {
    store.begin(NOW, &[Bound { kind: Kind::OBJECT, records, bytes: u64::MAX }])
}

/// The identifiers of all objects.
fn newest_first(transaction: &mut Transaction<'_>) -> Vec<String> {
    let mut pages = Pages::new(Search::everything(), transaction, false).unwrap();
    let next = || pages.next_object(transaction).unwrap().map(|object| object.identifier.clone());
    std::iter::from_fn(next).collect()
}

fn is_conflict(result: Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}

fn object(identifier: &str) -> StoredObject {
    StoredObject {
        identifier: identifier.to_owned(),
        object_type: ObjectType::SecretData,
        object: None,
        attributes: Attributes::new(),
        archived: false,
        owner: None,
        polynomial: None,
    }
}

fn named(identifier: &str, name: &str) -> StoredObject {
    let material = KeyMaterial::bytes(vec![1; 16]);
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
    let mut object = object(identifier);
    object.object = Some(Arc::new(ManagedObject::SymmetricKey(SymmetricKey { key_block })));
    attributes::add(&mut object.attributes, Attribute::Name(Name::text(name)));
    object
}

fn set(transaction: &mut Transaction<'_>, identifier: &str, attribute: Attribute) {
    let set = |object: &mut StoredObject| {
        attributes::set(&mut object.attributes, attribute);
        Ok(())
    };
    transaction.change(identifier, set).unwrap();
}

fn rename(transaction: &mut Transaction<'_>, identifier: &str, name: &str) {
    set(transaction, identifier, Attribute::Name(Name::text(name)));
}

#[test]
fn what_is_rolled_back_did_not_happen() {
    let store = Store::memory();
    let mut transaction = begin(&store, 9);
    transaction.insert(object("a")).unwrap();
    set(&mut transaction, "a", Attribute::State(State::Active));
    transaction.commit().unwrap();
    set(&mut transaction, "a", Attribute::State(State::Deactivated));
    transaction.insert(object("b")).unwrap();
    assert_eq!(newest_first(&mut transaction), ["b", "a"]);
    transaction.roll_back();
    assert_eq!(transaction.get("a").unwrap().state(), State::Active);
    assert!(transaction.get("b").is_err());
    transaction.insert(object("b")).unwrap();
    assert_eq!(transaction.len(), 2);
}

#[test]
fn nobody_sees_what_is_not_committed() {
    let store = Store::memory();
    let (mut one, mut other) = (begin(&store, 9), begin(&store, 9));
    one.insert(named("a", "x")).unwrap();
    assert!(other.get("a").is_err() && !other.has_name(None, &Name::text("x"), ""));
    one.commit().unwrap();
    // Who looked for it in vain goes on without it.
    assert!(other.get("a").is_err());
    let mut later = begin(&store, 9);
    assert!(later.get("a").is_ok() && later.has_name(None, &Name::text("x"), ""));
}

#[test]
fn two_changes_of_one_object_are_a_conflict() {
    let store = Store::memory();
    let (mut one, mut other) = (begin(&store, 9), begin(&store, 9));
    one.insert(object("a")).unwrap();
    one.insert(object("b")).unwrap();
    one.commit().unwrap();
    assert_eq!(other.get("a").unwrap().state(), State::PreActive);
    set(&mut one, "a", Attribute::State(State::Active));
    one.commit().unwrap();
    assert_eq!(other.get("a").unwrap().state(), State::PreActive, "what was read stays as it was");
    set(&mut other, "a", Attribute::State(State::Deactivated));
    assert!(is_conflict(other.commit()));
    // Done again, it is about what there is now; and another object is no conflict.
    assert_eq!(other.get("a").unwrap().state(), State::Active);
    set(&mut one, "b", Attribute::State(State::Active));
    set(&mut other, "a", Attribute::State(State::Deactivated));
    one.commit().unwrap();
    other.commit().unwrap();
}

#[test]
fn a_name_that_two_take_is_a_conflict_and_the_last_room_is_taken_once() {
    let store = Store::memory();
    let (mut one, mut other) = (begin(&store, 2), begin(&store, 2));
    one.insert(named("a", "x")).unwrap();
    other.insert(named("b", "x")).unwrap();
    one.commit().unwrap();
    assert!(is_conflict(other.commit()));
    one.insert(object("c")).unwrap();
    other.insert(object("d")).unwrap();
    one.commit().unwrap();
    assert!(matches!(other.commit(), Err(StoreError::Full(Full::Records(Kind::OBJECT)))));
    assert!(other.get("d").is_err());
}

#[test]
fn knows_whose_each_name_is() {
    let has = |transaction: &Transaction<'_>, name: &str, except| {
        transaction.has_name(None, &Name::text(name), except)
    };
    let store = Store::memory();
    let mut all = begin(&store, 9);
    all.insert(named("a", "x")).unwrap();
    all.insert(named("b", "y")).unwrap();
    assert!(has(&all, "x", "b") && has(&all, "x", "") && !has(&all, "x", "a"));
    all.commit().unwrap();
    // The names change places.
    rename(&mut all, "a", "z");
    rename(&mut all, "b", "x");
    rename(&mut all, "a", "y");
    assert!(has(&all, "x", "a") && has(&all, "y", "b") && !has(&all, "z", ""));
    all.commit().unwrap();
    assert!(has(&all, "x", "a") && has(&all, "y", "b") && !has(&all, "z", ""));
    let destroy = |object: &mut StoredObject| {
        object.object = None;
        Ok(())
    };
    all.change("b", destroy).unwrap();
    assert!(!has(&all, "x", ""), "what is destroyed frees its name");
    all.roll_back();
    assert!(has(&all, "x", "a"));
}

#[test]
fn dates_move_objects_when_they_are_reached() {
    let store = Store::memory();
    let mut all = begin(&store, 9);
    all.insert(object("a")).unwrap();
    set(&mut all, "a", Attribute::ActivationDate(DateTime::from_seconds(5)));
    set(&mut all, "a", Attribute::DeactivationDate(DateTime::from_seconds(7)));
    all.commit().unwrap();
    for (now, expected) in
        [(4, State::PreActive), (5, State::Active), (6, State::Active), (7, State::Deactivated)]
    {
        store.advance(DateTime::from_seconds(now), &|| true).unwrap();
        assert_eq!(begin(&store, 9).get("a").unwrap().state(), expected, "{now}");
    }
}

#[test]
fn who_asks_for_something_else_moves_a_few_and_waits_for_nobody() {
    let store = Store::memory();
    let mut all = begin(&store, 999);
    for number in 0..SOME * PAGE + 5 {
        let identifier = format!("k{number:03}");
        all.insert(object(&identifier)).unwrap();
        set(&mut all, &identifier, Attribute::ActivationDate(DateTime::from_seconds(5)));
    }
    all.commit().unwrap();
    let now = DateTime::from_seconds(7);
    let advancing = store.inner.advancing.lock().unwrap();
    assert!(!store.advance_some(now).unwrap());
    drop(advancing);
    assert_eq!(store.due(Kind::OBJECT, now).unwrap().len(), PAGE);
    assert!(!store.advance_some(now).unwrap());
    assert_eq!(store.due(Kind::OBJECT, now).unwrap().len(), 5);
    assert!(store.advance_some(now).unwrap() && store.advance(now, &|| true).unwrap());
}

#[test]
fn rejects_an_identifier_that_is_taken() {
    let store = Store::memory();
    let mut all = begin(&store, 9);
    all.insert(object("a")).unwrap();
    assert_eq!(all.insert(object("a")).unwrap_err().reason, ResultReason::InternalServerError);
}

#[test]
fn a_transaction_sees_what_it_has_changed_among_what_it_finds() {
    let store = Store::memory();
    let mut all = begin(&store, 99);
    let expected: Vec<String> = (0..70).rev().map(|number| format!("k{number:02}")).collect();
    expected.iter().rev().for_each(|identifier| all.insert(object(identifier)).unwrap());
    assert_eq!(newest_first(&mut all), expected);
    all.commit().unwrap();
    assert_eq!(newest_first(&mut all), expected);
    for changed in ["k00", "k31", "k69"] {
        set(&mut all, changed, Attribute::State(State::Active));
    }
    assert_eq!(newest_first(&mut all), expected);
    let wanted: Attributes = [Attribute::State(State::Active)].into_iter().collect();
    let mut pages = Pages::new(Search::for_all(&wanted), &mut all, false).unwrap();
    assert_eq!(pages.next_object(&all).unwrap().unwrap().identifier, "k69");
}

#[test]
fn an_object_is_encoded_whole() {
    let vendor = VendorAttribute {
        vendor_identification: "acme".to_owned(),
        attribute_name: "a".to_owned(),
        attribute_value: kmip_types::Value::Integer(1),
    };
    let custom = CustomAttribute {
        attribute_name: "of 1.x".to_owned(),
        attribute_value: kmip_types::Value::TextString("x".to_owned()),
    };
    let information =
        ApplicationSpecificInformation { application_namespace: "ssl".to_owned(), application_data: None };
    let mut whole = named("a", "x");
    (whole.owner, whole.archived) = (Some("alice".to_owned()), true);
    for attribute in [
        Attribute::OperationPolicyName("default".to_owned()),
        Attribute::Vendor(Box::new(vendor)),
        Attribute::Custom(Box::new(custom)),
        Attribute::ApplicationSpecificInformation(information),
        Attribute::KeyFormatType(KeyFormatType::Raw),
        Attribute::State(State::Active),
        Attribute::DeactivationDate(DateTime::from_seconds(-1)),
        Attribute::Other(Item::integer(Tag::from_raw(0x54_0001), 5)),
    ] {
        whole.attributes.push(AttributeEntry { index: Some(3), attribute });
    }
    let decoded = StoredObject::decode(&whole.encode().unwrap()).unwrap();
    assert_eq!(format!("{decoded:?}"), format!("{whole:?}"));
    assert_eq!((decoded.object, decoded.attributes), (whole.object, whole.attributes));
    for length in 0..40 {
        let bytes = whole_bytes();
        assert!(matches!(StoredObject::decode(&bytes[..length]), Err(StoreError::Corrupt(_))), "{length}");
    }
}

fn whole_bytes() -> Vec<u8> {
    named("a", "x").encode().unwrap().to_vec()
}
