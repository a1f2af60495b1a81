//! No secret that passes through a client is in what it traces, in `Debug` of what holds it, or in its errors.

use std::fmt::{Debug, Write};
use std::sync::Arc;

use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType, ObjectType, Operation};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{Authentication, Credential};
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{EncryptRequest, GetRequest, LocateRequest, RegisterRequest};
use kmip_sdk::types::{ProtocolVersion, SecretBytes};
use kmip_sdk::{Batch, Client, Error, Phase, RequestOptions, RetryPolicy};
use kmip_tests::traced::{Log, dense, forms};

use crate::peer::{Script, builder, receive, script, send, tls_peer};

const KEY: &[u8; 32] = b"\x8Bthe key of the harbour's gate\xE2\x17";
const PASSWORD: &str = "seventeen herons";
const PLAINTEXT: &[u8] = b"meet at the old pier";

/// Answers every request as a server does.
fn serves(server: &Arc<Server>) -> Script {
    let server = Arc::clone(server);
    script(move |stream| {
        while let Some(request) = receive(stream) {
            send(stream, &server.handle(&request));
        }
    })
}

/// Answers the first request as a server does, but for the padding of the last item.
fn damages(server: &Arc<Server>) -> Script {
    let server = Arc::clone(server);
    script(move |stream| {
        let mut answer = server.handle(&receive(stream).unwrap()).to_vec();
        // The type of the header, which no answer can do without.
        answer[11] = 0;
        send(stream, &answer);
    })
}

/// Answers the first request with its first bytes.
fn breaks_off(server: &Arc<Server>) -> Script {
    let server = Arc::clone(server);
    script(move |stream| {
        let answer = server.handle(&receive(stream).unwrap());
        send(stream, &answer[..answer.len() - 8]);
    })
}

fn options() -> RequestOptions {
    let credential = Credential::username_and_password("harbour", PASSWORD);
    RequestOptions {
        authentication: Some(Authentication { credential: vec![credential] }),
        ..Default::default()
    }
}

fn registration() -> RegisterRequest {
    let material = KeyMaterial::Bytes(SecretBytes::from(KEY.to_vec()));
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 256);
    let attributes = Attributes::new()
        .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT);
    RegisterRequest::new(
        ObjectType::SymmetricKey,
        attributes,
        ManagedObject::SymmetricKey(SymmetricKey { key_block }),
    )
}

/// What is shown of values, errors included with all that they come from.
#[derive(Default)]
struct Shown(String);

impl Shown {
    fn debug(&mut self, value: &impl Debug) {
        writeln!(self.0, "{value:?}\n{value:#?}").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        let mut next: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = next {
            writeln!(self.0, "{error}\n{error:?}").unwrap();
            next = error.source();
        }
    }
}

/// All that a client does with secrets, well and badly.
fn exchange(shown: &mut Shown) {
    let server = Arc::new(Server::new(ServerOptions::default().user("harbour", PASSWORD)));
    let connect = |answers: Script, shown: &mut Shown| -> Client {
        let builder = builder(tls_peer(vec![answers])).options(options()).retries(RetryPolicy::NONE);
        shown.debug(&builder);
        let client = builder.connect().unwrap();
        shown.debug(&client);
        client
    };
    let client = connect(serves(&server), shown);
    let request = registration();
    shown.debug(&request);
    let identifier = client.call(request).send().unwrap().unique_identifier;
    let got = client.call(GetRequest::new(identifier.clone())).send().unwrap();
    assert!(
        matches!(&got.object, ManagedObject::SymmetricKey(key) if key.key_block.key_bytes() == Some(&KEY[..]))
    );
    shown.debug(&got);
    // The server says why it cannot: the key is not active.
    let error = client.call(EncryptRequest::new(identifier.clone(), PLAINTEXT.to_vec())).send().unwrap_err();
    assert_eq!(error.phase(), Phase::Result);
    shown.error(&error);

    let mut batch = Batch::new();
    batch.add(registration());
    let get = batch.add(GetRequest::new(identifier.clone()));
    shown.debug(&batch);
    let mut results = client.call_batch(batch).send().unwrap();
    shown.debug(&results);
    shown.debug(&results.take(get).unwrap());
    let session = Session::new(ProtocolVersion::V2_1).with_options(options());
    shown.debug(&session);
    shown.debug(&session.prepare_one(registration()).unwrap().0);

    let error =
        connect(damages(&server), shown).call(GetRequest::new(identifier.clone())).send().unwrap_err();
    assert_eq!(error.phase(), Phase::Decode, "{error}");
    shown.error(&error);
    let error = connect(breaks_off(&server), shown).call(GetRequest::new(identifier)).send().unwrap_err();
    assert_eq!(error.phase(), Phase::Receive, "{error}");
    shown.error(&error);
    // Comment is an attribute since KMIP 1.4 alone: the request cannot be written.
    let old = builder(tls_peer(vec![serves(&server)])).version(ProtocolVersion::V1_0).connect().unwrap();
    let mut request = registration();
    request.attributes = request.attributes.with_comment("of 1.4");
    let error = old.call(request).send().unwrap_err();
    assert_eq!(error.phase(), Phase::Encode, "{error}");
    shown.error(&error);
    shown.debug(&server);
}

/// With the embedded server, over its own certificates, agreeing on a version first.
fn embedded(shown: &mut Shown) -> String {
    let server = EmbeddedServer::start_with(ServerOptions::default().user("harbour", PASSWORD)).unwrap();
    let builder = Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .options(options());
    shown.debug(&(&server, &builder));
    let client = builder.connect().unwrap();
    client.call(registration()).send().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
    shown.debug(&client);
    server.client_key_pem().lines().nth(1).unwrap().to_owned()
}

#[test]
fn traces_shows_and_reports_no_secret() {
    let log = Log::default();
    // For all threads of the process, so that those of servers are heard too.
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let mut shown = Shown::default();
    exchange(&mut shown);
    let private_key = embedded(&mut shown);
    let log = log.text();
    for said in ["span call", "connected", "agreed", "done", "not answered", "operations"] {
        assert!(log.contains(said), "{said} is not in what was traced:\n{log}");
    }
    for said in ["Register", "harbour", "SymmetricKey", "EmbeddedServer", "key_material"] {
        assert!(shown.0.contains(said), "{said} is not in what was shown:\n{}", shown.0);
    }
    assert!(log.contains(&format!("{:?}", Operation::Get)));
    let (log, shown) = (dense(&log), dense(&shown.0));
    let secrets = [&KEY[1..29], &KEY[..8], PASSWORD.as_bytes(), PLAINTEXT, private_key.as_bytes()];
    for form in secrets.into_iter().flat_map(forms) {
        assert!(!log.contains(&form), "{form} was traced:\n{log}");
        assert!(!shown.contains(&form), "{form} was shown:\n{shown}");
    }
}

#[test]
fn what_is_looked_for_is_found() {
    let key = KEY.to_vec();
    for shown in [format!("{key:?}"), format!("{key:#?}"), format!("{PASSWORD:?}"), PASSWORD.to_uppercase()] {
        let secrets = [&KEY[..8], PASSWORD.as_bytes()];
        let is_found = secrets.into_iter().flat_map(forms).any(|form| dense(&shown).contains(&form));
        assert_eq!(is_found, shown != PASSWORD.to_uppercase(), "{shown}");
    }
}
