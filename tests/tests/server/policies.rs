//! Who may do what with whose objects: owners, the operation policies of KMIP 1.x, and a policy of the application's.

use kmip_sdk::server::{Leniency, ServerOptions, Verdict};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, HashingAlgorithm, InteropFunction, ObjectType, Operation, ResultReason as R,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{ManagedObject, Template};
use kmip_sdk::types::operation::{
    AddAttributeRequest, ArchiveRequest, CertifyRequest, CreateKeyPairRequest, CreateRequest,
    DeleteAttributeRequest, DestroyRequest, GetAttributeListRequest, GetAttributesRequest, GetRequest,
    HashRequest, ImportRequest, InteropRequest, LocateRequest, ObtainLeaseRequest, ReCertifyRequest,
    ReKeyKeyPairRequest, ReKeyRequest, RegisterRequest,
};
use kmip_sdk::types::{ProtocolVersion, Tag};

use crate::support::{Peer, VERSIONS, by_name, create_aes, reason};

fn named(name: &str) -> Attribute {
    Attribute::Name(Name::text(name))
}

fn create_as(peer: &Peer, who: &str, more: impl IntoIterator<Item = Attribute>) -> UniqueIdentifier {
    peer.call_as(who, create_aes(more)).unwrap().unique_identifier
}

/// A pair of alice's: the private and the public key.
fn pair(peer: &Peer, more: impl IntoIterator<Item = Attribute>) -> (UniqueIdentifier, UniqueIdentifier) {
    let mut common = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Ecdsa))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(Mask::SIGN | Mask::VERIFY));
    common.extend(more);
    let request = CreateKeyPairRequest { common_attributes: Some(common), ..Default::default() };
    let made = peer.call_as("alice", request).unwrap();
    (made.private_key_unique_identifier, made.public_key_unique_identifier)
}

fn located(peer: &Peer, who: &str) -> Vec<UniqueIdentifier> {
    peer.call_as(who, LocateRequest::default()).unwrap().unique_identifier
}

#[test]
fn nobody_learns_of_what_is_somebody_elses() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = create_as(&peer, "alice", [named("key")]);
        let not_found = Some(reason(version, R::ObjectNotFound, R::ItemNotFound));
        let nowhere = UniqueIdentifier::from("nowhere");
        for identifier in [key.clone(), nowhere] {
            assert_eq!(peer.call_as("bob", GetRequest::new(identifier.clone())).err(), not_found);
            assert_eq!(peer.call_as("bob", GetAttributesRequest::all(identifier.clone())).err(), not_found);
            assert_eq!(peer.call_as("bob", DestroyRequest::new(identifier.clone())).err(), not_found);
            let add = AddAttributeRequest::new(identifier, named("other"));
            assert_eq!(peer.call_as("bob", add).err(), not_found, "{version}");
        }
        assert_eq!(located(&peer, "bob"), []);
        // A name that another has is free, for new objects and for those that there are.
        let own = create_as(&peer, "bob", [named("key")]);
        peer.call_as("bob", AddAttributeRequest::new(own.clone(), named("second"))).unwrap();
        peer.call_as("alice", AddAttributeRequest::new(key.clone(), named("second"))).unwrap();
        assert_eq!(located(&peer, "bob"), [own]);
        assert_eq!(located(&peer, "alice"), [key]);
    }
}

#[test]
fn an_import_neither_replaces_nor_shows_what_another_has() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = create_as(&peer, "alice", []);
    let object = peer.call_as("alice", GetRequest::new(key.clone())).unwrap().object;
    let import = |who| {
        let attributes = Attributes::new().with(Attribute::UniqueIdentifier(key.clone()));
        let request = ImportRequest {
            object_type: Some(ObjectType::SymmetricKey),
            ..ImportRequest::new(key.clone(), attributes, object.clone())
        };
        peer.call_as(who, request).map(|imported| imported.unique_identifier)
    };
    let other = import("bob").unwrap();
    assert_ne!(other, key, "the server assigns one that is free");
    assert_eq!(located(&peer, "bob"), std::slice::from_ref(&other));
    let attributes = peer.call_as("bob", GetAttributesRequest::all(other.clone())).unwrap().attributes;
    assert!(attributes.iter().any(|attribute| *attribute == Attribute::UniqueIdentifier(other.clone())));
    assert_eq!(import("alice"), Err(R::ObjectAlreadyExists));
    assert_eq!(peer.call_as("alice", GetRequest::new(key.clone())).unwrap().object, object);
}

