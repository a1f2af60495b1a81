//! What a message looks like in each encoding, for people to look over.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_types::text::{JsonOptions, TextCodec, XmlOptions};
use kmip_types::{Item, ProtocolVersion, Tag, item};

/// A request before KMIP 2.0: attributes by name.
const REQUEST: &str = r#"
<RequestMessage>
  <RequestHeader>
    <ProtocolVersion>
      <ProtocolVersionMajor type="Integer" value="1"/>
      <ProtocolVersionMinor type="Integer" value="4"/>
    </ProtocolVersion>
    <Authentication>
      <Credential>
        <CredentialType type="Enumeration" value="UsernameAndPassword"/>
        <CredentialValue>
          <Username type="TextString" value="alice"/>
          <Password type="TextString" value="open &lt;sesame&gt;"/>
        </CredentialValue>
      </Credential>
    </Authentication>
    <BatchCount type="Integer" value="1"/>
  </RequestHeader>
  <BatchItem>
    <Operation type="Enumeration" value="Register"/>
    <UniqueBatchItemID type="ByteString" value="0a0b"/>
    <RequestPayload>
      <ObjectType type="Enumeration" value="SymmetricKey"/>
      <TemplateAttribute>
        <Attribute>
          <AttributeName type="TextString" value="Cryptographic Usage Mask"/>
          <AttributeValue type="Integer" value="Encrypt Decrypt"/>
        </Attribute>
        <Attribute>
          <AttributeName type="TextString" value="Cryptographic Algorithm"/>
          <AttributeValue type="Enumeration" value="AES"/>
        </Attribute>
        <Attribute>
          <AttributeName type="TextString" value="x-Rank"/>
          <AttributeValue type="LongInteger" value="4503599627370496"/>
        </Attribute>
        <Attribute>
          <AttributeName type="TextString" value="Activation Date"/>
          <AttributeValue type="DateTime" value="2014-06-10T08:07:28+00:00"/>
        </Attribute>
      </TemplateAttribute>
      <SymmetricKey>
        <KeyBlock>
          <KeyFormatType type="Enumeration" value="Raw"/>
          <KeyValue>
            <KeyMaterial type="ByteString" value="00112233445566778899aabbccddeeff"/>
          </KeyValue>
        </KeyBlock>
      </SymmetricKey>
    </RequestPayload>
  </BatchItem>
</RequestMessage>
"#;

fn codec() -> TextCodec {
    TextCodec::new().json(JsonOptions::new().pretty(true)).xml(XmlOptions::new().pretty(true))
}

fn request() -> Item {
    codec().item_from_xml(REQUEST).unwrap()
}

#[test]
fn a_message_in_json() {
    insta::assert_snapshot!(codec().item_to_json(&request()).unwrap());
}

#[test]
fn a_message_in_json_through_serde() {
    insta::assert_json_snapshot!(
        request().lookup("BatchItem/RequestPayload/TemplateAttribute/Attribute").unwrap()
    );
}

#[test]
fn a_message_in_xml() {
    assert_eq!(codec().item_to_xml(&request()).unwrap(), REQUEST.trim_start());
}

#[test]
fn a_message_in_text() {
    insta::assert_snapshot!(request());
}

#[test]
fn a_message_in_text_with_its_secrets() {
    insta::assert_snapshot!(codec().reveal_secrets(true).item_to_text(&request()));
}

#[test]
fn a_message_in_debug() {
    insta::assert_snapshot!(format!("{:?}", request().lookup("RequestHeader").unwrap()));
}

#[test]
fn a_typed_value_in_json() {
    let item = item::to_item(Tag::PROTOCOL_VERSION, &ProtocolVersion::V2_1, ProtocolVersion::V2_1).unwrap();
    insta::assert_json_snapshot!(item);
}
