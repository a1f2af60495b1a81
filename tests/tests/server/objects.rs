//! Each object of the standard through Register, Get, Export, Import and Locate; keys whose values are elsewhere; Links that say
//! objects of their batch.

use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{
    Attribute, Attributes, KeyValueLocation, Link, Name, SingleAttribute, UniqueIdentifier,
};
use kmip_sdk::types::enumerations::{
    CertificateRequestType, CryptographicAlgorithm as A, KeyFormatType as F, KeyValueLocationType, LinkType,
    ObjectType, OpaqueDataType, ResultReason as R, ResultStatus as S, SecretDataType, SplitKeyMethod,
    UniqueIdentifierEnumeration as Placed,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{
    CertificateRequest, KeyBlock, KeyMaterial, ManagedObject, OpaqueObject, PgpKey, SecretData, SplitKey,
    SymmetricKey,
};
use kmip_sdk::types::operation::{
    AddAttributeRequest, DeleteAttributeRequest, DestroyRequest, EncryptRequest, ExportRequest,
    GetAttributesRequest, GetRequest, ImportRequest, LocateRequest, ModifyAttributeRequest, RegisterRequest,
    RequestPayload, ResponsePayload, SetAttributeRequest,
};

use crate::support::{Peer, VERSIONS, create_aes, reason};

const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn usage() -> Attributes {
    Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT))
}

fn block(format: F, bytes: Vec<u8>) -> KeyBlock {
    let bits = i32::try_from(bytes.len() * 8).unwrap();
    KeyBlock::plain(format, KeyMaterial::bytes(bytes), A::Aes, bits)
}

fn certificate_request() -> Vec<u8> {
    let key = rcgen::KeyPair::generate().unwrap();
    rcgen::CertificateParams::new(Vec::new()).unwrap().serialize_request(&key).unwrap().der().to_vec()
}

/// Objects of the types that other tests have less of, each with the version that it came with.
fn objects() -> Vec<(ProtocolVersion, ObjectType, ManagedObject)> {
    let secret = KeyBlock {
        cryptographic_algorithm: None,
        cryptographic_length: None,
        ..block(F::Opaque, b"hunter2".to_vec())
    };
    let armoured = KeyBlock {
        cryptographic_algorithm: None,
        cryptographic_length: None,
        ..block(F::Raw, b"-----BEGIN PGP PUBLIC KEY BLOCK-----".to_vec())
    };
    vec![
        (
            ProtocolVersion::V1_0,
            ObjectType::OpaqueObject,
            ManagedObject::OpaqueObject(OpaqueObject {
                opaque_data_type: OpaqueDataType::from(0x8000_0001),
                opaque_data_value: vec![1, 2, 3].into(),
            }),
        ),
        (
            ProtocolVersion::V1_0,
            ObjectType::SecretData,
            ManagedObject::SecretData(SecretData {
                secret_data_type: SecretDataType::Password,
                key_block: secret,
            }),
        ),
        (
            ProtocolVersion::V1_0,
            ObjectType::SplitKey,
            ManagedObject::SplitKey(SplitKey {
                split_key_parts: 3,
                key_part_identifier: 1,
                split_key_threshold: 3,
                split_key_method: SplitKeyMethod::Xor,
                prime_field_size: None,
                key_block: block(F::Raw, vec![5; 16]),
            }),
        ),
        (
            ProtocolVersion::V1_2,
            ObjectType::PgpKey,
            ManagedObject::PgpKey(PgpKey { pgp_key_version: 4, key_block: armoured }),
        ),
        (
            ProtocolVersion::V2_0,
            ObjectType::CertificateRequest,
            ManagedObject::CertificateRequest(CertificateRequest {
                certificate_request_type: CertificateRequestType::Pkcs10,
                certificate_request_value: certificate_request(),
            }),
        ),
        (
            ProtocolVersion::V1_0,
            ObjectType::SymmetricKey,
            ManagedObject::SymmetricKey(SymmetricKey { key_block: block(F::Raw, vec![7; 16]) }),
        ),
    ]
}

