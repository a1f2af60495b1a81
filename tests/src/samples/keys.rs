//! Operations that make keys and certificates of others.

use kmip_types::enumerations::{
    CertificateRequestType, CertificateType, DerivationMethod, ObjectType, SecretDataType, SplitKeyMethod,
    ValidityIndicator,
};
use kmip_types::object::{Certificate, CertificateRequest};
use kmip_types::operation::*;
use kmip_types::{BigInteger, DateTime, Interval, ProtocolVersion};

use super::values::{CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_REQUEST_PEM, IV, SALT};
use super::{Sample, attributes, identifier, identifiers, parameters, sample, since, storage, until};

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
            ReKeyResponse {
                unique_identifier: identifiers::NEW_KEY.into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            ReKeyKeyPairRequest {
                private_key_unique_identifier: Some(identifiers::PRIVATE_KEY.into()),
                offset,
                common_attributes: Some(attributes()),
                private_key_attributes: Some(attributes()),
                public_key_attributes: Some(attributes()),
                common_protection_storage_masks: since(V2_0, version, storage()),
                private_protection_storage_masks: since(V2_0, version, storage()),
                public_protection_storage_masks: since(V2_0, version, storage()),
            },
            ReKeyKeyPairResponse {
                private_key_unique_identifier: identifiers::NEW_PRIVATE_KEY.into(),
                public_key_unique_identifier: identifiers::NEW_PUBLIC_KEY.into(),
                private_key_attributes: until(V1_4, version, attributes()),
                public_key_attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            DeriveKeyRequest {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: vec![identifier(), identifiers::NEW_KEY.into()],
                derivation_method: DerivationMethod::Pbkdf2,
                derivation_parameters: DerivationParameters {
                    cryptographic_parameters: Some(Box::new(parameters())),
                    initialization_vector: Some(IV.to_vec()),
                    derivation_data: vec![b"harbour office"[..].into()],
                    salt: Some(SALT.to_vec()),
                    iteration_count: Some(4096),
                },
                attributes: attributes(),
            },
            DeriveKeyResponse {
                unique_identifier: identifiers::NEW_KEY.into(),
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
                unique_identifier: vec![
                    identifiers::FIRST_PART.into(),
                    identifiers::SECOND_PART.into(),
                    identifiers::THIRD_PART.into(),
                ],
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            JoinSplitKeyRequest {
                object_type: ObjectType::SecretData,
                unique_identifier: vec![identifiers::FIRST_PART.into(), identifiers::THIRD_PART.into()],
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
        || Certificate { certificate_type: CertificateType::X509, certificate_value: CERTIFICATE.to_vec() };
    vec![
        sample(
            CertifyRequest {
                unique_identifier: Some(identifier()),
                certificate_request_type: Some(CertificateRequestType::Pkcs10),
                certificate_request_value: Some(CERTIFICATE_REQUEST.to_vec()),
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            CertifyResponse {
                unique_identifier: identifiers::CERTIFICATE.into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            ReCertifyRequest {
                unique_identifier: Some(identifiers::CERTIFICATE.into()),
                certificate_request_unique_identifier: since(
                    V2_0,
                    version,
                    identifiers::CERTIFICATE_REQUEST.into(),
                ),
                certificate_request_type: Some(CertificateRequestType::Pem),
                certificate_request_value: Some(CERTIFICATE_REQUEST_PEM.as_bytes().to_vec()),
                offset: Some(Interval::from_seconds(0)),
                attributes: Some(attributes()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            ReCertifyResponse {
                unique_identifier: identifiers::NEW_CERTIFICATE.into(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            ValidateRequest {
                certificate: vec![certificate(), certificate()],
                unique_identifier: vec![identifiers::CERTIFICATE.into()],
                validity_date: Some(DateTime::from_seconds(1_800_000_000)),
            },
            ValidateResponse { validity_indicator: ValidityIndicator::Unknown },
        ),
        sample(
            ReProvisionRequest {
                certificate_request: Some(CertificateRequestForm::Object(CertificateRequest {
                    certificate_request_type: CertificateRequestType::Pkcs10,
                    certificate_request_value: CERTIFICATE_REQUEST.to_vec(),
                })),
                certificate: Some(certificate()),
            },
            ReProvisionResponse { unique_identifier: Some(identifiers::NEW_CERTIFICATE.into()) },
        ),
    ]
}
