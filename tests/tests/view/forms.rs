//! Each form, of each kind of value.

use kmip_types::attribute::{Attribute, Attributes, Name};
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, Operation};
use kmip_types::message::Message;
use kmip_types::message::{
    RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::operation::{CreateRequest, CreateResponse, GetRequest};
use kmip_types::text::TextCodec;
use kmip_types::view::{Form, Redactions, View};
use kmip_types::{DateTime, Item, ProtocolVersion, Tag, assert_kmip_snapshot};

pub(crate) fn create(version: ProtocolVersion) -> RequestMessage {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::Name(Name::text("one")))
        .with(Attribute::Name(Name::text("other")));
    let payload = CreateRequest::new(ObjectType::SymmetricKey, attributes);
    RequestMessage {
        request_header: RequestHeader::new(version, 1),
        batch_item: vec![RequestBatchItem::new(Operation::Create, payload.into())],
    }
}

pub(crate) fn created(version: ProtocolVersion) -> ResponseMessage {
    let payload = CreateResponse::new(ObjectType::SymmetricKey, "5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10");
    ResponseMessage {
        response_header: ResponseHeader::new(version, DateTime::from_seconds(1_700_000_000), 1),
        batch_item: vec![ResponseBatchItem::success(Operation::Create, payload.into())],
    }
}

#[test]
fn a_message_in_text_has_the_path_in_every_line() {
    assert_kmip_snapshot!(create(ProtocolVersion::V2_1), @r#"
    RequestMessage
    RequestHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
    RequestHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
    RequestHeader/BatchCount (Integer): 1
    BatchItem/Operation (Enumeration): Create (0x00000001)
    BatchItem/RequestPayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
    BatchItem/RequestPayload/Attributes/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    BatchItem/RequestPayload/Attributes/CryptographicLength (Integer): 256
    BatchItem/RequestPayload/Attributes/Name[0]/NameValue (TextString): "one"
    BatchItem/RequestPayload/Attributes/Name[0]/NameType (Enumeration): UninterpretedTextString (0x00000001)
    BatchItem/RequestPayload/Attributes/Name[1]/NameValue (TextString): "other"
    BatchItem/RequestPayload/Attributes/Name[1]/NameType (Enumeration): UninterpretedTextString (0x00000001)
    "#);
    assert_kmip_snapshot!(create(ProtocolVersion::V1_2), @r#"
    RequestMessage
    RequestHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 1
    RequestHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 2
    RequestHeader/BatchCount (Integer): 1
    BatchItem/Operation (Enumeration): Create (0x00000001)
    BatchItem/RequestPayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Cryptographic Algorithm]/AttributeName (TextString): "Cryptographic Algorithm"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Cryptographic Algorithm]/AttributeValue (Enumeration): AES (0x00000003)
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Cryptographic Length]/AttributeName (TextString): "Cryptographic Length"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Cryptographic Length]/AttributeValue (Integer): 256
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][0]/AttributeName (TextString): "Name"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][0]/AttributeValue/NameValue (TextString): "one"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][0]/AttributeValue/NameType (Enumeration): UninterpretedTextString (0x00000001)
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][1]/AttributeName (TextString): "Name"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][1]/AttributeValue/NameValue (TextString): "other"
    BatchItem/RequestPayload/TemplateAttribute/Attribute[Name][1]/AttributeValue/NameType (Enumeration): UninterpretedTextString (0x00000001)
    "#);
}

