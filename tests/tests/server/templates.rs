//! Templates: kept, changed and destroyed like other objects, and taken by their names.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DerivationMethod, HashingAlgorithm, KeyFormatType, ObjectType, Operation,
    QueryFunction, ResultReason as R, SplitKeyMethod, State,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey, Template};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, ArchiveRequest, CertifyRequest, CheckRequest, CreateKeyPairRequest,
    CreateRequest, CreateSplitKeyRequest, DeleteAttributeRequest, DerivationParameters, DeriveKeyRequest,
    DestroyRequest, GetAttributesRequest, GetRequest, JoinSplitKeyRequest, LocateRequest,
    ModifyAttributeRequest, QueryRequest, ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest,
    RecoverRequest, RegisterRequest, RevokeRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, by_name};

const BEFORE_2: [ProtocolVersion; 5] = [
    ProtocolVersion::V1_0,
    ProtocolVersion::V1_1,
    ProtocolVersion::V1_2,
    ProtocolVersion::V1_3,
    ProtocolVersion::V1_4,
];

fn aes(bits: i32) -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Aes))
        .with(Attribute::CryptographicLength(bits))
        .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT))
}

fn template(name: &str, attributes: Attributes) -> RegisterRequest {
    let named = Attributes::new().with(Attribute::Name(Name::text(name)));
    RegisterRequest::new(ObjectType::Template, named, ManagedObject::Template(Template { attributes }))
}

fn register(peer: &Peer, name: &str, attributes: Attributes) -> UniqueIdentifier {
    peer.call(template(name, attributes)).unwrap().unique_identifier
}

fn content(peer: &Peer, identifier: &UniqueIdentifier) -> Attributes {
    match peer.call(GetRequest::new(identifier.clone())).unwrap().object {
        ManagedObject::Template(template) => template.attributes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_template_is_kept_and_given_back() {
    for version in BEFORE_2 {
        let peer = Peer::new(version);
        let identifier = register(&peer, "t", aes(128));
        let given: Vec<Attribute> = content(&peer, &identifier).iter().cloned().collect();
        assert_eq!(given, aes(128).iter().cloned().collect::<Vec<_>>(), "{version}");
        let attributes = peer.attributes(&identifier);
        assert_eq!(attributes.object_type(), Some(ObjectType::Template));
        assert_eq!(attributes.initial_date(), Some(DateTime::from_seconds(START)));
        assert_eq!(attributes.cryptographic_length(), Some(128));
        // It has no life of its own.
        assert_eq!(attributes.state(), None);
        assert_eq!(attributes.digests().next(), None);
        let by_type = Attributes::new().with(Attribute::ObjectType(ObjectType::Template));
        let located = peer.call(LocateRequest { attributes: by_type, ..LocateRequest::default() }).unwrap();
        assert_eq!(located.unique_identifier, std::slice::from_ref(&identifier));
        peer.call(DestroyRequest::new(identifier.clone())).unwrap();
        // Nothing is left of it, and its name is free.
        assert_eq!(peer.call(GetAttributesRequest::all(identifier.clone())), Err(R::ItemNotFound));
        assert_eq!(peer.call(DestroyRequest::new(identifier)), Err(R::ItemNotFound));
        register(&peer, "t", aes(256));
    }
}

#[test]
fn a_template_that_is_none_is_refused() {
    for version in BEFORE_2 {
        let peer = Peer::new(version);
        let named = aes(128).with(Attribute::Name(Name::text("inside")));
        let servers = aes(128).with(Attribute::State(State::Active));
        for attributes in [named, servers] {
            assert_eq!(peer.call(template("t", attributes)), Err(R::InvalidField), "{version}");
        }
        let nameless = RegisterRequest { attributes: Attributes::new(), ..template("t", aes(128)) };
        assert_eq!(peer.call(nameless), Err(R::InvalidMessage));
        register(&peer, "t", aes(128));
        assert_eq!(peer.call(template("t", aes(128))), Err(R::InvalidField), "its name is taken");
    }
}

#[test]
fn requests_take_the_attributes_of_templates_by_name() {
    for version in BEFORE_2 {
        let peer = Peer::new(version);
        let group = |group: &str| Attribute::ObjectGroup(group.to_owned());
        register(&peer, "first", aes(128).with(group("a")));
        register(&peer, "last", Attributes::new().with(Attribute::CryptographicLength(192)).with(group("b")));
        let create = |attributes| {
            let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
            peer.call(request).map(|created| peer.attributes(&created.unique_identifier))
        };
        // Of an attribute of several values, those of the Templates come first.
        let groups = |set: &Attributes| set.object_groups().map(ToString::to_string).collect::<Vec<String>>();
        let of_one = create(by_name(&["first"])).unwrap();
        assert_eq!((of_one.cryptographic_length(), groups(&of_one)), (Some(128), vec!["a".to_owned()]));
        // The last Template counts before the others, and the request before all.
        let of_two = create(by_name(&["first", "last"])).unwrap();
        assert_eq!(of_two.cryptographic_length(), Some(192), "{version}");
        assert_eq!(groups(&of_two), ["a", "b"]);
        let own = by_name(&["first", "last"]).with(Attribute::CryptographicLength(256)).with(group("c"));
        let own = create(own).unwrap();
        assert_eq!(own.cryptographic_length(), Some(256));
        assert_eq!(groups(&own), ["a", "b", "c"]);
        // The key is none of the Template's name.
        assert_eq!(own.names().next(), None);
        assert_eq!(create(by_name(&["first", "other"])).unwrap_err(), R::ItemNotFound);
        let key = aes(128).with(Attribute::Name(Name::text("key")));
        create(key).unwrap();
        assert_eq!(create(by_name(&["key"])).unwrap_err(), R::ItemNotFound, "a key is no Template");
    }
}

#[test]
fn the_templates_of_a_key_pair_count_in_their_order() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let usage = |mask| Attributes::new().with(Attribute::CryptographicUsageMask(mask));
    let contact = |text: &str| Attribute::ContactInformation(text.to_owned());
    let common = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Ecdsa))
        .with(Attribute::CryptographicLength(256))
        .with(contact("common template"));
    register(&peer, "common", common);
    register(&peer, "private", usage(Mask::SIGN).with(contact("private template")));
    register(&peer, "public", usage(Mask::VERIFY));
    let request = CreateKeyPairRequest {
        common_attributes: Some(by_name(&["common"]).with(contact("common"))),
        private_key_attributes: Some(by_name(&["private"])),
        public_key_attributes: Some(by_name(&["public"])),
        ..CreateKeyPairRequest::default()
    };
    let made = peer.call(request).unwrap();
    let private = peer.attributes(&made.private_key_unique_identifier);
    let public = peer.attributes(&made.public_key_unique_identifier);
    assert_eq!(private.cryptographic_usage_mask(), Some(Mask::SIGN));
    assert_eq!(public.cryptographic_usage_mask(), Some(Mask::VERIFY));
    // A key's own Template comes before what is common, be that explicit.
    assert_eq!(private.contact_information(), Some("private template"));
    assert_eq!(public.contact_information(), Some("common"));
}

