//! Get Attributes, Get Attribute List, and Add, Modify, Delete and Set Attribute.

use kmip_sdk::types::attribute::{
    Attribute, AttributeEntry, AttributeReference, Attributes, Name, SingleAttribute, UniqueIdentifier,
    VendorAttribute,
};
use kmip_sdk::types::enumerations::{ResultReason as R, State};
use kmip_sdk::types::operation::{
    AddAttributeRequest, DeleteAttributeRequest, GetAttributeListRequest, GetAttributesRequest,
    LocateRequest, ModifyAttributeRequest, SetAttributeRequest,
};
use kmip_sdk::types::{Item, ProtocolVersion, Tag, Value};

use crate::support::{Peer, VERSIONS, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;

fn name(text: &str) -> Attribute {
    Attribute::Name(Name::text(text))
}

fn names(peer: &Peer, key: &UniqueIdentifier) -> Vec<String> {
    peer.attributes(key).names().map(|name| name.name_value.clone()).collect()
}

#[test]
fn gives_the_named_attributes_in_the_order_of_their_names() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([name("a"), name("b")]);
        let wanted = [Tag::STATE, Tag::NAME, Tag::ACTIVATION_DATE, Tag::CRYPTOGRAPHIC_LENGTH];
        let given = peer.call(GetAttributesRequest::new(key.clone(), wanted)).unwrap();
        let expected =
            [Attribute::State(State::PreActive), name("a"), name("b"), Attribute::CryptographicLength(256)];
        assert_eq!(given.attributes.iter().cloned().collect::<Vec<_>>(), expected);
        let indexes: Vec<Option<i32>> = given.attributes.entries().iter().map(|entry| entry.index).collect();
        let second = if version == V2_1 { None } else { Some(1) };
        assert_eq!(indexes, [None, None, second, None]);
    }
}

#[test]
fn names_that_no_one_knows_are_passed_over_and_double_ones_refused() {
    let peer = Peer::new(V1_4);
    let key = peer.create([]);
    let unknown = AttributeReference::from_name("No Such Attribute");
    let references = [unknown, AttributeReference::from(Tag::STATE)];
    let given = peer.call(GetAttributesRequest::new(key.clone(), references)).unwrap();
    assert_eq!(given.attributes.iter().collect::<Vec<_>>(), [&Attribute::State(State::PreActive)]);
    let twice = GetAttributesRequest::new(key, [Tag::STATE, Tag::STATE]);
    assert_eq!(peer.call(twice), Err(R::InvalidMessage));
}

#[test]
fn the_list_names_what_get_attributes_gives() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([name("a"), name("b")]);
        let list = peer.call(GetAttributeListRequest::new(key.clone())).unwrap().attribute_reference;
        let attributes = peer.attributes(&key);
        for attribute in attributes.iter() {
            let tag = kmip_sdk::types::ttlv::Tagged::tag(attribute);
            let times = list.iter().filter(|reference| **reference == tag.into()).count();
            assert_eq!(times, 1, "{tag} {version}");
        }
        let has = |tag: Tag| list.contains(&tag.into());
        assert_eq!(has(Tag::KEY_FORMAT_TYPE), version == V2_1, "since KMIP 2.0");
        assert_eq!(has(Tag::ORIGINAL_CREATION_DATE), version >= ProtocolVersion::V1_2);
        assert_eq!(has(Tag::SENSITIVE), version >= V1_4);
        assert!(has(Tag::DIGEST) && has(Tag::INITIAL_DATE) && has(Tag::LAST_CHANGE_DATE));
    }
}

#[test]
fn adds_what_there_may_be_several_of() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let (key, other) = (peer.create([name("a")]), peer.create([]));
        peer.wait(7);
        let added = peer.call(AddAttributeRequest::new(key.clone(), name("b"))).unwrap();
        if version < V2_1 {
            let AttributeEntry { index, attribute } = added.attribute.unwrap().0;
            assert_eq!((index, attribute), (Some(1), name("b")));
        }
        assert_eq!(names(&peer, &key), ["a", "b"]);
        assert_eq!(peer.attributes(&key).last_change_date(), Some(peer.now()));
        let taken = reason(version, R::NonUniqueNameAttribute, R::IllegalOperation);
        assert_eq!(peer.call(AddAttributeRequest::new(other.clone(), name("a"))), Err(taken));
        let contact = || Attribute::ContactInformation("me".to_owned());
        peer.call(AddAttributeRequest::new(other.clone(), contact())).unwrap();
        let single = reason(version, R::AttributeSingleValued, R::IllegalOperation);
        assert_eq!(peer.call(AddAttributeRequest::new(other.clone(), contact())), Err(single));
        let read_only = reason(version, R::ReadOnlyAttribute, R::PermissionDenied);
        let state = Attribute::State(State::Active);
        assert_eq!(peer.call(AddAttributeRequest::new(other, state)), Err(read_only));
    }
}