#[test]
fn a_message_in_json_has_an_item_a_line() {
    assert_kmip_snapshot!(View::of(&create(ProtocolVersion::V2_1)).json(), @r#"
    { "tag": "RequestMessage", "type": "Structure", "value": [
        { "tag": "RequestHeader", "type": "Structure", "value": [
            { "tag": "ProtocolVersion", "type": "Structure", "value": [
                { "tag": "ProtocolVersionMajor", "type": "Integer", "value": 2 },
                { "tag": "ProtocolVersionMinor", "type": "Integer", "value": 1 }
            ] },
            { "tag": "BatchCount", "type": "Integer", "value": 1 }
        ] },
        { "tag": "BatchItem", "type": "Structure", "value": [
            { "tag": "Operation", "type": "Enumeration", "value": "Create" },
            { "tag": "RequestPayload", "type": "Structure", "value": [
                { "tag": "ObjectType", "type": "Enumeration", "value": "SymmetricKey" },
                { "tag": "Attributes", "type": "Structure", "value": [
                    { "tag": "CryptographicAlgorithm", "type": "Enumeration", "value": "AES" },
                    { "tag": "CryptographicLength", "type": "Integer", "value": 256 },
                    { "tag": "Name", "type": "Structure", "value": [
                        { "tag": "NameValue", "type": "TextString", "value": "one" },
                        { "tag": "NameType", "type": "Enumeration", "value": "UninterpretedTextString" }
                    ] },
                    { "tag": "Name", "type": "Structure", "value": [
                        { "tag": "NameValue", "type": "TextString", "value": "other" },
                        { "tag": "NameType", "type": "Enumeration", "value": "UninterpretedTextString" }
                    ] }
                ] }
            ] }
        ] }
    ] }
    "#);
    assert_kmip_snapshot!(View::of(&create(ProtocolVersion::V1_2)).json(), @r#"
    { "tag": "RequestMessage", "type": "Structure", "value": [
        { "tag": "RequestHeader", "type": "Structure", "value": [
            { "tag": "ProtocolVersion", "type": "Structure", "value": [
                { "tag": "ProtocolVersionMajor", "type": "Integer", "value": 1 },
                { "tag": "ProtocolVersionMinor", "type": "Integer", "value": 2 }
            ] },
            { "tag": "BatchCount", "type": "Integer", "value": 1 }
        ] },
        { "tag": "BatchItem", "type": "Structure", "value": [
            { "tag": "Operation", "type": "Enumeration", "value": "Create" },
            { "tag": "RequestPayload", "type": "Structure", "value": [
                { "tag": "ObjectType", "type": "Enumeration", "value": "SymmetricKey" },
                { "tag": "TemplateAttribute", "type": "Structure", "value": [
                    { "tag": "Attribute", "type": "Structure", "value": [ { "tag": "AttributeName", "type": "TextString", "value": "Cryptographic Algorithm" }, { "tag": "AttributeValue", "type": "Enumeration", "value": "AES" } ] },
                    { "tag": "Attribute", "type": "Structure", "value": [ { "tag": "AttributeName", "type": "TextString", "value": "Cryptographic Length" }, { "tag": "AttributeValue", "type": "Integer", "value": 256 } ] },
                    { "tag": "Attribute", "type": "Structure", "value": [
                        { "tag": "AttributeName", "type": "TextString", "value": "Name" },
                        { "tag": "AttributeValue", "type": "Structure", "value": [
                            { "tag": "NameValue", "type": "TextString", "value": "one" },
                            { "tag": "NameType", "type": "Enumeration", "value": "UninterpretedTextString" }
                        ] }
                    ] },
                    { "tag": "Attribute", "type": "Structure", "value": [
                        { "tag": "AttributeName", "type": "TextString", "value": "Name" },
                        { "tag": "AttributeValue", "type": "Structure", "value": [
                            { "tag": "NameValue", "type": "TextString", "value": "other" },
                            { "tag": "NameType", "type": "Enumeration", "value": "UninterpretedTextString" }
                        ] }
                    ] }
                ] }
            ] }
        ] }
    ] }
    "#);
}

#[test]
fn a_message_in_xml_has_an_element_a_line() {
    assert_kmip_snapshot!(View::of(&create(ProtocolVersion::V1_2)).xml(), @r#"
    <RequestMessage>
      <RequestHeader>
        <ProtocolVersion>
          <ProtocolVersionMajor type="Integer" value="1"/>
          <ProtocolVersionMinor type="Integer" value="2"/>
        </ProtocolVersion>
        <BatchCount type="Integer" value="1"/>
      </RequestHeader>
      <BatchItem>
        <Operation type="Enumeration" value="Create"/>
        <RequestPayload>
          <ObjectType type="Enumeration" value="SymmetricKey"/>
          <TemplateAttribute>
            <Attribute><AttributeName type="TextString" value="Cryptographic Algorithm"/><AttributeValue type="Enumeration" value="AES"/></Attribute>
            <Attribute><AttributeName type="TextString" value="Cryptographic Length"/><AttributeValue type="Integer" value="256"/></Attribute>
            <Attribute>
              <AttributeName type="TextString" value="Name"/>
              <AttributeValue>
                <NameValue type="TextString" value="one"/>
                <NameType type="Enumeration" value="UninterpretedTextString"/>
              </AttributeValue>
            </Attribute>
            <Attribute>
              <AttributeName type="TextString" value="Name"/>
              <AttributeValue>
                <NameValue type="TextString" value="other"/>
                <NameType type="Enumeration" value="UninterpretedTextString"/>
              </AttributeValue>
            </Attribute>
          </TemplateAttribute>
        </RequestPayload>
      </BatchItem>
    </RequestMessage>
    "#);
}

#[test]
fn an_exchange_is_one_message_after_the_other() {
    let (request, response) = (create(ProtocolVersion::V2_1), created(ProtocolVersion::V2_1));
    assert_kmip_snapshot!((&request, &response), @r#"
    RequestMessage/RequestHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
    RequestMessage/RequestHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
    RequestMessage/RequestHeader/BatchCount (Integer): 1
    RequestMessage/BatchItem/Operation (Enumeration): Create (0x00000001)
    RequestMessage/BatchItem/RequestPayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
    RequestMessage/BatchItem/RequestPayload/Attributes/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    RequestMessage/BatchItem/RequestPayload/Attributes/CryptographicLength (Integer): 256
    RequestMessage/BatchItem/RequestPayload/Attributes/Name[0]/NameValue (TextString): "one"
    RequestMessage/BatchItem/RequestPayload/Attributes/Name[0]/NameType (Enumeration): UninterpretedTextString (0x00000001)
    RequestMessage/BatchItem/RequestPayload/Attributes/Name[1]/NameValue (TextString): "other"
    RequestMessage/BatchItem/RequestPayload/Attributes/Name[1]/NameType (Enumeration): UninterpretedTextString (0x00000001)

    ResponseMessage/ResponseHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
    ResponseMessage/ResponseHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
    ResponseMessage/ResponseHeader/TimeStamp (DateTime): $NOW
    ResponseMessage/ResponseHeader/BatchCount (Integer): 1
    ResponseMessage/BatchItem/Operation (Enumeration): Create (0x00000001)
    ResponseMessage/BatchItem/ResultStatus (Enumeration): Success (0x00000000)
    ResponseMessage/BatchItem/ResponsePayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
    ResponseMessage/BatchItem/ResponsePayload/UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    "#);
    // Bytes as they came are the same.
    let bytes = [request.to_ttlv().unwrap(), response.to_ttlv().unwrap()].concat();
    assert_eq!(View::of(&bytes).render().unwrap(), View::of(&(&request, &response)).render().unwrap());
}

#[test]
fn anything_that_can_be_encoded_can_be_shown() {
    let payload = GetRequest { unique_identifier: Some("k-1".into()), ..GetRequest::default() };
    assert_kmip_snapshot!(payload, @"
    RequestPayload
    UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    ");
    assert_kmip_snapshot!(Attributes::new().with_cryptographic_length(256), @"
    Attributes
    CryptographicLength (Integer): 256
    ");
    assert_kmip_snapshot!(Attribute::CryptographicLength(256), @"CryptographicLength (Integer): 256");
    assert_kmip_snapshot!(Item::integer(Tag::BATCH_COUNT, 1), @"BatchCount (Integer): 1");
    assert_kmip_snapshot!(&[0x42, 0, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0], @"BatchCount (Integer): 1");
    let key = KeyBlock::plain(
        KeyFormatType::Raw,
        KeyMaterial::bytes(&[7; 32][..]),
        CryptographicAlgorithm::Aes,
        256,
    );
    assert_kmip_snapshot!(ManagedObject::SymmetricKey(SymmetricKey { key_block: key }), @"
    SymmetricKey
    KeyBlock/KeyFormatType (Enumeration): Raw (0x00000001)
    KeyBlock/KeyValue/KeyMaterial (ByteString): $KEY_MATERIAL_0 (32 bytes)
    KeyBlock/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    KeyBlock/CryptographicLength (Integer): 256
    ");
    assert_kmip_snapshot!(Item::structure(Tag::REQUEST_PAYLOAD, vec![]), @"RequestPayload (Structure)");
}

#[test]
fn a_value_without_a_version_is_shown_in_the_version_asked_for() {
    let request =
        CreateRequest::new(ObjectType::SymmetricKey, Attributes::new().with_cryptographic_length(256));
    assert_kmip_snapshot!(View::in_version(&request, ProtocolVersion::V1_0), @r#"
    RequestPayload
    ObjectType (Enumeration): SymmetricKey (0x00000002)
    TemplateAttribute/Attribute[Cryptographic Length]/AttributeName (TextString): "Cryptographic Length"
    TemplateAttribute/Attribute[Cryptographic Length]/AttributeValue (Integer): 256
    "#);
}

#[test]
fn names_make_files_and_settings_count() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_suffix("with_a_suffix");
    settings.bind(|| assert_kmip_snapshot!("a_create", create(ProtocolVersion::V2_1)));
}

#[test]
#[should_panic(expected = "cannot show what is to be compared with a snapshot: the bytes are not TTLV: ")]
fn bytes_that_are_none_are_told() {
    assert_kmip_snapshot!([1, 2, 3], @"");
}

#[test]
fn a_tree_is_the_form_for_people_with_placeholders() {
    for version in ProtocolVersion::ALL {
        let request = create(*version);
        let tree = View::of(&request).form(Form::Tree).redact(Redactions::none()).reveal().render().unwrap();
        let codec = TextCodec::new().reveal_secrets(true);
        assert_eq!(tree, codec.to_text(&request.to_ttlv().unwrap()).unwrap());
    }
    assert_kmip_snapshot!(View::of(&created(ProtocolVersion::V2_1)).form(Form::Tree), @"
    ResponseMessage (Structure)
      ResponseHeader (Structure)
        ProtocolVersion (Structure)
          ProtocolVersionMajor (Integer): 2
          ProtocolVersionMinor (Integer): 1
        TimeStamp (DateTime): $NOW
        BatchCount (Integer): 1
      BatchItem (Structure)
        Operation (Enumeration): Create (0x00000001)
        ResultStatus (Enumeration): Success (0x00000000)
        ResponsePayload (Structure)
          ObjectType (Enumeration): SymmetricKey (0x00000002)
          UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    ");
}
