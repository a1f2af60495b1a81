//! A proxy between clients and a server.

use std::sync::{Arc, Mutex};

use kmip_sdk::inspect::{Filter, Inspector};
use kmip_sdk::server::{EmbeddedServer, Proxy, ServerOptions};
use kmip_sdk::testing::Recorder;
use kmip_sdk::types::case::Case;
use kmip_sdk::types::object::SecretData;
use kmip_sdk::{Client, Direction, ProtocolVersion, RetryPolicy};

fn through(proxy: &Proxy) -> Client {
    Client::builder()
        .address(proxy.address().to_string())
        .root_certificates_pem(proxy.ca_certificate_pem())
        .identity_pem(proxy.client_certificate_pem(), proxy.client_key_pem())
        .version(ProtocolVersion::V2_1)
        .retries(RetryPolicy::NONE)
        .connect()
        .unwrap()
}

#[test]
fn sends_on_and_gives_back_the_very_bytes() {
    let at_server = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&at_server);
    let options = ServerOptions::default().observer(move |direction: Direction, message: &[u8]| {
        seen.lock().unwrap().push((direction, message.to_vec()));
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    let at_proxy = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&at_proxy);
    let builder = Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
    let proxy = Proxy::builder(builder.connect().unwrap())
        .watch(move |exchanged| {
            assert_eq!(exchanged.client, Some("KMIP client"));
            let mut seen = seen.lock().unwrap();
            seen.push((Direction::Request, exchanged.request.to_vec()));
            seen.push((Direction::Response, exchanged.response.to_vec()));
        })
        .listen("127.0.0.1:0")
        .unwrap();
    let client = through(&proxy);
    let key = client.create_aes(256).activated().send().unwrap();
    let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send().unwrap();
    assert_eq!(client.decrypt(&encrypted).send().unwrap().reveal(), b"attack at dawn");
    // What is no message of the standard's goes on too.
    let vendor = client.exchange(b"\x42\x00\x78\x01\x00\x00\x00\x00").send().unwrap();
    assert!(!vendor.is_empty());
    let (at_server, at_proxy) = (at_server.lock().unwrap(), at_proxy.lock().unwrap());
    assert_eq!(at_proxy.len(), 8);
    assert!(*at_server == *at_proxy);
}

#[test]
fn records_and_is_inspected() {
    let server = EmbeddedServer::start().unwrap();
    let (recorder, inspector) = (Recorder::new(), Inspector::start().unwrap());
    let recorded = recorder.clone();
    let builder = Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
    let proxy = Proxy::builder(builder.connect().unwrap())
        .watch(move |exchanged| recorded.add(exchanged.request, exchanged.response))
        .watch(inspector.watcher())
        .listen("127.0.0.1:0")
        .unwrap();
    let (one, other) = (through(&proxy), through(&proxy));
    one.register(SecretData::password("attack at dawn")).send().unwrap();
    other.create_aes(256).send().unwrap();
    let xml = recorder.to_case_xml().unwrap();
    assert_eq!(Case::from_xml(&xml).unwrap().exchanges().unwrap().len(), 2);
    assert!(!xml.contains("61747461636b"), "{xml}");
    let seen = inspector.exchanges(&Filter::all());
    assert_eq!((seen[0].operations[0].as_str(), seen[1].operations[0].as_str()), ("Register", "Create"));
    assert_ne!(seen[0].connection, seen[1].connection);
}

#[test]
fn ends_the_connection_where_the_server_does_not_answer() {
    let server = EmbeddedServer::start().unwrap();
    let inspector = Inspector::start().unwrap();
    let builder = Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
    let proxy =
        Proxy::builder(builder.connect().unwrap()).watch(inspector.watcher()).listen("127.0.0.1:0").unwrap();
    let client = through(&proxy);
    client.create_aes(256).send().unwrap();
    drop(server);
    assert!(client.create_aes(256).send().unwrap_err().server().is_none());
    let failed = inspector.exchanges(&Filter::all().failures());
    assert_eq!((failed.len(), failed[0].number), (1, 2));
    assert!(!failed[0].results[0].is_empty());
}

#[test]
fn takes_no_client_without_its_certificate() {
    let (server, other) = (EmbeddedServer::start().unwrap(), EmbeddedServer::start().unwrap());
    let builder = Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
    let proxy = Proxy::builder(builder.connect().unwrap()).listen("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .address(proxy.address().to_string())
        .root_certificates_pem(proxy.ca_certificate_pem())
        .identity_pem(other.client_certificate_pem(), other.client_key_pem())
        .version(ProtocolVersion::V2_1)
        .retries(RetryPolicy::NONE)
        .connect()
        .unwrap();
    assert!(client.create_aes(256).send().is_err());

    let proxy = Proxy::builder(Client::builder().embedded(&server).connect().unwrap())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .client_root_certificates_pem(other.ca_certificate_pem())
        .listen("127.0.0.1:0")
        .unwrap();
    let client = Client::builder()
        .address(proxy.address().to_string())
        .pinned_certificate_pem(server.client_certificate_pem())
        .identity_pem(other.client_certificate_pem(), other.client_key_pem())
        .connect()
        .unwrap();
    client.create_aes(256).send().unwrap();
}