/// A short identifier may be tried by whoever thinks of it, so it is nobody's by name: taken and free look the same.
#[test]
fn an_import_tells_nobody_which_identifiers_are_taken() {
    let long = "0b9c5bc4-5a5e-4f5d-8f43-1de1d1f0b0a5";
    for (tells, taken, free) in [(false, None, None), (true, Some(R::PermissionDenied), Some("free"))] {
        let peer = Peer::with(ProtocolVersion::V2_1, ServerOptions::default().tell_denials(tells));
        let (key, destroyed) = (create_as(&peer, "alice", []), create_as(&peer, "alice", []));
        peer.call_as("alice", DestroyRequest::new(destroyed.clone())).unwrap();
        let object = peer.call_as("alice", GetRequest::new(key.clone())).unwrap().object;
        let import = |who: Option<&str>, identifier: &str| {
            let attributes = Attributes::new().with(Attribute::UniqueIdentifier(identifier.into()));
            let request = ImportRequest {
                object_type: Some(ObjectType::SymmetricKey),
                ..ImportRequest::new(identifier, attributes, object.clone())
            };
            let imported = match who {
                Some(who) => peer.call_as(who, request),
                None => peer.call(request),
            };
            imported.map(|imported| imported.unique_identifier.to_string())
        };
        for identifier in [&key, &destroyed] {
            let identifier = identifier.to_string();
            match import(Some("bob"), &identifier) {
                Ok(new) => assert!(taken.is_none() && new != identifier),
                Err(reason) => assert_eq!(Some(reason), taken),
            }
        }
        let new = import(Some("bob"), "free").unwrap();
        assert_eq!(new == "free", free.is_some());
        // One that nobody guesses is kept, and so is any of the application's.
        assert_eq!(import(Some("bob"), long).unwrap(), long);
        assert_eq!(import(None, "applications").unwrap(), "applications");
    }
}

#[test]
fn the_default_policy_lets_everybody_read_public_objects() {
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_2, ProtocolVersion::V1_4] {
        let peer = Peer::new(version);
        let (private, public) = pair(&peer, []);
        assert_eq!(
            peer.call_as("alice", GetAttributesRequest::all(public.clone()))
                .unwrap()
                .attributes
                .operation_policy_name(),
            Some("default")
        );
        let lease = || ObtainLeaseRequest { unique_identifier: Some(public.clone()) };
        assert_eq!(located(&peer, "bob"), std::slice::from_ref(&public), "{version}");
        peer.call_as("bob", GetRequest::new(public.clone())).unwrap();
        peer.call_as("bob", GetAttributesRequest::all(public.clone())).unwrap();
        peer.call_as("bob", GetAttributeListRequest { unique_identifier: Some(public.clone()) }).unwrap();
        peer.call_as("bob", lease()).unwrap();
        // What changes it is for the owner only, and who knows of it is told so.
        assert_eq!(peer.call_as("bob", DestroyRequest::new(public.clone())), Err(R::PermissionDenied));
        let add = AddAttributeRequest::new(public.clone(), Attribute::ContactInformation("c".to_owned()));
        assert_eq!(peer.call_as("bob", add.clone()).err(), Some(R::PermissionDenied));
        peer.call_as("alice", add).unwrap();
        // Secret objects are for the owner only.
        assert_eq!(peer.call_as("bob", GetRequest::new(private)).err(), Some(R::ItemNotFound));
        // The object's policy holds in every version.
        let newer = peer.in_version(ProtocolVersion::V2_1);
        newer.call_as("bob", GetRequest::new(public)).unwrap();
    }
}

#[test]
fn without_the_default_policy_public_objects_are_their_owners() {
    let strict = ServerOptions::default().leniency(Leniency::NONE);
    let own = [Attribute::OperationPolicyName("own".to_owned())];
    for (version, options, more) in [
        (ProtocolVersion::V1_2, strict, &[][..]),
        (ProtocolVersion::V1_2, ServerOptions::default(), &own[..]),
        (ProtocolVersion::V2_1, ServerOptions::default(), &[][..]),
    ] {
        let peer = Peer::with(version, options);
        let (_, public) = pair(&peer, more.iter().cloned());
        assert_eq!(located(&peer, "bob"), []);
        let not_found = reason(version, R::ObjectNotFound, R::ItemNotFound);
        assert_eq!(peer.call_as("bob", GetRequest::new(public.clone())).err(), Some(not_found));
        let attributes = peer.call_as("alice", GetAttributesRequest::all(public)).unwrap().attributes;
        assert_eq!(attributes.operation_policy_name(), more.first().map(|_| "own"));
    }
}