#[test]
fn every_operation_that_makes_an_object_takes_templates() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let contact = Attributes::new().with(Attribute::ContactInformation("desk".to_owned()));
    register(&peer, "contact", contact);
    register(&peer, "aes", aes(128));
    let pair = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Ecdsa))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(Mask::SIGN | Mask::VERIFY));
    let pair = CreateKeyPairRequest { common_attributes: Some(pair), ..CreateKeyPairRequest::default() };
    let pair = peer.call(pair).unwrap();
    let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    let base = Attribute::CryptographicUsageMask(Mask::DERIVE_KEY);
    let base = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(base)
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    let base = peer.call(CreateRequest::new(ObjectType::SymmetricKey, base)).unwrap().unique_identifier;
    let key = peer.create([]);
    let split = |names: &[&str]| {
        CreateSplitKeyRequest::new(ObjectType::SplitKey, 2, 2, SplitKeyMethod::Xor, by_name(names))
    };
    let parts = peer.call(split(&["aes"])).unwrap().unique_identifier;
    let certify = |names: &[&str]| CertifyRequest {
        unique_identifier: Some(public.clone()),
        attributes: Some(by_name(names)),
        ..CertifyRequest::default()
    };
    let certificate = peer.call(certify(&[])).unwrap().unique_identifier;

    // What each makes with the Templates of these names, or why it does not.
    let make = |operation: Operation, names: &[&str]| -> Result<UniqueIdentifier, R> {
        let attributes = Some(by_name(names));
        match operation {
            Operation::Register => {
                let block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(vec![7; 16]), A::Aes, 128);
                let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
                let request = RegisterRequest::new(ObjectType::SymmetricKey, by_name(names), object);
                peer.call(request).map(|made| made.unique_identifier)
            }
            Operation::ReKey => {
                let unique_identifier = Some(key.clone());
                let request = ReKeyRequest { unique_identifier, attributes, ..ReKeyRequest::default() };
                peer.call(request).map(|made| made.unique_identifier)
            }
            Operation::ReKeyKeyPair => {
                let request = ReKeyKeyPairRequest {
                    private_key_unique_identifier: Some(private.clone()),
                    private_key_attributes: attributes,
                    ..ReKeyKeyPairRequest::default()
                };
                peer.call(request).map(|made| made.private_key_unique_identifier)
            }
            Operation::DeriveKey => {
                let request = DeriveKeyRequest {
                    object_type: ObjectType::SymmetricKey,
                    unique_identifier: vec![base.clone()],
                    derivation_method: DerivationMethod::Hash,
                    derivation_parameters: DerivationParameters {
                        cryptographic_parameters: Some(Box::new(CryptographicParameters {
                            hashing_algorithm: Some(HashingAlgorithm::Sha256),
                            ..CryptographicParameters::default()
                        })),
                        ..DerivationParameters::default()
                    },
                    attributes: by_name(names),
                };
                peer.call(request).map(|made| made.unique_identifier)
            }
            Operation::Certify => peer.call(certify(names)).map(|made| made.unique_identifier),
            Operation::ReCertify => {
                let unique_identifier = Some(certificate.clone());
                let request =
                    ReCertifyRequest { unique_identifier, attributes, ..ReCertifyRequest::default() };
                peer.call(request).map(|made| made.unique_identifier)
            }
            Operation::CreateSplitKey => {
                peer.call(split(names)).map(|made| made.unique_identifier[1].clone())
            }
            _ => {
                let request = JoinSplitKeyRequest {
                    object_type: ObjectType::SymmetricKey,
                    unique_identifier: parts.clone(),
                    secret_data_type: None,
                    attributes,
                    protection_storage_masks: None,
                };
                peer.call(request).map(|made| made.unique_identifier)
            }
        }
    };
    for (operation, names) in [
        (Operation::Register, &["aes", "contact"][..]),
        (Operation::ReKey, &["contact"]),
        (Operation::ReKeyKeyPair, &["contact"]),
        (Operation::DeriveKey, &["aes", "contact"]),
        (Operation::Certify, &["contact"]),
        (Operation::ReCertify, &["contact"]),
        (Operation::CreateSplitKey, &["aes", "contact"]),
        (Operation::JoinSplitKey, &["contact"]),
    ] {
        assert_eq!(make(operation, &["aes", "none"]), Err(R::ItemNotFound), "{operation}");
        let made = make(operation, names).unwrap_or_else(|why| panic!("{operation}: {why}"));
        assert_eq!(peer.attributes(&made).contact_information(), Some("desk"), "{operation}");
    }
}

