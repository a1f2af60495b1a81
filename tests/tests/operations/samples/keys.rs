//! Operations that make keys and certificates of others.

use kmip_types::enumerations::{
    CertificateRequestType, CertificateType, DerivationMethod, ObjectType, SecretDataType, SplitKeyMethod,
    ValidityIndicator,
};
use kmip_types::object::{Certificate, CertificateRequest};
use kmip_types::operation::*;
use kmip_types::{BigInteger, DateTime, Interval, ProtocolVersion};

use super::{Sample, attributes, identifier, parameters, sample, since, storage, until};

const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

pub(super) fn samples(version: ProtocolVersion) -> Vec<Sample> {
    let mut samples = keys(version);
    samples.extend(certificates(version));
    samples
}

fn keys(version: ProtocolVersion) -> Vec<Sample> {
    let offset = Some(Interval::from_seconds(86_400));
    vec![
        sample(
            ReKeyRequest {
                unique_identifier: Some(identifier()),
                offset,
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            ReKeyResponse { unique_identifier: "k-2".into(), attributes: until(V1_4, version, attributes()) },
        ),
        sample(
            ReKeyKeyPairRequest {
                private_key_unique_identifier: Some(identifier()),
                offset,
                common_attributes: Some(attributes()),
                private_key_attributes: Some(attributes()),
                public_key_attributes: Some(attributes()),
                common_protection_storage_masks: since(V2_0, version, storage()),
                private_protection_storage_masks: since(V2_0, version, storage()),
                public_protection_storage_masks: since(V2_0, version, storage()),
            },
            ReKeyKeyPairResponse {
                private_key_unique_identifier: "k-3".into(),
                public_key_unique_identifier: "k-4".into(),
                private_key_attributes: until(V1_4, version, attributes()),
                public_key_attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            DeriveKeyRequest {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: vec![identifier(), "k-2".into()],
                derivation_method: DerivationMethod::Pbkdf2,
                derivation_parameters: DerivationParameters {
                    cryptographic_parameters: Some(parameters()),
                    initialization_vector: Some(vec![1; 16]),
                    derivation_data: vec![vec![2; 8].into()],
                    salt: Some(vec![3; 8]),
                    iteration_count: Some(4096),
                },
                attributes: attributes(),
            },
            DeriveKeyResponse {
                unique_identifier: "k-3".into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            CreateSplitKeyRequest {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: Some(identifier()),
                split_key_parts: 3,
                split_key_threshold: 2,
                split_key_method: SplitKeyMethod::PolynomialSharingPrimeField,
                prime_field_size: Some(BigInteger::from(104_729)),
                attributes: attributes(),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            CreateSplitKeyResponse {
                object_type: until(V1_2, version, ObjectType::SplitKey),
                unique_identifier: vec!["s-1".into(), "s-2".into(), "s-3".into()],
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            JoinSplitKeyRequest {
                object_type: ObjectType::SecretData,
                unique_identifier: vec!["s-1".into(), "s-3".into()],
                secret_data_type: Some(SecretDataType::Seed),
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            JoinSplitKeyResponse {
                object_type: until(V1_2, version, ObjectType::SecretData),
                unique_identifier: identifier(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
    ]
}

fn certificates(version: ProtocolVersion) -> Vec<Sample> {
    let certificate =
        || Certificate { certificate_type: CertificateType::X509, certificate_value: vec![0x30, 0] };
    vec![
        sample(
            CertifyRequest {
                unique_identifier: Some(identifier()),
                certificate_request_type: Some(CertificateRequestType::Pkcs10),
                certificate_request_value: Some(vec![0x30, 0]),
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            CertifyResponse {
                unique_identifier: "c-1".into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            ReCertifyRequest {
                unique_identifier: Some("c-1".into()),
                certificate_request_unique_identifier: since(V2_0, version, "r-1".into()),
                certificate_request_type: Some(CertificateRequestType::Pem),
                certificate_request_value: Some(vec![0x2D; 5]),
                offset: Some(Interval::from_seconds(0)),
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            ReCertifyResponse {
                unique_identifier: "c-2".into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            ValidateRequest {
                certificate: vec![certificate(), certificate()],
                unique_identifier: vec!["c-1".into()],
                validity_date: Some(DateTime::from_seconds(1_800_000_000)),
            },
            ValidateResponse { validity_indicator: ValidityIndicator::Unknown },
        ),
        sample(
            ReProvisionRequest {
                certificate_request: Some(CertificateRequestForm::Object(CertificateRequest {
                    certificate_request_type: CertificateRequestType::Pkcs10,
                    certificate_request_value: vec![0x30, 0],
                })),
                certificate: Some(certificate()),
            },
            ReProvisionResponse { unique_identifier: Some("c-3".into()) },
        ),
    ]
}
