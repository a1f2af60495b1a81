//! The scenario: what is asked, and the messages as JSON TTLV with names in place of what varies.

use std::error::Error;

use kmip_sdk::Batch;
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::testing::Recorder;
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicDomainParameters, Name};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, RecommendedCurve};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::{CreateKeyPairRequest, DestroyRequest, GetAttributesRequest, LocateRequest};
use kmip_sdk::types::view::{Placeholders, View, ViewError};
use kmip_sdk::{Client, ProtocolVersion, Tag};

/// A request and its response.
pub(crate) struct Exchange {
    /// What is asked.
    pub(crate) title: &'static str,
    /// The Request Message, as JSON.
    pub(crate) request: String,
    /// The Response Message, as JSON.
    pub(crate) response: String,
}

/// Runs the scenario against a server: three steps of AKLC-M-1-21, and a batch of two operations.
pub(crate) fn run(server: &EmbeddedServer) -> Result<Vec<Exchange>, Box<dyn Error>> {
    let recorder = Recorder::new();
    let client = Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .version(ProtocolVersion::V2_1)
        // As in the standard's test case, whose single requests have none.
        .unique_batch_item_ids(false)
        .observer(recorder.observer())
        .connect()?;

    // Step 0: a key pair.
    let pair = client
        .call(CreateKeyPairRequest {
            common_attributes: Some(
                Attributes::new()
                    .with_cryptographic_algorithm(CryptographicAlgorithm::Rsa)
                    .with_cryptographic_length(2048),
            ),
            private_key_attributes: Some(
                Attributes::new()
                    .with_name(Name::text("AKLC-M-1-21-private"))
                    .with_cryptographic_usage_mask(CryptographicUsageMask::SIGN),
            ),
            public_key_attributes: Some(
                Attributes::new()
                    .with_name(Name::text("AKLC-M-1-21-public"))
                    .with_cryptographic_usage_mask(CryptographicUsageMask::VERIFY),
            ),
            ..CreateKeyPairRequest::default()
        })
        .client_correlation_value("AKLC-M-1-21 step=0")
        .send()?;

    // Step 1: what the private key is like.
    let private_key = pair.private_key_unique_identifier;
    client
        .call(GetAttributesRequest::new(
            private_key.clone(),
            [
                Tag::STATE,
                Tag::CRYPTOGRAPHIC_USAGE_MASK,
                Tag::UNIQUE_IDENTIFIER,
                Tag::OBJECT_TYPE,
                Tag::CRYPTOGRAPHIC_ALGORITHM,
                Tag::CRYPTOGRAPHIC_LENGTH,
                Tag::DIGEST,
                Tag::INITIAL_DATE,
                Tag::LAST_CHANGE_DATE,
                Tag::ACTIVATION_DATE,
                Tag::ORIGINAL_CREATION_DATE,
                Tag::RANDOM_NUMBER_GENERATOR,
                Tag::KEY_FORMAT_TYPE,
            ],
        ))
        .client_correlation_value("AKLC-M-1-21 step=1")
        .send()?;

    // Step 3: the private key, which was never active, is destroyed.
    client.call(DestroyRequest::new(private_key)).client_correlation_value("AKLC-M-1-21 step=3").send()?;

    // Two operations in one message, each with a typed result of its own.
    let mut batch = Batch::new();
    batch.unique_batch_item_ids(true);
    let created = batch.add(CreateKeyPairRequest {
        common_attributes: Some(
            Attributes::new()
                .with_cryptographic_algorithm(CryptographicAlgorithm::Ecdh)
                .with_cryptographic_length(256)
                .with_cryptographic_domain_parameters(CryptographicDomainParameters {
                    qlength: Some(256),
                    recommended_curve: Some(RecommendedCurve::Curve25519),
                })
                .with_cryptographic_usage_mask(
                    CryptographicUsageMask::ENCRYPT
                        | CryptographicUsageMask::DECRYPT
                        | CryptographicUsageMask::WRAP_KEY
                        | CryptographicUsageMask::UNWRAP_KEY
                        | CryptographicUsageMask::KEY_AGREEMENT,
                )
                .with(Attribute::KeyFormatType(KeyFormatType::EcPrivateKey))
                .with(Attribute::ObjectType(ObjectType::PrivateKey)),
        ),
        ..CreateKeyPairRequest::default()
    });
    let located = batch.add(LocateRequest::default());
    let mut results = client.call_batch(batch).maximum_response_size(9999).send()?;
    let pair = results.take(created)?;
    let found = results.take(located)?.unique_identifier;
    for key in [&pair.private_key_unique_identifier, &pair.public_key_unique_identifier] {
        if !found.contains(key) {
            return Err(format!("the new key {key} was not found").into());
        }
    }

    let titles =
        ["CreateKeyPair", "GetAttributes (private key)", "Destroy (private key)", "CreateKeyPair and Locate"];
    // Shared, so that an identifier has one name throughout.
    let names = Placeholders::new();
    let json = |message: &[u8]| View::of(message).json().placeholders(&names).render();
    titles
        .into_iter()
        .zip(recorder.exchanges())
        .map(|(title, exchange)| {
            let response = exchange.response.unwrap_or_default();
            Ok(Exchange { title, request: json(&exchange.request)?, response: json(&response)? })
        })
        .collect::<Result<_, ViewError>>()
        .map_err(Into::into)
}