#[test]
fn an_index_is_not_for_the_client_to_give() {
    let peer = Peer::new(V1_4);
    let key = peer.create([]);
    let mut request = AddAttributeRequest::new(key, name("a"));
    request.new_attribute = SingleAttribute(AttributeEntry { index: Some(3), attribute: name("a") });
    assert_eq!(peer.call(request), Err(R::InvalidField));
}

#[test]
fn modifies_by_index_before_2_0() {
    let peer = Peer::new(V1_4);
    let key = peer.create([name("a"), name("b")]);
    let modify = |index, text: &str| {
        let mut request = ModifyAttributeRequest::new(key.clone(), name(text));
        request.new_attribute = SingleAttribute(AttributeEntry { index, attribute: name(text) });
        peer.call(request)
    };
    modify(None, "c").unwrap();
    let response = modify(Some(1), "d").unwrap();
    assert_eq!(response.attribute.unwrap().0, AttributeEntry { index: Some(1), attribute: name("d") });
    assert_eq!(names(&peer, &key), ["c", "d"]);
    assert_eq!(modify(Some(2), "e"), Err(R::ItemNotFound));
    let contact = Attribute::ContactInformation("me".to_owned());
    assert_eq!(peer.call(ModifyAttributeRequest::new(key.clone(), contact)), Err(R::InvalidField));
    let length = Attribute::CryptographicLength(128);
    assert_eq!(peer.call(ModifyAttributeRequest::new(key.clone(), length)), Err(R::PermissionDenied));
}

#[test]
fn modifies_by_current_value_from_2_0_on() {
    let peer = Peer::new(V2_1);
    let key = peer.create([name("a"), name("b")]);
    let other = peer.create([name("z")]);
    let modify = |current: Option<&str>, text: &str| {
        let mut request = ModifyAttributeRequest::new(key.clone(), name(text));
        request.current_attribute = current.map(|text| name(text).into());
        peer.call(request)
    };
    modify(Some("b"), "c").unwrap();
    assert_eq!(names(&peer, &key), ["a", "c"]);
    assert_eq!(modify(Some("b"), "d"), Err(R::AttributeInstanceNotFound));
    assert_eq!(modify(None, "d"), Err(R::AttributeInstanceNotFound), "there are two to choose from");
    assert_eq!(modify(Some("a"), "c"), Err(R::NonUniqueNameAttribute));
    assert_eq!(modify(Some("a"), "z"), Err(R::NonUniqueNameAttribute));
    peer.call(ModifyAttributeRequest::new(other.clone(), name("y"))).unwrap();
    assert_eq!(names(&peer, &other), ["y"]);
    let comment = || Attribute::Comment("c".to_owned());
    assert_eq!(peer.call(ModifyAttributeRequest::new(key.clone(), comment())), Err(R::AttributeNotFound));
    let length = Attribute::CryptographicLength(128);
    assert_eq!(peer.call(ModifyAttributeRequest::new(key.clone(), length)), Err(R::AttributeReadOnly));
}

#[test]
fn deletes_one_value_or_all_of_them() {
    let peer = Peer::new(V1_4);
    let key = peer.create([name("a"), name("b"), name("c")]);
    let delete = |index| {
        let mut request = DeleteAttributeRequest::new(key.clone(), Tag::NAME);
        request.attribute_index = index;
        peer.call(request)
    };
    let deleted = delete(Some(1)).unwrap().attribute.unwrap().0;
    assert_eq!(deleted, AttributeEntry { index: Some(1), attribute: name("b") });
    assert_eq!(delete(None).unwrap().attribute.unwrap().0.attribute, name("a"));
    assert_eq!(delete(None), Err(R::ItemNotFound), "the one that is left has the index 2");
    assert_eq!(names(&peer, &key), ["c"]);

    let peer = peer.in_version(V2_1);
    peer.call(AddAttributeRequest::new(key.clone(), name("d"))).unwrap();
    peer.call(AddAttributeRequest::new(key.clone(), name("e"))).unwrap();
    let mut request = DeleteAttributeRequest::new(key.clone(), Tag::NAME);
    request.current_attribute = Some(name("d").into());
    request.attribute_reference = None;
    peer.call(request.clone()).unwrap();
    assert_eq!(names(&peer, &key), ["c", "e"]);
    assert_eq!(peer.call(request), Err(R::AttributeInstanceNotFound));
    peer.call(DeleteAttributeRequest::new(key.clone(), Tag::NAME)).unwrap();
    assert_eq!(names(&peer, &key), [""; 0]);
    assert_eq!(peer.call(DeleteAttributeRequest::new(key.clone(), Tag::NAME)), Err(R::AttributeNotFound));
    assert_eq!(peer.call(DeleteAttributeRequest::new(key.clone(), Tag::STATE)), Err(R::AttributeReadOnly));
    let neither = DeleteAttributeRequest { unique_identifier: Some(key), ..Default::default() };
    assert_eq!(peer.call(neither), Err(R::InvalidMessage));
}

