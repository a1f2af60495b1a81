//! The client against PyKMIP, a server that others wrote, in each version that it has.
//!
//! The server is named by the environment: `PYKMIP_ADDR` (`HOST:PORT`), and the PEM files `PYKMIP_CA` (its
//! root), `PYKMIP_CERT` and `PYKMIP_KEY` (the client's certificate, with extended key usage clientAuth).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

#[allow(dead_code, unused_imports, unused_macros, reason = "another test has all of it")]
#[path = "client/drivers.rs"]
mod drivers;

use std::env;

use kmip_sdk::generic::{Client, ClientBuilder};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, BlockCipherMode, CryptographicAlgorithm, KeyFormatType, ObjectType,
    Operation, PaddingMethod, QueryFunction, ResultReason, RevocationReasonCode, State,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::ManagedObject;
use kmip_sdk::types::operation::{
    ActivateRequest, CreateKeyPairRequest, CreateRequest, DecryptRequest, DestroyRequest, EncryptRequest,
    GetAttributeListRequest, GetAttributesRequest, GetRequest, LocateRequest, QueryRequest, RevokeRequest,
};
use kmip_sdk::types::{ProtocolVersion, Tag};
use kmip_sdk::{Batch, ErrorKind, Phase};

use drivers::{Drives, Make as _, Start as _};

const PLAINTEXT: &[u8] = b"attack at dawn, or a little later";

fn builder<D: Drives>() -> ClientBuilder<D> {
    let variable = |name| env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    D::builder()
        .address(variable("PYKMIP_ADDR"))
        .root_certificates_file(variable("PYKMIP_CA"))
        .identity_files(variable("PYKMIP_CERT"), variable("PYKMIP_KEY"))
}

/// A name that no other run has given to an object.
fn unique_name(version: ProtocolVersion, what: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("{what}-{version}-{}-{}", std::process::id(), now.as_nanos())
}

fn symmetric_key(name: &str) -> CreateRequest {
    let usage = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(usage))
        .with(Attribute::Name(Name::text(name)));
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

/// Runs a key through its life in one version.
fn lives_through<D: Drives>(version: ProtocolVersion) {
    let client = builder::<D>().version(version).start().unwrap();
    assert_eq!(client.tls_version(), Some(kmip_sdk::rustls::ProtocolVersion::TLSv1_2));
    let name = unique_name(version, "key");

    // It reads no Activate without an identifier, and takes no Activation Date: it is asked step by step.
    let active = client.create_aes(256).name(unique_name(version, "active")).activated().make().unwrap();
    let attributes = client.get_attributes(&active).make().unwrap().attributes;
    assert_eq!(attributes.state(), Some(State::Active));
    if version.is_at_least(ProtocolVersion::V1_2) {
        let encrypted = client.encrypt(&active, "attack at dawn").aes_cbc().make().unwrap();
        assert_eq!(client.decrypt(&encrypted).make().unwrap().reveal(), b"attack at dawn");
    }
    let pair = client.create_rsa(2048).signing().activated().make().unwrap();
    let attributes = client.get_attributes(&pair.public_key_unique_identifier).make().unwrap().attributes;
    assert_eq!(attributes.state(), Some(State::Active));
    assert!(client.get_material(&pair.private_key_unique_identifier).make().unwrap().to_pem().is_ok());

    let created = client.call(symmetric_key(&name)).make().unwrap();
    assert_eq!(created.object_type, ObjectType::SymmetricKey);
    let key = created.unique_identifier;

    let activated = client.call(ActivateRequest::new(key.clone())).make().unwrap();
    assert_eq!(activated.unique_identifier, key);

    let named = Attributes::new().with(Attribute::Name(Name::text(&*name)));
    let located = client.call(LocateRequest::new(named)).make().unwrap();
    assert_eq!(located.unique_identifier, std::slice::from_ref(&key));
    let other = Attributes::new().with(Attribute::Name(Name::text("no such key")));
    assert_eq!(client.call(LocateRequest::new(other)).make().unwrap().unique_identifier, []);

    let got = client.call(GetRequest::new(key.clone())).make().unwrap();
    assert_eq!((got.object_type, &got.unique_identifier), (ObjectType::SymmetricKey, &key));
    let ManagedObject::SymmetricKey(object) = got.object else { panic!("not a symmetric key") };
    assert_eq!(object.key_block.key_format_type, KeyFormatType::Raw);
    assert_eq!(object.key_block.cryptographic_algorithm, Some(CryptographicAlgorithm::Aes));
    assert_eq!(object.key_block.cryptographic_length, Some(256));
    let key_bytes = object.key_block.key_bytes().unwrap();
    assert_eq!(key_bytes.len(), 32);

    reads_attributes(&client, &key, &name);
    if version.is_at_least(ProtocolVersion::V1_2) {
        encrypts_and_decrypts(&client, &key, key_bytes);
    }

    let reason = RevocationReasonCode::CessationOfOperation;
    let revoked = client.call(RevokeRequest::new(key.clone(), reason)).make().unwrap();
    assert_eq!(revoked.unique_identifier, key);
    let attributes =
        client.call(GetAttributesRequest::new(key.clone(), [Tag::STATE])).make().unwrap().attributes;
    assert_eq!(attributes.state(), Some(State::Deactivated));

    let destroyed = client.call(DestroyRequest::new(key.clone())).make().unwrap();
    assert_eq!(destroyed.unique_identifier, key);

    // The failure is the server's, and the connection goes on.
    let error = client.call(GetRequest::new(key)).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Result);
    let server = error.server().unwrap();
    assert_eq!(server.operation, Some(Operation::Get));
    assert_eq!(server.result_reason, Some(ResultReason::ItemNotFound));
    assert!(!error.is_outcome_unknown() && !error.is_retryable());
    assert!(
        !client
            .call(QueryRequest::new([QueryFunction::QueryOperations]))
            .make()
            .unwrap()
            .operation
            .is_empty()
    );
}

