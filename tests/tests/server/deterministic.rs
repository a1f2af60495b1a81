//! A server with a seed: the same requests have the same answers, byte by byte.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::keys::Material;
use kmip_sdk::server::{EmbeddedServer, Later, Server, ServerOptions, TestClock};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Link};
use kmip_sdk::types::enumerations::{
    AttestationType, BlockCipherMode, CryptographicAlgorithm, DerivationMethod, HashingAlgorithm,
    KeyFormatType, LinkType, ObjectType, Operation, RecommendedCurve, SplitKeyMethod, State, WrappingMethod,
};
use kmip_sdk::types::message::AttestationCredential;
use kmip_sdk::types::object::{EncryptionKeyInformation, KeyWrappingSpecification};
use kmip_sdk::types::operation::{AddAttributeRequest, GetRequest, ReProvisionRequest};
use kmip_sdk::usage::{DERIVE_KEY, SIGN, VERIFY, WRAP_KEY};
use kmip_sdk::{Challenge, Client, Direction, ProtocolVersion};

/// Every response of a scenario that needs all kinds of random numbers.
fn responses(seed: u64) -> Vec<Vec<u8>> {
    let responses = Arc::new(Mutex::new(Vec::new()));
    let clock = TestClock::default();
    let options = ServerOptions::default()
        .deterministic(seed)
        .test_clock(&clock)
        .user("alice", "secret")
        .later(Operation::Create, Later::Time(kmip_sdk::types::Interval::from_seconds(60)))
        .observer({
            let responses = Arc::clone(&responses);
            move |direction, message| {
                if direction == Direction::Response {
                    responses.lock().unwrap().push(message.to_vec());
                }
            }
        });
    let client =
        Client::builder().service(Server::new(options)).version(ProtocolVersion::V2_1).connect().unwrap();
    let key = client.create_aes(256).name("aes").send().unwrap();
    // By the server's clock; `activated` says the client's.
    client.activate(&key).send().unwrap();
    client.get(&key).send().unwrap();
    let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send().unwrap();
    client.decrypt(&encrypted).send().unwrap();
    let pair = client.create_rsa(2048).signing().send().unwrap();
    client.activate(&pair.private_key_unique_identifier).send().unwrap();
    client.get(&pair.private_key_unique_identifier).send().unwrap();
    let private = &pair.private_key_unique_identifier;
    client.sign(private, "attack at dawn").rsa_pss(HashingAlgorithm::Sha256).send().unwrap();
    for curve in [RecommendedCurve::P256, RecommendedCurve::P384, RecommendedCurve::P521] {
        let pair = client.create_ec(curve).signing().send().unwrap();
        client.activate(&pair.private_key_unique_identifier).send().unwrap();
        client.get(&pair.private_key_unique_identifier).send().unwrap();
        let private = &pair.private_key_unique_identifier;
        client.sign(private, "attack at dawn").ecdsa(HashingAlgorithm::Sha256).send().unwrap();
    }
    let ed25519 = client
        .create_key_pair(CryptographicAlgorithm::Ed25519)
        .private_key_attributes(Attributes::new().with_cryptographic_usage_mask(SIGN))
        .public_key_attributes(Attributes::new().with_cryptographic_usage_mask(VERIFY));
    let ed25519 = ed25519.send().unwrap();
    client.get(&ed25519.public_key_unique_identifier).send().unwrap();
    let certificate = client.certify(&pair.public_key_unique_identifier).name("certificate").send().unwrap();
    client.get(&certificate).send().unwrap();
    for method in [SplitKeyMethod::Xor, SplitKeyMethod::PolynomialSharingGf2_8] {
        let split = client.create_split_key(ObjectType::SymmetricKey, 3, 3, method).unique_identifier(&key);
        for part in split.send().unwrap().unique_identifier {
            client.get(part).send().unwrap();
        }
    }
    client.rng_retrieve(32).send().unwrap();
    let base = client.create_hmac(HashingAlgorithm::Sha256, 256).usage(DERIVE_KEY).send().unwrap();
    client.activate(&base).send().unwrap();
    let derived = client.derive_key(ObjectType::SecretData, &base, DerivationMethod::Hmac);
    let derived = derived.derivation_data("tenant 7").length(256).send().unwrap();
    client.get(&derived).send().unwrap();
    client.login().send().unwrap();
    let started = client.call(client.create_aes(128).name("later").into_request()).start().send().unwrap();
    let kmip_sdk::Started::Pending(pending) = started else { panic!("it is done at once") };
    clock.advance(Duration::from_secs(60));
    pending.poll().send().unwrap();
    assert!(!client.locate().state(State::Active).send().unwrap().unique_identifier.is_empty());
    std::mem::take(&mut *responses.lock().unwrap())
}

