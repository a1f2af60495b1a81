//! One value has the form of each version; what has no form in a version is an error that says so.

use kmip_tests::samples::messages::credentials;
use kmip_tests::samples::objects;
use kmip_tests::samples::{attributes, identifier};
use kmip_types::attribute::{
    Attribute, AttributeReference, Attributes, CustomAttribute, Link, UniqueIdentifier, VendorAttribute,
};
use kmip_types::enumerations::{
    AsynchronousIndicator, DerivationMethod, ItemTypeEnumeration, LinkType, ObjectType,
    UniqueIdentifierEnumeration as Placeholder,
};
use kmip_types::message::{Authentication, Message, MessageExtension, RequestMessage};
use kmip_types::operation::*;
use kmip_types::{
    BigInteger, DateTime, DateTimeExtended, Interval, Item, ProtocolVersion, RawStructure, Tag, Value,
};

use crate::round_trips::{request, response, round_trip};

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// The tags of a payload's fields.
fn payload_tags(message: &RequestMessage) -> Vec<Tag> {
    let item = Item::from_ttlv(&round_trip(message)).unwrap();
    let payload = item.walk().find(|item| item.tag == Tag::REQUEST_PAYLOAD).unwrap();
    payload.fields().iter().map(|field| field.tag).collect()
}

#[test]
fn one_request_has_the_fields_of_each_version() {
    let object = objects::all().into_iter().find(|sample| sample.name == "symmetric_key").unwrap().object;
    let contact = || Attribute::ContactInformation("someone".into());
    let cases: Vec<(RequestPayload, &[Tag], &[Tag])> = vec![
        (
            CreateRequest::new(ObjectType::SymmetricKey, attributes()).into(),
            &[Tag::OBJECT_TYPE, Tag::TEMPLATE_ATTRIBUTE],
            &[Tag::OBJECT_TYPE, Tag::ATTRIBUTES],
        ),
        (
            CreateKeyPairRequest {
                common_attributes: Some(attributes()),
                private_key_attributes: Some(attributes()),
                public_key_attributes: Some(attributes()),
                ..Default::default()
            }
            .into(),
            &[
                Tag::COMMON_TEMPLATE_ATTRIBUTE,
                Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE,
                Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE,
            ],
            &[Tag::COMMON_ATTRIBUTES, Tag::PRIVATE_KEY_ATTRIBUTES, Tag::PUBLIC_KEY_ATTRIBUTES],
        ),
        (
            RegisterRequest::new(ObjectType::SymmetricKey, attributes(), object).into(),
            &[Tag::OBJECT_TYPE, Tag::TEMPLATE_ATTRIBUTE, Tag::SYMMETRIC_KEY],
            &[Tag::OBJECT_TYPE, Tag::ATTRIBUTES, Tag::SYMMETRIC_KEY],
        ),
        (
            LocateRequest { maximum_items: Some(1), attributes: attributes(), ..Default::default() }.into(),
            &[Tag::MAXIMUM_ITEMS, Tag::ATTRIBUTE, Tag::ATTRIBUTE],
            &[Tag::MAXIMUM_ITEMS, Tag::ATTRIBUTES],
        ),
        (
            DeriveKeyRequest {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: vec![identifier()],
                derivation_method: DerivationMethod::Hash,
                derivation_parameters: DerivationParameters::default(),
                attributes: attributes(),
            }
            .into(),
            &[
                Tag::OBJECT_TYPE,
                Tag::UNIQUE_IDENTIFIER,
                Tag::DERIVATION_METHOD,
                Tag::DERIVATION_PARAMETERS,
                Tag::TEMPLATE_ATTRIBUTE,
            ],
            &[
                Tag::OBJECT_TYPE,
                Tag::UNIQUE_IDENTIFIER,
                Tag::DERIVATION_METHOD,
                Tag::DERIVATION_PARAMETERS,
                Tag::ATTRIBUTES,
            ],
        ),
        (
            ReKeyRequest { attributes: Some(attributes()), ..Default::default() }.into(),
            &[Tag::TEMPLATE_ATTRIBUTE],
            &[Tag::ATTRIBUTES],
        ),
        (
            CertifyRequest {
                certificate_request_value: Some(vec![1]),
                attributes: Some(attributes()),
                ..Default::default()
            }
            .into(),
            &[Tag::CERTIFICATE_REQUEST, Tag::TEMPLATE_ATTRIBUTE],
            &[Tag::CERTIFICATE_REQUEST_VALUE, Tag::ATTRIBUTES],
        ),
        (
            GetAttributesRequest::new("k", [Tag::STATE, Tag::NAME]).into(),
            &[Tag::UNIQUE_IDENTIFIER, Tag::ATTRIBUTE_NAME, Tag::ATTRIBUTE_NAME],
            &[Tag::UNIQUE_IDENTIFIER, Tag::ATTRIBUTE_REFERENCE, Tag::ATTRIBUTE_REFERENCE],
        ),
        (
            AddAttributeRequest::new("k", contact()).into(),
            &[Tag::UNIQUE_IDENTIFIER, Tag::ATTRIBUTE],
            &[Tag::UNIQUE_IDENTIFIER, Tag::NEW_ATTRIBUTE],
        ),
        (
            ModifyAttributeRequest::new("k", contact()).into(),
            &[Tag::UNIQUE_IDENTIFIER, Tag::ATTRIBUTE],
            &[Tag::UNIQUE_IDENTIFIER, Tag::NEW_ATTRIBUTE],
        ),
        (
            DeleteAttributeRequest {
                unique_identifier: None,
                current_attribute: None,
                attribute_reference: Some(AttributeReference::from(Tag::NAME)),
                attribute_index: None,
            }
            .into(),
            &[Tag::ATTRIBUTE_NAME],
            &[Tag::ATTRIBUTE_REFERENCE],
        ),
    ];
    for (payload, before, since) in cases {
        assert_eq!(payload_tags(&request(V1_4, payload.clone())), before, "{payload:?}");
        assert_eq!(payload_tags(&request(V2_0, payload.clone())), since, "{payload:?}");
    }
}

