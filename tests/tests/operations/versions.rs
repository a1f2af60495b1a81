//! What a version lacks is an error that names what and the version.

use kmip_types::attribute::{Attribute, AttributeChange, UniqueIdentifier};
use kmip_types::enumerations::{CertificateRequestType, ObjectType};
use kmip_types::message::Message;
use kmip_types::object::{CertificateRequest, ManagedObject, Template};
use kmip_types::operation::*;
use kmip_types::ttlv::encode;
use kmip_types::{ProtocolVersion, Tag};

use crate::round_trips::{request, response, round_trip};
use kmip_tests::samples::{self, attributes, identifier};

const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

#[test]
fn rejects_a_request_with_a_field_that_the_version_lacks() {
    let cases: Vec<(RequestPayload, ProtocolVersion, &str)> = vec![
        (
            ReKeyRequest {
                protection_storage_masks: Some(ProtectionStorageMasks::default()),
                ..Default::default()
            }
            .into(),
            V1_4,
            "ProtectionStorageMasks: ProtectionStorageMasks is not in KMIP 1.4, but in 2.0 and later",
        ),
        (
            ReCertifyRequest {
                certificate_request_unique_identifier: Some(identifier()),
                ..Default::default()
            }
            .into(),
            V1_4,
            "CertificateRequestUniqueIdentifier: CertificateRequestUniqueIdentifier is not in KMIP 1.4, but in \
             2.0 and later",
        ),
        (
            SignRequest { digested_data: Some(vec![1]), ..Default::default() }.into(),
            ProtocolVersion::V1_3,
            "DigestedData: DigestedData is not in KMIP 1.3, but in 1.4 and later",
        ),
        (
            MacRequest { data: Some(vec![1].into()), init_indicator: Some(true), ..Default::default() }
                .into(),
            V1_2,
            "InitIndicator: InitIndicator is not in KMIP 1.2, but in 1.3 and later",
        ),
        (
            ActivateRequest { unique_identifier: Some(UniqueIdentifier::ID_PLACEHOLDER) }.into(),
            V1_4,
            "UniqueIdentifier: Unique Identifier as Enumeration has no equivalent in KMIP 1.4",
        ),
        (
            RegisterRequest::new(
                ObjectType::Template,
                attributes(),
                ManagedObject::Template(Template { attributes: attributes() }),
            )
            .into(),
            V2_0,
            "ObjectType: the value Template of ObjectType is not in KMIP 2.0, but until 1.4",
        ),
        (
            RegisterRequest::new(
                ObjectType::CertificateRequest,
                attributes(),
                ManagedObject::CertificateRequest(CertificateRequest {
                    certificate_request_type: CertificateRequestType::Pkcs10,
                    certificate_request_value: vec![0x30, 0],
                }),
            )
            .into(),
            V1_4,
            "ObjectType: the value CertificateRequest of ObjectType is not in KMIP 1.4, but in 2.0 and later",
        ),
        (
            NotifyRequest {
                unique_identifier: identifier(),
                changes: vec![AttributeChange::Deleted { reference: Tag::NAME.into(), index: Some(1) }],
            }
            .into(),
            V2_1,
            "AttributeIndex: AttributeIndex is not in KMIP 2.1, but until 1.4",
        ),
        (
            NotifyRequest {
                unique_identifier: identifier(),
                changes: vec![AttributeChange::deleted(Tag::NAME), Attribute::Fresh(false).into()],
            }
            .into(),
            V2_1,
            " an attribute that was set, listed after one that was deleted has no equivalent in KMIP 2.1",
        ),
    ];
    for (payload, version, expected) in cases {
        let error = request(version, payload).to_ttlv().unwrap_err().to_string();
        assert!(error.starts_with("RequestMessage/BatchItem/RequestPayload"), "{error}");
        assert!(error.ends_with(expected), "{error}\nexpected: {expected}");
    }
}

