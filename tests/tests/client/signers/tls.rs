//! TLS with keys that stay in the key server: servers, and the client's own identity.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::framing::Framing;
use kmip_sdk::rustls::crypto::aws_lc_rs::default_provider;
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, ServerName};
use kmip_sdk::rustls::sign::SingleCertAndKey;
use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{
    self, ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    SupportedProtocolVersion,
};
use kmip_sdk::server::Server;
use kmip_sdk::signers::{RemoteKey, SignerError};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{Operation, RecommendedCurve};
use kmip_sdk::types::message::{Message, RequestMessage};
use kmip_sdk::{Blocking, Client, Error, ErrorKind, Phase, Tag};
use kmip_tests::patience::LONG;
use rcgen::{CertificateParams, KeyPair};

use super::{KeyServer, Kind, client, remote_key};
use crate::peer::{CERTIFICATES, locates_nothing, script, server_config, tls_peer_with};

/// A certificate of the key, signed by itself.
fn certificate(key: &RemoteKey<Blocking>) -> CertificateDer<'static> {
    let scheme = key.schemes().into_iter().find_map(|scheme| key.certificate_signer(scheme).ok()).unwrap();
    let parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
    parameters.self_signed(&scheme).unwrap().der().clone()
}

/// What comes of a handshake, on the client's side and on the server's, and how long the client waited.
struct Outcome {
    client: std::io::Result<String>,
    server: Result<(), rustls::Error>,
    took: Duration,
}

fn handshake(
    identity: Arc<SingleCertAndKey>,
    root: CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> Outcome {
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(identity);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, ended) = channel();
    thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        let result = connection.complete_io(&mut tcp).map(|_| ());
        let result = result.map_err(|error| error.downcast::<rustls::Error>().unwrap());
        if result.is_ok() {
            connection.writer().write_all(b"hello").unwrap();
            connection.send_close_notify();
        }
        // What is left to be sent, after a failure too.
        while connection.wants_write() && connection.write_tls(&mut tcp).is_ok() {}
        sender.send(result).unwrap();
        // What is unread when a socket closes resets the connection, and loses what was sent.
        let _ = tcp.shutdown(Shutdown::Write);
        let _ = std::io::copy(&mut tcp, &mut std::io::sink());
    });
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(2 * LONG)).unwrap();
    let begun = Instant::now();
    let mut tls = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp);
    let mut text = String::new();
    let client = tls.read_to_string(&mut text).map(|_| text);
    let took = begun.elapsed();
    Outcome { client, server: ended.recv_timeout(LONG).unwrap(), took }
}

#[test]
fn servers_of_both_versions_show_who_they_are_by_keys_of_every_kind() {
    let client = client::<Blocking>();
    for kind in [
        Kind::Rsa,
        Kind::Ec(RecommendedCurve::P256),
        Kind::Ec(RecommendedCurve::P384),
        Kind::Ec(RecommendedCurve::P521),
        Kind::Ed25519,
    ] {
        let key = remote_key(&client, kind);
        let certificate = certificate(&key);
        let identity = key.tls_identity([certificate.clone()]).unwrap();
        for version in [&TLS12, &TLS13] {
            let outcome = handshake(Arc::clone(&identity), certificate.clone(), version);
            assert_eq!(outcome.client.unwrap(), "hello", "{kind:?}, {:?}", version.version);
            assert_eq!(outcome.server, Ok(()), "{kind:?}, {:?}", version.version);
        }
    }
}

#[test]
fn an_rsa_key_without_pss_is_for_tls_1_2_alone() {
    // Before KMIP 1.4 nothing says how long the salt of PSS is.
    let key = remote_key(&KeyServer::new().client::<Blocking>(ProtocolVersion::V1_3), Kind::Rsa);
    let certificate = certificate(&key);
    let identity = key.tls_identity([certificate.clone()]).unwrap();
    let outcome = handshake(Arc::clone(&identity), certificate.clone(), &TLS12);
    assert_eq!(outcome.client.unwrap(), "hello");
    let outcome = handshake(identity, certificate, &TLS13);
    assert!(matches!(outcome.server, Err(rustls::Error::PeerIncompatible(_))), "{:?}", outcome.server);
    assert!(outcome.client.is_err());
}

/// The failure of the key server in an error of TLS.
fn cause(error: &rustls::Error) -> &Error {
    let rustls::Error::Other(other) = error else { panic!("{error:?}") };
    other.0.downcast_ref().unwrap()
}