/// The one item of a tag in a message.
fn value_of(message: &RequestMessage, tag: Tag) -> Value {
    let item = Item::from_ttlv(&round_trip(message)).unwrap();
    item.walk().find(|item| item.tag == tag).unwrap().value.clone()
}

#[test]
fn an_asynchronous_indicator_is_a_boolean_before_2_0() {
    use AsynchronousIndicator::{Mandatory, Optional, Prohibited};
    for (indicator, before) in [(Optional, Some(true)), (Prohibited, Some(false)), (Mandatory, None)] {
        let asking = |version| {
            let mut message = request(version, ActivateRequest::default());
            message.request_header.asynchronous_indicator = Some(indicator);
            message
        };
        let tag = Tag::ASYNCHRONOUS_INDICATOR;
        assert_eq!(value_of(&asking(V2_0), tag), Value::Enumeration(indicator.into()));
        match before {
            Some(before) => assert_eq!(value_of(&asking(V1_4), tag), Value::Boolean(before)),
            None => assert_eq!(
                asking(V1_4).to_ttlv().unwrap_err().to_string(),
                "RequestMessage/RequestHeader/AsynchronousIndicator: an Asynchronous Indicator other than Optional \
                 and Prohibited has no equivalent in KMIP 1.4"
            ),
        }
    }
}

#[test]
fn an_extension_type_is_an_integer_before_2_0() {
    let information = ExtensionInformation {
        extension_name: "Colour".into(),
        extension_tag: Some(0x54_0001),
        extension_type: Some(ItemTypeEnumeration::DateTime),
        extension_enumeration: None,
        extension_attribute: None,
        extension_parent_structure_tag: None,
        extension_description: None,
    };
    for (version, expected) in [(V1_1, Value::Integer(9)), (V2_1, Value::Enumeration(9))] {
        let extension_information = vec![information.clone()];
        let message = response(version, QueryResponse { extension_information, ..Default::default() });
        let item = Item::from_ttlv(&round_trip(&message)).unwrap();
        assert_eq!(item.walk().find(|item| item.tag == Tag::EXTENSION_TYPE).unwrap().value, expected);
    }
}

#[test]
fn rejects_a_second_of_what_a_version_has_once() {
    let extension = MessageExtension {
        vendor_identification: "acme".into(),
        criticality_indicator: false,
        vendor_extension: RawStructure { items: vec![] },
    };
    let credential = credentials(V1_0).remove(0).1;
    let derivation_data = vec![b"a"[..].into(), b"b"[..].into()];
    let derive = DeriveKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: vec![identifier()],
        derivation_method: DerivationMethod::Hash,
        derivation_parameters: DerivationParameters { derivation_data, ..Default::default() },
        attributes: attributes(),
    };
    let message = |version, several| {
        let mut message = request(version, derive.clone());
        match several {
            "Credential" => {
                let credential = vec![credential.clone(), credential.clone()];
                message.request_header.authentication = Some(Authentication { credential });
            }
            "MessageExtension" => {
                message.batch_item[0].message_extension = vec![extension.clone(), extension.clone()];
            }
            _ => return message,
        }
        message.batch_item[0].request_payload = ActivateRequest::default().into();
        message.batch_item[0].operation = kmip_types::enumerations::Operation::Activate;
        message
    };
    for (several, lacking, having) in
        [("Credential", V1_1, V1_2), ("MessageExtension", V1_4, V2_0), ("DerivationData", V1_4, V2_0)]
    {
        round_trip(&message(having, several));
        let error = message(lacking, several).to_ttlv().unwrap_err().to_string();
        assert!(
            error.ends_with(&format!("{several} occurs 2 times, but once at most in KMIP {lacking}")),
            "{error}"
        );
    }
}

