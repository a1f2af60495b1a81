//! The rules of attributes: the server does what the standard's table of each version says, attribute by attribute.

use kmip_sdk::types::attribute::{
    AlternativeName, ApplicationSpecificInformation, Attribute, AttributeReference, Attributes,
    CryptographicDomainParameters, KeyValueLocation, Link, Name, RngParameters, RotateName, UniqueIdentifier,
    UsageLimits,
};
use kmip_sdk::types::enumerations::{
    AlternativeNameType, KeyValueLocationType, LinkType, ObjectType, Operation, ResultReason as R,
    RevocationReasonCode, RngAlgorithm, RotateNameType, UsageLimitsUnit,
};
use kmip_sdk::types::generated::attributes::ATTRIBUTES;
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, ArchiveRequest, CreateRequest, DeleteAttributeRequest,
    DestroyRequest, GetUsageAllocationRequest, LocateRequest, ModifyAttributeRequest, ReKeyRequest,
    RecoverRequest, RegisterRequest, RequestPayload, RevokeRequest, SetAttributeRequest,
};
use kmip_sdk::types::tables::{AttributeInfo, AttributeRules, Names, OperationInfo, Rule};
use kmip_sdk::types::ttlv::{self, Tagged};
use kmip_sdk::types::{DateTime, Interval, Item, ItemType, ProtocolVersion, Tag, Value};

use crate::register::objects;
use crate::support::{Peer, START, create_aes};

/// What the operations of new keys take from the client, though the rules have the server set it.
const ASKED_FOR: [Tag; 3] = [Tag::CRYPTOGRAPHIC_ALGORITHM, Tag::CRYPTOGRAPHIC_LENGTH, Tag::KEY_FORMAT_TYPE];

/// A value of an attribute, by its number another where that must be.
fn sample(info: &AttributeInfo, number: u8) -> Option<Attribute> {
    let text = format!("text {number}");
    if info.types.contains(ItemType::Structure) {
        return Some(match info.name {
            "Name" => Attribute::Name(Name::text(&text)),
            "AlternativeName" => Attribute::AlternativeName(AlternativeName {
                alternative_name_value: text,
                alternative_name_type: AlternativeNameType::UninterpretedTextString,
            }),
            "ApplicationSpecificInformation" => {
                Attribute::ApplicationSpecificInformation(ApplicationSpecificInformation {
                    application_namespace: text,
                    application_data: Some("data".to_owned()),
                })
            }
            "KeyValueLocation" => Attribute::KeyValueLocation(KeyValueLocation {
                key_value_location_value: text,
                key_value_location_type: KeyValueLocationType::UninterpretedTextString,
            }),
            "Link" => Attribute::Link(Link {
                link_type: LinkType::PublicKeyLink,
                linked_object_identifier: text.as_str().into(),
            }),
            "RotateName" => Attribute::RotateName(RotateName {
                rotate_name_value: text,
                rotate_name_type: RotateNameType::UninterpretedTextString,
            }),
            "UsageLimits" => Attribute::UsageLimits(UsageLimits {
                usage_limits_total: 100 + i64::from(number),
                usage_limits_count: None,
                usage_limits_unit: UsageLimitsUnit::Byte,
            }),
            "CryptographicParameters" => Attribute::CryptographicParameters(Box::default()),
            "CryptographicDomainParameters" => {
                Attribute::CryptographicDomainParameters(CryptographicDomainParameters {
                    qlength: Some(256),
                    recommended_curve: None,
                })
            }
            "RandomNumberGenerator" => Attribute::RandomNumberGenerator(Box::new(RngParameters {
                rng_algorithm: RngAlgorithm::Unspecified,
                cryptographic_algorithm: None,
                cryptographic_length: None,
                hashing_algorithm: None,
                drbg_algorithm: None,
                recommended_curve: None,
                fips186_variation: None,
                prediction_resistance: None,
            })),
            // The rest is the server's own, and is never asked for here.
            _ => return None,
        });
    }
    let tag = info.tag?;
    let value = [
        (ItemType::TextString, Value::TextString(text)),
        (ItemType::Enumeration, Value::Enumeration(first_name(tag))),
        (ItemType::ByteString, Value::ByteString(vec![number; 32])),
        (ItemType::Boolean, Value::Boolean(true)),
        (ItemType::Integer, Value::Integer(1 + i32::from(number))),
        (ItemType::Interval, Value::Interval(Interval::from_seconds(5000))),
        (ItemType::DateTime, Value::DateTime(DateTime::from_seconds(START + 1000))),
    ];
    let is_of = |(item_type, _): &(ItemType, Value)| info.types.contains(*item_type);
    let (_, value) = value.into_iter().find(is_of)?;
    let bytes = Item::structure(Tag::ATTRIBUTES, vec![Item::new(tag, value)]).to_ttlv().unwrap();
    ttlv::decode::<Attributes>(Tag::ATTRIBUTES, &bytes).unwrap().into_iter().next()
}