fn reads_attributes<D: Drives>(client: &Client<D>, key: &UniqueIdentifier, name: &str) {
    let wanted = [Tag::STATE, Tag::CRYPTOGRAPHIC_LENGTH, Tag::NAME, Tag::CRYPTOGRAPHIC_USAGE_MASK];
    let some = client.call(GetAttributesRequest::new(key.clone(), wanted)).make().unwrap();
    assert_eq!(&some.unique_identifier, key);
    assert_eq!(some.attributes.len(), wanted.len());
    let all = client.call(GetAttributesRequest::all(key.clone())).make().unwrap().attributes;
    assert!(all.len() > wanted.len());
    for attributes in [&some.attributes, &all] {
        assert_eq!(attributes.state(), Some(State::Active));
        assert_eq!(attributes.cryptographic_length(), Some(256));
        assert_eq!(attributes.names().collect::<Vec<_>>(), [&Name::text(name)]);
        let usage = attributes.cryptographic_usage_mask().unwrap();
        assert_eq!(usage, CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT);
    }
    let list = client.call(GetAttributeListRequest::new(key.clone())).make().unwrap();
    assert!(list.attribute_reference.contains(&Tag::STATE.into()), "{:?}", list.attribute_reference);
}

fn encrypts_and_decrypts<D: Drives>(client: &Client<D>, key: &UniqueIdentifier, key_bytes: &[u8]) {
    let parameters = CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Cbc),
        padding_method: Some(PaddingMethod::Pkcs5),
        cryptographic_algorithm: Some(CryptographicAlgorithm::Aes),
        ..CryptographicParameters::default()
    };
    let vector = vec![7; 16];
    let encrypted = client
        .call(EncryptRequest {
            cryptographic_parameters: Some(Box::new(parameters.clone())),
            iv_counter_nonce: Some(vector.clone()),
            ..EncryptRequest::new(key.clone(), PLAINTEXT)
        })
        .make()
        .unwrap();
    let ciphertext = encrypted.data.unwrap().reveal().to_vec();
    assert_eq!(ciphertext.len(), PLAINTEXT.len().next_multiple_of(16));
    assert!(!ciphertext.starts_with(&PLAINTEXT[..16]) && key_bytes.len() == 32);
    let decrypted = client
        .call(DecryptRequest {
            cryptographic_parameters: Some(Box::new(parameters)),
            iv_counter_nonce: Some(vector),
            ..DecryptRequest::new(key.clone(), ciphertext)
        })
        .make()
        .unwrap();
    assert_eq!(decrypted.data.unwrap().reveal(), PLAINTEXT);
}