#[test]
fn templates_are_their_owners_and_those_of_the_application_everybodys() {
    let template = |length, name: &str| {
        let attributes = Attributes::new()
            .with(Attribute::CryptographicAlgorithm(A::Aes))
            .with(Attribute::CryptographicLength(length))
            .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT));
        let object = ManagedObject::Template(Template { attributes });
        RegisterRequest::new(ObjectType::Template, Attributes::new().with(named(name)), object)
    };
    let create = |name: &str| CreateRequest::new(ObjectType::SymmetricKey, by_name(&[name]));
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_4] {
        let peer = Peer::new(version);
        let private = peer.call_as("alice", template(128, "private")).unwrap().unique_identifier;
        let public = peer.call(template(256, "public")).unwrap().unique_identifier;
        let made = peer.call_as("alice", create("private")).unwrap().unique_identifier;
        let made = peer.call_as("alice", GetAttributesRequest::all(made)).unwrap().attributes;
        assert_eq!(made.cryptographic_length(), Some(128));
        // The policy of a Template's objects is no policy of the Template.
        assert_eq!(peer.call_as("bob", create("private")).err(), Some(R::ItemNotFound), "{version}");
        assert_eq!(peer.call_as("bob", GetRequest::new(private)).err(), Some(R::ItemNotFound));
        peer.call_as("bob", create("public")).unwrap();
        peer.call_as("bob", GetRequest::new(public.clone())).unwrap();
        assert!(located(&peer, "bob").contains(&public));
        let contact = Attribute::ContactInformation("c".to_owned());
        let add = || AddAttributeRequest::new(public.clone(), contact.clone());
        let delete = DeleteAttributeRequest::new(public.clone(), Tag::CRYPTOGRAPHIC_LENGTH);
        assert_eq!(peer.call_as("bob", add()).err(), Some(R::PermissionDenied));
        assert_eq!(peer.call_as("bob", delete).err(), Some(R::PermissionDenied));
        assert_eq!(peer.call_as("bob", DestroyRequest::new(public.clone())).err(), Some(R::PermissionDenied));
        let archive = ArchiveRequest { unique_identifier: Some(public.clone()) };
        assert_eq!(peer.call_as("bob", archive).err(), Some(R::PermissionDenied));
        peer.call(add()).unwrap();
        // One's own comes before the public one of the same name.
        peer.call_as("bob", template(192, "public")).unwrap();
        let made = peer.call_as("bob", create("public")).unwrap().unique_identifier;
        let made = peer.call_as("bob", GetAttributesRequest::all(made)).unwrap().attributes;
        assert_eq!(made.cryptographic_length(), Some(192));
    }
}

#[test]
fn a_policy_shares_denies_and_hides() {
    let options = ServerOptions::default().policy(|access| {
        let is_in = |group: &str| access.attributes().object_groups().any(|other| other == group);
        match (access.identity(), access.operation()) {
            (Some("bob"), Operation::Locate | Operation::Get | Operation::AddAttribute)
                if is_in("shared") =>
            {
                Verdict::Allow
            }
            (_, Operation::Destroy) if is_in("kept") => Verdict::Deny,
            (Some("carol"), Operation::Create) => Verdict::Deny,
            _ => Verdict::Usual,
        }
    });
    for version in VERSIONS {
        let peer = Peer::with(version, options.clone());
        let group = |name: &str| Attribute::ObjectGroup(name.to_owned());
        let shared = create_as(&peer, "alice", [group("shared"), named("key")]);
        let kept = create_as(&peer, "alice", [group("kept")]);
        let not_found = reason(version, R::ObjectNotFound, R::ItemNotFound);
        peer.call_as("bob", GetRequest::new(shared.clone())).unwrap();
        assert_eq!(located(&peer, "bob"), std::slice::from_ref(&shared), "{version}");
        // What is not shared of it is refused to who knows of it, and not there for others.
        assert_eq!(peer.call_as("bob", DestroyRequest::new(shared.clone())).err(), Some(R::PermissionDenied));
        assert_eq!(peer.call_as("carol", DestroyRequest::new(shared.clone())).err(), Some(not_found));
        assert_eq!(peer.call_as("bob", DestroyRequest::new(kept.clone())).err(), Some(not_found));
        assert_eq!(peer.call_as("alice", DestroyRequest::new(kept)).err(), Some(R::PermissionDenied));
        assert_eq!(peer.call_as("carol", create_aes([])).err(), Some(R::PermissionDenied));
        // Its names would tell which others its owner has.
        let contact = Attribute::ContactInformation("c".to_owned());
        peer.call_as("bob", AddAttributeRequest::new(shared.clone(), contact)).unwrap();
        let name = AddAttributeRequest::new(shared, named("key"));
        assert_eq!(peer.call_as("bob", name).err(), Some(R::PermissionDenied));
    }
}

