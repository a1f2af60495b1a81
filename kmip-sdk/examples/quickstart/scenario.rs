//! The scenario: what is asked, and the messages as JSON TTLV with names in place of what varies.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicDomainParameters, Name};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, RecommendedCurve};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::{CreateKeyPairRequest, DestroyRequest, GetAttributesRequest, LocateRequest};
use kmip_sdk::types::text::TextCodec;
use kmip_sdk::{Client, ProtocolVersion, Tag};
use serde_json::Value;

/// A request and its response.
pub(crate) struct Exchange {
    /// What is asked.
    pub(crate) title: &'static str,
    /// The Request Message.
    pub(crate) request: Value,
    /// The Response Message.
    pub(crate) response: Value,
}

/// Runs the scenario against a server: three steps of AKLC-M-1-21, and a batch of two operations.
pub(crate) fn run(server: &EmbeddedServer) -> Result<Vec<Exchange>, Box<dyn Error>> {
    let messages: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let seen = Arc::clone(&messages);
    let mut client = Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .version(ProtocolVersion::V2_1)
        .observer(move |_, message| {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(message.to_vec());
        })
        .connect()?;

    // Step 0: a key pair.
    client.options_mut().client_correlation_value = Some("AKLC-M-1-21 step=0".to_owned());
    let pair = client.call(CreateKeyPairRequest {
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
    })?;

    // Step 1: what the private key is like.
    client.options_mut().client_correlation_value = Some("AKLC-M-1-21 step=1".to_owned());
    let private_key = pair.private_key_unique_identifier;
    client.call(GetAttributesRequest::new(
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
    ))?;

    // Step 3: the private key, which was never active, is destroyed.
    client.options_mut().client_correlation_value = Some("AKLC-M-1-21 step=3".to_owned());
    client.call(DestroyRequest::new(private_key))?;

    // Two operations in one message, each with a typed result of its own.
    client.options_mut().client_correlation_value = None;
    client.options_mut().maximum_response_size = Some(9999);
    let mut batch = client.batch();
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
    let mut results = client.send(batch)?;
    let pair = results.take(created)?;
    let found = results.take(located)?.unique_identifier;
    for key in [&pair.private_key_unique_identifier, &pair.public_key_unique_identifier] {
        if !found.contains(key) {
            return Err(format!("the new key {key} was not found").into());
        }
    }

    let messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
    let titles =
        ["CreateKeyPair", "GetAttributes (private key)", "Destroy (private key)", "CreateKeyPair and Locate"];
    let mut names = Names::default();
    titles
        .into_iter()
        .zip(messages.chunks_exact(2))
        .map(|(title, pair)| {
            Ok(Exchange { title, request: names.json(&pair[0])?, response: names.json(&pair[1])? })
        })
        .collect()
}

/// The identifiers that have appeared, in their order.
#[derive(Default)]
struct Names {
    identifiers: Vec<String>,
}

impl Names {
    /// A message as JSON TTLV, with names in place of what varies.
    fn json(&mut self, ttlv: &[u8]) -> Result<Value, Box<dyn Error>> {
        let mut json = serde_json::from_str(&TextCodec::new().to_json(ttlv)?)?;
        self.replace(&mut json);
        Ok(json)
    }

    fn replace(&mut self, item: &mut Value) {
        let is_identifier = item["tag"].as_str().is_some_and(|tag| tag.ends_with("UniqueIdentifier"));
        match item["type"].as_str() {
            Some("Structure") => {
                item["value"].as_array_mut().into_iter().flatten().for_each(|item| self.replace(item));
            }
            Some("DateTime") => item["value"] = "$NOW".into(),
            Some("TextString") if is_identifier => {
                let identifier = item["value"].as_str().unwrap_or_default().to_owned();
                let number = self.identifiers.iter().position(|other| *other == identifier);
                let number = number.unwrap_or_else(|| {
                    self.identifiers.push(identifier);
                    self.identifiers.len() - 1
                });
                item["value"] = format!("$UNIQUE_IDENTIFIER_{number}").into();
            }
            _ => {}
        }
    }
}

/// The JSON with an item a line, and what is in a structure indented below it.
pub(crate) fn render(item: &Value) -> String {
    let mut text = String::new();
    write(item, 0, &mut text);
    text
}

fn write(item: &Value, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    match item["value"].as_array() {
        Some(items) if !items.is_empty() => {
            text.push_str(&format!(
                "{indent}{{ \"tag\": {}, \"type\": {}, \"value\": [\n",
                item["tag"], item["type"]
            ));
            for (position, item) in items.iter().enumerate() {
                write(item, depth + 1, text);
                text.push_str(if position + 1 < items.len() { ",\n" } else { "\n" });
            }
            text.push_str(&format!("{indent}] }}"));
        }
        _ => {
            let (tag, kind, value) = (&item["tag"], &item["type"], &item["value"]);
            text.push_str(&format!("{indent}{{ \"tag\": {tag}, \"type\": {kind}, \"value\": {value} }}"));
        }
    }
}
