//! A proxy between clients and a server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::inspect::{Filter, Inspector};
use kmip_sdk::server::{EmbeddedServer, Proxy, ServerOptions};
use kmip_sdk::testing::Recorder;
use kmip_sdk::types::case::Case;
use kmip_sdk::types::object::SecretData;
use kmip_sdk::{Client, ClientBuilder, Direction, Encoding, ProtocolVersion, RetryPolicy};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Any port of this machine.
const ANY: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

fn through(proxy: &Proxy) -> Client {
    at(proxy, proxy.address().to_string()).connect().unwrap()
}

/// A client of the proxy's at an address of it.
fn at(proxy: &Proxy, address: String) -> ClientBuilder {
    Client::builder()
        .address(address)
        .root_certificates_pem(proxy.ca_certificate_pem())
        .identity_pem(proxy.client_certificate_pem(), proxy.client_key_pem())
        .version(ProtocolVersion::V2_1)
        .retries(RetryPolicy::NONE)
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

#[test]
fn stands_between_every_encoding_of_both_sides() {
    let server = EmbeddedServer::start().unwrap();
    let direct = || Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
    let https = |path: &str, encoding| {
        direct().address(format!("https://{}/{path}", server.https_address())).encoding(encoding)
    };
    let to_server = [
        direct(),
        https("kmip", Encoding::Ttlv),
        https("kmip", Encoding::Json),
        https("kmip", Encoding::Xml),
        https("kmip/2_1", Encoding::Json),
    ];
    for to_server in to_server {
        let inspector = Inspector::start().unwrap();
        let recorder = Recorder::new();
        let recorded = recorder.clone();
        let proxy = Proxy::builder(to_server.connect().unwrap())
            .watch(inspector.watcher())
            .watch(move |exchanged| recorded.add(exchanged.request, exchanged.response))
            .https_address(ANY)
            .listen("127.0.0.1:0")
            .unwrap();
        let address = proxy.https_address().unwrap();
        let to_proxy = [
            ("kmip", Encoding::Ttlv),
            ("kmip", Encoding::Json),
            ("kmip", Encoding::Xml),
            ("kmip/2_1", Encoding::Json),
        ];
        for (path, encoding) in to_proxy {
            let client =
                at(&proxy, format!("https://{address}/{path}")).encoding(encoding).connect().unwrap();
            let key = client.create_aes(256).send().unwrap();
            client.activate(&key).send().unwrap();
            let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send().unwrap();
            assert_eq!(client.decrypt(&encrypted).send().unwrap().reveal(), b"attack at dawn");
            let refused = client.get("nobody").send().unwrap_err();
            assert!(refused.server().is_some(), "{refused}");
        }
        let seen = inspector.exchanges(&Filter::all());
        let operations: Vec<&str> = seen.iter().map(|seen| seen.operations[0].as_str()).collect();
        assert_eq!(operations, ["Create", "Activate", "Encrypt", "Decrypt", "Get"].repeat(4));
        assert_eq!(inspector.exchanges(&Filter::all().deviations()).len(), 0);
        assert_eq!(inspector.exchanges(&Filter::all().failures()).len(), 4);
        let case = Case::from_xml(&recorder.to_case_xml().unwrap()).unwrap();
        assert_eq!(case.exchanges().unwrap().len(), 20);
    }
}

/// Posts a body to the proxy, and gives what it answers.
fn post(proxy: &Proxy, address: SocketAddr, content_type: &str, body: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(proxy.ca_certificate_pem().as_bytes()).unwrap()).unwrap();
    let certificate = CertificateDer::from_pem_slice(proxy.client_certificate_pem().as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(proxy.client_key_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)
        .unwrap();
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp);
    let length = body.len();
    write!(
        stream,
        "POST /kmip HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn shows_a_body_that_is_no_message() {
    let server = EmbeddedServer::start().unwrap();
    let inspector = Inspector::start().unwrap();
    let to_server = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    let proxy = Proxy::builder(to_server)
        .watch(inspector.watcher())
        .https_address(ANY)
        .listen("127.0.0.1:0")
        .unwrap();
    let body = r#"{"tag": "RequestMesage", "type": "Structure", "value": []}"#;
    let answer = post(&proxy, proxy.https_address().unwrap(), "application/json", body);
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("RequestMesage"), "{answer}");
    let seen = &inspector.exchanges(&Filter::all().failures())[0];
    assert_eq!((seen.request_size, seen.client.as_deref()), (body.len(), Some("KMIP client")));
    assert!(seen.results[0].contains("no message") && seen.results[0].contains("RequestMesage"), "{seen:?}");
    assert!(
        Proxy::builder(Client::builder().embedded(&server).connect().unwrap())
            .https_address(proxy.https_address().unwrap())
            .listen("127.0.0.1:0")
            .is_err()
    );
}
