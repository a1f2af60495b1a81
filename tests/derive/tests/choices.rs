//! What `#[derive(Ttlv)]` makes of enums: choices by item type, by tag and by a sibling's value.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use kmip_types::enumerations::{KeyFormatType, Operation};
use kmip_types::tables::Names;
use kmip_types::ttlv::{self, Decode, DecodeSelected, Encode, Mode, Reader, Structure, Tagged, Wire};
use kmip_types::{DecodeError, Item, ItemTypes, Limits, ProtocolVersion, Tag, Ttlv, Value};

fn written(tag: Tag, value: &dyn Encode) -> Vec<u8> {
    ttlv::encode(tag, value, ProtocolVersion::V2_1).unwrap()
}

fn text(text: &str) -> Value {
    Value::TextString(text.to_owned())
}

// ---- by item type --------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "UniqueIdentifier")]
enum Identifier {
    Text(String),
    #[ttlv(since = "2.0")]
    Enumeration(kmip_types::enumerations::UniqueIdentifierEnumeration),
    #[ttlv(since = "2.1")]
    Index(Box<i32>),
}

#[test]
fn the_item_type_chooses() {
    for (value, item) in [
        (Identifier::Text("a".to_owned()), text("a")),
        (
            Identifier::Enumeration(kmip_types::enumerations::UniqueIdentifierEnumeration::IdPlaceholder),
            Value::Enumeration(1),
        ),
        (Identifier::Index(Box::new(-1)), Value::Integer(-1)),
    ] {
        let bytes = written(Tag::UNIQUE_IDENTIFIER, &value);
        assert_eq!(bytes, written(Tag::UNIQUE_IDENTIFIER, &item));
        assert_eq!(ttlv::decode::<Identifier>(Tag::UNIQUE_IDENTIFIER, &bytes), Ok(value));
    }
    let types = ItemTypes::TEXT_STRING.or(ItemTypes::ENUMERATION).or(ItemTypes::INTEGER);
    assert_eq!(Identifier::ITEM_TYPES, types);
    assert!(matches!(Identifier::NAMES, Names::Enumeration(info) if info.name == "UniqueIdentifier"));
}

#[test]
fn refuses_an_item_type_that_no_variant_has() {
    let bytes = written(Tag::UNIQUE_IDENTIFIER, &true);
    let error = ttlv::decode::<Identifier>(Tag::UNIQUE_IDENTIFIER, &bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "UniqueIdentifier (offset 0): no variant of Identifier fits the item type Boolean"
    );
    let error = ttlv::decode::<Identifier>(Tag::UNIQUE_IDENTIFIER, &[]).unwrap_err();
    assert_eq!(error.to_string(), "offset 0: no variant of Identifier fits the end of the structure");
    let error = ttlv::decode::<Identifier>(Tag::UNIQUE_IDENTIFIER, &written(Tag::NAME, &1)).unwrap_err();
    assert_eq!(error.to_string(), "Name (offset 0): expected UniqueIdentifier, found Name");
}

#[test]
fn refuses_to_write_a_variant_that_the_version_lacks() {
    let index = Identifier::Index(Box::new(1));
    let placeholder =
        Identifier::Enumeration(kmip_types::enumerations::UniqueIdentifierEnumeration::IdPlaceholder);
    for (value, version, expected) in [
        (&Identifier::Text(String::new()) as &dyn Encode, ProtocolVersion::V1_0, None),
        (
            &placeholder,
            ProtocolVersion::V1_4,
            Some("UniqueIdentifier: Identifier as Enumeration has no equivalent in KMIP 1.4"),
        ),
        (&placeholder, ProtocolVersion::V2_0, None),
        (
            &index,
            ProtocolVersion::V2_0,
            Some("UniqueIdentifier: Identifier as Index has no equivalent in KMIP 2.0"),
        ),
        (&index, ProtocolVersion::V2_1, None),
        (&Vendor::Two(2), ProtocolVersion::V1_0, Some("0x540002: Two has no equivalent in KMIP 1.0")),
        (&Vendor::Two(2), ProtocolVersion::V1_1, None),
    ] {
        let error = ttlv::encode(Tag::UNIQUE_IDENTIFIER, value, version).err();
        assert_eq!(error.map(|error| error.to_string()), expected.map(str::to_owned));
    }
}

