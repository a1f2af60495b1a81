//! A vendor's extensions, from their definition to a call over TLS: an operation, an attribute, an enumeration
//! and a mask of its own, by name in JSON and XML. Also the worked example for whoever defines some.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

use kmip_sdk::server::{EmbeddedServer, Failure, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, ObjectType, Operation, QueryFunction, ResultReason,
};
use kmip_sdk::types::item::Revealed;
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage};
use kmip_sdk::types::operation::{
    CreateRequest, GetAttributesRequest, QueryRequest, Request, RequestPayload, Response,
};
use kmip_sdk::types::ttlv::{self, Root};
use kmip_sdk::types::{Item, Mask, ProtocolVersion, Tag, TextCodec, Ttlv, TtlvEnum, TtlvMask};
use kmip_sdk::{Batch, Client, ErrorKind};

/// What the vendor's module looks like.
mod acme {
    use super::*;

    pub(crate) const LAUNCH: Operation = Operation::Other(0x8000_0001);

    pub(crate) const MODE: Tag = Tag::from_raw(0x54_0001);
    pub(crate) const USES: Tag = Tag::from_raw(0x54_0002);
    pub(crate) const COUNTDOWN: Tag = Tag::from_raw(0x54_0003);
    pub(crate) const LAUNCH_CODE: Tag = Tag::from_raw(0x54_0004);
    pub(crate) const RACK: Tag = Tag::from_raw(0x54_0005);
    pub(crate) const ROW: Tag = Tag::from_raw(0x54_0006);

    /// An enumeration of the vendor's.
    #[derive(Clone, Copy, Debug, PartialEq, TtlvEnum)]
    #[ttlv(name = "AcmeMode")]
    pub(crate) enum Mode {
        #[ttlv(value = 0x80000001)]
        Fast,
        #[ttlv(value = 0x80000002, name = "VerySlow")]
        Slow,
        #[ttlv(other)]
        Other(u32),
    }

    /// The bits of a mask of the vendor's.
    #[derive(Clone, Copy, TtlvMask)]
    #[ttlv(name = "AcmeUses")]
    pub(crate) enum Use {
        Fly = 0x1,
        Dig = 0x2,
    }

    /// What more than one of the vendor's payloads starts with.
    #[derive(Clone, Debug, PartialEq, Ttlv)]
    pub(crate) struct Common {
        #[ttlv(tag = 0x540001)]
        pub(crate) mode: Mode,
        #[ttlv(tag = 0x540002)]
        pub(crate) uses: Option<Mask<Use>>,
    }

    /// The request of the vendor's operation.
    #[derive(Clone, PartialEq, Ttlv)]
    pub(crate) struct LaunchRequest {
        /// A tag of the standard's.
        pub(crate) unique_identifier: Option<String>,
        #[ttlv(flatten)]
        pub(crate) common: Common,
        #[ttlv(tag = 0x540004, secret)]
        pub(crate) launch_code: String,
    }

    /// The response of the vendor's operation.
    #[derive(Clone, Debug, PartialEq, Ttlv)]
    pub(crate) struct LaunchResponse {
        #[ttlv(tag = 0x540003)]
        pub(crate) countdown: i32,
        #[ttlv(flatten)]
        pub(crate) common: Common,
    }

    impl Request for LaunchRequest {
        const OPERATION: Operation = LAUNCH;
        type Response = LaunchResponse;
    }

    impl Response for LaunchResponse {}

    /// An attribute of the vendor's: a structure under a tag of its own.
    #[derive(Clone, Debug, PartialEq, Ttlv)]
    #[ttlv(tag = 0x540005)]
    pub(crate) struct Rack {
        #[ttlv(tag = 0x540006)]
        pub(crate) row: i32,
        #[ttlv(tag = 0x540001)]
        pub(crate) mode: Option<Mode>,
    }

    /// A codec that knows the names.
    pub(crate) fn codec() -> TextCodec {
        let mut codec = TextCodec::new();
        codec
            .register::<Mode>("AcmeMode", MODE)
            .and_then(|codec| codec.register::<Mask<Use>>("AcmeUses", USES))
            .and_then(|codec| codec.register::<i32>("AcmeCountdown", COUNTDOWN))
            .and_then(|codec| codec.register::<String>("AcmeLaunchCode", LAUNCH_CODE))
            .and_then(|codec| codec.register::<Rack>("AcmeRack", RACK))
            .and_then(|codec| codec.register::<i32>("AcmeRow", ROW))
            .unwrap();
        codec
    }
}

