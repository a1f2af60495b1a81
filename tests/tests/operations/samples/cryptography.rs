//! Operations that use keys.

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{Pkcs11Function, Pkcs11ReturnCode, ValidityIndicator};
use kmip_types::operation::*;

use super::{Sample, identifier, parameters, sample, since};

const V1_3: ProtocolVersion = ProtocolVersion::V1_3;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;

pub(super) fn samples(version: ProtocolVersion) -> Vec<Sample> {
    let mut samples = ciphers(version);
    samples.extend(signatures(version));
    samples.extend(others(version));
    samples
}

fn ciphers(version: ProtocolVersion) -> Vec<Sample> {
    let stream = || since(V1_3, version, vec![9; 4]);
    let flag = |flag| since(V1_3, version, flag);
    vec![
        sample(
            EncryptRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![1; 5].into()),
                iv_counter_nonce: Some(vec![2; 16]),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(false),
                authenticated_encryption_additional_data: since(V1_4, version, vec![3; 3]),
            },
            EncryptResponse {
                unique_identifier: identifier(),
                data: Some(vec![4; 16].into()),
                iv_counter_nonce: Some(vec![2; 16]),
                correlation_value: stream(),
                authenticated_encryption_tag: since(V1_4, version, vec![5; 12]),
            },
        ),
        sample(
            DecryptRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![4; 16].into()),
                iv_counter_nonce: Some(vec![2; 16]),
                correlation_value: stream(),
                init_indicator: flag(false),
                final_indicator: flag(true),
                authenticated_encryption_additional_data: since(V1_4, version, vec![3; 3]),
                authenticated_encryption_tag: since(V1_4, version, vec![5; 12]),
            },
            DecryptResponse {
                unique_identifier: identifier(),
                data: Some(vec![1; 5].into()),
                correlation_value: stream(),
            },
        ),
    ]
}

fn signatures(version: ProtocolVersion) -> Vec<Sample> {
    let stream = || since(V1_3, version, vec![9; 4]);
    let flag = |flag| since(V1_3, version, flag);
    vec![
        sample(
            SignRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![1; 5].into()),
                digested_data: since(V1_4, version, vec![6; 32]),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            SignResponse {
                unique_identifier: identifier(),
                signature_data: Some(vec![7; 64]),
                correlation_value: stream(),
            },
        ),
        sample(
            SignatureVerifyRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![1; 5].into()),
                digested_data: since(V1_4, version, vec![6; 32]),
                signature_data: Some(vec![7; 64]),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            SignatureVerifyResponse {
                unique_identifier: identifier(),
                validity_indicator: Some(ValidityIndicator::Valid),
                data: Some(vec![1; 5].into()),
                correlation_value: stream(),
            },
        ),
        sample(
            MacRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![1; 5].into()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            MacResponse {
                unique_identifier: identifier(),
                mac_data: Some(vec![8; 32]),
                correlation_value: stream(),
            },
        ),
        sample(
            MacVerifyRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(parameters()),
                data: Some(vec![1; 5].into()),
                mac_data: Some(vec![8; 32]),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            MacVerifyResponse {
                unique_identifier: identifier(),
                validity_indicator: Some(ValidityIndicator::Invalid),
                correlation_value: stream(),
            },
        ),
    ]
}

fn others(version: ProtocolVersion) -> Vec<Sample> {
    let stream = || since(V1_3, version, vec![9; 4]);
    let flag = |flag| since(V1_3, version, flag);
    vec![
        sample(
            HashRequest {
                cryptographic_parameters: parameters(),
                data: Some(vec![1; 5].into()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            HashResponse { data: Some(vec![6; 32]), correlation_value: stream() },
        ),
        sample(RngRetrieveRequest { data_length: 16 }, RngRetrieveResponse { data: vec![5; 16].into() }),
        sample(RngSeedRequest { data: vec![5; 16].into() }, RngSeedResponse { data_length: 12 }),
        sample(
            Pkcs11Request {
                pkcs_11_interface: Some("PKCS 11".into()),
                pkcs_11_function: Pkcs11FunctionValue::Enumeration(Pkcs11Function::CInitialize),
                correlation_value: Some(vec![1]),
                pkcs_11_input_parameters: Some(vec![1, 0].into()),
            },
            Pkcs11Response {
                pkcs_11_interface: Some("PKCS 11".into()),
                pkcs_11_function: Pkcs11FunctionValue::Integer(-3),
                correlation_value: Some(vec![2]),
                pkcs_11_output_parameters: Some(vec![3].into()),
                pkcs_11_return_code: Pkcs11ReturnCode::Ok,
            },
        ),
    ]
}