#[test]
fn an_object_is_named_by_text_before_2_0_and_by_a_placeholder_or_an_index_too_since() {
    let names = [
        (UniqueIdentifier::from("k-1"), Value::TextString("k-1".into()), None),
        (
            UniqueIdentifier::ID_PLACEHOLDER,
            Value::Enumeration(Placeholder::IdPlaceholder.into()),
            Some("Unique Identifier as Enumeration has no equivalent in KMIP 1.4"),
        ),
        (
            UniqueIdentifier::Index(-1),
            Value::Integer(-1),
            Some("Unique Identifier as Index has no equivalent in KMIP 1.4"),
        ),
    ];
    for (name, value, error) in names {
        let link = Attribute::Link(Link {
            link_type: LinkType::PublicKeyLink,
            linked_object_identifier: name.clone(),
        });
        let cases: [(RequestPayload, Tag); 2] = [
            (ActivateRequest { unique_identifier: Some(name) }.into(), Tag::UNIQUE_IDENTIFIER),
            (AddAttributeRequest::new("k", link).into(), Tag::LINKED_OBJECT_IDENTIFIER),
        ];
        for (payload, tag) in cases {
            assert_eq!(value_of(&request(V2_1, payload.clone()), tag), value);
            match error {
                None => assert_eq!(value_of(&request(V1_4, payload), tag), value),
                Some(expected) => {
                    let error = request(V1_4, payload).to_ttlv().unwrap_err().to_string();
                    assert!(error.ends_with(&format!("{tag}: {expected}")), "{error}");
                }
            }
        }
    }
}

#[test]
fn a_custom_attribute_may_be_of_any_type_and_is_the_vendors_x_or_y() {
    let structure = vec![Item::integer(Tag::from_raw(0x54_0001), 1)];
    let values = [
        Value::Structure(structure),
        Value::Integer(-1),
        Value::LongInteger(1 << 40),
        Value::BigInteger(BigInteger::from(7)),
        Value::Enumeration(3),
        Value::Boolean(true),
        Value::TextString("blue".into()),
        Value::ByteString(vec![1, 2]),
        Value::DateTime(DateTime::from_seconds(5)),
        Value::Interval(Interval::from_seconds(5)),
    ];
    for value in values {
        for vendor in ["x", "y"] {
            let attribute = Attribute::Vendor(Box::new(VendorAttribute {
                vendor_identification: vendor.into(),
                attribute_name: "Colour".into(),
                attribute_value: value.clone(),
            }));
            let add = AddAttributeRequest::new("k", attribute);
            assert_eq!(value_of(&request(V1_0, add.clone()), Tag::ATTRIBUTE_VALUE), value);
            let name = value_of(&request(V1_0, add.clone()), Tag::ATTRIBUTE_NAME);
            assert_eq!(name, Value::TextString(format!("{vendor}-Colour")));
            assert_eq!(value_of(&request(V2_1, add.clone()), Tag::ATTRIBUTE_VALUE), value);
            let name = value_of(&request(V2_1, add), Tag::VENDOR_IDENTIFICATION);
            assert_eq!(name, Value::TextString(vendor.into()));
        }
    }
    // An extended date has no form before 2.0.
    let value = Value::DateTimeExtended(DateTimeExtended::from_microseconds(1));
    let attribute = Attribute::Vendor(Box::new(VendorAttribute {
        vendor_identification: "x".into(),
        attribute_name: "Colour".into(),
        attribute_value: value.clone(),
    }));
    let add = AddAttributeRequest::new("k", attribute);
    assert!(request(V1_4, add.clone()).to_ttlv().is_err());
    assert_eq!(value_of(&request(V2_0, add), Tag::ATTRIBUTE_VALUE), value);
}

#[test]
fn an_attribute_with_no_name_of_a_vendor_is_kept_before_2_0_and_refused_since() {
    let custom = Attribute::Custom(Box::new(CustomAttribute {
        attribute_name: "Colour".into(),
        attribute_value: Value::TextString("blue".into()),
    }));
    let create = CreateRequest::new(ObjectType::SymmetricKey, Attributes::new().with(custom));
    round_trip(&request(V1_0, create.clone()));
    let error = request(V2_0, create).to_ttlv().unwrap_err().to_string();
    let expected = "an attribute that only has a name of its own has no equivalent in KMIP 2.0";
    assert!(error.ends_with(expected), "{error}");
}
