//! Typed messages in every version: the form on the wire, and what a version has no form for.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use kmip_types::attribute::{
    Attribute, AttributeEntry, AttributeReference, Attributes, Name, SingleAttribute, UniqueIdentifier,
    VendorAttribute,
};
use kmip_types::enumerations::{
    CryptographicAlgorithm, KeyFormatType, ObjectType, Operation, SecretDataType,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::message::{
    self, Authentication, Credential, Message, RequestBatchItem, RequestHeader, RequestMessage,
    ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SecretData, SymmetricKey};
use kmip_types::operation::{
    AddAttributeRequest, CreateKeyPairRequest, CreateRequest, DeleteAttributeRequest, GetAttributesRequest,
    GetAttributesResponse, LocateRequest, LocateResponse, QueryResponse, RegisterRequest, RequestPayload,
    SetAttributeRequest,
};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::{DeviationKind, KeptItem, Mode, Tagged};
use kmip_types::{DateTime, Item, ProtocolVersion, RawStructure, Tag, Value};

fn request(version: ProtocolVersion, payload: impl Into<RequestPayload>) -> RequestMessage {
    let payload = payload.into();
    let operation = payload.operation().unwrap_or(Operation::Other(0x8000_0001));
    RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![RequestBatchItem::new(operation, payload)],
    }
}

fn create() -> CreateRequest {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(
            CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
        ))
        .with(Attribute::Name(Name::text("a key")));
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

/// The XML of a request, which must read back to the same request.
#[track_caller]
fn xml(message: &RequestMessage) -> String {
    let ttlv = message.to_ttlv().unwrap();
    assert_eq!(&RequestMessage::from_ttlv(&ttlv).unwrap(), message);
    TextCodec::new().to_xml(&ttlv).unwrap()
}

#[test]
fn one_create_request_has_the_form_of_each_version() {
    for (version, container) in
        [(ProtocolVersion::V1_0, "<TemplateAttribute>"), (ProtocolVersion::V2_1, "<Attributes>")]
    {
        let xml = xml(&request(version, create()));
        assert!(xml.contains(container), "{version}: {xml}");
    }
    for version in ProtocolVersion::ALL {
        xml(&request(*version, create()));
    }
}