/// Every response to somebody who connects with a certificate: what is random where passwords protect keys, where keys wrap
/// others, where clients attest and get certificates.
fn responses_to_alice(seed: u64) -> Vec<Vec<u8>> {
    let responses = Arc::new(Mutex::new(Vec::new()));
    let options = ServerOptions::default()
        .deterministic(seed)
        .test_clock(&TestClock::default())
        .attestation([AttestationType::TpmQuote], |_| true)
        .attested_operations([Operation::Archive]);
    let server = Server::new(options);
    let noted = Arc::clone(&responses);
    let service = move |request: &[u8]| {
        let response = server.handle_as("alice", request);
        noted.lock().unwrap().push(response.clone());
        response
    };
    let client = Client::builder()
        .service(service)
        .version(ProtocolVersion::V2_1)
        .attester([AttestationType::TpmQuote], |challenge: &Challenge| {
            let mut attestation =
                AttestationCredential::new(challenge.nonce.clone(), AttestationType::TpmQuote);
            attestation.attestation_measurement = Some(b"sound".to_vec().into());
            Ok(attestation)
        })
        .connect()
        .unwrap();
    client.call(ReProvisionRequest { certificate_request: None, certificate: None }).send().unwrap();
    let password = Material::password("correct horse")
        .to_register_request(Attributes::new().with_cryptographic_usage_mask(DERIVE_KEY))
        .unwrap();
    let password = client.call(password).send().unwrap().unique_identifier;
    client.activate(&password).send().unwrap();
    let pair = client.create_ec(RecommendedCurve::P256).signing().send().unwrap();
    let private = &pair.private_key_unique_identifier;
    let link = Link { link_type: LinkType::Pkcs12PasswordLink, linked_object_identifier: password };
    client.call(AddAttributeRequest::new(private.clone(), Attribute::Link(link))).send().unwrap();
    let pkcs12 =
        GetRequest { key_format_type: Some(KeyFormatType::Pkcs12), ..GetRequest::new(private.clone()) };
    client.call(pkcs12).send().unwrap();
    client.archive(private).send().unwrap();
    let wrapping = client.create_aes(256).usage(WRAP_KEY).send().unwrap();
    client.activate(&wrapping).send().unwrap();
    let gcm = CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Gcm),
        ..CryptographicParameters::default()
    };
    let specification = KeyWrappingSpecification {
        wrapping_method: WrappingMethod::Encrypt,
        encryption_key_information: Some(EncryptionKeyInformation {
            unique_identifier: wrapping.unique_identifier,
            cryptographic_parameters: Some(Box::new(gcm)),
        }),
        mac_signature_key_information: None,
        attribute_name: Vec::new(),
        encoding_option: None,
    };
    let key = client.create_aes(128).send().unwrap();
    let wrapped = GetRequest {
        key_wrapping_specification: Some(Box::new(specification)),
        ..GetRequest::new(key.unique_identifier)
    };
    client.call(wrapped).send().unwrap();
    std::mem::take(&mut *responses.lock().unwrap())
}

#[test]
fn what_passwords_attestations_and_credentials_take_of_chance_comes_from_the_seed() {
    let one = responses_to_alice(1);
    assert_eq!(one, responses_to_alice(1));
    assert_ne!(one, responses_to_alice(2));
}

#[test]
fn one_seed_gives_one_exchange_and_another_another() {
    let (one, again, other) = (responses(1), responses(1), responses(2));
    assert_eq!(one.len(), again.len());
    for (number, (one, again)) in one.iter().zip(&again).enumerate() {
        assert_eq!(one, again, "the response {number}");
    }
    assert_eq!(one.len(), other.len());
    let same = one.iter().zip(&other).filter(|(one, other)| one == other).count();
    // Whatever names an object, or holds a key or a signature, differs.
    assert!(same * 4 < one.len(), "{same} of {} responses are the same", one.len());
}

#[test]
fn certificates_come_from_the_seed_too() {
    let certificates = |seed| {
        let server = EmbeddedServer::start_with(ServerOptions::default().deterministic(seed)).unwrap();
        let (alice, key) = server.new_client("alice").unwrap();
        let made = [server.ca_certificate_pem(), server.client_certificate_pem(), server.client_key_pem()];
        Client::builder().embedded(&server).connect().unwrap();
        (made.map(str::to_owned), alice, key.to_string())
    };
    assert_eq!(certificates(1), certificates(1));
    assert_ne!(certificates(1), certificates(2));
}
