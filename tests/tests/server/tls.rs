//! The server on its port: TLS, certificates, slow and faulty peers, and the end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::message::{Message, ResponseMessage};
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_sdk::{Client, ClientBuilder, ProtocolVersion};
use kmip_tests::patience::LONG;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};

use crate::support::create_aes;

pub(crate) type Stream = StreamOwned<ClientConnection, TcpStream>;

fn client(server: &EmbeddedServer) -> ClientBuilder {
    Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
}

/// A connection on which anything can be written.
fn connect(
    server: &EmbeddedServer,
    versions: &[&'static SupportedProtocolVersion],
    identity: bool,
) -> Stream {
    connect_to(server, server.address(), versions, identity)
}

/// The same to any of the server's ports.
pub(crate) fn connect_to(
    server: &EmbeddedServer,
    address: SocketAddr,
    versions: &[&'static SupportedProtocolVersion],
    identity: bool,
) -> Stream {
    connect_by(&configuration(server, versions, identity), address)
}

/// The same by a configuration, which keeps what it takes to resume a session.
fn connect_by(config: &Arc<ClientConfig>, address: SocketAddr) -> Stream {
    let name = ServerName::try_from("localhost").unwrap();
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(LONG)).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), tcp)
}

fn configuration(
    server: &EmbeddedServer,
    versions: &[&'static SupportedProtocolVersion],
    identity: bool,
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.ca_certificate_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let config = if identity {
        let certificate = CertificateDer::from_pem_slice(server.client_certificate_pem().as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(server.client_key_pem().as_bytes()).unwrap();
        builder.with_client_auth_cert(vec![certificate], key).unwrap()
    } else {
        builder.with_no_client_auth()
    };
    Arc::new(config)
}

pub(crate) const BOTH: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

/// Whether the server listens there, also once it is gone: then the port may be another's, of a test that runs beside.
pub(crate) fn listening(server: &EmbeddedServer, address: SocketAddr) -> impl FnOnce() -> bool + use<> {
    let builder = client(server);
    move || TcpStream::connect(address).is_ok() && builder.address(address.to_string()).connect().is_ok()
}

/// What the server says before it closes.
fn last_words(mut stream: Stream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

#[test]
fn speaks_both_versions_of_tls() {
    let server = EmbeddedServer::start().unwrap();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let mut stream = connect(&server, &[version], true);
        say_anything(&mut stream);
        assert_eq!(stream.conn.protocol_version(), Some(version.version));
    }
}

/// Asks for something, so that all is there that the server sends at the beginning.
fn say_anything(stream: &mut Stream) {
    let nothing = kmip_sdk::types::Value::Structure(vec![]);
    let request =
        kmip_sdk::types::ttlv::encode(kmip_sdk::Tag::REQUEST_MESSAGE, &nothing, ProtocolVersion::V2_1);
    stream.write_all(&request.unwrap()).unwrap();
    let mut header = [0; 8];
    stream.read_exact(&mut header).unwrap();
    assert_eq!(header[..4], [0x42, 0x00, 0x7B, 1], "a ResponseMessage");
}

/// The certificate of a client that comes again is verified again.
#[test]
fn no_session_is_resumed() {
    let server = EmbeddedServer::start().unwrap();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let config = configuration(&server, &[version], true);
        for _ in 0..3 {
            let mut stream = connect_by(&config, server.address());
            say_anything(&mut stream);
            assert_ne!(stream.conn.handshake_kind(), Some(rustls::HandshakeKind::Resumed));
        }
    }
}

#[test]
fn several_clients_share_the_objects() {
    let server = EmbeddedServer::start().unwrap();
    let one = client(&server).connect().unwrap();
    let key = one.call(create_aes([])).send().unwrap().unique_identifier;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let other = client(&server).connect().unwrap();
                for _ in 0..10 {
                    let found = other.call(LocateRequest::default()).send().unwrap().unique_identifier;
                    assert_eq!(found, std::slice::from_ref(&key));
                }
            });
        }
    });
    let error = one.call(GetRequest::new("nobody")).send().unwrap_err();
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::ObjectNotFound));
    assert!(one.call(GetRequest::new(key)).send().is_ok(), "a failure leaves the connection usable");
}

#[test]
fn the_version_is_agreed_on() {
    let options = ServerOptions::default().versions([ProtocolVersion::V1_2, ProtocolVersion::V1_3]);
    let server = EmbeddedServer::start_with(options).unwrap();
    let client = client(&server).connect().unwrap();
    assert_eq!(client.version(), Some(ProtocolVersion::V1_3));
    client.call(create_aes([])).send().unwrap();
}

#[test]
fn a_client_without_a_certificate_of_the_authority_is_turned_away() {
    let server = EmbeddedServer::start().unwrap();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let mut stream = connect(&server, &[version], false);
        let refused = stream.write_all(&[0; 8]).and_then(|()| stream.read_exact(&mut [0; 8]));
        assert!(refused.is_err());
    }
    let other = EmbeddedServer::start().unwrap();
    let stranger = client(&server).identity_pem(other.client_certificate_pem(), other.client_key_pem());
    let refused = stranger
        .version(ProtocolVersion::V2_1)
        .connect()
        .and_then(|client| client.call(LocateRequest::default()).send().map(|_| ()));
    assert!(refused.is_err());
    let gullible = client(&server).root_certificates_pem(server.ca_certificate_pem());
    assert!(gullible.connect().is_ok());
}

