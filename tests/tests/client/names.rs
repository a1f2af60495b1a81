//! The name that the client connects by: what of it the server is told (SNI), and what its certificate must be for.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread;

use kmip_sdk::rustls::crypto::aws_lc_rs;
use kmip_sdk::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use kmip_sdk::rustls::server::{ClientHello, ResolvesServerCert};
use kmip_sdk::rustls::sign::CertifiedKey;
use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use kmip_sdk::{Client, ClientBuilder, ConfigurationError, ErrorKind, Phase, ProtocolVersion};
use rcgen::{CertificateParams, IsCa, KeyPair};

/// Shows one certificate, and tells what name it was asked for.
#[derive(Debug)]
struct Told {
    identity: Arc<CertifiedKey>,
    names: mpsc::Sender<Option<String>>,
}

impl ResolvesServerCert for Told {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let _ = self.names.send(hello.server_name().map(str::to_owned));
        Some(Arc::clone(&self.identity))
    }
}

/// A server for one connection on this address, whose certificate is for these names; the client of it; and the names
/// that it is asked for.
fn peer(
    listener: TcpListener,
    names: &[&str],
    versions: &[&'static SupportedProtocolVersion],
) -> (ClientBuilder, SocketAddr, mpsc::Receiver<Option<String>>) {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.is_ca = IsCa::ExplicitNoCa;
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing_key = aws_lc_rs::sign::any_supported_type(&der).unwrap();
    let identity = Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signing_key));
    let (sender, receiver) = mpsc::channel();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Told { identity, names: sender }));
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut tls = ServerConnection::new(Arc::new(config)).unwrap();
        while tls.complete_io(&mut tcp).is_ok_and(|(read, _)| read > 0) {}
    });
    let client = Client::builder().root_certificates_pem(certificate.pem()).version(ProtocolVersion::V1_4);
    (client, address, receiver)
}

#[test]
fn tells_the_server_its_name_but_no_address() {
    let names = &["localhost", "127.0.0.1", "kmip.example.com"];
    for versions in [&[&TLS12][..], &[&TLS13]] {
        for (host, server_name, told) in [
            ("127.0.0.1", None, None),
            ("localhost", None, Some("localhost")),
            ("127.0.0.1", Some("kmip.example.com"), Some("kmip.example.com")),
            ("localhost", Some("127.0.0.1"), None),
            // The dot at the end of a name in full is not sent (RFC 6066 section 3).
            ("127.0.0.1", Some("kmip.example.com."), Some("kmip.example.com")),
        ] {
            let (client, address, asked) = peer(TcpListener::bind("127.0.0.1:0").unwrap(), names, versions);
            let client = client.address(format!("{host}:{}", address.port()));
            let client = match server_name {
                Some(name) => client.server_name(name),
                None => client,
            };
            client.connect().unwrap();
            assert_eq!(asked.recv().unwrap().as_deref(), told, "{host} {server_name:?}");
        }
    }
}

#[test]
fn checks_the_certificate_by_the_name_that_is_said() {
    for (server_name, fits) in
        [(None, false), (Some("kmip.example.com"), true), (Some("other.example.com"), false)]
    {
        let (client, address, _) =
            peer(TcpListener::bind("127.0.0.1:0").unwrap(), &["kmip.example.com"], &[&TLS13]);
        let client = client.address(address.to_string());
        let client = match server_name {
            Some(name) => client.server_name(name),
            None => client,
        };
        match client.connect() {
            Ok(_) => assert!(fits, "{server_name:?}"),
            Err(error) => {
                assert!(!fits && error.phase() == Phase::Tls, "{error}");
                assert!(error.to_string().contains("`server_name`"), "{error}");
            }
        }
    }
}

#[test]
fn takes_addresses_of_ipv6() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        // A machine without IPv6.
        return;
    };
    for (server_name, told) in [(None, None), (Some("::1"), None), (Some("localhost"), Some("localhost"))] {
        let (client, address, asked) =
            peer(listener.try_clone().unwrap(), &["::1", "localhost"], &[&TLS13, &TLS12]);
        let client = client.address(address.to_string());
        let client = match server_name {
            Some(name) => client.server_name(name),
            None => client,
        };
        client.connect().unwrap();
        assert_eq!(asked.recv().unwrap().as_deref(), told);
    }
    let (client, address, _) = peer(listener, &["127.0.0.1"], &[&TLS13, &TLS12]);
    let error = client.address(address.to_string()).connect().unwrap_err();
    assert!(error.to_string().contains("another name"), "{error}");
}

#[test]
fn refuses_what_is_no_name() {
    for name in ["", "two words", "a..b", "[::1]", "kmip.example.com:5696"] {
        let error = Client::builder().address("127.0.0.1:1").server_name(name).connect().unwrap_err();
        let ErrorKind::Configuration(ConfigurationError::InvalidServerName { name: said }) = error.kind()
        else {
            panic!("{error}")
        };
        assert_eq!(said, name);
    }
}