// ---- by tag --------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    State(kmip_types::enumerations::State),
    #[ttlv(tag = "ObjectGroup")]
    Group(String),
    #[ttlv(tag = 0x540001)]
    Vendor(i32),
    #[ttlv(other)]
    Other(Item),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Closed {
    State(kmip_types::enumerations::State),
    ObjectGroup(String),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Tags {
    #[ttlv(choice)]
    required: Closed,
    #[ttlv(choice)]
    optional: Option<Box<Vendor>>,
    #[ttlv(choice)]
    repeated: Vec<Dates>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Vendor {
    #[ttlv(tag = 0x540001)]
    One(i32),
    #[ttlv(tag = 0x540002, since = "1.1")]
    Two(i32),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Dates {
    ArchiveDate(kmip_types::DateTime),
    DestroyDate(kmip_types::DateTime),
}

#[test]
fn the_tag_chooses_whichever_is_asked_for() {
    let other = Item::new(Tag::CONTACT_INFORMATION, text("c"));
    for (value, tag, item) in [
        (Attribute::State(kmip_types::enumerations::State::Active), Tag::STATE, Value::Enumeration(2)),
        (Attribute::Group("g".to_owned()), Tag::OBJECT_GROUP, text("g")),
        (Attribute::Vendor(7), Tag::from_raw(0x54_0001), Value::Integer(7)),
        (Attribute::Other(other.clone()), other.tag, other.value.clone()),
    ] {
        assert_eq!(value.tag(), tag);
        let bytes = written(Tag::ATTRIBUTE, &value);
        assert_eq!(bytes, written(tag, &item));
        assert_eq!(ttlv::decode::<Attribute>(Tag::ATTRIBUTE, &bytes), Ok(value.clone()));
    }
    assert_eq!(Attribute::TAGS, [Tag::STATE, Tag::OBJECT_GROUP, Tag::from_raw(0x54_0001)]);
    assert_eq!(Attribute::ITEM_TYPES, ItemTypes::ANY);
    assert_eq!(Closed::ITEM_TYPES, ItemTypes::ENUMERATION.or(ItemTypes::TEXT_STRING));
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Versioned {
    RotateInterval(kmip_types::Interval),
    OperationPolicyName(String),
    ObjectGroup(String),
}

#[test]
fn refuses_to_write_a_tag_that_the_version_lacks() {
    let interval = Versioned::RotateInterval(kmip_types::Interval::from_seconds(1));
    let policy = Versioned::OperationPolicyName("p".to_owned());
    for (value, version, expected) in [
        (&interval, ProtocolVersion::V1_4, Some("RotateInterval is not in KMIP 1.4, but in 2.1 and later")),
        (&interval, ProtocolVersion::V2_0, Some("RotateInterval is not in KMIP 2.0, but in 2.1 and later")),
        (&interval, ProtocolVersion::V2_1, None),
        (&policy, ProtocolVersion::V1_4, None),
        (&policy, ProtocolVersion::V2_0, Some("OperationPolicyName is not in KMIP 2.0, but until 1.4")),
        (&Versioned::ObjectGroup(String::new()), ProtocolVersion::V1_0, None),
    ] {
        let error = ttlv::encode(value.tag(), value, version).err();
        let expected = expected.map(|text| format!("{}: {text}", value.tag()));
        assert_eq!(error.map(|error| error.to_string()), expected);
        // Under another tag, the own one is not written.
        let mut writer = ttlv::Writer::new(version);
        assert_eq!(value.encode_as(Tag::ATTRIBUTE_VALUE, &mut writer), Ok(()));
    }
}

#[test]
fn a_choice_by_tag_is_written_and_read_under_another_tag() {
    for value in
        [Attribute::Group("g".to_owned()), Attribute::Other(Item::new(Tag::CONTACT_INFORMATION, text("c")))]
    {
        let mut writer = ttlv::Writer::new(ProtocolVersion::V1_0);
        value.encode_as(Tag::ATTRIBUTE_VALUE, &mut writer).unwrap();
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default()).unwrap();
        assert_eq!(reader.peek_tag(), Some(Tag::ATTRIBUTE_VALUE));
        assert_eq!(Attribute::decode_as(value.tag(), Tag::ATTRIBUTE_VALUE, &mut reader), Ok(value));
        let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default()).unwrap();
        let error = Closed::decode_as(Tag::NAME, Tag::ATTRIBUTE_VALUE, &mut reader).unwrap_err();
        assert_eq!(error.to_string(), "AttributeValue (offset 0): no variant of Closed fits the tag Name");
    }
}

#[test]
fn fields_take_any_of_the_tags_of_a_choice() {
    let date = kmip_types::DateTime::from_seconds(1);
    let value = Tags {
        required: Closed::ObjectGroup("g".to_owned()),
        optional: Some(Box::new(Vendor::Two(2))),
        repeated: vec![Dates::DestroyDate(date), Dates::ArchiveDate(date)],
    };
    let bytes = written(Tag::OFFSET, &value);
    assert_eq!(ttlv::decode::<Tags>(Tag::OFFSET, &bytes), Ok(value.clone()));
    let bare = Tags { optional: None, repeated: vec![], ..value };
    assert_eq!(ttlv::decode::<Tags>(Tag::OFFSET, &written(Tag::OFFSET, &bare)), Ok(bare));
    assert_eq!(Tags::SCHEMA.fields[1].tag, Tag::from_raw(0x54_0001));
    let error =
        ttlv::decode::<Tags>(Tag::OFFSET, &written(Tag::OFFSET, &Value::Structure(vec![]))).unwrap_err();
    assert_eq!(error.to_string(), "Offset (offset 8): Tags lacks its required field State");
}

#[test]
fn refuses_a_tag_that_no_variant_has() {
    let error = ttlv::decode::<Closed>(Tag::ATTRIBUTE, &written(Tag::NAME, &1)).unwrap_err();
    assert_eq!(error.to_string(), "Name (offset 0): no variant of Closed fits the tag Name");
    let error = ttlv::decode::<Closed>(Tag::ATTRIBUTE, &[]).unwrap_err();
    assert_eq!(error.to_string(), "offset 0: no variant of Closed fits the end of the structure");
}

// ---- by a sibling's value ------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Request {
    operation: Operation,
    #[ttlv(select = "operation")]
    request_payload: RequestPayload,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
enum RequestPayload {
    #[ttlv(value = "Operation::Get | Operation::Destroy")]
    Get(Identified),
    #[ttlv(value = "Operation::Query", select)]
    Query(Box<Query>),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Identified {
    unique_identifier: String,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "Operation")]
struct Query {
    #[ttlv(select = "selector", tag = 0x540001)]
    items: Vec<Open>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
enum Open {
    #[ttlv(value = "Operation::Query")]
    Query(i32),
    #[ttlv(other)]
    Other(Value),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Response {
    operation: Option<Operation>,
    #[ttlv(select = "operation", tag = 0x540001)]
    open: Option<Open>,
    #[ttlv(select = "operation", tag = 0x540002)]
    closed: Option<RequestPayload>,
}

#[test]
fn a_sibling_chooses() {
    let identified = Identified { unique_identifier: "id".to_owned() };
    for value in [
        Request { operation: Operation::Get, request_payload: RequestPayload::Get(identified.clone()) },
        Request { operation: Operation::Destroy, request_payload: RequestPayload::Get(identified) },
        Request {
            operation: Operation::Query,
            request_payload: RequestPayload::Query(Box::new(Query {
                items: vec![Open::Query(1), Open::Query(2)],
            })),
        },
    ] {
        let bytes = written(Tag::BATCH_ITEM, &value);
        assert_eq!(ttlv::decode::<Request>(Tag::BATCH_ITEM, &bytes), Ok(value));
    }
}

#[test]
fn refuses_a_selecting_value_that_no_variant_has() {
    let items = |operation| {
        vec![
            Item::new(Tag::OPERATION, Value::Enumeration(operation)),
            Item::new(Tag::REQUEST_PAYLOAD, Value::Structure(vec![])),
        ]
    };
    for (operation, expected) in [
        (
            Operation::Locate.value(),
            "BatchItem/RequestPayload (offset 24): no variant of RequestPayload fits the selecting value 0x00000008",
        ),
        (
            0x8000_0001,
            "BatchItem/RequestPayload (offset 24): no variant of RequestPayload fits the selecting value 0x80000001",
        ),
        (
            Operation::Get.value(),
            "BatchItem/RequestPayload (offset 32): Identified lacks its required field UniqueIdentifier",
        ),
    ] {
        let bytes = written(Tag::BATCH_ITEM, &Value::Structure(items(operation)));
        let error = ttlv::decode::<Request>(Tag::BATCH_ITEM, &bytes).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn an_absent_sibling_leaves_the_variant_for_the_rest() {
    for (operation, open) in [
        (None, Open::Other(Value::Integer(1))),
        (Some(Operation::Get), Open::Other(Value::Boolean(true))),
        (Some(Operation::Query), Open::Query(1)),
    ] {
        let value = Response { operation, open: Some(open), closed: None };
        let bytes = written(Tag::BATCH_ITEM, &value);
        assert_eq!(ttlv::decode::<Response>(Tag::BATCH_ITEM, &bytes), Ok(value));
    }
    let closed = RequestPayload::Get(Identified { unique_identifier: "id".to_owned() });
    let value = Response { operation: None, open: None, closed: Some(closed) };
    let error = ttlv::decode::<Response>(Tag::BATCH_ITEM, &written(Tag::BATCH_ITEM, &value)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "BatchItem/0x540002 (offset 8): no variant of RequestPayload fits the absence of the field that selects one"
    );
}

// ---- by item type, with a selector handed on -----------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct KeyBlock {
    key_format_type: KeyFormatType,
    #[ttlv(select = "key_format_type")]
    key_value: Option<KeyValue>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "KeyFormatType")]
enum KeyValue {
    Wrapped(Vec<u8>),
    #[ttlv(select)]
    Plain(PlainKeyValue),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "KeyFormatType")]
struct PlainKeyValue {
    #[ttlv(select = "selector")]
    key_material: Renamed,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "KeyFormatType")]
struct Renamed(KeyMaterial);

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "KeyFormatType")]
enum KeyMaterial {
    #[ttlv(value = "KeyFormatType::Raw | KeyFormatType::Opaque")]
    Bytes(Vec<u8>),
    #[ttlv(other)]
    Other(Value),
}