#[test]
fn garbage_is_answered_before_the_connection_is_closed() {
    let limits = kmip_sdk::types::Limits { size: 4096, ..Default::default() };
    let server = EmbeddedServer::start_with(ServerOptions::default().limits(limits)).unwrap();
    for garbage in [
        // Not the tag of a request.
        b"GET / HTTP/1.1\r\n\r\n".as_slice(),
        // A request of which more is declared than the server takes.
        &[0x42, 0x00, 0x78, 1, 0x00, 0x00, 0x10, 0x00],
        &[0x42, 0x00, 0x78, 1, 0xFF, 0xFF, 0xFF, 0xF8],
        // A request that is no structure.
        &[0x42, 0x00, 0x78, 2, 0x00, 0x00, 0x00, 0x04],
        // A length that no structure has.
        &[0x42, 0x00, 0x78, 1, 0x00, 0x00, 0x00, 0x05],
    ] {
        let mut stream = connect(&server, BOTH, true);
        stream.write_all(garbage).unwrap();
        let response = ResponseMessage::from_ttlv(&last_words(stream)).unwrap();
        assert_eq!(response.batch_item[0].result_reason, Some(ResultReason::InvalidMessage));
    }
    client(&server).connect().unwrap().call(LocateRequest::default()).send().unwrap();
}

#[test]
fn slow_peers_are_cut_off() {
    let start = |options| EmbeddedServer::start_with(options).unwrap();
    let brief = Duration::from_millis(300);
    // One that does not begin the handshake.
    let server = start(ServerOptions::default().handshake_timeout(brief));
    let mut silent = TcpStream::connect(server.address()).unwrap();
    silent.set_read_timeout(Some(LONG)).unwrap();
    assert_eq!(silent.read(&mut [0; 1]).unwrap(), 0);
    // One that asks nothing.
    let server = start(ServerOptions::default().idle_timeout(brief));
    let mut idle = connect(&server, BOTH, true);
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
    // One that does not finish its request, but goes on sending. The handshake is to be over in the time of a message too.
    let server = start(ServerOptions::default().message_timeout(Duration::from_secs(3)));
    let mut dripping = connect(&server, BOTH, true);
    dripping.write_all(&[0x42, 0x00, 0x78, 1, 0, 1, 0, 0]).unwrap();
    let mut written = 0;
    while written < 0x1_0000 && dripping.write_all(&[0]).and_then(|()| dripping.flush()).is_ok() {
        written += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(written < 0x1_0000, "the server hangs up before the request is whole");
}

#[test]
fn more_connections_than_there_may_be_are_closed() {
    let server = EmbeddedServer::start_with(ServerOptions::default().maximum_connections(1)).unwrap();
    let first = client(&server).connect().unwrap();
    let second = client(&server).connect();
    assert!(second.is_err());
    drop(first);
    // The server notices that the first is gone in its own time.
    let begun = Instant::now();
    while let Err(error) = client(&server).connect() {
        assert!(begun.elapsed() < LONG, "{error}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn stops_at_once_whoever_is_connected() {
    let patient = ServerOptions::default().handshake_timeout(2 * LONG).message_timeout(2 * LONG);
    let server = EmbeddedServer::start_with(patient).unwrap();
    let client = client(&server).connect().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
    let _silent = TcpStream::connect(server.address()).unwrap();
    let listens = listening(&server, server.address());
    let started = Instant::now();
    drop(server);
    assert!(started.elapsed() < LONG);
    assert!(client.call(LocateRequest::default()).send().is_err());
    assert!(!listens(), "no one listens any more");
}

#[test]
fn the_server_behind_the_port_can_be_asked_directly() {
    let server = EmbeddedServer::start().unwrap();
    let client = client(&server).connect().unwrap();
    client.call(create_aes([])).send().unwrap();
    assert!(!server.server().handle(&[]).is_empty());
    let debug = format!("{server:?}");
    assert!(debug.contains("127.0.0.1") && !debug.contains("PRIVATE KEY"));
}

#[test]
fn a_fault_is_answered_and_leaves_the_connection_usable() {
    let faulty = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let options = ServerOptions::default().identifiers(move || {
        assert!(!faulty.swap(false, std::sync::atomic::Ordering::SeqCst), "a fault, once");
        "k".to_owned()
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    let client = client(&server).connect().unwrap();
    let error = client.call(create_aes([])).send().unwrap_err();
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::GeneralFailure));
    let key = client.call(create_aes([])).send().unwrap().unique_identifier;
    assert_eq!(client.call(LocateRequest::default()).send().unwrap().unique_identifier, [key]);
}

#[test]
fn what_a_client_makes_is_there_for_it_only() {
    let server = EmbeddedServer::start_with(ServerOptions::default().user("alice", "secret")).unwrap();
    let (certificate, key) = server.new_client("other").unwrap();
    let one = client(&server).connect().unwrap();
    let other = client(&server).identity_pem(&certificate, &*key).connect().unwrap();
    let made = one.call(create_aes([])).send().unwrap().unique_identifier;
    let count =
        |client: &Client| client.call(LocateRequest::default()).send().unwrap().unique_identifier.len();
    assert_eq!((count(&one), count(&other)), (1, 0));
    let error = other.call(GetRequest::new(made)).send().unwrap_err();
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::ObjectNotFound));
}