#[test]
fn sets_an_attribute_whether_it_is_there_or_not() {
    let peer = Peer::new(V2_1);
    let key = peer.create([name("a"), name("b")]);
    let set = |attribute| peer.call(SetAttributeRequest::new(key.clone(), attribute));
    for text in ["one", "two"] {
        set(Attribute::Comment(text.to_owned())).unwrap();
        assert_eq!(peer.attributes(&key).comment(), Some(text));
    }
    assert_eq!(set(name("c")), Err(R::MultiValuedAttribute));
    assert_eq!(set(Attribute::State(State::Active)), Err(R::ReadOnlyAttribute));
}

/// What a client tells of its objects, and finds them by, as a vendor's attribute: also where it is a structure.
#[test]
fn objects_are_found_by_vendors_attributes() {
    let vendor = |value| {
        Attribute::Vendor(Box::new(VendorAttribute {
            vendor_identification: "x".to_owned(),
            attribute_name: "place".to_owned(),
            attribute_value: value,
        }))
    };
    let number = |tag, value| Item { tag: Tag::from_raw(tag), value: Value::Integer(value) };
    let place = |numbers: Vec<Item>| vendor(Value::Structure(numbers));
    for version in VERSIONS {
        let peer = Peer::new(version);
        let red = peer.create([vendor(Value::TextString("red".to_owned()))]);
        let blue = peer.create([vendor(Value::TextString("blue".to_owned()))]);
        let there = peer.create([place(vec![number(0x54_0001, 3), number(0x54_0002, 4)])]);
        peer.create([]);
        let found = |wanted: Attribute| {
            let request = LocateRequest::new(Attributes::new().with(wanted));
            peer.call(request).unwrap().unique_identifier
        };
        assert_eq!(found(vendor(Value::TextString("red".to_owned()))), [red], "{version}");
        assert_eq!(found(vendor(Value::TextString("green".to_owned()))), []);
        assert_eq!(found(place(vec![number(0x54_0002, 4)])), std::slice::from_ref(&there), "a part of it");
        assert_eq!(found(place(vec![number(0x54_0002, 5)])), []);
        // Changed and taken away, it is found no more.
        let modify = ModifyAttributeRequest::new(blue.clone(), vendor(Value::TextString("green".to_owned())));
        peer.call(modify).unwrap();
        assert_eq!(found(vendor(Value::TextString("blue".to_owned()))), []);
        assert_eq!(found(vendor(Value::TextString("green".to_owned()))), [blue]);
        assert_eq!(found(place(Vec::new())), [there], "any structure");
    }
}

#[test]
fn vendors_attributes_are_kept_and_those_of_the_server_are_its_own() {
    let vendor = |vendor: &str| {
        Attribute::Vendor(Box::new(VendorAttribute {
            vendor_identification: vendor.to_owned(),
            attribute_name: "colour".to_owned(),
            attribute_value: Value::TextString("red".to_owned()),
        }))
    };
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([vendor("x")]);
        assert_eq!(peer.attributes(&key).vendor_attributes().count(), 1, "{version}");
        let read_only = reason(version, R::ReadOnlyAttribute, R::PermissionDenied);
        assert_eq!(peer.call(AddAttributeRequest::new(key, vendor("y"))), Err(read_only));
    }
}

#[test]
fn sensitive_and_extractable_leave_their_traces() {
    let peer = Peer::new(V2_1);
    let key = peer.create([Attribute::Sensitive(true), Attribute::Extractable(false)]);
    let traces = |key: &UniqueIdentifier| {
        let attributes = peer.attributes(key);
        (attributes.always_sensitive(), attributes.never_extractable())
    };
    assert_eq!(traces(&key), (Some(true), Some(true)));
    for attribute in [Attribute::Sensitive(false), Attribute::Extractable(true)] {
        peer.call(ModifyAttributeRequest::new(key.clone(), attribute)).unwrap();
    }
    assert_eq!(traces(&key), (Some(false), Some(false)));
}

#[test]
fn a_new_object_cannot_have_what_only_the_server_sets() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let refused = |more: Vec<Attribute>| peer.call(create_aes(more)).unwrap_err();
        let read_only = reason(version, R::AttributeReadOnly, R::InvalidField);
        assert_eq!(refused(vec![Attribute::State(State::Active)]), read_only);
        let single = reason(version, R::AttributeSingleValued, R::InvalidField);
        let contact = |text: &str| Attribute::ContactInformation(text.to_owned());
        assert_eq!(refused(vec![contact("a"), contact("b")]), single);
        peer.create([name("a")]);
        let taken = reason(version, R::NonUniqueNameAttribute, R::InvalidField);
        assert_eq!(refused(vec![name("a")]), taken);
    }
}
