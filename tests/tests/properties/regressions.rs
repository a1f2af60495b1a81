//! Values that were once written as something else than they are read as.

use kmip_types::attribute::*;
use kmip_types::enumerations::{NameType, ObjectType};
use kmip_types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{CreateRequest, GetAttributesRequest, RegisterRequest, RequestPayload};
use kmip_types::ttlv::{DeviationKind, KeptItem};
use kmip_types::{Item, ProtocolVersion, Tag, Value};

const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn request(version: ProtocolVersion, payload: impl Into<RequestPayload>) -> RequestMessage {
    let payload = payload.into();
    let operation = payload.operation().unwrap();
    RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![RequestBatchItem::new(operation, payload)],
    }
}

fn create(attribute: Attribute) -> CreateRequest {
    CreateRequest::new(ObjectType::SymmetricKey, Attributes::new().with(attribute))
}

fn custom(name: &str) -> Attribute {
    let attribute_name = name.to_owned();
    Attribute::Custom(Box::new(CustomAttribute { attribute_name, attribute_value: Value::Integer(1) }))
}

fn reference(vendor: &str, name: &str) -> AttributeReference {
    let (vendor_identification, attribute_name) = (vendor.to_owned(), name.to_owned());
    AttributeReference::Vendor(AttributeName { vendor_identification, attribute_name })
}

#[test]
fn rejects_a_name_that_would_be_read_as_another_attribute() {
    const NOT_FREE: &str = "the value is not a name that is neither the standard's nor starts with x- or y-";
    for name in ["State", "Cryptographic Length", "x-Colour", "y-"] {
        let error = request(V1_4, create(custom(name))).to_ttlv().unwrap_err().to_string();
        let place = "RequestMessage/BatchItem/RequestPayload/TemplateAttribute/Attribute/AttributeName";
        assert_eq!(error, format!("{place}: {NOT_FREE}"));

        let list = GetAttributesRequest::new("k", [reference("", name)]);
        let error = request(V1_4, list).to_ttlv().unwrap_err().to_string();
        assert_eq!(error, format!("RequestMessage/BatchItem/RequestPayload/AttributeName: {NOT_FREE}"));
    }
    for name in ["Colour", "CryptographicLength", "x", "z-Colour", ""] {
        let message = request(V1_4, create(custom(name)));
        assert_eq!(RequestMessage::from_ttlv(&message.to_ttlv().unwrap()).unwrap(), message);
    }
}

#[test]
fn rejects_an_attribute_that_has_no_name_before_2_0() {
    for tag in [Tag::BATCH_COUNT, Tag::from_raw(0x54_0001)] {
        let message = |version| request(version, create(Attribute::Other(Item::integer(tag, 1))));
        let error = message(V1_4).to_ttlv().unwrap_err().to_string();
        let what = "an attribute under an unknown tag";
        assert!(error.ends_with(&format!("Attribute: {what} has no equivalent in KMIP 1.4")), "{error}");
        let message = message(V2_1);
        assert_eq!(RequestMessage::from_ttlv(&message.to_ttlv().unwrap()).unwrap(), message);
    }
}

#[test]
fn names_the_place_of_a_template_name_that_the_version_lacks() {
    let name = Name { name_value: "t".into(), name_type: NameType::UninterpretedTextString };
    let mut attributes = Attributes::new();
    attributes.template_names.push(name);
    let error =
        request(V2_1, CreateRequest::new(ObjectType::SymmetricKey, attributes)).to_ttlv().unwrap_err();
    assert_eq!(error.path().to_string(), "RequestMessage/BatchItem/RequestPayload/Attributes");
}

fn register(object: Item) -> RequestMessage {
    let attributes = Attributes::new();
    request(
        V2_1,
        RegisterRequest::new(ObjectType::Other(0x8000_0001), attributes, ManagedObject::Other(object)),
    )
}

#[test]
fn a_vendors_object_is_read_back() {
    let object = Item::structure(Tag::from_raw(0x54_0001), vec![Item::integer(Tag::BATCH_COUNT, 1)]);
    let message = register(object);
    let ttlv = message.to_ttlv().unwrap();
    assert_eq!(RequestMessage::from_ttlv(&ttlv).unwrap(), message);
    assert_eq!(RequestMessage::from_ttlv_lenient(&ttlv).unwrap().value, message);
}

#[test]
fn a_vendors_field_is_not_taken_for_the_object_where_there_is_one() {
    let extra = Item::integer(Tag::from_raw(0x54_0002), 1);
    let mut message = Item::from_ttlv(&register(extra.clone()).to_ttlv().unwrap()).unwrap();
    let fields =
        vec![Item::enumeration(Tag::OPAQUE_DATA_TYPE, 1_u32), Item::byte_string(Tag::OPAQUE_DATA_VALUE, [1])];
    push(&mut message, &Item::structure(Tag::OPAQUE_OBJECT, fields));
    let decoded = RequestMessage::from_ttlv_lenient(&message.to_ttlv().unwrap()).unwrap();
    let RequestPayload::Register(read) = &decoded.value.batch_item[0].request_payload else {
        panic!("not Register")
    };
    assert!(matches!(read.object, Some(ManagedObject::OpaqueObject(_))), "{read:?}");
    let deviations: Vec<_> = decoded.deviations.into_iter().map(|deviation| deviation.kind).collect();
    assert_eq!(deviations, [DeviationKind::Unknown(KeptItem::of(&extra).unwrap())]);
}

/// Adds a field at the end of the request payload.
fn push(item: &mut Item, field: &Item) {
    let is_payload = item.tag == Tag::REQUEST_PAYLOAD;
    let Value::Structure(fields) = &mut item.value else { return };
    if is_payload {
        fields.push(field.clone());
    }
    fields.iter_mut().for_each(|item| push(item, field));
}
