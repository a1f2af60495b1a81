//! The rules of attributes: the server does what the standard's table of each version says, attribute by attribute.

use kmip_sdk::types::attribute::{
    AlternativeName, ApplicationSpecificInformation, Attribute, AttributeReference, Attributes,
    CryptographicDomainParameters, CryptographicParameters, KeyValueLocation, Link, Name, RngParameters,
    RotateName, UniqueIdentifier, UsageLimits,
};
use kmip_sdk::types::enumerations::{
    AlternativeNameType, KeyValueLocationType, LinkType, ObjectType, Operation, ResultReason as R,
    RngAlgorithm, RotateNameType, UsageLimitsUnit,
};
use kmip_sdk::types::generated::attributes::ATTRIBUTES;
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, DeleteAttributeRequest, GetUsageAllocationRequest,
    ModifyAttributeRequest, RegisterRequest, SetAttributeRequest,
};
use kmip_sdk::types::tables::{AttributeInfo, AttributeRules, Names, OperationInfo, Rule};
use kmip_sdk::types::ttlv::{self, Tagged};
use kmip_sdk::types::{DateTime, Interval, Item, ItemType, ProtocolVersion, Tag, Value};

use crate::register::objects;
use crate::support::{Peer, START, create_aes};

/// What the operations of new keys take from the client, though the rules have the server set it.
const ASKED_FOR: [Tag; 3] = [Tag::CRYPTOGRAPHIC_ALGORITHM, Tag::CRYPTOGRAPHIC_LENGTH, Tag::KEY_FORMAT_TYPE];

/// A value of an attribute, one of two.
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
            "CryptographicParameters" => {
                Attribute::CryptographicParameters(Box::new(CryptographicParameters::default()))
            }
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
        (ItemType::Enumeration, Value::Enumeration(first_name(tag))),
        (ItemType::TextString, Value::TextString(text)),
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
        Some(Names::Enumeration(named)) => named.values[0].value,
        _ => 1,
    }
}

/// One attribute in one version.
struct Case {
    peer: Peer,
    info: &'static AttributeInfo,
    rules: &'static AttributeRules,
    values: [Attribute; 2],
}

impl Case {
    fn has(&self, key: &UniqueIdentifier) -> bool {
        self.peer.attributes(key).iter().any(|attribute| Some(attribute.tag()) == self.info.tag)
    }

    /// Compares what the server answers with what the table says; a refusal has a reason that the operation's table has.
    fn check(&self, operation: Operation, what: &str, answer: Result<(), R>, expected: bool) {
        let version = self.peer.version;
        let name = self.info.name;
        assert_eq!(answer.is_ok(), expected, "{what} {name} in {version}: {answer:?}");
        if let Err(reason) = answer {
            let info = OperationInfo::of(operation).unwrap();
            let reasons = info.edition(version).unwrap().reasons;
            assert!(reasons.contains(&reason), "{what} {name} in {version}: {reason}");
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
            let Some((one, other)) = sample(info, 1).zip(sample(info, 2)) else { continue };
            let peer = Peer::new(*version);
            cases.push(Case { peer, info, rules: info.rules_in(*version), values: [one, other] });
        }
    }
    cases
}

#[test]
fn each_attribute_is_set_changed_and_deleted_by_whom_the_table_says() {
    let cases = cases();
    assert!(cases.len() > 300, "every attribute that a client could say, in each version");
    for case in &cases {
        let (peer, version) = (&case.peer, case.peer.version);
        let [value, other] = &case.values;
        let by_client = case.rules.initially_set_by.client;
        let is_for = case.rules.is_for(ObjectType::SymmetricKey);
        let is_asked_for = case.info.tag.is_some_and(|tag| ASKED_FOR.contains(&tag));

        // With a new object. What it is for is in the errors of Create since KMIP 2.0.
        let is_2 = version.has_attributes_by_tag();
        let created = peer.call(create_aes([value.clone()])).map(|created| created.unique_identifier);
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
        // A generator of random numbers made the key, and that is what it is.
        let expected = may_add && (case.info.multiple || !is_there);
        case.check(Operation::AddAttribute, "adding", add(&plain, value), expected);
        let key = match created {
            Ok(key) if !is_asked_for => key,
            _ => plain,
        };
        if !case.has(&key) {
            continue;
        }
        case.check(
            Operation::AddAttribute,
            "adding a second",
            add(&key, other),
            may_add && case.info.multiple,
        );

        // To the one value of another object.
        let one = match peer.call(create_aes([value.clone()])) {
            Ok(created) if case.info.name != "Name" => created.unique_identifier,
            _ => peer.create((case.info.name == "Name").then(|| Attribute::Name(Name::text("text 3")))),
        };
        let changed = match case.info.name {
            "Name" => Attribute::Name(Name::text("text 4")),
            _ => other.clone(),
        };
        let modified = peer.call(ModifyAttributeRequest::new(one.clone(), changed.clone())).map(drop);
        case.check(Operation::ModifyAttribute, "modifying", modified, case.modifiable());
        if is_2 {
            let set = peer.call(SetAttributeRequest::new(one.clone(), changed)).map(drop);
            case.check(Operation::SetAttribute, "setting", set, case.modifiable());
        }
        let mut request = DeleteAttributeRequest::default();
        request.unique_identifier = Some(one.clone());
        request.attribute_reference = case.info.tag.map(AttributeReference::from);
        let deleted = peer.call(request).map(drop);
        let expected = case.rules.deletable_by_client != Rule::No;
        case.check(Operation::DeleteAttribute, "deleting", deleted, expected);
        assert_eq!(case.has(&one), !expected, "{} {version}", case.info.name);
    }
}

#[test]
fn every_object_has_what_it_shall_always_have() {
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
                if rules.always == Rule::Yes && rules.is_for(object_type) {
                    let has = attributes.iter().any(|attribute| Some(attribute.tag()) == info.tag);
                    assert!(has, "{object_type} has no {} in {version}", info.name);
                }
            }
        }
    }
}
