//! What a vendor adds, what was deleted, and answers that are another operation's.

use kmip_types::attribute::{Attribute, AttributeChange, AttributeEntry, AttributeReference};
use kmip_types::enumerations::{DerivationMethod, ObjectType};
use kmip_types::message::{Message, MessageExtension, RequestMessage, ResponseMessage};
use kmip_types::operation::*;
use kmip_types::text::TextCodec;
use kmip_types::ttlv::DeviationKind;
use kmip_types::{DateTime, Item, ProtocolVersion, RawStructure, SecretBytes, Tag};

use crate::round_trips::{request, response, round_trip};
use kmip_tests::samples::{attributes, identifier, server_information};

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn query(version: ProtocolVersion, server_information: ServerInformation) -> ResponseMessage {
    let server_information = Some(server_information);
    response(version, QueryResponse { server_information, ..QueryResponse::default() })
}

#[test]
fn a_vendors_server_information_is_kept_as_it_is() {
    let vendor_specific = vec![
        Item::text_string(Tag::from_raw(0x54_0001), "one"),
        Item::structure(Tag::from_raw(0x54_0002), vec![Item::boolean(Tag::from_raw(0x54_0003), true)]),
        Item::integer(Tag::BATCH_COUNT, 3),
    ];
    for version in [V1_0, V2_1] {
        let vendor_specific = vendor_specific.clone();
        round_trip(&query(version, ServerInformation { vendor_specific, ..Default::default() }));
    }
    round_trip(&query(V2_0, server_information(V2_0)));
}

#[test]
fn a_field_of_server_information_after_a_vendors_is_kept_where_it_was() {
    let name = Item::text_string(Tag::SERVER_NAME, "kms-1");
    let vendor_specific = vec![Item::integer(Tag::from_raw(0x54_0001), 5), name];
    let information = ServerInformation { vendor_specific, ..Default::default() };
    let message = query(V2_1, information);
    let ttlv = message.to_ttlv().unwrap();
    assert_eq!(ResponseMessage::from_ttlv(&ttlv).unwrap(), message);

    // Leniently, it is taken for the field that it is, and listed.
    let lenient = ResponseMessage::from_ttlv_lenient(&ttlv).unwrap();
    let Some(ResponsePayload::Query(response)) = &lenient.value.batch_item[0].response_payload else {
        panic!("{:?}", lenient.value);
    };
    let information = response.server_information.as_ref().unwrap();
    assert_eq!(information.server_name.as_deref(), Some("kms-1"));
    assert_eq!(information.vendor_specific.len(), 1);
    let [deviation] = lenient.deviations.as_slice() else { panic!("{:?}", lenient.deviations) };
    assert_eq!(deviation.kind, DeviationKind::Misplaced);
    let path = "ResponseMessage/BatchItem/ResponsePayload/ServerInformation/ServerName";
    assert_eq!(deviation.path.to_string(), path);
}

#[test]
fn a_vendors_extension_is_not_counted_as_untyped() {
    let items = vec![Item::integer(Tag::from_raw(0x54_0001), 5), Item::text_string(Tag::NAME_VALUE, "n")];
    let mut message = request(V2_1, PingRequest {});
    message.batch_item[0].message_extension.push(MessageExtension {
        vendor_identification: "acme".into(),
        criticality_indicator: true,
        vendor_extension: RawStructure { items },
    });
    round_trip(&message);
}

#[test]
fn an_operation_of_a_vendor_is_counted_as_untyped() {
    let items = vec![Item::integer(Tag::BATCH_COUNT, 5)];
    let mut message = request(V2_1, PingRequest {});
    message.batch_item[0].operation = kmip_types::enumerations::Operation::Other(0x8000_0001);
    message.batch_item[0].request_payload = RequestPayload::Other(RawStructure { items });
    let decoded = RequestMessage::from_ttlv_lenient(&message.to_ttlv().unwrap()).unwrap();
    assert_eq!(decoded.value, message);
    let untyped: Vec<_> = decoded.untyped.iter().map(ToString::to_string).collect();
    assert_eq!(untyped, ["RequestMessage/BatchItem/RequestPayload"]);
}

#[test]
fn a_deleted_attribute_has_no_value_before_2_0_and_is_a_reference_since() {
    let changed = DateTime::from_seconds(1_700_000_000);
    let mut changes = vec![
        Attribute::LastChangeDate(changed).into(),
        AttributeChange::deleted(AttributeReference::from_name("x-Colour")),
    ];
    let notify = |changes| NotifyRequest { unique_identifier: identifier(), changes };
    let codec = TextCodec::new();
    let newest = codec.to_xml(&round_trip(&request(V2_1, notify(changes.clone())))).unwrap();
    assert!(newest.contains("<AttributeReference>"), "{newest}");

    changes.push(AttributeChange::Deleted { reference: Tag::NAME.into(), index: Some(2) });
    changes.push(AttributeChange::Set(AttributeEntry { index: Some(1), attribute: Attribute::Fresh(true) }));
    let oldest = codec.to_xml(&round_trip(&request(V1_4, notify(changes)))).unwrap();
    assert_eq!(oldest.matches("<AttributeName ").count(), 4, "{oldest}");
    assert_eq!(oldest.matches("<AttributeValue ").count(), 2, "{oldest}");
}

#[test]
fn a_name_of_an_attribute_that_is_not_the_standards_is_kept_as_it_is() {
    let names = ["State", "ActivationDate", "x-Colour", "anything"];
    let xml = names.map(|name| format!(r#"<AttributeName type="TextString" value="{name}"/>"#));
    let mut item =
        Item::from_ttlv(&request(V1_4, GetAttributesRequest::all("k")).to_ttlv().unwrap()).unwrap();
    let text =
        item.to_xml().unwrap().replace("</RequestPayload>", &format!("{}</RequestPayload>", xml.concat()));
    item = Item::from_xml(&text).unwrap();
    let message = RequestMessage::from_ttlv(&item.to_ttlv().unwrap()).unwrap();
    assert_eq!(Item::from_ttlv(&message.to_ttlv().unwrap()).unwrap(), item);
}

#[test]
fn what_answers_poll_is_the_response_of_the_operation_that_was_pending() {
    let payload = ResponsePayload::from(ActivateResponse { unique_identifier: identifier() });
    let answer = PollResponse::from_payload(payload.clone(), V1_4).unwrap();
    assert_eq!(answer, Some(PollResponse(payload)));
    let request = PollRequest { asynchronous_correlation_value: vec![1] };
    assert!(matches!(request.into_payload(V1_4), Ok(RequestPayload::Poll(_))));
}

#[test]
fn derivation_data_may_be_several_since_2_0() {
    let data = |bytes: &[u8]| SecretBytes::from(bytes);
    let payload = DeriveKeyRequest {
        object_type: ObjectType::SecretData,
        unique_identifier: vec![identifier()],
        derivation_method: DerivationMethod::AwsSignatureVersion4,
        derivation_parameters: DerivationParameters {
            derivation_data: vec![data(b"20200101"), data(b"region"), data(b"service")],
            ..Default::default()
        },
        attributes: attributes(),
    };
    round_trip(&request(V2_1, payload));
}

#[test]
fn a_certificate_request_may_be_bytes_alone() {
    let certificate_request = Some(CertificateRequestForm::Bytes(vec![0x30, 0]));
    round_trip(&request(V2_1, ReProvisionRequest { certificate_request, certificate: None }));
}