#[test]
fn rejects_a_response_with_a_field_that_the_version_lacks() {
    let cases: Vec<(ResponsePayload, ProtocolVersion, &str)> = vec![
        (
            CertifyResponse { unique_identifier: identifier(), attributes: Some(attributes()) }.into(),
            V2_1,
            "TemplateAttribute: TemplateAttribute is not in KMIP 2.1, but until 1.4",
        ),
        (
            JoinSplitKeyResponse {
                object_type: Some(ObjectType::SymmetricKey),
                unique_identifier: identifier(),
                attributes: None,
            }
            .into(),
            V1_4,
            "ObjectType: ObjectType is not in KMIP 1.4, but until 1.2",
        ),
        (
            QueryResponse {
                server_information: Some(ServerInformation {
                    server_name: Some("kms-1".into()),
                    ..Default::default()
                }),
                ..Default::default()
            }
            .into(),
            V1_4,
            "ServerInformation/ServerName: ServerName is not in KMIP 1.4, but in 2.0 and later",
        ),
    ];
    for (payload, version, expected) in cases {
        let error = response(version, payload).to_ttlv().unwrap_err().to_string();
        assert_eq!(error, format!("ResponseMessage/BatchItem/ResponsePayload/{expected}"));
    }
}

#[test]
fn rejects_every_request_of_an_operation_that_the_version_lacks() {
    for version in ProtocolVersion::ALL {
        for sample in samples::all(*version) {
            let operation = sample.request.operation().unwrap();
            let info = kmip_types::generated::operations::OPERATIONS.iter();
            let info = info.clone().find(|info| info.operation == operation).unwrap();
            let has = version.is_at_least(info.since);
            let result = request(*version, sample.request).to_ttlv();
            assert_eq!(result.is_ok(), has, "{} in {version}: {result:?}", info.name);
        }
    }
}

#[test]
fn an_operation_of_any_version_is_refused_even_where_no_field_tells() {
    for (payload, version, expected) in [
        (
            RequestPayload::from(PingRequest {}),
            V1_4,
            "Ping of Operation is not in KMIP 1.4, but in 2.1 and later",
        ),
        (
            EncryptRequest::default().into(),
            ProtocolVersion::V1_1,
            "Encrypt of Operation is not in KMIP 1.1, but in 1.2 and later",
        ),
    ] {
        let error = request(version, payload.clone()).to_ttlv().unwrap_err().to_string();
        assert_eq!(error, format!("RequestMessage/BatchItem/Operation: the value {expected}"));
        // The payload alone says so too.
        let error = encode(Tag::REQUEST_PAYLOAD, &payload, version).unwrap_err().to_string();
        assert!(error.ends_with(&format!("has no equivalent in KMIP {version}")), "{error}");
    }
}

#[test]
fn one_request_has_the_attributes_in_the_form_of_each_version() {
    for (payload, before, after) in [
        (
            RequestPayload::from(ReKeyRequest { attributes: Some(attributes()), ..Default::default() }),
            Tag::TEMPLATE_ATTRIBUTE,
            Tag::ATTRIBUTES,
        ),
        (
            CertifyRequest { certificate_request_value: Some(vec![1]), ..Default::default() }.into(),
            Tag::CERTIFICATE_REQUEST,
            Tag::CERTIFICATE_REQUEST_VALUE,
        ),
        (
            ReKeyKeyPairRequest { common_attributes: Some(attributes()), ..Default::default() }.into(),
            Tag::COMMON_TEMPLATE_ATTRIBUTE,
            Tag::COMMON_ATTRIBUTES,
        ),
    ] {
        for (version, expected) in [(V1_4, before), (V2_0, after)] {
            let bytes = round_trip(&request(version, payload.clone()));
            let item = kmip_types::Item::from_ttlv(&bytes).unwrap();
            let found = item.walk().filter(|item| [before, after].contains(&item.tag)).count();
            assert_eq!(found, 1, "{payload:?}");
            assert!(item.walk().any(|item| item.tag == expected), "{version}: {payload:?}");
        }
    }
}
