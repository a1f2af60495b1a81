//! What messages look like in every encoding, in the oldest and the newest version.

use kmip_types::attribute::{Attribute, Attributes, Name};
use kmip_types::enumerations::{
    CryptographicAlgorithm, ObjectType, Operation, ResultReason, RevocationReasonCode, State,
};
use kmip_types::item::Revealed;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::message::{
    Authentication, Credential, Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem,
    ResponseHeader, ResponseMessage,
};
use kmip_types::operation::{
    CreateRequest, EncryptRequest, GetAttributesResponse, RequestPayload, RevokeRequest,
};
use kmip_types::text::TextCodec;
use kmip_types::{DateTime, ProtocolVersion};

/// A request of several operations: the fields of a header, attributes, a structure, a secret.
fn batch(version: ProtocolVersion) -> RequestMessage {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(
            CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
        ))
        .with(Attribute::Name(Name::text("backup")));
    let payloads: [(Operation, RequestPayload); 3] = [
        (Operation::Create, CreateRequest::new(ObjectType::SymmetricKey, attributes).into()),
        (
            Operation::Encrypt,
            EncryptRequest { data: Some(vec![1, 2, 3].into()), ..Default::default() }.into(),
        ),
        (Operation::Revoke, RevokeRequest::new("k-1", RevocationReasonCode::Superseded).into()),
    ];
    let item = |(index, (operation, payload)): (usize, (Operation, RequestPayload))| {
        let mut item = RequestBatchItem::new(operation, payload);
        item.unique_batch_item_id = Some(vec![index as u8]);
        item
    };
    let batch_item: Vec<RequestBatchItem> = payloads.into_iter().enumerate().map(item).collect();
    let mut request_header = RequestHeader::new(version, 3);
    request_header.maximum_response_size = Some(4096);
    let credential = Credential::username_and_password("alice", "hunter2");
    request_header.authentication = Some(Authentication { credential: vec![credential] });
    RequestMessage { request_header, batch_item }
}

/// A response of a success and a failure.
fn results(version: ProtocolVersion) -> ResponseMessage {
    let attributes = Attributes::new()
        .with(Attribute::State(State::Active))
        .with(Attribute::ActivationDate(DateTime::from_seconds(1_600_000_000)));
    let response = GetAttributesResponse { unique_identifier: "k-1".into(), attributes };
    ResponseMessage {
        response_header: ResponseHeader::new(version, DateTime::from_seconds(1_700_000_000), 2),
        batch_item: vec![
            ResponseBatchItem::success(Operation::GetAttributes, response.into()),
            ResponseBatchItem::failure(Some(Operation::Get), ResultReason::ItemNotFound, "there is no k-2"),
        ],
    }
}

/// The TTLV in hex, sixteen bytes a line.
fn hex(ttlv: &[u8]) -> String {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    ttlv.chunks(16).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn requests_look_like_this() {
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V2_1] {
        let message = batch(version);
        let ttlv = message.to_ttlv().unwrap();
        let codec = TextCodec::new();
        insta::assert_json_snapshot!(format!("request_{version}_json"), message);
        insta::assert_snapshot!(format!("request_{version}_xml"), codec.to_xml(&ttlv).unwrap());
        insta::assert_snapshot!(format!("request_{version}_text"), codec.to_text(&ttlv).unwrap());
        insta::assert_snapshot!(format!("request_{version}_ttlv"), hex(&ttlv));
    }
}

#[test]
fn responses_look_like_this() {
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V2_1] {
        let message = results(version);
        let ttlv = message.to_ttlv().unwrap();
        let codec = TextCodec::new();
        insta::assert_json_snapshot!(format!("response_{version}_json"), message);
        insta::assert_snapshot!(format!("response_{version}_xml"), codec.to_xml(&ttlv).unwrap());
        insta::assert_snapshot!(format!("response_{version}_text"), codec.to_text(&ttlv).unwrap());
        insta::assert_snapshot!(format!("response_{version}_ttlv"), hex(&ttlv));
    }
}

#[test]
fn a_message_reads_back_from_its_json() {
    // Encrypt, which the request has, is of 1.2.
    for version in ProtocolVersion::ALL.iter().filter(|version| version.is_at_least(ProtocolVersion::V1_2)) {
        let (request, response) = (batch(*version), results(*version));
        let json = serde_json::to_string(&Revealed(&request)).unwrap();
        assert_eq!(serde_json::from_str::<RequestMessage>(&json).unwrap(), request);
        let error = serde_json::from_str::<RequestMessage>(&serde_json::to_string(&request).unwrap());
        assert!(error.unwrap_err().to_string().starts_with("the value is a secret, and was left out"));
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<ResponseMessage>(&json).unwrap(), response);
    }
}

#[test]
fn the_text_form_hides_secrets_unless_told_otherwise() {
    let ttlv = batch(ProtocolVersion::V2_1).to_ttlv().unwrap();
    assert!(!TextCodec::new().to_text(&ttlv).unwrap().contains("hunter2"));
    assert!(TextCodec::new().reveal_secrets(true).to_text(&ttlv).unwrap().contains("hunter2"));
}
