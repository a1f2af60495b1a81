//! What `#[derive(Ttlv)]` makes of structs: what it writes, reads, refuses, and how it says so.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use kmip_types::enumerations::{KeyFormatType, NameType, ObjectType, Operation};
use kmip_types::ttlv::{self, DeviationKind, Encode, KeptItem, Presence, Root, Structure};
use kmip_types::{Item, ProtocolVersion, Tag, Ttlv, Value};

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "RequestPayload")]
struct Payload {
    object_type: ObjectType,
    unique_identifier: Option<String>,
    name: Vec<Name>,
    #[ttlv(tag = "CertificateValue")]
    bytes: Option<Vec<u8>>,
    #[ttlv(tag = 0x540001)]
    vendor: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Name {
    name_value: String,
    name_type: NameType,
}

const PAYLOAD: Tag = Tag::REQUEST_PAYLOAD;

fn payload() -> Payload {
    Payload {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: Some("id".to_owned()),
        name: vec![name("a"), name("b")],
        bytes: Some(vec![1, 2, 3]),
        vendor: Some(true),
    }
}

fn name(text: &str) -> Name {
    Name { name_value: text.to_owned(), name_type: NameType::UninterpretedTextString }
}

/// The bytes of a structure under `tag` with these items.
fn structure(tag: Tag, items: Vec<Item>) -> Vec<u8> {
    ttlv::encode(tag, &Value::Structure(items), ProtocolVersion::V2_1).unwrap()
}

fn item(tag: Tag, value: Value) -> Item {
    Item::new(tag, value)
}

fn object_type() -> Item {
    item(Tag::OBJECT_TYPE, Value::Enumeration(2))
}

fn identifier() -> Item {
    item(Tag::UNIQUE_IDENTIFIER, Value::TextString("id".to_owned()))
}

fn name_item(fields: &[Tag]) -> Item {
    let value =
        |tag| if tag == Tag::NAME_VALUE { Value::TextString("a".to_owned()) } else { Value::Enumeration(1) };
    item(Tag::NAME, Value::Structure(fields.iter().map(|tag| item(*tag, value(*tag))).collect()))
}

#[test]
fn writes_fields_in_their_order_under_their_tags() {
    let items = vec![
        object_type(),
        identifier(),
        name_item(&[Tag::NAME_VALUE, Tag::NAME_TYPE]),
        item(Tag::CERTIFICATE_VALUE, Value::ByteString(vec![1, 2, 3])),
        item(Tag::from_raw(0x54_0001), Value::Boolean(true)),
    ];
    let value = Payload { name: vec![name("a")], ..payload() };
    assert_eq!(ttlv::encode(PAYLOAD, &value, ProtocolVersion::V1_0).unwrap(), structure(PAYLOAD, items));
}

#[test]
fn reads_back_what_it_wrote() {
    let bare = Payload { unique_identifier: None, name: vec![], bytes: None, vendor: None, ..payload() };
    for value in [payload(), bare] {
        for version in ProtocolVersion::ALL {
            let bytes = ttlv::encode(PAYLOAD, &value, *version).unwrap();
            assert_eq!(ttlv::decode::<Payload>(PAYLOAD, &bytes), Ok(value.clone()));
        }
    }
}

#[test]
fn refuses_what_a_structure_does_not_have_and_says_where() {
    for (items, expected) in [
        (vec![], "RequestPayload (offset 8): Payload lacks its required field ObjectType"),
        (
            vec![identifier(), object_type()],
            "RequestPayload/ObjectType (offset 24): ObjectType is out of order in Payload",
        ),
        (
            vec![object_type(), name_item(&[Tag::NAME_VALUE, Tag::NAME_TYPE]), identifier()],
            "RequestPayload/UniqueIdentifier (offset 64): UniqueIdentifier is out of order in Payload",
        ),
        (
            vec![object_type(), identifier(), identifier()],
            "RequestPayload/UniqueIdentifier[1] (offset 40): UniqueIdentifier occurs more than once in Payload",
        ),
        (
            vec![object_type(), item(Tag::STATE, Value::Enumeration(1))],
            "RequestPayload/State (offset 24): Payload has no field State",
        ),
        (
            vec![object_type(), item(Tag::from_raw(0x54_0002), Value::Integer(1))],
            "RequestPayload/0x540002 (offset 24): Payload has no field 0x540002",
        ),
        (
            vec![item(Tag::OBJECT_TYPE, Value::Integer(2))],
            "RequestPayload/ObjectType (offset 8): expected Enumeration, found Integer",
        ),
        (
            vec![object_type(), name_item(&[Tag::NAME_VALUE, Tag::NAME_TYPE]), name_item(&[Tag::NAME_VALUE])],
            "RequestPayload/Name[1] (offset 88): Name lacks its required field NameType",
        ),
    ] {
        let error = ttlv::decode::<Payload>(PAYLOAD, &structure(PAYLOAD, items)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn tolerates_and_lists_deviations_when_lenient() {
    let vendor = item(Tag::from_raw(0x54_0002), Value::Integer(1));
    let bytes = structure(PAYLOAD, vec![identifier(), vendor.clone(), object_type()]);
    let decoded = ttlv::decode_lenient::<Payload>(PAYLOAD, &bytes).unwrap();
    assert_eq!(decoded.value.unique_identifier.as_deref(), Some("id"));
    assert_eq!(decoded.value.object_type, ObjectType::SymmetricKey);
    let kinds: Vec<_> = decoded.deviations.into_iter().map(|deviation| deviation.kind).collect();
    assert_eq!(kinds, [DeviationKind::Unknown(KeptItem::of(&vendor).unwrap()), DeviationKind::Misplaced]);
}

#[test]
fn has_its_natural_tag_and_its_schema() {
    assert_eq!(Payload::TAG, Tag::REQUEST_PAYLOAD);
    let schema = Payload::SCHEMA;
    assert_eq!(schema.name, "Payload");
    let rows: Vec<String> = schema
        .fields
        .iter()
        .map(|field| format!("{} {:?} {}", field.tag, field.presence, field.types))
        .collect();
    assert_eq!(
        rows,
        [
            "ObjectType Required Enumeration",
            "UniqueIdentifier Optional TextString",
            "Name Repeated Structure",
            "CertificateValue Optional ByteString",
            "0x540001 Optional Boolean",
        ]
    );
}

#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
struct Versioned {
    #[ttlv(since = "1.1", until = "1.3")]
    asynchronous_correlation_value: Option<Vec<u8>>,
    // The tag has been there since 1.4, and so has the field.
    attestation_capable_indicator: Option<bool>,
    #[ttlv(since = "2.0")]
    link: Vec<Empty>,
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    attributes: Option<Empty>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Empty {}

#[test]
fn refuses_to_write_a_field_that_the_version_lacks() {
    let correlated = Versioned { asynchronous_correlation_value: Some(vec![1]), ..Default::default() };
    let linked = Versioned { link: vec![Empty {}], ..Default::default() };
    let capable = Versioned { attestation_capable_indicator: Some(true), ..Default::default() };
    for (value, version, expected) in [
        (
            &correlated,
            ProtocolVersion::V1_0,
            Some("AsynchronousCorrelationValue is not in KMIP 1.0, but in 1.1 to 1.3"),
        ),
        (&correlated, ProtocolVersion::V1_1, None),
        (&correlated, ProtocolVersion::V1_3, None),
        (
            &correlated,
            ProtocolVersion::V1_4,
            Some("AsynchronousCorrelationValue is not in KMIP 1.4, but in 1.1 to 1.3"),
        ),
        (&linked, ProtocolVersion::V1_4, Some("Link is not in KMIP 1.4, but in 2.0 and later")),
        (&linked, ProtocolVersion::V2_0, None),
        (
            &capable,
            ProtocolVersion::V1_1,
            Some("AttestationCapableIndicator is not in KMIP 1.1, but in 1.2 and later"),
        ),
        (&capable, ProtocolVersion::V1_2, None),
        (&Versioned::default(), ProtocolVersion::V1_0, None),
    ] {
        let written = ttlv::encode(Tag::OFFSET, value, version);
        let field = |text: &str| format!("Offset/{}: {text}", text.split(' ').next().unwrap_or_default());
        assert_eq!(written.err().map(|error| error.to_string()), expected.map(field));
    }
}

#[test]
fn a_renamed_field_has_the_tag_of_the_version() {
    let value = Versioned { attributes: Some(Empty {}), ..Default::default() };
    for (version, tag) in [
        (ProtocolVersion::V1_0, Tag::TEMPLATE_ATTRIBUTE),
        (ProtocolVersion::V1_4, Tag::TEMPLATE_ATTRIBUTE),
        (ProtocolVersion::V2_0, Tag::ATTRIBUTES),
    ] {
        let bytes = ttlv::encode(Tag::OFFSET, &value, version).unwrap();
        assert_eq!(bytes, structure(Tag::OFFSET, vec![item(tag, Value::Structure(vec![]))]));
        assert_eq!(ttlv::decode::<Versioned>(Tag::OFFSET, &bytes), Ok(value.clone()));
    }
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Open {
    #[ttlv(default)]
    batch_count: i32,
    #[ttlv(tag = "Description")]
    text: Transparent,
    #[ttlv(catch_all)]
    rest: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "Description")]
struct Transparent(String);

#[test]
fn an_absent_field_reads_as_its_default_and_is_written() {
    let text = item(Tag::DESCRIPTION, Value::TextString("t".to_owned()));
    let bytes = structure(Tag::OFFSET, vec![text.clone()]);
    let value: Open = ttlv::decode(Tag::OFFSET, &bytes).unwrap();
    assert_eq!(value, Open { batch_count: 0, text: Transparent("t".to_owned()), rest: vec![] });
    let full = structure(Tag::OFFSET, vec![item(Tag::BATCH_COUNT, Value::Integer(0)), text]);
    assert_eq!(ttlv::encode(Tag::OFFSET, &value, ProtocolVersion::V2_1).unwrap(), full);
    assert_eq!(Open::SCHEMA.fields[0].presence, Presence::Optional);
}

#[test]
fn a_catch_all_keeps_what_no_field_takes() {
    let text = item(Tag::DESCRIPTION, Value::TextString("t".to_owned()));
    let rest = vec![object_type(), item(Tag::from_raw(0x54_0002), Value::Structure(vec![identifier()]))];
    let items = [item(Tag::BATCH_COUNT, Value::Integer(1)), text].into_iter().chain(rest.clone()).collect();
    let bytes = structure(Tag::OFFSET, items);
    let value: Open = ttlv::decode(Tag::OFFSET, &bytes).unwrap();
    assert_eq!(value.rest, rest);
    assert_eq!(ttlv::encode(Tag::OFFSET, &value, ProtocolVersion::V2_1).unwrap(), bytes);
    assert!(Open::SCHEMA.catch_all);
}

#[test]
fn a_type_under_a_new_name_is_written_as_that_type() {
    let value = Transparent("t".to_owned());
    let bytes = ttlv::encode(Transparent::TAG, &value, ProtocolVersion::V1_0).unwrap();
    assert_eq!(bytes, ttlv::encode(Tag::DESCRIPTION, &value.0, ProtocolVersion::V1_0).unwrap());
    assert_eq!(ttlv::decode::<Transparent>(Tag::DESCRIPTION, &bytes), Ok(value));
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct WithModules {
    #[ttlv(with = "digits")]
    before: u8,
    operation: Operation,
    #[ttlv(with = "crate::letters")]
    between: char,
    r#state: Option<kmip_types::enumerations::State>,
}

/// Two Integers for one number.
mod digits {
    use super::WithModules;
    use kmip_types::ttlv::{Field, Reader, Structure, Writer};
    use kmip_types::{DecodeError, EncodeError, Tag};

    pub(super) const FIELDS: &[Field] =
        &[Field::optional(Tag::from_raw(0x54_0010)), Field::optional(Tag::from_raw(0x54_0011))];

    pub(super) fn encode(value: &u8, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.required(&FIELDS[0], &i32::from(*value / 10))?;
        writer.required(&FIELDS[1], &i32::from(*value % 10))
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<u8, DecodeError> {
        let tens: Option<i32> = reader.optional(&FIELDS[0], WithModules::SCHEMA)?;
        let ones: Option<i32> = reader.optional(&FIELDS[1], WithModules::SCHEMA)?;
        Ok((tens.unwrap_or_default() * 10 + ones.unwrap_or_default()) as u8)
    }
}

/// A Text String for a letter.
mod letters {
    use super::WithModules;
    use kmip_types::ttlv::{Field, Reader, Structure, Writer};
    use kmip_types::{DecodeError, EncodeError, Tag};

    pub(super) const FIELDS: &[Field] = &[Field::optional(Tag::from_raw(0x54_0012))];

    pub(super) fn encode(value: &char, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.required(&FIELDS[0], &value.to_string())
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<char, DecodeError> {
        let text: Option<String> = reader.optional(&FIELDS[0], WithModules::SCHEMA)?;
        Ok(text.and_then(|text| text.chars().next()).unwrap_or(' '))
    }
}

#[test]
fn modules_write_and_read_their_fields_between_the_others() {
    let value = WithModules {
        before: 42,
        operation: Operation::Get,
        between: 'x',
        r#state: Some(kmip_types::enumerations::State::Active),
    };
    let bytes = structure(
        Tag::OFFSET,
        vec![
            item(Tag::from_raw(0x54_0010), Value::Integer(4)),
            item(Tag::from_raw(0x54_0011), Value::Integer(2)),
            item(Tag::OPERATION, Value::Enumeration(Operation::Get.value())),
            item(Tag::from_raw(0x54_0012), Value::TextString("x".to_owned())),
            item(Tag::STATE, Value::Enumeration(2)),
        ],
    );
    assert_eq!(ttlv::encode(Tag::OFFSET, &value, ProtocolVersion::V2_1).unwrap(), bytes);
    assert_eq!(ttlv::decode::<WithModules>(Tag::OFFSET, &bytes), Ok(value));
    let tags: Vec<String> = WithModules::SCHEMA.fields.iter().map(|field| field.tag.to_string()).collect();
    assert_eq!(tags, ["0x540010", "0x540011", "Operation", "0x540012", "State"]);
}

/// Fields that have the names of what the derive's code has in hand.
#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Names {
    #[ttlv(tag = 0x540001)]
    reader: i32,
    #[ttlv(tag = 0x540002)]
    writer: i32,
    #[ttlv(tag = 0x540003)]
    tag: i32,
    #[ttlv(tag = 0x540004)]
    schema: i32,
    #[ttlv(tag = 0x540005)]
    selector: KeyFormatType,
    #[ttlv(tag = 0x540006)]
    r#type: Box<i32>,
}

#[test]
fn a_field_may_have_any_name() {
    let value =
        Names { reader: 1, writer: 2, tag: 3, schema: 4, selector: KeyFormatType::Raw, r#type: Box::new(6) };
    let bytes = ttlv::encode(Tag::OFFSET, &value, ProtocolVersion::V2_1).unwrap();
    assert_eq!(ttlv::decode::<Names>(Tag::OFFSET, &bytes), Ok(value));
}

#[test]
fn a_structure_without_fields_is_empty() {
    let bytes = ttlv::encode(Tag::OFFSET, &Empty {}, ProtocolVersion::V1_0).unwrap();
    assert_eq!(bytes, [0x42, 0x00, 0x58, 0x01, 0, 0, 0, 0]);
    assert_eq!(ttlv::decode::<Empty>(Tag::OFFSET, &bytes), Ok(Empty {}));
    let error = ttlv::decode::<Empty>(Tag::OFFSET, &structure(Tag::OFFSET, vec![identifier()])).unwrap_err();
    assert_eq!(error.to_string(), "Offset/UniqueIdentifier (offset 8): Empty has no field UniqueIdentifier");
}

#[test]
fn is_written_through_a_reference_and_a_box() {
    fn written(value: &dyn Encode) -> Vec<u8> {
        ttlv::encode(Tag::NAME, value, ProtocolVersion::V1_0).unwrap()
    }
    assert_eq!(written(&Box::new(name("a"))), written(&name("a")));
}
