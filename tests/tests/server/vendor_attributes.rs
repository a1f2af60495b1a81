//! Rules of a vendor's attributes, which the application has.

use kmip_sdk::server::{ServerOptions, VendorAttributeRules};
use kmip_sdk::types::attribute::{Attribute, AttributeName, AttributeReference, Attributes, VendorAttribute};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm as A, ObjectType, ResultReason as R};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::operation::{
    AddAttributeRequest, CreateKeyPairRequest, DeleteAttributeRequest, GetAttributesRequest, GetRequest,
    ImportRequest, ModifyAttributeRequest, SetAttributeRequest,
};
use kmip_sdk::types::{ProtocolVersion, Value};

use crate::support::{Peer, create_aes};

/// The attribute `stage` of the vendor `x`, which KMIP 1.x calls `x-stage`.
fn stage(value: &str) -> Attribute {
    Attribute::Vendor(Box::new(VendorAttribute {
        vendor_identification: "x".to_owned(),
        attribute_name: "stage".to_owned(),
        attribute_value: Value::TextString(value.to_owned()),
    }))
}

fn reference() -> AttributeReference {
    AttributeReference::Vendor(AttributeName {
        vendor_identification: "x".to_owned(),
        attribute_name: "stage".to_owned(),
    })
}

const VERSIONS: [ProtocolVersion; 2] = [ProtocolVersion::V1_4, ProtocolVersion::V2_1];

fn peer(version: ProtocolVersion, rules: VendorAttributeRules) -> Peer {
    Peer::with(version, ServerOptions::default().vendor_attribute(rules))
}

fn rules() -> VendorAttributeRules {
    VendorAttributeRules::new("x", "stage")
}

/// The reason since KMIP 2.0, which two words are there for; before that the tables of each operation have their own.
fn assert_refused(found: Option<R>, expected: Option<R>, what: &str, version: ProtocolVersion) {
    match version.has_attributes_by_tag() {
        true if found == Some(R::ReadOnlyAttribute) => {
            assert_eq!(expected, Some(R::AttributeReadOnly), "{what}")
        }
        true => assert_eq!(found, expected, "{what}"),
        false => assert_eq!(found.is_some(), expected.is_some(), "{what} {found:?}"),
    }
}

#[test]
fn clients_set_change_and_delete_what_the_rules_leave_to_them() {
    for version in VERSIONS {
        for (may_set, may_modify, may_delete) in [
            (true, true, true),
            (false, true, true),
            (true, false, true),
            (true, true, false),
            (false, false, false),
        ] {
            let rules = rules()
                .set_by_client(may_set)
                .modifiable_by_client(may_modify)
                .deletable_by_client(may_delete);
            let peer = peer(version, rules);
            let expected = |may: bool| (!may).then_some(R::AttributeReadOnly);
            let what = format!("{version} {may_set} {may_modify} {may_delete}");
            let as_client = |more: Option<Attribute>| peer.call_as("alice", create_aes(more));
            assert_refused(as_client(Some(stage("new"))).err(), expected(may_set), &what, version);
            let key = as_client(None).unwrap().unique_identifier;
            let add = AddAttributeRequest::new(key.clone(), stage("a"));
            assert_refused(peer.call_as("alice", add.clone()).err(), expected(may_set), &what, version);
            if !may_set {
                // The application itself is no client.
                peer.call(add).unwrap();
            }
            let modify = ModifyAttributeRequest::new(key.clone(), stage("b"));
            assert_refused(peer.call_as("alice", modify).err(), expected(may_modify), &what, version);
            if version.has_attributes_by_tag() {
                let set = SetAttributeRequest::new(key.clone(), stage("c"));
                assert_refused(peer.call_as("alice", set).err(), expected(may_modify), &what, version);
            }
            let delete = DeleteAttributeRequest::new(key.clone(), reference());
            assert_refused(peer.call_as("alice", delete.clone()).err(), expected(may_delete), &what, version);
            if !may_delete {
                peer.call(delete).unwrap();
            }
            let left = peer.call(GetAttributesRequest::all(key)).unwrap().attributes;
            assert!(!left.iter().any(|attribute| matches!(attribute, Attribute::Vendor(_))), "{what}");
        }
    }
}

#[test]
fn an_object_has_one_or_several_as_the_rules_say() {
    for version in VERSIONS {
        for (multiple, expected) in [(true, None), (false, Some(R::AttributeSingleValued))] {
            let peer = peer(version, rules().multiple(multiple));
            let what = format!("{version} {multiple}");
            let two = create_aes([stage("a"), stage("b")]);
            assert_refused(peer.call(two).err(), expected, &what, version);
            let key = peer.create([stage("a")]);
            let add = AddAttributeRequest::new(key, stage("b"));
            assert_refused(peer.call(add).err(), expected, &what, version);
        }
    }
}

#[test]
fn only_the_objects_that_the_rules_name_have_it() {
    for version in VERSIONS {
        let peer = peer(version, rules().multiple(false).object_types([ObjectType::PrivateKey]));
        let (expected, what) = (Some(R::InvalidAttribute), version.to_string());
        assert_refused(peer.call(create_aes([stage("a")])).err(), expected, &what, version);
        let key = peer.create([]);
        let add = AddAttributeRequest::new(key, stage("a"));
        assert_refused(peer.call(add).err(), expected, &what, version);
        // What is common to a pair is for the key that can have it, and the key's own goes before it.
        let common = Attributes::new()
            .with(Attribute::CryptographicAlgorithm(A::Ecdsa))
            .with(Attribute::CryptographicLength(256))
            .with(Attribute::CryptographicUsageMask(Mask::SIGN | Mask::VERIFY))
            .with(stage("common"));
        let request = CreateKeyPairRequest {
            common_attributes: Some(common),
            private_key_attributes: Some(Attributes::new().with(stage("own"))),
            ..CreateKeyPairRequest::default()
        };
        let pair = peer.call(request).unwrap();
        let stages = |identifier| {
            let found = peer.attributes(identifier);
            found
                .iter()
                .filter(|attribute| matches!(attribute, Attribute::Vendor(_)))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(stages(&pair.private_key_unique_identifier), [stage("own")], "{version}");
        assert_eq!(stages(&pair.public_key_unique_identifier), [], "{version}");
    }
}

/// Import keeps what another server had, whoever set it there; what an object cannot have it cannot have.
#[test]
fn an_import_brings_what_clients_may_not_set() {
    let only_keys = rules().set_by_client(false).object_types([ObjectType::SymmetricKey]);
    let peer = peer(ProtocolVersion::V2_1, only_keys);
    let key = peer.create([stage("a")]);
    let object = peer.call(GetRequest::new(key)).unwrap().object;
    let import = |attributes: Attributes| {
        let request = ImportRequest {
            object_type: Some(ObjectType::SymmetricKey),
            ..ImportRequest::new("another", attributes, object.clone())
        };
        peer.call_as("alice", request).map(|imported| imported.unique_identifier)
    };
    let imported = import(Attributes::new().with(stage("b"))).unwrap();
    assert!(peer.attributes(&imported).iter().any(|attribute| *attribute == stage("b")));
}