/// Makes a test that needs PyKMIP with each driver of each of these functions.
macro_rules! with_pykmip {
    ($($case:ident),* $(,)?) => { $(
        mod $case {
            #[test]
            #[ignore = "needs a PyKMIP server: PYKMIP_ADDR=HOST:PORT PYKMIP_CA=ca.pem PYKMIP_CERT=client.pem \
                        PYKMIP_KEY=client-key.pem cargo test -p kmip-tests --test pykmip -- --ignored"]
            fn blocking() {
                super::$case::<kmip_sdk::Blocking>();
            }

            #[test]
            #[ignore = "needs a PyKMIP server: PYKMIP_ADDR=HOST:PORT PYKMIP_CA=ca.pem PYKMIP_CERT=client.pem \
                        PYKMIP_KEY=client-key.pem cargo test -p kmip-tests --test pykmip -- --ignored"]
            fn tokio() {
                super::$case::<kmip_sdk::tokio::Tokio>();
            }
        }
    )* };
}

with_pykmip! {
    a_key_lives_through_kmip_1_0,
    a_key_lives_through_kmip_1_1,
    a_key_lives_through_kmip_1_2,
    a_key_lives_through_kmip_1_3,
    a_key_lives_through_kmip_1_4,
    a_key_lives_through_kmip_2_0,
    agrees_on_the_newest_common_version,
    types_each_result_of_a_batch,
    a_batch_stops_at_the_first_failure,
}

/// Functions that run a key through its life, each in one version.
macro_rules! versions {
    ($($test:ident: $version:ident),* $(,)?) => {
        $(
            fn $test<D: Drives>() {
                lives_through::<D>(ProtocolVersion::$version);
            }
        )*
    };
}

versions! {
    a_key_lives_through_kmip_1_0: V1_0,
    a_key_lives_through_kmip_1_1: V1_1,
    a_key_lives_through_kmip_1_2: V1_2,
    a_key_lives_through_kmip_1_3: V1_3,
    a_key_lives_through_kmip_1_4: V1_4,
    a_key_lives_through_kmip_2_0: V2_0,
}

/// PyKMIP answers a request in 2.1 with a refusal; the next version down is agreed on.
fn agrees_on_the_newest_common_version<D: Drives>() {
    let newest = builder::<D>().start().unwrap();
    assert_eq!(newest.version(), Some(ProtocolVersion::V2_0));
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_3] {
        let client = builder::<D>().versions([version]).start().unwrap();
        assert_eq!(client.version(), Some(version));
    }
    let error = builder::<D>().versions([ProtocolVersion::V2_1]).start().unwrap_err();
    assert_eq!(error.phase(), Phase::Negotiate, "{error}");
}

fn types_each_result_of_a_batch<D: Drives>() {
    let client = builder::<D>().version(ProtocolVersion::V1_4).start().unwrap();
    let name = unique_name(ProtocolVersion::V1_4, "batch");
    let mut batch = Batch::new();
    batch.order(true).continuation(BatchErrorContinuationOption::Continue);
    let created = batch.add(symmetric_key(&name));
    // The object of the ID Placeholder. PyKMIP reads no Activate that leaves it to that.
    let got = batch.add(GetRequest::default());
    let missing = batch.add(GetRequest::new("no such object"));
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Rsa))
        .with(Attribute::CryptographicLength(2048));
    let pair = batch.add(CreateKeyPairRequest {
        common_attributes: Some(attributes),
        private_key_attributes: Some(
            Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::SIGN)),
        ),
        public_key_attributes: Some(
            Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::VERIFY)),
        ),
        ..CreateKeyPairRequest::default()
    });
    let mut results = client.call_batch(batch).make().unwrap();
    let created = results.take(created).unwrap().unique_identifier;
    assert_eq!(results.take(got).unwrap().unique_identifier, created);
    let error = results.take(missing).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Server(_)), "{error}");
    let pair = results.take(pair).unwrap();
    assert_ne!(pair.private_key_unique_identifier, pair.public_key_unique_identifier);
}

fn a_batch_stops_at_the_first_failure<D: Drives>() {
    let client = builder::<D>().version(ProtocolVersion::V1_2).start().unwrap();
    let mut batch = Batch::new();
    let missing = batch.add(GetRequest::new("no such object"));
    let after = batch.add(QueryRequest::new([QueryFunction::QueryOperations]));
    let mut results = client.call_batch(batch).make().unwrap();
    assert!(results.take(missing).unwrap_err().server().is_some());
    let error = results.take(after).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotDone { failed: 0 }), "{error}");
}