#[test]
fn a_template_changes_by_its_attributes_and_rests_where_it_is_archived() {
    for version in BEFORE_2 {
        let peer = Peer::new(version);
        let identifier = register(&peer, "t", aes(128));
        let contact = Attribute::ContactInformation("desk".to_owned());
        peer.call(AddAttributeRequest::new(identifier.clone(), contact)).unwrap();
        let window = Attribute::ContactInformation("window".to_owned());
        peer.call(ModifyAttributeRequest::new(identifier.clone(), window)).unwrap();
        let create = || {
            let request = CreateRequest::new(ObjectType::SymmetricKey, by_name(&["t"]));
            peer.call(request).map(|created| peer.attributes(&created.unique_identifier))
        };
        let made = create().unwrap();
        assert_eq!(made.contact_information(), Some("window"), "{version}");
        assert_eq!(content(&peer, &identifier).contact_information(), Some("window"));
        let delete =
            DeleteAttributeRequest::new(identifier.clone(), kmip_sdk::types::Tag::CONTACT_INFORMATION);
        peer.call(delete).unwrap();
        assert_eq!(create().unwrap().contact_information(), None);
        peer.call(ArchiveRequest { unique_identifier: Some(identifier.clone()) }).unwrap();
        assert_eq!(create().unwrap_err(), R::ObjectArchived);
        peer.call(RecoverRequest { unique_identifier: Some(identifier) }).unwrap();
        create().unwrap();
    }
}

#[test]
fn what_is_for_keys_is_refused() {
    for version in BEFORE_2 {
        let peer = Peer::new(version);
        let identifier = register(&peer, "t", aes(128));
        assert_eq!(
            peer.call(ActivateRequest::new(identifier.clone())),
            Err(R::IllegalOperation),
            "{version}"
        );
        let revoke = RevokeRequest::new(
            identifier.clone(),
            kmip_sdk::types::enumerations::RevocationReasonCode::CessationOfOperation,
        );
        assert_eq!(peer.call(revoke), Err(R::IllegalOperation));
        assert_eq!(
            peer.call(CheckRequest { unique_identifier: Some(identifier), ..CheckRequest::default() }),
            Err(R::IllegalOperation)
        );
    }
}

#[test]
fn dates_of_a_template_are_those_of_what_is_made_with_it() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let later = Attribute::ActivationDate(DateTime::from_seconds(START + 10));
    let identifier = register(&peer, "t", aes(128).with(later));
    peer.wait(20);
    assert_eq!(peer.attributes(&identifier).state(), None);
    let created = peer.call(CreateRequest::new(ObjectType::SymmetricKey, by_name(&["t"]))).unwrap();
    assert_eq!(peer.state(&created.unique_identifier), State::Active);
}

#[test]
fn since_2_0_there_are_none() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let identifier = register(&peer, "t", aes(128));
    let query = || QueryRequest::new(vec![QueryFunction::QueryObjects]);
    assert!(peer.call(query()).unwrap().object_type.contains(&ObjectType::Template));
    let peer = peer.in_version(ProtocolVersion::V2_1);
    assert!(!peer.call(query()).unwrap().object_type.contains(&ObjectType::Template));
    assert_eq!(peer.call(GetAttributesRequest::all(identifier)), Err(R::ObjectNotFound));
    assert_eq!(peer.call(LocateRequest::default()).unwrap().unique_identifier, []);
}