use acme::{Common, LaunchRequest, LaunchResponse, Mode, Rack, Use};

fn launch() -> LaunchRequest {
    LaunchRequest::new(Common::new(Mode::Slow).with_uses(Use::Fly | Use::Dig), "hunter2")
        .with_unique_identifier("rocket")
}

/// What the server does when it is asked to launch.
fn launched(request: LaunchRequest) -> Result<LaunchResponse, Failure> {
    if request.launch_code != "hunter2" {
        return Err(Failure::new(ResultReason::PermissionDenied, "the code is wrong"));
    }
    Ok(LaunchResponse::new(10, request.common.clone()))
}

fn server() -> EmbeddedServer {
    EmbeddedServer::start_with(ServerOptions::default().operation(launched)).unwrap()
}

fn client(server: &EmbeddedServer, version: ProtocolVersion) -> Client {
    Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .version(version)
        .connect()
        .unwrap()
}

#[test]
fn an_operation_is_called_and_served_in_every_version() {
    let server = server();
    for version in ProtocolVersion::ALL {
        let client = client(&server, *version);
        assert_eq!(client.call(launch()).send().unwrap(), LaunchResponse::new(10, launch().common.clone()));
    }
}

#[test]
fn an_operation_fails_as_its_handler_says() {
    let server = server();
    let client = client(&server, ProtocolVersion::V2_1);
    let mut request = launch();
    request.launch_code = "guess".to_owned();
    let error = client.call(request).send().unwrap_err();
    let failure = error.server().unwrap();
    assert_eq!(failure.result_reason, Some(ResultReason::PermissionDenied));
    assert_eq!(failure.result_message.as_deref(), Some("the code is wrong"));
}

#[test]
fn an_operation_is_one_of_a_batch_and_of_what_query_names() {
    let server = server();
    let client = client(&server, ProtocolVersion::V2_1);
    let mut batch = Batch::new();
    let first = batch.add(launch());
    let second = batch.add(QueryRequest::new([QueryFunction::QueryOperations]));
    let mut results = client.call_batch(batch).send().unwrap();
    assert_eq!(results.take(first).unwrap().countdown, 10);
    assert!(results.take(second).unwrap().operation.contains(&acme::LAUNCH));
}

#[test]
fn a_server_without_the_operation_refuses_it() {
    let server = EmbeddedServer::start().unwrap();
    let error = client(&server, ProtocolVersion::V1_4).call(launch()).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Server(_)), "{error}");
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::OperationNotSupported));
}

#[test]
fn a_payload_that_is_no_such_request_is_refused_with_its_place() {
    let server = server();
    let item = Item::integer(acme::COUNTDOWN, 1);
    let structure = kmip_sdk::types::RawStructure { items: vec![item] };
    let item = RequestBatchItem::new(acme::LAUNCH, RequestPayload::Other(structure));
    let message = RequestMessage::new(RequestHeader::new(ProtocolVersion::V2_1, 1), [item]);
    let response = server.server().handle(&message.to_ttlv().unwrap());
    let response = Item::from_ttlv(&response).unwrap();
    let text = response.lookup("Batch Item/Result Message").unwrap().as_text().unwrap().to_owned();
    assert_eq!(text, "RequestPayload/0x540003 (offset 8): LaunchRequest has no field 0x540003");
}