#[test]
fn attributes_are_named_before_2_0_and_tagged_since() {
    let named = xml(&request(ProtocolVersion::V1_4, create()));
    assert!(
        named.contains(r#"<AttributeName type="TextString" value="Cryptographic Algorithm"/>"#),
        "{named}"
    );
    assert!(named.contains(r#"<AttributeValue type="Enumeration" value="AES"/>"#), "{named}");
    let tagged = xml(&request(ProtocolVersion::V2_0, create()));
    assert!(tagged.contains(r#"<CryptographicAlgorithm type="Enumeration" value="AES"/>"#), "{tagged}");
}

#[test]
fn references_are_names_before_2_0_and_tags_since() {
    let payload = GetAttributesRequest::new("k", [Tag::STATE, Tag::CRYPTOGRAPHIC_LENGTH]);
    let named = xml(&request(ProtocolVersion::V1_2, payload.clone()));
    assert!(named.contains(r#"<AttributeName type="TextString" value="Cryptographic Length"/>"#), "{named}");
    let tagged = xml(&request(ProtocolVersion::V2_1, payload));
    assert!(
        tagged.contains(r#"<AttributeReference type="Enumeration" value="CryptographicLength"/>"#),
        "{tagged}"
    );
}

#[test]
fn a_custom_attribute_is_the_vendor_attribute_of_x() {
    let vendor = Attribute::Vendor(Box::new(VendorAttribute {
        vendor_identification: "x".into(),
        attribute_name: "Colour".into(),
        attribute_value: Value::TextString("blue".into()),
    }));
    let payload = AddAttributeRequest::new("k", vendor);
    let named = xml(&request(ProtocolVersion::V1_4, payload.clone()));
    assert!(named.contains(r#"<AttributeName type="TextString" value="x-Colour"/>"#), "{named}");
    let tagged = xml(&request(ProtocolVersion::V2_1, payload));
    assert!(tagged.contains(r#"<VendorIdentification type="TextString" value="x"/>"#), "{tagged}");
}

#[test]
fn what_a_version_lacks_is_an_error_that_names_it() {
    let mut correlated = request(ProtocolVersion::V1_3, create());
    correlated.request_header.client_correlation_value = Some("step 1".into());
    let mut indexed = create();
    indexed.attributes.push(AttributeEntry { index: Some(1), attribute: Attribute::Fresh(true) });
    let mut templated = create();
    templated.attributes.template_names.push(Name::text("t"));
    let vendor = Attribute::Vendor(Box::new(VendorAttribute {
        vendor_identification: "acme".into(),
        attribute_name: "Colour".into(),
        attribute_value: Value::Integer(1),
    }));
    let by_tag = Attributes::new().with(Attribute::QuantumSafe(true));
    for (message, expected) in [
        (
            correlated,
            "RequestMessage/RequestHeader/ClientCorrelationValue: ClientCorrelationValue is not in KMIP 1.3, \
             but in 1.4 and later",
        ),
        (
            request(ProtocolVersion::V2_1, indexed),
            "RequestMessage/BatchItem/RequestPayload/Attributes/AttributeIndex: AttributeIndex is not in KMIP \
             2.1, but until 1.4",
        ),
        (
            request(ProtocolVersion::V2_1, templated),
            "RequestMessage/BatchItem/RequestPayload/Attributes: the name of a Template object has no equivalent in \
             KMIP 2.1",
        ),
        (
            request(ProtocolVersion::V1_4, AddAttributeRequest::new("k", vendor)),
            "RequestMessage/BatchItem/RequestPayload/Attribute: a vendor's attribute other than x and y has no \
             equivalent in KMIP 1.4",
        ),
        (
            request(ProtocolVersion::V1_4, CreateRequest::new(ObjectType::SymmetricKey, by_tag)),
            "RequestMessage/BatchItem/RequestPayload/TemplateAttribute/Attribute: QuantumSafe is not in KMIP 1.4, \
             but in 2.0 and later",
        ),
        (
            request(ProtocolVersion::V1_4, SetAttributeRequest::new("k", Attribute::Fresh(true))),
            "RequestMessage/BatchItem/Operation: the value SetAttribute of Operation is not in KMIP 1.4, but in 2.0 \
             and later",
        ),
        (
            request(
                ProtocolVersion::V1_4,
                DeleteAttributeRequest {
                    current_attribute: Some(SingleAttribute::from(Attribute::Fresh(true))),
                    ..DeleteAttributeRequest::default()
                },
            ),
            "RequestMessage/BatchItem/RequestPayload/CurrentAttribute: CurrentAttribute is not in KMIP 1.4, but \
             in 2.0 and later",
        ),
        (
            request(ProtocolVersion::V1_4, GetAttributesRequest::all(UniqueIdentifier::ID_PLACEHOLDER)),
            "RequestMessage/BatchItem/RequestPayload/UniqueIdentifier: Unique Identifier as Enumeration has \
             no equivalent in KMIP 1.4",
        ),
    ] {
        assert_eq!(message.to_ttlv().unwrap_err().to_string(), expected);
    }
}

#[test]
fn key_material_is_read_in_the_form_of_its_format() {
    let material = KeyMaterial::bytes(vec![7; 32]);
    let raw = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 256);
    let transparent = KeyMaterial::Transparent(kmip_types::object::TransparentKey::SymmetricKey(
        kmip_types::object::TransparentSymmetricKey { key: vec![7; 32].into() },
    ));
    let format = KeyFormatType::TransparentSymmetricKey;
    let transparent = KeyBlock::plain(format, transparent, CryptographicAlgorithm::Aes, 256);
    for key_block in [raw, transparent] {
        assert_eq!(key_block.key_bytes(), Some(&[7; 32][..]));
        let object = ManagedObject::SymmetricKey(SymmetricKey { key_block });
        for version in ProtocolVersion::ALL {
            let payload = RegisterRequest::new(ObjectType::SymmetricKey, Attributes::new(), object.clone());
            let message = request(*version, payload);
            let shown = format!("{message:?}");
            assert!(!shown.contains("7, 7") && !shown.contains("0707"), "{shown}");
            xml(&message);
        }
    }
}

#[test]
fn an_unknown_operation_keeps_its_payload() {
    let items = vec![Item::new(Tag::from_raw(0x54_0001), Value::Integer(5))];
    let payload = RequestPayload::Other(RawStructure { items });
    let message = request(ProtocolVersion::V2_1, payload);
    let ttlv = message.to_ttlv().unwrap();
    assert_eq!(RequestMessage::from_ttlv(&ttlv).unwrap(), message);
    let decoded = RequestMessage::from_ttlv_lenient(&ttlv).unwrap();
    assert_eq!(decoded.deviations, []);
    assert_eq!(decoded.untyped.len(), 1);
    assert_eq!(decoded.untyped[0].to_string(), "RequestMessage/BatchItem/RequestPayload");
}

#[test]
fn credentials_are_chosen_by_their_type_and_never_shown() {
    let mut message = request(ProtocolVersion::V1_2, LocateRequest::default());
    let credential = Credential::username_and_password("alice", "hunter2");
    message.request_header.authentication = Some(Authentication { credential: vec![credential] });
    assert!(xml(&message).contains("hunter2"));
    assert!(!format!("{message:?}").contains("hunter2"));
}

fn response(version: ProtocolVersion, item: ResponseBatchItem) -> ResponseMessage {
    let header = ResponseHeader::new(version, DateTime::from_seconds(1_600_000_000), 1);
    ResponseMessage { response_header: header, batch_item: vec![item] }
}

#[test]
fn known_deviations_of_servers_are_tolerated_and_listed() {
    let located = LocateResponse { located_items: None, unique_identifier: vec!["a".into(), "b".into()] };
    let item = ResponseBatchItem::success(Operation::Locate, located.into());
    let ttlv = response(ProtocolVersion::V1_0, item).to_ttlv().unwrap();
    let mut tree = Item::from_ttlv(&ttlv).unwrap();
    let Value::Structure(parts) = &mut tree.value else { panic!("a message is a structure") };
    // A header field of a later version, and one out of its order.
    let Value::Structure(header) = &mut parts[0].value else { panic!("a header is a structure") };
    header.insert(1, Item::new(Tag::SERVER_CORRELATION_VALUE, Value::TextString("log 1".into())));
    header.push(Item::new(Tag::from_raw(0x54_0001), Value::Boolean(true)));
    // A number of another type.
    header[3].value = Value::LongInteger(1);
    let ttlv = tree.to_ttlv().unwrap();

    let strict = ResponseMessage::from_ttlv(&ttlv).unwrap_err();
    assert_eq!(
        strict.to_string(),
        "ResponseMessage/ResponseHeader/TimeStamp (offset 72): TimeStamp is out of order in ResponseHeader"
    );
    let decoded = ResponseMessage::from_ttlv_lenient(&ttlv).unwrap();
    assert_eq!(message::check(&ttlv, Mode::Strict), Err(strict));
    assert_eq!(message::check(&ttlv, Mode::Lenient).as_ref(), Ok(&decoded.deviations));
    // Of what is no message, nothing is said.
    assert_eq!(message::check(&ttlv[8..], Mode::Strict), Ok(vec![]));
    let header = &decoded.value.response_header;
    assert_eq!(header.server_correlation_value.as_deref(), Some("log 1"));
    assert_eq!(header.batch_count, 1);
    let listed: Vec<(String, &'static str)> = decoded
        .deviations
        .iter()
        .map(|deviation| {
            let kind = match deviation.kind {
                DeviationKind::Unknown(_) => "unknown",
                DeviationKind::Duplicate(_) => "duplicate",
                DeviationKind::Misplaced => "misplaced",
                DeviationKind::ItemType { .. } => "item type",
                DeviationKind::OtherVersion(_) => "version",
                _ => "other",
            };
            (deviation.path.to_string(), kind)
        })
        .collect();
    let place = |tag: &str| format!("ResponseMessage/ResponseHeader/{tag}");
    assert_eq!(
        listed,
        [
            (place("ServerCorrelationValue"), "version"),
            (place("TimeStamp"), "misplaced"),
            (place("BatchCount"), "item type"),
            (place("0x540001"), "unknown")
        ]
    );
}

#[test]
fn lists_what_another_form_of_the_same_field_says() {
    let attributes = Attributes::new().with_cryptographic_length(256);
    let payload = GetAttributesResponse::new("key 1", attributes);
    let item = ResponseBatchItem::success(Operation::GetAttributes, payload.clone().into());
    let mut tree = Item::from_ttlv(&response(ProtocolVersion::V2_0, item).to_ttlv().unwrap()).unwrap();
    let by_name = Item::structure(
        Tag::ATTRIBUTE,
        vec![
            Item::text_string(Tag::ATTRIBUTE_NAME, "Cryptographic Length"),
            Item::new(Tag::ATTRIBUTE_VALUE, Value::Integer(128)),
        ],
    );
    let Value::Structure(message) = &mut tree.value else { panic!("a message is a structure") };
    let Value::Structure(batch_item) = &mut message[1].value else { panic!("a batch item is a structure") };
    let Some(Item { value: Value::Structure(fields), .. }) = batch_item.last_mut() else {
        panic!("a payload is a structure")
    };
    fields.push(by_name.clone());
    let ttlv = tree.to_ttlv().unwrap();

    ResponseMessage::from_ttlv(&ttlv).unwrap_err();
    let decoded = ResponseMessage::from_ttlv_lenient(&ttlv).unwrap();
    assert_eq!(decoded.value.batch_item[0].response_payload, Some(payload.into()));
    let [deviation] = &decoded.deviations[..] else { panic!("{:?}", decoded.deviations) };
    assert_eq!(deviation.path.to_string(), "ResponseMessage/BatchItem/ResponsePayload/Attribute");
    assert_eq!(deviation.kind, DeviationKind::Duplicate(KeptItem::of(&by_name).unwrap()));
}

#[test]
fn lists_any_number_of_deviations_with_their_paths() {
    let item = ResponseBatchItem::success(Operation::Locate, LocateResponse::default().into());
    let ttlv = response(ProtocolVersion::V1_0, item).to_ttlv().unwrap();
    let mut tree = Item::from_ttlv(&ttlv).unwrap();
    let Value::Structure(parts) = &mut tree.value else { panic!("a message is a structure") };
    let Value::Structure(header) = &mut parts[0].value else { panic!("a header is a structure") };
    let unknown = |number| Item::new(Tag::from_raw(0x54_0001), Value::Integer(number));
    header.extend((0..100_000).map(unknown));
    let decoded = ResponseMessage::from_ttlv_lenient(&tree.to_ttlv().unwrap()).unwrap();
    assert_eq!(decoded.deviations.len(), 100_000);
    let last = &decoded.deviations[99_999];
    assert_eq!(last.path.to_string(), "ResponseMessage/ResponseHeader/0x540001[99999]");
    assert_eq!(last.kind, DeviationKind::Unknown(KeptItem::of(&unknown(99_999)).unwrap()));
}

#[test]
fn a_response_without_an_operation_keeps_its_payload() {
    let mut item = ResponseBatchItem::success(Operation::Query, QueryResponse::default().into());
    item.operation = None;
    let message = response(ProtocolVersion::V1_4, item);
    let read = ResponseMessage::from_ttlv(&message.to_ttlv().unwrap()).unwrap();
    assert_eq!(read.batch_item[0].response_payload.as_ref().and_then(|payload| payload.operation()), None);
}

#[test]
fn a_managed_object_says_its_type() {
    let material = KeyMaterial::bytes(b"secret".as_slice());
    let key_block = KeyBlock::plain(KeyFormatType::Opaque, material, CryptographicAlgorithm::Aes, 48);
    let object =
        ManagedObject::SecretData(SecretData { secret_data_type: SecretDataType::Password, key_block });
    assert_eq!(object.tag(), Tag::SECRET_DATA);
    assert_eq!(object.object_type(), Some(ObjectType::SecretData));
}

#[test]
fn key_pair_attributes_have_the_tags_of_each_version() {
    let payload = CreateKeyPairRequest {
        common_attributes: Some(Attributes::new().with(Attribute::CryptographicLength(2048))),
        private_key_attributes: Some(Attributes::new()),
        ..CreateKeyPairRequest::default()
    };
    let old = xml(&request(ProtocolVersion::V1_3, payload.clone()));
    assert!(
        old.contains("<CommonTemplateAttribute>") && old.contains("PrivateKeyTemplateAttribute"),
        "{old}"
    );
    let new = xml(&request(ProtocolVersion::V2_0, payload));
    assert!(new.contains("<CommonAttributes>") && new.contains("PrivateKeyAttributes"), "{new}");
}

#[test]
fn a_reference_by_name_is_the_reference_by_tag() {
    assert_eq!(AttributeReference::from_name("Cryptographic Algorithm"), Tag::CRYPTOGRAPHIC_ALGORITHM.into());
    let custom = AttributeReference::from_name("x-Colour");
    assert_eq!(custom.to_name(ProtocolVersion::V1_4).unwrap(), "x-Colour");
}
