//! Set Defaults, Set Constraints and Get Constraints.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, CryptographicAlgorithm as A, ObjectType, QueryFunction, ResultReason as R,
    State,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::operation::{
    Constraint, Constraints, CreateKeyPairRequest, CreateRequest, DefaultsInformation, GetConstraintsRequest,
    GetRequest, ObjectDefaults, ObjectGroups, ObjectTypeOrTypes, ObjectTypes, QueryRequest,
    SetConstraintsRequest, SetDefaultsRequest,
};

use crate::support::Peer;

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn groups(groups: &[&str]) -> Option<ObjectGroups> {
    Some(ObjectGroups { object_group: groups.iter().map(|group| (*group).to_owned()).collect() })
}

fn aes(bits: i32) -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Aes))
        .with(Attribute::CryptographicLength(bits))
        .with(Attribute::CryptographicUsageMask(Mask::ENCRYPT))
}

fn defaults(kind: ObjectType, attributes: Attributes, of: Option<ObjectGroups>) -> ObjectDefaults {
    ObjectDefaults { object_type: ObjectTypeOrTypes::ObjectType(kind), attributes, object_groups: of }
}

fn set(object_defaults: Vec<ObjectDefaults>) -> SetDefaultsRequest {
    SetDefaultsRequest { defaults_information: Some(DefaultsInformation { object_defaults }) }
}

fn create(attributes: Attributes) -> CreateRequest {
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

#[test]
fn what_a_client_leaves_out_is_the_default() {
    let peer = Peer::new(V2_1);
    let made = peer.call(create(Attributes::new())).unwrap().unique_identifier;
    assert_eq!(peer.attributes(&made).cryptographic_algorithm(), Some(A::Aes));
    let grouped = Attributes::new().with(Attribute::ObjectGroup("g".to_owned()));
    let list = vec![
        defaults(ObjectType::SymmetricKey, aes(128), groups(&["g"])),
        defaults(ObjectType::SymmetricKey, aes(256), None),
    ];
    peer.call(set(list.clone())).unwrap();
    let length = |request: Attributes| {
        let key = peer.call(create(request)).unwrap().unique_identifier;
        peer.attributes(&key).cryptographic_length().unwrap()
    };
    assert_eq!(length(Attributes::new()), 256);
    assert_eq!(length(grouped), 128);
    assert_eq!(length(Attributes::new().with(Attribute::CryptographicLength(192))), 192);
    let query = |groups| {
        let mut request = QueryRequest::new([QueryFunction::QueryDefaultsInformation]);
        request.object_groups = groups;
        let information = peer.call(request).unwrap().defaults_information;
        information.map(|information| information.object_defaults)
    };
    // Then come those of the server for other types.
    assert_eq!(query(None).unwrap()[..2], list);
    assert_eq!(query(groups(&["h"])).unwrap()[..1], list[1..]);
    assert_eq!(query(None).unwrap().len(), 2 + 3);
    // Nothing is the default any more.
    peer.call(SetDefaultsRequest { defaults_information: None }).unwrap();
    let own = query(None).unwrap();
    let types: Vec<_> = own.iter().map(|defaults| defaults.object_type.clone()).collect();
    let all =
        [ObjectType::SymmetricKey, ObjectType::PrivateKey, ObjectType::PublicKey, ObjectType::SecretData];
    assert_eq!(types, all.map(ObjectTypeOrTypes::ObjectType));
    assert_eq!(length(Attributes::new()), own[0].attributes.cryptographic_length().unwrap());
}

#[test]
fn either_key_of_a_pair_has_its_defaults() {
    let peer = Peer::new(V2_1);
    let pair = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(A::Rsa))
        .with(Attribute::CryptographicLength(2048));
    let both = ObjectTypeOrTypes::ObjectTypes(ObjectTypes {
        object_type: vec![ObjectType::PrivateKey, ObjectType::PublicKey],
    });
    let usage = |mask| Attributes::new().with(Attribute::CryptographicUsageMask(mask));
    peer.call(set(vec![
        ObjectDefaults { object_type: both, attributes: pair, object_groups: None },
        defaults(ObjectType::PrivateKey, usage(Mask::SIGN), None),
        defaults(ObjectType::PublicKey, usage(Mask::VERIFY), None),
    ]))
    .unwrap();
    let made = peer.call(CreateKeyPairRequest::default()).unwrap();
    let usage = |identifier| peer.attributes(identifier).cryptographic_usage_mask().unwrap();
    assert_eq!(usage(&made.private_key_unique_identifier), Mask::SIGN);
    assert_eq!(usage(&made.public_key_unique_identifier), Mask::VERIFY);
}

