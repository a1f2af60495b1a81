//! A request and a response as snapshots, in each form; and what a failing one looks like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::process::Command;

use kmip_sdk::assert_kmip_snapshot;
use kmip_sdk::prelude::*;
use kmip_sdk::types::operation::CreateResponse;
use kmip_sdk::types::view::View;

fn request() -> CreateRequest {
    let attributes = Attributes::new()
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(256);
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

fn response() -> CreateResponse {
    CreateResponse::new(ObjectType::SymmetricKey, "5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10")
}

#[test]
fn in_text() {
    assert_kmip_snapshot!(request(), @"
    RequestPayload
    ObjectType (Enumeration): SymmetricKey (0x00000002)
    Attributes/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    Attributes/CryptographicLength (Integer): 256
    ");
    assert_kmip_snapshot!(response(), @"
    ResponsePayload
    ObjectType (Enumeration): SymmetricKey (0x00000002)
    UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    ");
}

#[test]
fn in_json() {
    assert_kmip_snapshot!(View::of(&request()).json(), @r#"
    { "tag": "RequestPayload", "type": "Structure", "value": [
        { "tag": "ObjectType", "type": "Enumeration", "value": "SymmetricKey" },
        { "tag": "Attributes", "type": "Structure", "value": [
            { "tag": "CryptographicAlgorithm", "type": "Enumeration", "value": "AES" },
            { "tag": "CryptographicLength", "type": "Integer", "value": 256 }
        ] }
    ] }
    "#);
    assert_kmip_snapshot!(View::of(&response()).json(), @r#"
    { "tag": "ResponsePayload", "type": "Structure", "value": [
        { "tag": "ObjectType", "type": "Enumeration", "value": "SymmetricKey" },
        { "tag": "UniqueIdentifier", "type": "TextString", "value": "$UNIQUE_IDENTIFIER_0" }
    ] }
    "#);
}

#[test]
fn in_xml() {
    assert_kmip_snapshot!(View::of(&request()).xml(), @r#"
    <RequestPayload>
      <ObjectType type="Enumeration" value="SymmetricKey"/>
      <Attributes>
        <CryptographicAlgorithm type="Enumeration" value="AES"/>
        <CryptographicLength type="Integer" value="256"/>
      </Attributes>
    </RequestPayload>
    "#);
    assert_kmip_snapshot!(View::of(&response()).xml(), @r#"
    <ResponsePayload>
      <ObjectType type="Enumeration" value="SymmetricKey"/>
      <UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/>
    </ResponsePayload>
    "#);
}

#[test]
fn in_files_by_name_and_in_another_version() {
    assert_kmip_snapshot!("create", request());
    assert_kmip_snapshot!("create_1_4", View::in_version(&request(), ProtocolVersion::V1_4));
}

#[test]
#[ignore = "it fails, which another test looks at"]
fn fails() {
    let mut request = request();
    request.attributes = request.attributes.with_cryptographic_length(128);
    let twice = View::in_version(&request, ProtocolVersion::V1_4);
    assert_kmip_snapshot!("create_1_4", twice);
}

#[test]
fn a_failure_shows_the_path_of_what_changed() {
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["fails", "--exact", "--ignored", "--nocapture"]);
    test.env("INSTA_UPDATE", "no")
        .env("INSTA_OUTPUT", "diff")
        .env("NO_COLOR", "1")
        .env("RUST_BACKTRACE", "0")
        .env_remove("INSTA_FORCE_PASS");
    let output = test.output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let difference: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once('│').map(|(_, line)| line))
        .filter(|line| line.starts_with(['+', '-']))
        .collect();
    insta::assert_snapshot!(difference.join("\n"), @"
    -TemplateAttribute/Attribute[Cryptographic Length]/AttributeValue (Integer): 256
    +TemplateAttribute/Attribute[Cryptographic Length]/AttributeValue (Integer): 128
    ");
}
