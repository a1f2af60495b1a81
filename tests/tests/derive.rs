//! What `#[derive(Ttlv)]` makes of structs and enums: what it writes, reads, refuses, and how it says so.

use kmip_types::generated::enumerations::{KeyFormatType, ObjectType, Operation};
use kmip_types::ttlv;
use kmip_types::{Item, ProtocolVersion, Tag, Ttlv, Value};

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "RequestPayload")]
struct Payload {
    object_type: ObjectType,
    unique_identifier: Option<UniqueIdentifier>,
    name: Vec<Name>,
    #[ttlv(since = "1.4")]
    mac_signature: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
enum UniqueIdentifier {
    Text(String),
    Enumeration(kmip_types::generated::enumerations::UniqueIdentifier),
    Index(i32),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Name {
    name_value: String,
    name_type: kmip_types::generated::enumerations::NameType,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Object {
    SymmetricKey(Name),
    #[ttlv(tag = 0x540001)]
    Vendor(Name),
    #[ttlv(other)]
    Other(Item),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
enum Selected {
    #[ttlv(value = "Operation::Create | Operation::Register")]
    Create(Payload),
    #[ttlv(value = "Operation::Get", select)]
    Get(Box<Inner>),
    #[ttlv(other)]
    Other(Value),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "Operation")]
struct Inner {
    #[ttlv(tag = 0x540002, select = "selector")]
    vendor: Nested,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation")]
enum Nested {
    #[ttlv(value = "Operation::Get")]
    Get(i32),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "KeyFormatType")]
enum KeyValue {
    Wrapped(Vec<u8>),
    #[ttlv(select)]
    Plain(Plain),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(selector = "KeyFormatType")]
struct Plain {
    #[ttlv(select = "selector")]
    key_material: Material,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(select = "KeyFormatType")]
enum Material {
    #[ttlv(value = "KeyFormatType::Raw")]
    Raw(Vec<u8>),
    #[ttlv(other)]
    Other(Value),
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Everything {
    operation: Option<Operation>,
    #[ttlv(select = "operation", tag = "RequestPayload")]
    payload: Option<Selected>,
    key_format_type: KeyFormatType,
    #[ttlv(select = "key_format_type")]
    key_value: KeyValue,
    #[ttlv(choice)]
    object: Vec<Object>,
    #[ttlv(default)]
    batch_count: i32,
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    attributes: Option<Empty>,
    #[ttlv(with = "digits")]
    digits: u8,
    description: Transparent,
    #[ttlv(catch_all)]
    rest: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Empty {}

#[derive(Clone, Debug, PartialEq, Ttlv)]
struct Transparent(String);

mod digits {
    use kmip_types::ttlv::{Field, Reader, Writer};
    use kmip_types::{DecodeError, EncodeError, Tag};

    pub(super) const FIELDS: &[Field] =
        &[Field::optional(Tag::from_raw(0x540010)), Field::optional(Tag::from_raw(0x540011))];

    pub(super) fn encode(value: &u8, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.required(&FIELDS[0], &i32::from(*value / 10))?;
        writer.required(&FIELDS[1], &i32::from(*value % 10))
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<u8, DecodeError> {
        let tens: Option<i32> = reader.optional(&FIELDS[0])?;
        let ones: Option<i32> = reader.optional(&FIELDS[1])?;
        Ok((tens.unwrap_or_default() * 10 + ones.unwrap_or_default()) as u8)
    }
}

#[test]
fn round() {
    let name = Name {
        name_value: "n".into(),
        name_type: kmip_types::generated::enumerations::NameType::UninterpretedTextString,
    };
    let value = Everything {
        operation: Some(Operation::Get),
        payload: Some(Selected::Get(Box::new(Inner { vendor: Nested::Get(7) }))),
        key_format_type: KeyFormatType::Raw,
        key_value: KeyValue::Plain(Plain { key_material: Material::Raw(vec![1, 2]) }),
        object: vec![Object::SymmetricKey(name.clone()), Object::Vendor(name.clone())],
        batch_count: 3,
        attributes: Some(Empty {}),
        digits: 42,
        description: Transparent("d".into()),
        rest: vec![],
    };
    for version in [ProtocolVersion::V2_1, ProtocolVersion::V2_0] {
        let bytes = ttlv::encode(Tag::REQUEST_MESSAGE, &value, version).unwrap();
        assert_eq!(ttlv::decode::<Everything>(Tag::REQUEST_MESSAGE, &bytes).unwrap(), value);
    }
}
