//! Fields that only some versions require, or allow once: held on writing and on strict reading, listed leniently.

use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::message::{Authentication, Credential, Message, RequestMessage, ResponseMessage};
use kmip_types::operation::{ActivateRequest, ModifyAttributeResponse, ResponsePayload};
use kmip_types::ttlv::DeviationKind;
use kmip_types::{DecodeErrorKind, EncodeErrorKind, ProtocolVersion, Tag};

use kmip_tests::samples::messages::{request, response};

fn two_credentials(version: ProtocolVersion) -> RequestMessage {
    let mut message = request(version, Operation::Activate, ActivateRequest::new("key 1").into());
    let credential = vec![
        Credential::username_and_password("alice", "one"),
        Credential::username_and_password("bob", "two"),
    ];
    message.request_header.authentication = Some(Authentication { credential });
    message
}

/// The message of a later version under an earlier number.
fn under(version: ProtocolVersion, mut bytes: Vec<u8>) -> Vec<u8> {
    // The header's header, the version's, then the two numbers.
    let numbers = 8 + 8 + 8;
    bytes[numbers + 8..numbers + 12].copy_from_slice(&version.major.to_be_bytes());
    bytes[numbers + 24..numbers + 28].copy_from_slice(&version.minor.to_be_bytes());
    bytes
}

#[test]
fn a_field_that_the_version_requires_is_not_left_out() {
    let identifier = "key 1".into();
    let payload = ModifyAttributeResponse { unique_identifier: identifier, attribute: None };
    let answer = |version| response(version, Operation::ModifyAttribute, payload.clone().into());

    let error = answer(ProtocolVersion::V1_4).to_ttlv().unwrap_err();
    let (tag, version) = (Tag::ATTRIBUTE, ProtocolVersion::V1_4);
    assert_eq!(*error.kind(), EncodeErrorKind::Missing { tag, version });
    assert_eq!(error.path().to_string(), "ResponseMessage/BatchItem/ResponsePayload/Attribute");

    // From 2.0 on there is none.
    let bytes = answer(ProtocolVersion::V2_0).to_ttlv().unwrap();
    let mut earlier = ResponseMessage::from_ttlv(&bytes).unwrap();
    earlier.response_header.client_correlation_value = None;
    let bytes = under(ProtocolVersion::V1_4, earlier.to_ttlv().unwrap());
    let error = ResponseMessage::from_ttlv(&bytes).unwrap_err();
    assert!(matches!(error.kind(), DecodeErrorKind::MissingField { tag: Tag::ATTRIBUTE, .. }), "{error}");
    let lenient = ResponseMessage::from_ttlv_lenient(&bytes).unwrap();
    let [deviation] = lenient.deviations.as_slice() else { panic!("{:?}", lenient.deviations) };
    assert_eq!(deviation.path, *error.path());
    assert!(matches!(deviation.kind, DeviationKind::Missing { tag: Tag::ATTRIBUTE, .. }), "{deviation}");
    let item = &lenient.value.batch_item[0];
    assert_eq!(item.result_status, ResultStatus::Success);
    assert_eq!(item.response_payload, Some(ResponsePayload::from(payload)));
}

#[test]
fn a_field_that_the_version_allows_once_is_not_repeated() {
    let (tag, count, version) = (Tag::CREDENTIAL, 2, ProtocolVersion::V1_1);
    let mut message = two_credentials(version);
    let error = message.to_ttlv().unwrap_err();
    assert_eq!(*error.kind(), EncodeErrorKind::TooMany { tag, count, version });

    message.request_header.protocol_version = ProtocolVersion::V1_2;
    let bytes = under(version, message.to_ttlv().unwrap());
    let error = RequestMessage::from_ttlv(&bytes).unwrap_err();
    assert!(matches!(error.kind(), DecodeErrorKind::TooMany { tag: Tag::CREDENTIAL, .. }), "{error}");
    assert_eq!(error.path().to_string(), "RequestMessage/RequestHeader/Authentication/Credential[1]");
    let lenient = RequestMessage::from_ttlv_lenient(&bytes).unwrap();
    let [deviation] = lenient.deviations.as_slice() else { panic!("{:?}", lenient.deviations) };
    assert_eq!(deviation.path, *error.path());
    assert_eq!(deviation.kind, DeviationKind::OtherVersion(Box::new(error.kind().clone())));
    assert_eq!(lenient.value.request_header.authentication, message.request_header.authentication);
}