#[test]
fn a_secret_is_not_shown() {
    let shown = format!("{:?}", launch());
    assert!(shown.contains("launch_code: (secret)") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn names_of_the_vendor_are_those_of_the_texts() {
    let codec = acme::codec();
    let ttlv = ttlv::encode(Tag::REQUEST_PAYLOAD, &launch(), ProtocolVersion::V2_1).unwrap();
    let xml = r#"<RequestPayload>
  <UniqueIdentifier type="TextString" value="rocket"/>
  <AcmeMode type="Enumeration" value="VerySlow"/>
  <AcmeUses type="Integer" value="Fly Dig"/>
  <AcmeLaunchCode type="TextString" value="hunter2"/>
</RequestPayload>"#;
    let json = r#"{"tag":"RequestPayload","type":"Structure","value":[
        {"tag":"UniqueIdentifier","type":"TextString","value":"rocket"},
        {"tag":"AcmeMode","type":"Enumeration","value":"VerySlow"},
        {"tag":"AcmeUses","type":"Integer","value":"Fly|Dig"},
        {"tag":"AcmeLaunchCode","type":"TextString","value":"hunter2"}]}"#;
    assert_eq!(codec.from_xml(xml).unwrap(), ttlv);
    assert_eq!(codec.from_json(json).unwrap(), ttlv);
    let written: serde_json::Value = serde_json::from_str(&codec.to_json(&ttlv).unwrap()).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap());
    assert!(codec.to_xml(&ttlv).unwrap().contains(r#"<AcmeUses type="Integer" value="Fly Dig"/>"#));
    // Without the names they are hex, and as little is lost.
    let standard = TextCodec::new();
    assert!(standard.to_xml(&ttlv).unwrap().contains(r#"tag="0x540001""#));
    assert_eq!(standard.from_xml(&standard.to_xml(&ttlv).unwrap()).unwrap(), ttlv);
}

#[test]
fn an_attribute_stands_among_the_others_since_2_0() {
    let rack = Rack::new(7).with_mode(Mode::Other(0x8000_0099));
    let attributes = Attributes::new().with(Attribute::Name(Name::text("a key"))).with_typed(&rack).unwrap();
    let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, ProtocolVersion::V2_1).unwrap();
    let read: CreateRequest = ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes).unwrap();
    assert_eq!(read.attributes.typed::<Rack>().unwrap(), Some(rack));
    assert_eq!(read.attributes.names().count(), 1);
    // The standard has no form for it by name.
    let error = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, ProtocolVersion::V1_4).unwrap_err();
    assert!(error.to_string().contains("an attribute under an unknown tag"), "{error}");
}

#[test]
fn an_attribute_is_kept_by_a_server_and_found_by_it() {
    let server = server();
    let client = client(&server, ProtocolVersion::V2_1);
    let rack = Rack::new(7).with_mode(Mode::Fast);
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(CryptographicUsageMask::ENCRYPT))
        .with_typed(&rack)
        .unwrap();
    let created = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send().unwrap();
    let got = client
        .call(GetAttributesRequest::default().with_unique_identifier(created.unique_identifier))
        .send()
        .unwrap();
    assert_eq!(got.attributes.typed::<Rack>().unwrap(), Some(rack));
    // Of an earlier version it is no attribute.
    let earlier = self::client(&server, ProtocolVersion::V1_4);
    let got = earlier
        .call(GetAttributesRequest::default().with_unique_identifier(got.unique_identifier))
        .send()
        .unwrap();
    assert_eq!(got.attributes.typed::<Rack>().unwrap(), None);
    assert_eq!(got.attributes.cryptographic_length(), Some(256));
}

#[test]
fn names_of_an_attribute_are_those_of_the_texts() {
    let rack = Rack::new(7).with_mode(Mode::Slow);
    let attributes = Attributes::new().with_typed(&rack).unwrap();
    let ttlv = ttlv::encode(Tag::ATTRIBUTES, &attributes, ProtocolVersion::V2_1).unwrap();
    let xml = r#"<Attributes>
  <AcmeRack>
    <AcmeRow type="Integer" value="7"/>
    <AcmeMode type="Enumeration" value="VerySlow"/>
  </AcmeRack>
</Attributes>"#;
    let codec = acme::codec();
    assert_eq!(codec.from_xml(xml).unwrap(), ttlv);
    assert!(codec.to_xml(&ttlv).unwrap().contains(r#"<AcmeMode type="Enumeration" value="VerySlow"/>"#));
    let read: Attributes =
        ttlv::decode(Tag::ATTRIBUTES, &codec.from_json(&codec.to_json(&ttlv).unwrap()).unwrap()).unwrap();
    assert_eq!(read, attributes);
}

#[test]
fn an_attribute_that_is_something_else_is_an_error() {
    let attributes = Attributes::new().with(Attribute::Other(Item::integer(Rack::TAG, 1)));
    assert!(attributes.typed::<Rack>().is_err());
    assert_eq!(Attributes::new().typed::<Rack>().unwrap(), None);
}

#[test]
fn a_type_with_a_tag_serialises_as_the_item_that_it_is() {
    let rack = Rack::new(7);
    let json = serde_json::to_value(Revealed(&rack)).unwrap();
    let row = serde_json::json!({ "tag": "0x540006", "type": "Integer", "value": 7 });
    assert_eq!(json, serde_json::json!({ "tag": "0x540005", "type": "Structure", "value": [row] }));
    assert_eq!(serde_json::from_value::<Rack>(json).unwrap(), rack);
    let other = serde_json::json!({ "tag": "0x540006", "type": "Integer", "value": 7 });
    assert!(serde_json::from_value::<Rack>(other).is_err());
}
