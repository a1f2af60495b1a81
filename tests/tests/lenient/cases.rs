//! Messages from the field, rebuilt small: one file a kind, one message a line.

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{Operation, ResultReason, ResultStatus, State};
use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::operation::ResponsePayload;
use kmip_types::ttlv::{Decoded, Deviation, DeviationKind};
use kmip_types::{DecodeError, Tag, Value};

use crate::place::bytes_of;

/// The messages of a file.
fn messages(text: &str) -> Vec<Vec<u8>> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(bytes_of).collect()
}

fn lenient<M: Message + PartialEq>(bytes: &[u8]) -> Decoded<M> {
    let decoded = M::from_ttlv_lenient(bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(decoded.to_ttlv_as_it_was().as_deref(), Ok(bytes));
    decoded
}

/// What lenient reading lists of a response, and the strict error.
fn listed(bytes: &[u8]) -> (ResponseMessage, Vec<String>, DecodeError) {
    let Decoded { value, deviations, .. } = lenient::<ResponseMessage>(bytes);
    let strict = ResponseMessage::from_ttlv(bytes).expect_err("strict takes it");
    (value, deviations.iter().map(Deviation::to_string).collect(), strict)
}

fn payload(message: &ResponseMessage) -> &ResponsePayload {
    message.batch_item[0].response_payload.as_ref().expect("a payload")
}

#[test]
fn a_refusal_with_the_operation_zero_is_read() {
    for bytes in messages(include_str!("cases/01-refusal-with-operation-zero.hex")) {
        let decoded = lenient::<ResponseMessage>(&bytes);
        let item = &decoded.value.batch_item[0];
        assert_eq!(item.operation, Some(Operation::from(0)));
        assert_eq!(item.result_status, ResultStatus::OperationFailed);
        assert_eq!(item.result_reason, Some(ResultReason::InvalidMessage));
    }
}

#[test]
fn server_information_that_is_no_structure_of_items_costs_itself() {
    let files = messages(include_str!("cases/03-server-information-not-a-structure-of-items.hex"));
    let expected = [
        "ResponseMessage/BatchItem/ResponsePayload/ServerInformation (offset 192): \
         ResponseMessage/BatchItem/ResponsePayload/ServerInformation/0x417070 (offset 200): 0x6C is not an item \
         type; the Structure was set aside as it is",
        "ResponseMessage/BatchItem/ResponsePayload/ServerInformation (offset 192): a length of 7 is not valid for \
         Structure, which takes a multiple of 8 bytes; the Structure was set aside as it is",
        "ResponseMessage/BatchItem/ResponsePayload/ServerInformation (offset 192): expected Structure, found \
         TextString; the TextString was set aside as it is",
    ];
    assert_eq!(files.len(), expected.len());
    for (bytes, expected) in files.iter().zip(expected) {
        let (message, listed, _) = listed(bytes);
        let ResponsePayload::Query(answer) = payload(&message) else { panic!("no Query") };
        assert_eq!(answer.operation, [Operation::Create, Operation::Get]);
        assert_eq!(answer.vendor_identification.as_deref(), Some("Vendor, Inc."));
        assert_eq!(answer.server_information, None);
        assert_eq!(listed, [expected]);
    }
}

#[test]
fn an_attribute_without_its_value_costs_itself() {
    let [bytes] = messages(include_str!("cases/04-attribute-without-value.hex")).try_into().unwrap();
    let (message, listed, _) = listed(&bytes);
    let ResponsePayload::ModifyAttribute(answer) = payload(&message) else { panic!("no Modify Attribute") };
    assert_eq!(answer.unique_identifier.as_text(), Some("7f000001-0000-4000-8000-000000000001"));
    assert_eq!(answer.attribute, None);
    assert_eq!(
        listed,
        ["ResponseMessage/BatchItem/ResponsePayload/Attribute (offset 184): \
          Attribute lacks its required field AttributeValue; the Structure was set aside as it is"]
    );
}

#[test]
fn a_name_that_is_bare_text_costs_itself() {
    for bytes in messages(include_str!("cases/05-name-as-bare-text.hex")) {
        let (message, listed, strict) = listed(&bytes);
        let ResponsePayload::GetAttributes(answer) = payload(&message) else { panic!("no Get Attributes") };
        assert_eq!(answer.attributes.cryptographic_length(), Some(256));
        assert_eq!(answer.attributes.state(), Some(State::Active));
        let kept: Vec<&Value> = answer
            .attributes
            .iter()
            .filter_map(|attribute| match attribute {
                Attribute::Other(item) if item.tag == Tag::NAME => Some(&item.value),
                Attribute::Custom(custom) if custom.attribute_name == "Name" => Some(&custom.attribute_value),
                _ => None,
            })
            .collect();
        assert_eq!(kept, [&Value::TextString("my key".into())]);
        let [only] = listed.as_slice() else { panic!("{listed:?}") };
        assert!(only.starts_with(&strict.path().to_string()), "{only}");
        assert!(only.contains("expected Structure, found TextString"), "{only}");
    }
}

#[test]
fn strict_reading_refuses_what_the_version_lacks() {
    let files = messages(include_str!("cases/08-strict-takes-other-versions.hex"));
    let expected = [
        "ServerCorrelationValue is not in KMIP 1.0, but in 1.4 and later; it was taken",
        "Fresh is not in KMIP 1.0, but in 1.1 and later; it was taken",
        "Attributes is not in KMIP 1.4, but in 2.0 and later; it was taken",
        "KeyFormatType is not in KMIP 1.4, but in 2.0 and later; it was taken",
        "Attribute is not in KMIP 2.0, but until 1.4; it was taken",
        "Attributes is not in KMIP 1.4, but in 2.0 and later; it was taken",
        "Unique Identifier as Enumeration is not in KMIP 1.4, but in 2.0 and later",
        "ModifyAttributeResponse lacks its required field Attribute",
    ];
    assert_eq!(files.len(), expected.len());
    for (bytes, expected) in files.iter().zip(expected) {
        let deviations = if bytes.starts_with(&[0x42, 0x00, 0x78]) {
            RequestMessage::from_ttlv(bytes).expect_err(expected);
            lenient::<RequestMessage>(bytes).deviations
        } else {
            ResponseMessage::from_ttlv(bytes).expect_err(expected);
            lenient::<ResponseMessage>(bytes).deviations
        };
        let listed: Vec<String> = deviations.iter().map(|deviation| deviation.kind.to_string()).collect();
        assert!(listed.iter().any(|kind| kind.contains(expected)), "{expected}: {listed:#?}");
    }
}

#[test]
fn a_failure_with_an_empty_payload_is_read() {
    let [bytes] = messages(include_str!("cases/10-failure-with-empty-payload.hex")).try_into().unwrap();
    let decoded = lenient::<ResponseMessage>(&bytes);
    let item = &decoded.value.batch_item[0];
    assert_eq!(item.result_reason, Some(ResultReason::CryptographicFailure));
}

#[test]
fn the_form_of_another_version_is_refused_or_listed() {
    for text in [
        include_str!("cases/16-form-of-another-version.hex"),
        include_str!("cases/17-field-of-a-later-version.hex"),
    ] {
        let [bytes] = messages(text).try_into().unwrap();
        let strict = RequestMessage::from_ttlv(&bytes).expect_err("strict takes it");
        let decoded = lenient::<RequestMessage>(&bytes);
        let [deviation] = decoded.deviations.as_slice() else { panic!("{:?}", decoded.deviations) };
        assert_eq!(deviation.path, *strict.path());
        assert_eq!(deviation.kind, DeviationKind::OtherVersion(Box::new(strict.kind().clone())));
        // As a value like any other it has no form in its version, or another one: never the same by accident.
        assert_ne!(decoded.value.to_ttlv().as_ref(), Ok(&bytes));
    }
}
