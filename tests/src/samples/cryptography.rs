//! Operations that use keys.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, Pkcs11Function, Pkcs11ReturnCode, ValidityIndicator};
use kmip_types::operation::*;

use super::values::{
    CIPHERTEXT, CORRELATION, GCM_CIPHERTEXT, GCM_DATA, GCM_NONCE, GCM_TAG, HMAC_SHA_256, IV, RANDOM, SHA_256,
    SIGNATURE, TEXT,
};
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
    let stream = || since(V1_3, version, CORRELATION.to_vec());
    let flag = |flag| since(V1_3, version, flag);
    // What authenticates, too, came with 1.4.
    let (mode, iv, ciphertext) = match version.is_at_least(V1_4) {
        true => (BlockCipherMode::Gcm, GCM_NONCE, GCM_CIPHERTEXT),
        false => (BlockCipherMode::Cbc, IV, CIPHERTEXT),
    };
    let cipher = || CryptographicParameters { block_cipher_mode: Some(mode), ..parameters() };
    vec![
        sample(
            EncryptRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(cipher())),
                data: Some(TEXT.into()),
                iv_counter_nonce: Some(iv.to_vec()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(false),
                authenticated_encryption_additional_data: since(V1_4, version, GCM_DATA.to_vec()),
            },
            EncryptResponse {
                unique_identifier: identifier(),
                data: Some(ciphertext.into()),
                iv_counter_nonce: Some(iv.to_vec()),
                correlation_value: stream(),
                authenticated_encryption_tag: since(V1_4, version, GCM_TAG.to_vec()),
            },
        ),
        sample(
            DecryptRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(cipher())),
                data: Some(ciphertext.into()),
                iv_counter_nonce: Some(iv.to_vec()),
                correlation_value: stream(),
                init_indicator: flag(false),
                final_indicator: flag(true),
                authenticated_encryption_additional_data: since(V1_4, version, GCM_DATA.to_vec()),
                authenticated_encryption_tag: since(V1_4, version, GCM_TAG.to_vec()),
            },
            DecryptResponse {
                unique_identifier: identifier(),
                data: Some(TEXT.into()),
                correlation_value: stream(),
            },
        ),
    ]
}

fn signatures(version: ProtocolVersion) -> Vec<Sample> {
    let stream = || since(V1_3, version, CORRELATION.to_vec());
    let flag = |flag| since(V1_3, version, flag);
    vec![
        sample(
            SignRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(parameters())),
                data: Some(TEXT.into()),
                digested_data: since(V1_4, version, SHA_256.to_vec()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            SignResponse {
                unique_identifier: identifier(),
                signature_data: Some(SIGNATURE.to_vec()),
                correlation_value: stream(),
            },
        ),
        sample(
            SignatureVerifyRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(parameters())),
                data: Some(TEXT.into()),
                digested_data: since(V1_4, version, SHA_256.to_vec()),
                signature_data: Some(SIGNATURE.to_vec()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            SignatureVerifyResponse {
                unique_identifier: identifier(),
                validity_indicator: Some(ValidityIndicator::Valid),
                data: Some(TEXT.into()),
                correlation_value: stream(),
            },
        ),
        sample(
            MacRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(parameters())),
                data: Some(TEXT.into()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            MacResponse {
                unique_identifier: identifier(),
                mac_data: Some(HMAC_SHA_256.to_vec().into()),
                correlation_value: stream(),
            },
        ),
        sample(
            MacVerifyRequest {
                unique_identifier: Some(identifier()),
                cryptographic_parameters: Some(Box::new(parameters())),
                data: Some(TEXT.into()),
                mac_data: Some(HMAC_SHA_256.to_vec().into()),
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
    let stream = || since(V1_3, version, CORRELATION.to_vec());
    let flag = |flag| since(V1_3, version, flag);
    vec![
        sample(
            HashRequest {
                cryptographic_parameters: parameters(),
                data: Some(TEXT.into()),
                correlation_value: stream(),
                init_indicator: flag(true),
                final_indicator: flag(true),
            },
            HashResponse { data: Some(SHA_256.to_vec().into()), correlation_value: stream() },
        ),
        sample(RngRetrieveRequest { data_length: 16 }, RngRetrieveResponse { data: RANDOM.into() }),
        sample(RngSeedRequest { data: RANDOM.into() }, RngSeedResponse { data_length: 12 }),
        sample(
            Pkcs11Request {
                pkcs_11_interface: Some("PKCS 11".into()),
                pkcs_11_function: Pkcs11FunctionValue::Enumeration(Pkcs11Function::CInitialize),
                correlation_value: Some(CORRELATION.to_vec()),
                pkcs_11_input_parameters: Some(vec![0; 8].into()),
            },
            Pkcs11Response {
                pkcs_11_interface: Some("PKCS 11".into()),
                pkcs_11_function: Pkcs11FunctionValue::Integer(-3),
                correlation_value: Some(CORRELATION.to_vec()),
                pkcs_11_output_parameters: Some(vec![0, 0, 0, 3].into()),
                pkcs_11_return_code: Pkcs11ReturnCode::Ok,
            },
        ),
    ]
}