#[test]
fn a_selector_reaches_the_innermost_choice() {
    let plain = |material| Some(KeyValue::Plain(PlainKeyValue { key_material: Renamed(material) }));
    for value in [
        KeyBlock { key_format_type: KeyFormatType::Raw, key_value: plain(KeyMaterial::Bytes(vec![1])) },
        KeyBlock {
            key_format_type: KeyFormatType::TransparentRsaPrivateKey,
            key_value: plain(KeyMaterial::Other(Value::Structure(vec![]))),
        },
        KeyBlock { key_format_type: KeyFormatType::Raw, key_value: Some(KeyValue::Wrapped(vec![1])) },
        KeyBlock { key_format_type: KeyFormatType::Raw, key_value: None },
    ] {
        let bytes = written(Tag::KEY_BLOCK, &value);
        assert_eq!(ttlv::decode::<KeyBlock>(Tag::KEY_BLOCK, &bytes), Ok(value));
    }
}

#[test]
fn a_selector_need_not_be_an_enumeration() {
    #[derive(Debug, PartialEq, Ttlv)]
    #[ttlv(select = "bool")]
    enum ByFlag {
        #[ttlv(value = "true")]
        Number(i32),
        #[ttlv(value = "false")]
        Text(String),
    }
    fn read(flag: bool, bytes: &[u8]) -> Result<ByFlag, DecodeError> {
        let mut reader = Reader::new(bytes, Mode::Strict, Limits::default())?;
        ByFlag::decode_selected(&flag, Tag::OFFSET, &mut reader)
    }
    assert_eq!(read(true, &written(Tag::OFFSET, &1)), Ok(ByFlag::Number(1)));
    assert_eq!(read(false, &written(Tag::OFFSET, &text("t"))), Ok(ByFlag::Text("t".to_owned())));
    assert!(read(false, &written(Tag::OFFSET, &1)).is_err());
}

#[test]
fn every_kind_of_choice_is_written_as_its_variant() {
    fn assert_decodes<T: Decode + Encode + Wire>(_: &T) {}
    assert_decodes(&Identifier::Text(String::new()));
    assert_decodes(&Closed::ObjectGroup(String::new()));
    assert_eq!(written(Tag::OFFSET, &Open::Query(1)), written(Tag::OFFSET, &1));
}
