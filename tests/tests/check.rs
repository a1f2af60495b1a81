//! What a check says of connections that do not come up, each against a real socket.

#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use kmip_sdk::check::{Report, Step, StepKind, Verdict};
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::{Client, ClientBuilder, ProtocolVersion};
use kmip_tests::nowhere::Nowhere;
use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The step that failed, after which nothing was looked at.
#[track_caller]
fn failed(report: &Report, kind: StepKind) -> &Step {
    let step = report.failure().unwrap_or_else(|| panic!("{report:#?}"));
    assert_eq!(step.kind, kind, "{report:#?}");
    assert!(
        report
            .steps
            .iter()
            .rev()
            .take_while(|other| other.kind != kind)
            .all(|later| later.verdict == Verdict::Skipped)
    );
    assert_eq!(report.steps.iter().map(|step| step.kind).collect::<Vec<_>>(), StepKind::ALL);
    step
}

fn to(server: &EmbeddedServer) -> ClientBuilder {
    let address = server.address().to_string();
    Client::builder().address(address).root_certificates_pem(server.ca_certificate_pem())
}

/// What answers connections until the test ends.
fn peer(answer: impl Fn(std::net::TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || answer(stream));
        }
    });
    address
}

/// A server of TLS with a certificate of this kind, and the certificate of its authority.
fn tls_server(
    change: impl FnOnce(&mut CertificateParams),
    answer: impl Fn(StreamOwned<ServerConnection, std::net::TcpStream>) + Send + Sync + 'static,
) -> (SocketAddr, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let config = Arc::new(config);
    let address = peer(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        answer(StreamOwned::new(connection, stream));
    });
    (address, authority.pem())
}

#[test]
fn finds_nothing_wrong_with_a_server() {
    let server = EmbeddedServer::start().unwrap();
    let report = Client::builder().embedded(&server).check();
    assert!(report.is_well(), "{report:#?}");
    assert_eq!(report.version, Some(ProtocolVersion::V2_1));
    assert_eq!(report.tls.len(), 2);
    assert!(report.tls.iter().all(|offer| offer.suites.len() >= 3), "{:?}", report.tls);
    assert_eq!(report.asks_for_certificate, Some(true));
    assert_eq!(report.chain[0].names, ["localhost", "127.0.0.1"]);
    assert!(report.capabilities.unwrap().query.operation.len() > 50);
    assert_eq!(report.steps.iter().map(|step| step.kind).collect::<Vec<_>>(), StepKind::ALL);
    assert!(report.steps.iter().all(|step| step.verdict == Verdict::Passed));
}

#[test]
fn says_that_nothing_is_set_up() {
    let step = failed(&Client::builder().check(), StepKind::Configuration).clone();
    assert!(step.advice.unwrap().contains("give an address"));
    let report = Client::builder().address("localhost").check();
    assert!(failed(&report, StepKind::Configuration).problem.as_ref().unwrap().contains("root certificate"));
}

#[test]
fn says_that_a_name_has_no_address() {
    let server = EmbeddedServer::start().unwrap();
    // RFC 6761 section 6.4: the name is of nobody.
    let report =
        Client::builder().address("kmip.invalid").root_certificates_pem(server.ca_certificate_pem()).check();
    assert!(failed(&report, StepKind::Name).problem.as_ref().unwrap().contains("\"kmip.invalid\""));
}

#[test]
fn says_that_a_port_is_refused() {
    let server = EmbeddedServer::start().unwrap();
    let nowhere = Nowhere::new().unwrap();
    let roots = server.ca_certificate_pem();
    let report =
        Client::builder().address(nowhere.address().to_string()).root_certificates_pem(roots).check();
    assert!(failed(&report, StepKind::Tcp).advice.as_ref().unwrap().contains("nothing listens there"));
}

#[test]
fn says_that_a_peer_is_silent() {
    let server = EmbeddedServer::start().unwrap();
    let address = peer(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let report = Client::builder()
        .address(address.to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .tls_timeout(Duration::from_millis(200))
        .check();
    assert!(failed(&report, StepKind::Tls).problem.as_ref().unwrap().contains("says nothing for 0.2 s"));
}

#[test]
fn says_what_is_spoken_instead_of_tls() {
    let server = EmbeddedServer::start().unwrap();
    for (said, expected) in [
        (&b"SSH-2.0-OpenSSH_9.9\r\n"[..], "the server speaks SSH on this port, not TLS"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the server speaks HTTP on this port, not TLS"),
    ] {
        let address = peer(move |mut stream| {
            let _ = stream.write_all(said);
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let report = Client::builder()
            .address(address.to_string())
            .root_certificates_pem(server.ca_certificate_pem())
            .check();
        assert_eq!(failed(&report, StepKind::Tls).problem.as_deref(), Some(expected));
    }
}

#[test]
fn says_that_an_authority_is_not_trusted() {
    let (server, other) = (EmbeddedServer::start().unwrap(), EmbeddedServer::start().unwrap());
    let address = server.address().to_string();
    let report = Client::builder()
        .address(address)
        .root_certificates_pem(other.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .check();
    let step = failed(&report, StepKind::Certificate);
    assert!(step.found[0].contains("CN=KMIP embedded server issued by CN=KMIP embedded server authority"));
    assert!(step.problem.is_some());
}

#[test]
fn says_that_a_certificate_has_expired() {
    let old = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
    };
    let (address, ca) = tls_server(old, |mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let report = Client::builder().address(address.to_string()).root_certificates_pem(ca).check();
    let step = failed(&report, StepKind::Certificate);
    assert!(step.problem.as_ref().unwrap().contains("has expired"), "{step:?}");
    assert!(step.found[0].contains("2001-01-01"), "{step:?}");
}

#[test]
fn says_that_a_certificate_is_for_another_name() {
    let server = EmbeddedServer::start().unwrap();
    let report = Client::builder().embedded(&server).server_name("kmip.example.com").check();
    let step = failed(&report, StepKind::Certificate);
    assert!(step.problem.as_ref().unwrap().contains("for another name"), "{step:?}");
}

#[test]
fn says_that_a_certificate_of_the_client_is_missing() {
    let server = EmbeddedServer::start().unwrap();
    let report = to(&server).check();
    let step = failed(&report, StepKind::ClientCertificate);
    assert!(step.problem.as_ref().unwrap().contains("wants a certificate"), "{step:?}");
    assert_eq!(report.asks_for_certificate, Some(true));
}

#[test]
fn says_that_a_certificate_of_the_client_is_not_taken() {
    let (server, other) = (EmbeddedServer::start().unwrap(), EmbeddedServer::start().unwrap());
    let report = to(&server).identity_pem(other.client_certificate_pem(), other.client_key_pem()).check();
    failed(&report, StepKind::ClientCertificate);
}

#[test]
fn says_that_a_server_of_tls_is_none_of_kmip() {
    let (address, ca) = tls_server(
        |_| (),
        |mut stream| {
            let mut begun = [0; 8];
            if stream.read_exact(&mut begun).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.flush();
            }
        },
    );
    let report = Client::builder().address(address.to_string()).root_certificates_pem(ca).check();
    let step = failed(&report, StepKind::Version);
    assert!(step.problem.as_ref().unwrap().contains("HTTP"), "{step:?}");
    assert_eq!(report.asks_for_certificate, Some(false));
}

#[test]
fn says_that_a_server_closes_without_an_answer() {
    let (address, ca) = tls_server(|_| (), |mut stream| drop(stream.read(&mut [0; 8])));
    let report = Client::builder().address(address.to_string()).root_certificates_pem(ca).check();
    assert!(failed(&report, StepKind::Version).advice.is_some());
}