#[test]
fn every_object_is_kept_found_given_exported_and_imported() {
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_2, V1_4, ProtocolVersion::V2_0, V2_1] {
        for (since, object_type, object) in objects() {
            if since > version {
                continue;
            }
            let peer = Peer::new(version);
            let request = RegisterRequest::new(object_type, usage(), object.clone());
            let registered = peer.call(request);
            let identifier =
                registered.unwrap_or_else(|why| panic!("{version} {object_type}: {why}")).unique_identifier;
            let got = peer.call(GetRequest::new(identifier.clone())).unwrap();
            assert_eq!((got.object_type, &got.object), (object_type, &object), "{version}");
            let by_type = Attributes::new().with(Attribute::ObjectType(object_type));
            let located = LocateRequest { attributes: by_type, ..LocateRequest::default() };
            assert_eq!(peer.call(located).unwrap().unique_identifier, std::slice::from_ref(&identifier));
            if version < V1_4 {
                continue;
            }
            let exported = peer
                .call(ExportRequest {
                    unique_identifier: Some(identifier.clone()),
                    ..ExportRequest::default()
                })
                .unwrap();
            assert_eq!((exported.object_type, &exported.object), (object_type, &object), "{version}");
            let attributes: Attributes = exported
                .attributes
                .iter()
                .filter(|attribute| !matches!(attribute, Attribute::UniqueIdentifier(_)))
                .cloned()
                .collect();
            let import = ImportRequest {
                object_type: version.is_at_least(ProtocolVersion::V2_0).then_some(object_type),
                ..ImportRequest::new("imported", attributes, object.clone())
            };
            let imported = peer.call(import).unwrap().unique_identifier;
            let got = peer.call(GetRequest::new(imported.clone())).unwrap();
            assert_eq!((got.object_type, &got.object), (object_type, &object), "{version}");
            let (one, other) = (peer.attributes(&identifier), peer.attributes(&imported));
            assert_eq!(one.digests().next(), other.digests().next());
            assert_eq!(one.initial_date(), other.initial_date());
        }
    }
}

#[test]
fn an_identifier_that_is_imported_is_no_longer_than_a_store_can_have_it() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let import = |length: usize| {
        let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block(F::Raw, vec![7; 16]) });
        let request = ImportRequest::new("i".repeat(length), usage(), object);
        let object_type = Some(ObjectType::SymmetricKey);
        peer.call(ImportRequest { object_type, ..request }).map(|imported| imported.unique_identifier)
    };
    assert_eq!(import(1024), Ok("i".repeat(1024).into()));
    for length in [1025, 5_000_000] {
        assert_eq!(import(length), Err(R::InvalidField), "{length}");
    }
}

fn elsewhere() -> KeyBlock {
    KeyBlock { key_value: None, ..block(F::Raw, vec![7; 16]) }
}

fn location() -> Attribute {
    Attribute::KeyValueLocation(KeyValueLocation {
        key_value_location_value: "safe 3".to_owned(),
        key_value_location_type: KeyValueLocationType::UninterpretedTextString,
    })
}

#[test]
fn a_key_may_be_elsewhere() {
    let secret = KeyBlock { cryptographic_algorithm: None, cryptographic_length: None, ..elsewhere() };
    for version in [ProtocolVersion::V1_2, V1_4, V2_1] {
        let peer = Peer::new(version);
        for (object_type, object) in [
            (ObjectType::SymmetricKey, ManagedObject::SymmetricKey(SymmetricKey { key_block: elsewhere() })),
            (
                ObjectType::SecretData,
                ManagedObject::SecretData(SecretData {
                    secret_data_type: SecretDataType::Password,
                    key_block: secret.clone(),
                }),
            ),
        ] {
            let request = RegisterRequest::new(object_type, usage().with(location()), object);
            let key = peer.call(request).unwrap().unique_identifier;
            let attributes = peer.attributes(&key);
            assert_eq!(attributes.key_value_present(), Some(false), "{version} {object_type}");
            assert_eq!(attributes.key_value_locations().count(), 1);
            let filter = Attributes::new()
                .with(Attribute::KeyValuePresent(false))
                .with(Attribute::ObjectType(object_type));
            let located = LocateRequest { attributes: filter, ..LocateRequest::default() };
            assert_eq!(peer.call(located).unwrap().unique_identifier, std::slice::from_ref(&key));
            let got = peer.call(GetRequest::new(key.clone())).unwrap().object;
            assert!(got.key_block().unwrap().key_value.is_none(), "{version} {object_type}");
            if object_type == ObjectType::SymmetricKey {
                let encrypt = EncryptRequest::new(key.clone(), vec![0; 16]);
                assert!(peer.call(encrypt).is_err());
            }
            peer.call(DestroyRequest::new(key)).unwrap();
        }
    }
}

#[test]
fn a_key_is_not_both_here_and_elsewhere() {
    for version in [ProtocolVersion::V1_2, V1_4, V2_1] {
        let peer = Peer::new(version);
        let here = ManagedObject::SymmetricKey(SymmetricKey { key_block: block(F::Raw, vec![7; 16]) });
        let request = RegisterRequest::new(ObjectType::SymmetricKey, usage().with(location()), here);
        assert_eq!(peer.call(request).err(), Some(R::InvalidField), "{version}");
        // Whether it is here is for the server to say.
        let there = ManagedObject::SymmetricKey(SymmetricKey { key_block: elsewhere() });
        let said = usage().with(Attribute::KeyValuePresent(true));
        let refused = reason(version, R::AttributeReadOnly, R::InvalidField);
        let request = RegisterRequest::new(ObjectType::SymmetricKey, said, there);
        assert_eq!(peer.call(request).err(), Some(refused));
    }
}