#[test]
fn a_key_server_that_is_gone_is_an_error_of_tls() {
    let server = KeyServer::new();
    let key = remote_key(&server.client::<Blocking>(ProtocolVersion::V2_1), Kind::Ec(RecommendedCurve::P256));
    let certificate = certificate(&key);
    let identity = key.tls_identity([certificate.clone()]).unwrap();
    server.go();
    for version in [&TLS12, &TLS13] {
        let outcome = handshake(Arc::clone(&identity), certificate.clone(), version);
        let error = outcome.server.unwrap_err();
        assert!(matches!(cause(&error).kind(), ErrorKind::Closed), "{error}");
        // The other side is told nothing: the connection ends.
        assert_eq!(outcome.client.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
    }
}

/// A key server on a port, without TLS, that takes requests to sign and does not answer them.
fn silent_about_signing() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::new(Server::default());
    thread::spawn(move || {
        for tcp in listener.incoming() {
            let (mut tcp, server) = (tcp.unwrap(), Arc::clone(&server));
            thread::spawn(move || {
                let framing = Framing::new(Tag::REQUEST_MESSAGE);
                while let Ok(Some(request)) = framing.read_message(&mut tcp) {
                    let message = RequestMessage::from_ttlv(&request).unwrap();
                    if message.batch_item[0].operation == Operation::Sign {
                        // Until the client gives up.
                        let _ = tcp.read(&mut [0]);
                        return;
                    }
                    tcp.write_all(&server.handle(&request)).unwrap();
                }
            });
        }
    });
    let builder = Client::builder().address(address.to_string()).version(ProtocolVersion::V2_1);
    <Blocking as crate::drivers::Drives>::plain(builder).build().unwrap()
}

#[test]
fn a_key_server_that_is_silent_fails_the_handshake_when_the_time_is_up() {
    let client = silent_about_signing();
    let key = remote_key(&client, Kind::Ec(RecommendedCurve::P256)).with_timeout(Duration::from_millis(300));
    // A certificate of the same key, of which only the certificate counts: the signature is another's.
    let issuer = KeyPair::generate().unwrap();
    let signer = key.certificate_signer(key.schemes()[0]).unwrap();
    let issuer = rcgen::Issuer::new(CertificateParams::default(), issuer);
    let parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = parameters.signed_by(&signer, &issuer).unwrap().der().clone();
    let outcome = handshake(key.tls_identity([certificate.clone()]).unwrap(), certificate, &TLS13);
    let error = outcome.server.unwrap_err();
    assert!(cause(&error).is_timeout(), "{error}");
    assert!(outcome.client.is_err());
    assert!(outcome.took >= Duration::from_millis(300), "{:?}", outcome.took);
    assert!(outcome.took < LONG, "{:?}", outcome.took);
}

#[test]
fn the_client_shows_who_it_is_by_a_key_of_another_key_server() {
    let server = KeyServer::new();
    let client = server.client::<Blocking>(ProtocolVersion::V2_1);
    for kind in [Kind::Rsa, Kind::Ec(RecommendedCurve::P256)] {
        let key = remote_key(&client, kind);
        let scheme =
            key.schemes().into_iter().find_map(|scheme| key.certificate_signer(scheme).ok()).unwrap();
        let pem = CERTIFICATES.client_certificate(&scheme);
        let identity = key.tls_identity([CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()]).unwrap();
        for version in [&TLS12, &TLS13] {
            let address = tls_peer_with(server_config(&[version]), vec![script(locates_nothing)]);
            let client = Client::builder()
                .address(address.to_string())
                .root_certificates_pem(CERTIFICATES.ca_pem())
                .identity_resolver(Arc::clone(&identity) as Arc<_>)
                .version(ProtocolVersion::V1_4)
                .connect()
                .unwrap();
            assert_eq!(client.locate().send().unwrap().unique_identifier, []);
            assert_eq!(client.tls_version(), Some(version.version));
        }
    }
    // When that other one is gone, it is a failure of TLS that says why.
    let key = remote_key(&client, Kind::Ed25519);
    let signer = key.certificate_signer(key.schemes()[0]).unwrap();
    let pem = CERTIFICATES.client_certificate(&signer);
    let identity = key.tls_identity([CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()]).unwrap();
    server.go();
    let address = tls_peer_with(server_config(&[&TLS13]), vec![script(locates_nothing)]);
    let error = Client::builder()
        .address(address.to_string())
        .root_certificates_pem(CERTIFICATES.ca_pem())
        .identity_resolver(identity)
        .connect()
        .unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    let ErrorKind::Tls(tls) = error.kind() else { panic!("{error}") };
    assert!(matches!(cause(tls).kind(), ErrorKind::Closed), "{error}");
}

#[test]
fn a_certificate_of_another_key_and_a_key_that_tls_has_not_are_refused() {
    let client = client::<Blocking>();
    let [one, other] = [(); 2].map(|()| remote_key(&client, Kind::Ec(RecommendedCurve::P256)));
    let error = one.tls_identity([certificate(&other)]).unwrap_err();
    assert!(matches!(error, SignerError::OtherCertificate { .. }), "{error}");
    assert!(matches!(one.tls_identity([]), Err(SignerError::OtherCertificate { .. })));
    let key = remote_key(&client, Kind::Ec(RecommendedCurve::Secp256K1));
    let error = key.tls_identity([certificate(&other)]).unwrap_err();
    assert!(
        error.to_string().starts_with("TLS has no signatures with the key of a public key (EC, secp256k1)"),
        "{error}"
    );
}