fn first_name(tag: Tag) -> u32 {
    match tag.info().map(|info| info.names) {
        Some(Names::Enumeration(named)) => named.values.first().map_or(1, |row| row.value),
        _ => 1,
    }
}

/// One attribute in one version.
struct Case {
    peer: Peer,
    info: &'static AttributeInfo,
    rules: &'static AttributeRules,
    values: [Attribute; 5],
    /// What the server did otherwise than the table says.
    wrong: Vec<String>,
}

impl Case {
    fn has(&self, key: &UniqueIdentifier) -> bool {
        self.peer.attributes(key).iter().any(|attribute| Some(attribute.tag()) == self.info.tag)
    }

    /// Compares what the server answers with what the table says; a refusal has a reason that the operation's table has.
    fn check(&mut self, operation: Operation, what: &str, answer: Result<(), R>, expected: bool) {
        let version = self.peer.version;
        let edition = OperationInfo::of(operation).unwrap().edition(version).unwrap();
        if answer.is_ok() != expected || answer.is_err_and(|reason| !edition.reasons.contains(&reason)) {
            self.wrong.push(format!("{what} {} in {version}: {answer:?}", self.info.name));
        }
    }

    fn modifiable(&self) -> bool {
        self.rules.modifiable_by_client != Rule::No
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in ProtocolVersion::ALL {
        for info in ATTRIBUTES.iter().filter(|info| info.is_in(*version)) {
            if sample(info, 0).is_none() {
                continue;
            }
            let values = [0, 1, 2, 3, 4].map(|number| sample(info, number).unwrap());
            let peer = Peer::new(*version);
            cases.push(Case { peer, info, rules: info.rules_in(*version), values, wrong: Vec::new() });
        }
    }
    cases
}

#[test]
fn each_attribute_is_set_changed_and_deleted_by_whom_the_table_says() {
    let cases = cases();
    assert!(cases.len() > 300, "every attribute that a client could say, in each version");
    let mut wrong = Vec::new();
    for mut case in cases {
        try_all(&mut case);
        wrong.append(&mut case.wrong);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn try_all(case: &mut Case) {
    let peer = case.peer.in_version(case.peer.version);
    let version = peer.version;
    let [first, added, second, value, changed] = case.values.clone();
    let by_client = case.rules.initially_set_by.client;
    let is_for = case.rules.is_for(ObjectType::SymmetricKey);
    let is_asked_for = case.info.tag.is_some_and(|tag| ASKED_FOR.contains(&tag));

    // With a new object. What it is for is in the errors of Create since KMIP 2.0.
    let is_2 = version.has_attributes_by_tag();
    let created = peer.call(with(&first)).map(|created| created.unique_identifier);
    if !is_asked_for {
        let expected = by_client && (is_for || !is_2);
        case.check(Operation::Create, "creating with", created.clone().map(drop), expected);
    }

    // To an object that has none of it, or one that has the server's.
    let plain = peer.create([]);
    let is_there = case.has(&plain);
    let add = |key: &UniqueIdentifier, value: &Attribute| {
        peer.call(AddAttributeRequest::new(key.clone(), value.clone())).map(drop)
    };
    let may_add = by_client && is_for && !is_asked_for;
    let expected = may_add && (case.info.multiple || !is_there);
    case.check(Operation::AddAttribute, "adding", add(&plain, &added), expected);
    let key = match created {
        Ok(key) if !is_asked_for => key,
        _ => plain,
    };
    if !case.has(&key) {
        return;
    }
    case.check(Operation::AddAttribute, "adding a second", add(&key, &second), may_add && case.info.multiple);

    // To the one value of another object.
    let one = peer.call(with(&value)).map_or_else(|_| peer.create([]), |created| created.unique_identifier);
    let modified = peer.call(ModifyAttributeRequest::new(one.clone(), changed.clone())).map(drop);
    case.check(Operation::ModifyAttribute, "modifying", modified, case.modifiable());
    if is_2 {
        let set = peer.call(SetAttributeRequest::new(one.clone(), changed)).map(drop);
        case.check(Operation::SetAttribute, "setting", set, case.modifiable());
    }
    let deleted = peer.call(delete(&one, case.info.tag.unwrap())).map(drop);
    let expected = case.rules.deletable_by_client != Rule::No;
    case.check(Operation::DeleteAttribute, "deleting", deleted, expected);
}

/// The request to delete an attribute.
fn delete(key: &UniqueIdentifier, tag: Tag) -> DeleteAttributeRequest {
    DeleteAttributeRequest {
        unique_identifier: Some(key.clone()),
        attribute_reference: Some(AttributeReference::from(tag)),
        ..DeleteAttributeRequest::default()
    }
}

/// The request for a key with an attribute, be it one that every such request has.
fn with(attribute: &Attribute) -> CreateRequest {
    let mut request = create_aes([]);
    let others = request.attributes.iter().filter(|other| other.tag() != attribute.tag()).cloned();
    request.attributes = others.chain([attribute.clone()]).collect();
    request
}

#[test]
fn every_object_has_what_it_shall_always_have() {
    let mut missing = Vec::new();
    for version in ProtocolVersion::ALL {
        let peer = Peer::new(*version);
        let mut made = vec![(ObjectType::SymmetricKey, peer.create([]))];
        for (object_type, object) in objects() {
            let mask = crate::register::mask();
            let registered = peer.call(RegisterRequest::new(object_type, mask, object)).unwrap();
            made.push((object_type, registered.unique_identifier));
        }
        for (object_type, key) in made {
            let attributes = peer.attributes(&key);
            for info in ATTRIBUTES.iter().filter(|info| info.is_in(*version)) {
                let rules = info.rules_in(*version);
                // The certificate's key is of an algorithm that KMIP has since 1.2.
                let is_later = info.name == "CryptographicAlgorithm" && *version < ProtocolVersion::V1_2;
                let is_later = is_later && object_type == ObjectType::Certificate;
                if rules.always == Rule::Yes && rules.is_for(object_type) && !is_later {
                    let has = attributes.iter().any(|attribute| Some(attribute.tag()) == info.tag);
                    if !has {
                        missing.push(format!("{object_type} has no {} in {version}", info.name));
                    }
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn limits(total: i64, count: Option<i64>) -> Attribute {
    Attribute::UsageLimits(UsageLimits {
        usage_limits_total: total,
        usage_limits_count: count,
        usage_limits_unit: UsageLimitsUnit::Byte,
    })
}

#[test]
fn the_count_of_usage_limits_is_the_servers_and_all_is_settled_once_use_began() {
    for version in ProtocolVersion::ALL {
        let peer = Peer::new(*version);
        let said = |key: &UniqueIdentifier| {
            let limits = peer.attributes(key).usage_limits().cloned().unwrap();
            (limits.usage_limits_total, limits.usage_limits_count)
        };
        let active = Attribute::ActivationDate(DateTime::from_seconds(START));
        let key = peer.create([active, limits(100, Some(7))]);
        assert_eq!(said(&key), (100, Some(100)), "{version}");
        let modify = |total, count| {
            peer.call(ModifyAttributeRequest::new(key.clone(), limits(total, count))).map(drop)
        };
        assert!(modify(90, Some(80)).is_err());
        modify(90, None).unwrap();
        assert_eq!(said(&key), (90, Some(90)));
        let take = GetUsageAllocationRequest { unique_identifier: Some(key.clone()), usage_limits_count: 1 };
        peer.call(take).unwrap();
        assert!(modify(200, None).is_err());
        if version.has_attributes_by_tag() {
            assert!(peer.call(SetAttributeRequest::new(key.clone(), limits(200, None))).is_err());
        }
        assert!(peer.call(delete(&key, Tag::USAGE_LIMITS)).is_err());
        assert_eq!(said(&key), (90, Some(89)), "{version}");
    }
}

#[test]
fn dates_change_until_they_have_come() {
    for version in ProtocolVersion::ALL {
        let peer = Peer::new(*version);
        let at = |seconds| DateTime::from_seconds(START + seconds);
        let modify = |key: &UniqueIdentifier, attribute| {
            peer.call(ModifyAttributeRequest::new(key.clone(), attribute)).map(drop)
        };
        let key = peer.create([
            Attribute::ActivationDate(at(10)),
            Attribute::ProcessStartDate(at(20)),
            Attribute::ProtectStopDate(at(30)),
            Attribute::DeactivationDate(at(40)),
        ]);
        // None comes before the one that it follows.
        for wrong in [
            Attribute::ActivationDate(at(21)),
            Attribute::ProcessStartDate(at(9)),
            Attribute::ProtectStopDate(at(41)),
            Attribute::DeactivationDate(at(29)),
        ] {
            assert!(modify(&key, wrong).is_err(), "{version}");
        }
        let mut now = 0;
        for (time, fixed, free) in [
            (5, None, Some(Attribute::ActivationDate(at(11)))),
            (12, Some(Attribute::ActivationDate(at(11))), Some(Attribute::ProcessStartDate(at(21)))),
            (22, Some(Attribute::ProcessStartDate(at(21))), Some(Attribute::ProtectStopDate(at(31)))),
            (32, Some(Attribute::ProtectStopDate(at(31))), Some(Attribute::DeactivationDate(at(41)))),
            (42, Some(Attribute::DeactivationDate(at(41))), None),
        ] {
            peer.wait(time - now);
            now = time;
            if let Some(fixed) = fixed {
                assert!(modify(&key, fixed).is_err(), "{version} {time}");
            }
            if let Some(free) = free {
                assert_eq!(modify(&key, free), Ok(()), "{version} {time}");
            }
        }
    }
}

#[test]
fn a_link_to_an_object_of_the_batch_is_kept_by_its_identifier() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let link = |linked_object_identifier| {
        Attribute::Link(Link { link_type: LinkType::ParentLink, linked_object_identifier })
    };
    let first = create_aes([]);
    let second = create_aes([link(UniqueIdentifier::Index(0))]);
    let mut modify = ModifyAttributeRequest::new("in its place", link(UniqueIdentifier::Index(0)));
    modify.unique_identifier = None;
    let response = peer.send(vec![first.into(), second.into(), modify.into()], |_| {});
    assert!(response.batch_item.iter().all(|item| item.result_reason.is_none()), "{response:?}");
    let keys = peer.call(LocateRequest::default()).unwrap().unique_identifier;
    let links: Vec<_> =
        peer.attributes(&keys[0]).links().map(|link| link.linked_object_identifier.clone()).collect();
    assert_eq!(links, [keys[1].clone()]);
}

/// The date of the last change is that of each operation that the table names.
#[test]
fn the_last_change_is_by_each_operation_that_the_table_names() {
    use Operation as O;
    let info = AttributeInfo::of(Tag::LAST_CHANGE_DATE).unwrap();
    for version in ProtocolVersion::ALL {
        let peer = Peer::new(*version);
        let key = peer.create([limits(100, None)]);
        let unique_identifier = || Some(key.clone());
        let comment = |text: &str| Attribute::ContactInformation(text.to_owned());
        let allocate =
            GetUsageAllocationRequest { unique_identifier: unique_identifier(), usage_limits_count: 1 };
        let re_key = ReKeyRequest { unique_identifier: unique_identifier(), ..ReKeyRequest::default() };
        let steps: Vec<(Operation, RequestPayload)> = vec![
            (O::AddAttribute, AddAttributeRequest::new(key.clone(), comment("a")).into()),
            (O::ModifyAttribute, ModifyAttributeRequest::new(key.clone(), comment("b")).into()),
            (O::DeleteAttribute, delete(&key, Tag::CONTACT_INFORMATION).into()),
            (O::Activate, ActivateRequest { unique_identifier: unique_identifier() }.into()),
            (O::GetUsageAllocation, allocate.into()),
            (O::ReKey, re_key.into()),
            (O::Archive, ArchiveRequest { unique_identifier: unique_identifier() }.into()),
            (O::Recover, RecoverRequest { unique_identifier: unique_identifier() }.into()),
            (O::Revoke, RevokeRequest::new(key.clone(), RevocationReasonCode::Superseded).into()),
            (O::Destroy, DestroyRequest { unique_identifier: unique_identifier() }.into()),
        ];
        for (operation, payload) in steps {
            let name = OperationInfo::of(operation).unwrap().name;
            assert!(info.rules_in(*version).implicitly_set_by.contains(&name), "{name} {version}");
            peer.wait(10);
            let response = peer.send(vec![payload], |_| {});
            assert_eq!(response.batch_item[0].result_reason, None, "{name} {version}");
            if operation != O::Archive {
                let changed = peer.attributes(&key).last_change_date();
                assert_eq!(changed, Some(peer.now()), "{name} {version}");
            }
        }
    }
}

#[test]
fn who_registers_a_key_says_what_generator_made_it() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let info = AttributeInfo::of(Tag::RANDOM_NUMBER_GENERATOR).unwrap();
    let mut said = sample(info, 0).unwrap();
    if let Attribute::RandomNumberGenerator(said) = &mut said {
        said.rng_algorithm = RngAlgorithm::Fips186_2;
    }
    assert_eq!(peer.call(create_aes([said.clone()])).map(drop), Err(R::InvalidAttributeValue));
    let (object_type, object) = objects().remove(0);
    let attributes = crate::register::mask().with(said.clone());
    let request = RegisterRequest::new(object_type, attributes, object);
    let registered = peer.call(request).unwrap().unique_identifier;
    assert!(peer.attributes(&registered).iter().any(|attribute| *attribute == said));
    // Once it is said, it stays.
    assert!(peer.call(AddAttributeRequest::new(registered, said)).is_err());
}
