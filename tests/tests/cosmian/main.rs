//! The client against the Cosmian KMS 5.28.0, a server that others wrote: as it was recorded, and as it is.
//!
//! The recorded exchanges are of 28 November 2026, over its socket of TLS and over HTTPS. A server that runs is named by the
//! environment: `COSMIAN_ADDR` (`HOST:PORT` of its socket), `COSMIAN_HTTPS` (`HOST:PORT`), and the PEM files `COSMIAN_CA`,
//! `COSMIAN_CERT` and `COSMIAN_KEY`. With `COSMIAN_RECORD`, a folder, what it says is recorded again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

#[allow(dead_code, unused_imports, unused_macros, reason = "another test has all of it")]
#[path = "../client/drivers.rs"]
mod drivers;
#[allow(dead_code, unused_imports, reason = "another test has all of it")]
#[path = "../client/peer.rs"]
mod peer;

use std::env;
use std::io::Read;
use std::path::Path;

use kmip_sdk::testing::{Recorder, Replay};
use kmip_sdk::types::case::Case;
use kmip_sdk::types::enumerations::{
    HashingAlgorithm, Operation, QueryFunction, ResultReason, RevocationReasonCode, State,
};
use kmip_sdk::types::operation::QueryRequest;
use kmip_sdk::types::text::{TextCodec, TextOptions};
use kmip_sdk::{Blocking, Client, ClientBuilder, Encoding, ErrorKind, ProtocolVersion};

use peer::{Script, Stream, builder_to, script, send, tls_peer};

/// What is recorded, and in which version.
const RECORDED: [(&str, ProtocolVersion); 3] = [
    ("1.2.xml", ProtocolVersion::V1_2),
    ("1.4.xml", ProtocolVersion::V1_4),
    ("2.1.xml", ProtocolVersion::V2_1),
];

/// A key and a key pair from their beginning to their end. Gives how much was tolerated of the answer with all attributes.
fn lives(client: &Client, name: &str) -> usize {
    let key = client.create_aes(256).name(name).activated().send().unwrap().unique_identifier;
    let all = client.get_attributes(&key).detailed().send().unwrap();
    assert_eq!(all.value.attributes.state(), Some(State::Active));
    assert_eq!(all.value.attributes.cryptographic_length(), Some(256));
    assert_eq!(client.locate().name(name).send().unwrap().unique_identifier, std::slice::from_ref(&key));
    assert_eq!(client.get(&key).send().unwrap().unique_identifier, key);
    let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send().unwrap();
    assert_eq!(client.decrypt(&encrypted).send().unwrap().reveal(), b"attack at dawn");

    let pair = client.create_rsa(2048).signing().activated().send().unwrap();
    let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    let sha_256 = HashingAlgorithm::Sha256;
    let signature = client.sign(&private, "attack at dawn").rsa_pss(sha_256).send().unwrap();
    client.signature_verify(&public, "attack at dawn", signature).rsa_pss(sha_256).send().unwrap();
    assert!(!client.hash(sha_256, "abc").send().unwrap().is_empty());
    assert!(!client.rng_retrieve(16).send().unwrap().reveal().is_empty());

    client.revoke(&key, RevocationReasonCode::CessationOfOperation).send().unwrap();
    client.destroy(&key).send().unwrap();
    let error = client.get(&key).send().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::ObjectDestroyed), "{error}");
    all.deviations.len()
}

/// What is listed of the attributes: in KMIP 2.1 it has a text for the Short Unique Identifier, which is 32 bytes.
fn tolerated(version: ProtocolVersion) -> usize {
    usize::from(version == ProtocolVersion::V2_1)
}

#[test]
fn works_with_it_as_it_was_recorded() {
    for (file, version) in RECORDED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cosmian").join(file);
        let case = Case::from_xml(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let replay = Replay::of([&case]).unwrap().on_mismatch(|why| panic!("{why}"));
        let client = Client::builder().service(replay).version(version).connect().unwrap();
        assert_eq!(lives(&client, "app"), tolerated(version), "{file}");
    }
}

/// A peer that answers requests over HTTPS by these responses, one after the other.
fn answering(responses: Vec<String>) -> ClientBuilder {
    fn receive(stream: &mut Stream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.split_once("content-length:").unwrap().1.split_once("\r\n").unwrap().0;
        stream.read_exact(&mut vec![0; length.trim().parse().unwrap()]).unwrap();
    }
    let answers: Script = script(move |stream| {
        for response in responses {
            receive(stream);
            send(stream, response.as_bytes());
        }
    });
    builder_to::<Blocking>(format!("https://{}/kmip/2_1", tls_peer(vec![answers])))
        .version(ProtocolVersion::V2_1)
}

fn http(status: &str, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn json(body: &str) -> String {
    http("200 OK", "application/json", body)
}

#[test]
fn reads_names_in_json_as_it_spells_them() {
    let query = || client_query(&answering(vec![json(include_str!("query.json"))]).connect().unwrap());
    assert!(query().unwrap().contains(&Operation::Pkcs11));

    let client = answering(vec![
        json(include_str!("attributes.json")),
        http(
            "422 Unprocessable Entity",
            "text/html",
            "Object_Not_Found: object not found for identifier nobody",
        ),
    ])
    .connect()
    .unwrap();
    let attributes = client.get_attributes("363c4c77-f4b6-423d-8ce7-03cc9a320037").send().unwrap().attributes;
    assert_eq!(attributes.state(), Some(State::PreActive));
    assert_eq!(attributes.digests().next().unwrap().hashing_algorithm, HashingAlgorithm::Sha256);
    let error = client.get("nobody").send().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::ObjectNotFound), "{error}");

    let strict = answering(vec![json(include_str!("query.json"))]).strict().connect().unwrap();
    let error = client_query(&strict).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Http { reason } if reason.contains("PKCS11")), "{error}");
}

fn client_query(client: &Client) -> Result<Vec<Operation>, kmip_sdk::Error> {
    let functions = [QueryFunction::QueryOperations, QueryFunction::QueryServerInformation];
    client.call(QueryRequest::new(functions)).send().map(|response| response.operation)
}

fn running(address: String) -> ClientBuilder {
    let variable = |name| env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    Client::builder()
        .address(address)
        .root_certificates_file(variable("COSMIAN_CA"))
        .identity_files(variable("COSMIAN_CERT"), variable("COSMIAN_KEY"))
}

#[test]
#[ignore = "needs a server that runs"]
fn works_with_it_as_it_is() {
    let (socket, https) = (env::var("COSMIAN_ADDR").unwrap(), env::var("COSMIAN_HTTPS").unwrap());
    // A name that no other run has given to an object.
    let name = |what: &str| format!("{what}-{}", std::process::id());
    for (file, version) in RECORDED {
        let recorder = Recorder::new();
        let client =
            running(socket.clone()).version(version).observer(recorder.observer()).connect().unwrap();
        assert_eq!(lives(&client, &name(file)), tolerated(version), "{file}");
        if let Ok(folder) = env::var("COSMIAN_RECORD") {
            recorder.save(Path::new(&folder).join(file)).unwrap();
        }
    }
    lives(&running(socket).connect().unwrap(), &name("agreed"));
    lives(&running(format!("https://{https}/kmip")).connect().unwrap(), &name("https"));
    let written = || TextCodec::new().options(TextOptions::cosmian());
    let messages = running(format!("https://{https}/kmip")).encoding(Encoding::Json).text_codec(written());
    lives(&messages.connect().unwrap(), &name("json"));
    lives(
        &running(format!("https://{https}/kmip/2_1")).text_codec(written()).connect().unwrap(),
        &name("bare"),
    );
}