/// Whoever is let replace it: its names lead its owner to the new object, as they led to the former.
#[test]
fn what_takes_the_place_of_an_object_is_its_owners() {
    let options = ServerOptions::default().policy(|access| match access.operation() {
        Operation::ReKey | Operation::ReKeyKeyPair | Operation::ReCertify => Verdict::Allow,
        _ => Verdict::Usual,
    });
    for version in VERSIONS {
        let peer = Peer::with(version, options.clone());
        let find = |who: &str, name: &str| {
            let attributes = Attributes::new().with(named(name));
            let request = LocateRequest { attributes, ..LocateRequest::default() };
            peer.call_as(who, request).unwrap().unique_identifier
        };
        let key = create_as(&peer, "alice", [named("key")]);
        let everybodys = peer.create([named("everybody's")]);
        create_as(&peer, "bob", [named("key")]);
        let (private, _) = pair(&peer, []);
        peer.call_as("alice", AddAttributeRequest::new(private.clone(), named("pair"))).unwrap();
        let re_key = |key: &UniqueIdentifier| ReKeyRequest {
            unique_identifier: Some(key.clone()),
            ..ReKeyRequest::default()
        };
        let new = peer.call_as("bob", re_key(&key)).unwrap().unique_identifier;
        assert_eq!(find("alice", "key"), std::slice::from_ref(&new), "{version}");
        assert!(peer.call_as("bob", GetRequest::new(new.clone())).is_err());
        let all = peer.call_as("bob", re_key(&everybodys)).unwrap().unique_identifier;
        assert_eq!(find("alice", "everybody's"), [all], "{version}");
        // The application's too: what is somebody's stays so.
        let newest = peer.call(re_key(&new)).unwrap().unique_identifier;
        assert_eq!(find("alice", "key"), std::slice::from_ref(&newest), "{version}");
        assert!(peer.call_as("bob", GetRequest::new(newest.clone())).is_err());
        // Another name is for its owner to give, as for an object that is there.
        let with_name = |who: &str, name: &str| {
            let attributes = Some(Attributes::new().with(named(name)));
            peer.call_as(who, ReKeyRequest { attributes, ..re_key(&newest) })
        };
        assert_eq!(with_name("bob", "other").err(), Some(R::PermissionDenied), "{version}");
        assert!(with_name("alice", "other").is_ok(), "{version}");

        if version < ProtocolVersion::V1_1 {
            continue;
        }
        let request = ReKeyKeyPairRequest {
            private_key_unique_identifier: Some(private),
            ..ReKeyKeyPairRequest::default()
        };
        let made = peer.call_as("bob", request).unwrap();
        assert_eq!(find("alice", "pair"), std::slice::from_ref(&made.private_key_unique_identifier));
        let request = CertifyRequest {
            unique_identifier: Some(made.public_key_unique_identifier),
            attributes: Some(Attributes::new().with(named("certificate"))),
            ..CertifyRequest::default()
        };
        let certificate = peer.call_as("alice", request).unwrap().unique_identifier;
        let request =
            ReCertifyRequest { unique_identifier: Some(certificate), ..ReCertifyRequest::default() };
        let anew = peer.call_as("bob", request).unwrap().unique_identifier;
        assert_eq!(find("alice", "certificate"), [anew], "{version}");
    }
}

#[test]
fn a_reset_takes_what_is_ones_own() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let reset =
        || InteropRequest { interop_function: InteropFunction::Reset, interop_identifier: "case".to_owned() };
    let alices = create_as(&peer, "alice", []);
    let everybodys = peer.create([]);
    for _ in 0..40 {
        create_as(&peer, "bob", []);
    }
    let gone = create_as(&peer, "bob", [named("key")]);
    peer.call_as("bob", DestroyRequest::new(gone)).unwrap();
    let archived = create_as(&peer, "bob", [named("key")]);
    peer.call_as("bob", ArchiveRequest { unique_identifier: Some(archived.clone()) }).unwrap();
    let pending = peer.call_as("alice", hashed(true, None)).unwrap().correlation_value;
    peer.call_as("bob", reset()).unwrap();
    assert_eq!(located(&peer, "bob"), std::slice::from_ref(&everybodys));
    assert_eq!(peer.call_as("bob", GetAttributesRequest::all(archived)).err(), Some(R::ObjectNotFound));
    create_as(&peer, "bob", [named("key")]);
    assert_eq!(located(&peer, "alice"), [everybodys, alices]);
    assert!(peer.call_as("alice", hashed(false, pending)).is_ok(), "what is open stays open");
    peer.call(reset()).unwrap();
    assert_eq!(
        (located(&peer, "alice"), located(&peer, "bob")),
        (vec![], vec![]),
        "the application's is of all"
    );
}

/// The first or the last part of what is hashed in parts.
fn hashed(is_first: bool, correlation_value: Option<Vec<u8>>) -> HashRequest {
    let parameters = CryptographicParameters {
        hashing_algorithm: Some(HashingAlgorithm::Sha256),
        ..CryptographicParameters::default()
    };
    HashRequest {
        data: Some(b"data".as_slice().into()),
        init_indicator: is_first.then_some(true),
        final_indicator: (!is_first).then_some(true),
        correlation_value,
        ..HashRequest::new(parameters)
    }
}