#[test]
fn defaults_are_what_a_client_may_ask_for() {
    let peer = Peer::with(V2_1, ServerOptions::default().maximum_attributes(100));
    let state = Attributes::new().with(Attribute::State(State::Active));
    assert!(peer.call(set(vec![defaults(ObjectType::SymmetricKey, state, None)])).is_err());
    let one = defaults(ObjectType::SymmetricKey, aes(128), None);
    assert_eq!(peer.call(set(vec![one; 101])), Err(R::InvalidField));
    let mut many = Attributes::new();
    for number in 0..101 {
        many.push(Attribute::ObjectGroup(number.to_string()));
    }
    let many = defaults(ObjectType::SymmetricKey, many, None);
    assert_eq!(peer.call(set(vec![many])), Err(R::ServerLimitExceeded));
}

#[test]
fn defaults_that_are_undone_are_none() {
    let peer = Peer::new(V2_1);
    let one = defaults(ObjectType::SymmetricKey, aes(128), None);
    peer.send(vec![set(vec![one]).into(), GetRequest::new("none".to_owned()).into()], |message| {
        message.request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Undo);
        for (number, item) in (0..).zip(&mut message.batch_item) {
            item.unique_batch_item_id = Some(vec![number]);
        }
    });
    let made = peer.call(create(Attributes::new())).unwrap().unique_identifier;
    assert_eq!(peer.attributes(&made).cryptographic_length(), Some(256));
}

#[test]
fn new_objects_are_as_the_constraints_want_them() {
    let peer = Peer::new(V2_1);
    let none = peer.call(GetConstraintsRequest {}).unwrap().constraints;
    assert_eq!(none, Constraints::default());
    let before = peer.create([]);
    let length = |bits| Some(Attributes::new().with(Attribute::CryptographicLength(bits)));
    let constraints = Constraints {
        constraint: vec![
            Constraint {
                object_types: Some(ObjectTypes { object_type: vec![ObjectType::SymmetricKey] }),
                attributes: length(256),
                object_groups: None,
            },
            Constraint {
                object_types: None,
                attributes: Some(Attributes::new().with(Attribute::Comment("why".to_owned()))),
                object_groups: groups(&["g"]),
            },
        ],
    };
    peer.call(SetConstraintsRequest { constraints: constraints.clone() }).unwrap();
    assert_eq!(peer.call(GetConstraintsRequest {}).unwrap().constraints, constraints);
    let grouped = || aes(256).with(Attribute::ObjectGroup("g".to_owned()));
    for (request, is_right) in [
        (aes(256), true),
        (aes(128), false),
        (grouped(), false),
        (grouped().with(Attribute::Comment("why".to_owned())), true),
    ] {
        let result = peer.call(create(request)).map(drop);
        assert_eq!(result, if is_right { Ok(()) } else { Err(R::ConstraintViolation) });
    }
    // What is there already may be got.
    assert!(peer.call(GetRequest::new(before)).is_ok());
    peer.call(SetConstraintsRequest { constraints: Constraints::default() }).unwrap();
    assert!(peer.call(create(aes(128))).is_ok());
}

#[test]
fn a_pair_of_which_nothing_is_said_is_the_servers() {
    let peer = Peer::new(V2_1);
    let made = peer.call(CreateKeyPairRequest::default()).unwrap();
    let private = peer.attributes(&made.private_key_unique_identifier);
    let public = peer.attributes(&made.public_key_unique_identifier);
    assert_eq!(private.cryptographic_algorithm(), Some(A::Rsa));
    assert_eq!(private.cryptographic_length(), public.cryptographic_length());
    assert_ne!(private.cryptographic_usage_mask(), public.cryptographic_usage_mask());
    // Before KMIP 2.0 the client says what it wants.
    let older = Peer::new(ProtocolVersion::V1_4);
    assert!(older.call(CreateKeyPairRequest::default()).is_err());
    assert!(older.call(create(Attributes::new())).is_err());
}