fn link(to: impl Into<UniqueIdentifier>) -> Attribute {
    Attribute::Link(Link {
        link_type: LinkType::DerivationBaseObjectLink,
        linked_object_identifier: to.into(),
    })
}

/// What the Links of an object lead to.
fn links(peer: &Peer, identifier: &UniqueIdentifier) -> Vec<UniqueIdentifier> {
    peer.attributes(identifier).links().map(|link| link.linked_object_identifier.clone()).collect()
}

/// Creates a key and does what follows in the same message; the identifiers of the key and of what else was made.
fn after_create(
    peer: &Peer,
    payload: impl Into<RequestPayload>,
) -> (UniqueIdentifier, Option<UniqueIdentifier>) {
    let response = peer.send(vec![create_aes([]).into(), payload.into()], |_| {});
    let mut made = Vec::new();
    for item in response.batch_item {
        assert_eq!(item.result_status, S::Success, "{:?}", item.result_message);
        match item.response_payload {
            Some(ResponsePayload::Create(created)) => made.push(created.unique_identifier),
            Some(ResponsePayload::Register(registered)) => made.push(registered.unique_identifier),
            Some(ResponsePayload::Import(imported)) => made.push(imported.unique_identifier),
            Some(ResponsePayload::Locate(located)) => made.extend(located.unique_identifier),
            _ => {}
        }
    }
    (made[0].clone(), made.get(1).cloned())
}

#[test]
fn a_link_may_say_an_object_of_its_batch_wherever_it_is_given() {
    let peer = Peer::new(V2_1);
    let placed = || link(UniqueIdentifier::Enumeration(Placed::IdPlaceholder));
    let created = || link(UniqueIdentifier::Enumeration(Placed::Create));
    let first = || link(UniqueIdentifier::Index(0));
    for said in [placed, created, first] {
        let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block(F::Raw, vec![7; 16]) });
        let register = RegisterRequest::new(ObjectType::SymmetricKey, usage().with(said()), object.clone());
        let (key, new) = after_create(&peer, register);
        assert_eq!(links(&peer, &new.unwrap()), [key]);

        let (key, new) = after_create(&peer, create_aes([said()]));
        assert_eq!(links(&peer, &new.unwrap()), std::slice::from_ref(&key));

        let name = format!("imported {key}");
        let import = ImportRequest {
            object_type: Some(ObjectType::SymmetricKey),
            ..ImportRequest::new(name, usage().with(said()), object)
        };
        let (key, new) = after_create(&peer, import);
        assert_eq!(links(&peer, &new.unwrap()), [key]);

        let target = peer.create([]);
        let (key, _) = after_create(&peer, AddAttributeRequest::new(target.clone(), said()));
        assert_eq!(links(&peer, &target), [key]);
        let (key, _) = after_create(&peer, ModifyAttributeRequest::new(target.clone(), said()));
        assert_eq!(links(&peer, &target), [key]);
        let set = SetAttributeRequest::new(target.clone(), said());
        let (key, _) = after_create(&peer, set);
        assert_eq!(links(&peer, &target), std::slice::from_ref(&key));

        // It is found, and taken away, by what it says too.
        let wanted = LocateRequest { attributes: Attributes::new().with(said()), ..LocateRequest::default() };
        let (_, found) = after_create(&peer, wanted);
        assert_eq!(found, None, "nothing leads to the key of this batch");
        let delete = DeleteAttributeRequest {
            current_attribute: Some(SingleAttribute::from(link(key))),
            ..DeleteAttributeRequest::new(target.clone(), kmip_sdk::types::Tag::LINK)
        };
        peer.call(DeleteAttributeRequest { attribute_reference: None, ..delete }).unwrap();
        assert_eq!(links(&peer, &target), []);
    }
    // What is not there is not linked to.
    assert_eq!(peer.call(create_aes([placed()])).err(), Some(R::ObjectNotFound));
    assert_eq!(peer.call(create_aes([first()])).err(), Some(R::ObjectNotFound));
}

#[test]
fn names_and_identifiers_of_before_stay() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([Attribute::Name(Name::text("a")), link("k-9")]);
        assert_eq!(links(&peer, &key), [UniqueIdentifier::from("k-9")], "{version}");
        assert_eq!(peer.call(GetAttributesRequest::all(key)).unwrap().attributes.names().count(), 1);
    }
}
