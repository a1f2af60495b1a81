//! TLS: who trusts whom, in which version, and what the client says when that fails.

use std::sync::Arc;

use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{self, AlertDescription, CertificateError, SupportedProtocolVersion};
use kmip_sdk::types::operation::LocateRequest;
use kmip_sdk::{Client, ClientBuilder, ConfigurationError, Error, ErrorKind, PemProblem, Phase};
use kmip_tests::nowhere::Nowhere;

use crate::peer::{
    CERTIFICATES, STRANGERS, builder, locates_nothing, script, server_config, tls_peer, tls_peer_with,
};

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The failure of connecting, or of the first call: in TLS 1.3 the server refuses the client after the client
/// is done with the handshake.
fn failure(builder: ClientBuilder) -> Error {
    match builder.connect() {
        Err(error) => error,
        Ok(client) => client.call(LocateRequest::default()).send().unwrap_err(),
    }
}

fn tls_failure(builder: ClientBuilder) -> rustls::Error {
    let error = failure(builder);
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    match error.kind() {
        ErrorKind::Tls(error) => error.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn takes_each_version_of_tls_with_mutual_authentication() {
    for (versions, expected) in [
        (&[&TLS12][..], rustls::ProtocolVersion::TLSv1_2),
        (&[&TLS13][..], rustls::ProtocolVersion::TLSv1_3),
        (BOTH, rustls::ProtocolVersion::TLSv1_3),
    ] {
        let address = tls_peer_with(server_config(versions), vec![script(locates_nothing)]);
        let client = builder(address).connect().unwrap();
        assert_eq!(client.tls_version(), Some(expected));
        for _ in 0..3 {
            assert_eq!(client.call(LocateRequest::default()).send().unwrap().unique_identifier, []);
        }
    }
}

#[test]
fn takes_a_name_and_a_ready_configuration() {
    let address = tls_peer(vec![script(locates_nothing), script(locates_nothing)]);
    builder(address).server_name("localhost").connect().unwrap();

    let mut roots = rustls::RootCertStore::empty();
    let pem = CERTIFICATES.ca_pem();
    let certificate =
        <rustls::pki_types::CertificateDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice;
    roots.add(certificate(pem.as_bytes()).unwrap()).unwrap();
    let key = <rustls::pki_types::PrivateKeyDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice;
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS12])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(
                vec![certificate(CERTIFICATES.client.certificate_pem().as_bytes()).unwrap()],
                key(CERTIFICATES.client.key_pem().as_bytes()).unwrap(),
            )
            .unwrap();
    let client = Client::builder()
        .address(address.to_string())
        .tls_config(Arc::new(config))
        .version(kmip_sdk::ProtocolVersion::V1_4)
        .connect()
        .unwrap();
    assert_eq!(client.tls_version(), Some(rustls::ProtocolVersion::TLSv1_2));
}

#[test]
fn rejects_a_server_of_an_unknown_issuer() {
    let address = tls_peer(vec![script(locates_nothing)]);
    let client = Client::builder().address(address.to_string()).root_certificates_pem(STRANGERS.ca_pem());
    let error = tls_failure(client);
    assert_eq!(error, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
}

#[test]
fn rejects_a_server_of_another_name() {
    let address = tls_peer(vec![script(locates_nothing)]);
    let error = tls_failure(builder(address).server_name("kmip.example.com"));
    let rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { expected, .. }) = error
    else {
        panic!("{error}");
    };
    assert_eq!(expected.to_str(), "kmip.example.com");
}

#[test]
fn rejects_a_server_without_a_wanted_version_of_tls() {
    let address = tls_peer_with(server_config(&[&TLS12]), vec![script(locates_nothing)]);
    let error = tls_failure(builder(address).tls13_only());
    let rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) = error else { panic!("{error}") };
}

#[test]
fn negotiation_leaves_a_refusal_as_one_of_tls() {
    let address = tls_peer_with(server_config(&[&TLS13]), vec![script(locates_nothing)]);
    let anonymous =
        Client::builder().address(address.to_string()).root_certificates_pem(CERTIFICATES.ca_pem());
    let error = anonymous.connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
}

#[test]
fn falls_back_to_the_next_address() {
    let nowhere = Nowhere::new().unwrap();
    let closed = nowhere.address();
    let error = builder(closed).connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Connect);
    assert_eq!(error.address(), Some(closed.to_string().as_str()));
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");

    let address = tls_peer(vec![script(locates_nothing)]);
    let client = builder(closed).address(address.to_string()).connect().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
}

#[test]
fn rejects_configurations_that_cannot_be_used() {
    let address = "127.0.0.1:1".parse().unwrap();
    let key = CERTIFICATES.client.key_pem();
    let certificate = CERTIFICATES.client.certificate_pem();
    let broken = certificate.replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\n!");
    let roots = CERTIFICATES.ca_pem();
    let start = Client::builder;
    type Check = fn(&ConfigurationError) -> bool;
    let cases: Vec<(ClientBuilder, Check)> = vec![
        (start().root_certificates_pem(&roots), |error| matches!(error, ConfigurationError::NoAddress)),
        (start().address("localhost:1"), |error| matches!(error, ConfigurationError::NoRootCertificate)),
        (
            builder(address).address("localhost:port"),
            |error| matches!(error, ConfigurationError::InvalidAddress { address } if address == "localhost:port"),
        ),
        (
            builder(address).server_name("not a name"),
            |error| matches!(error, ConfigurationError::InvalidServerName { name } if name == "not a name"),
        ),
        (
            builder(address).root_certificates_file("no/such/file.pem"),
            |error| matches!(error, ConfigurationError::File { path, .. } if path.ends_with("file.pem")),
        ),
        (builder(address).root_certificates_pem(&key), |error| {
            matches!(error, ConfigurationError::Pem { expected: "certificate", problem: PemProblem::Missing })
        }),
        (builder(address).root_certificates_pem(&broken), |error| {
            matches!(
                error,
                ConfigurationError::Pem { expected: "certificate", problem: PemProblem::Malformed }
            )
        }),
        (builder(address).identity_pem(&certificate, &certificate), |error| {
            matches!(error, ConfigurationError::Pem { expected: "private key", problem: PemProblem::Missing })
        }),
        (builder(address).identity_pem(&certificate, STRANGERS.client.key_pem()), |error| {
            matches!(error, ConfigurationError::KeyMismatch)
        }),
    ];
    for (number, (builder, check)) in cases.into_iter().enumerate() {
        let error = builder.connect().unwrap_err();
        assert_eq!(error.phase(), Phase::Configure, "{number}: {error}");
        assert!(!error.is_retryable() && !error.is_outcome_unknown(), "{number}: {error}");
        let ErrorKind::Configuration(kind) = error.kind() else { panic!("{number}: {error}") };
        assert!(check(kind), "{number}: {kind:?}");
    }
}
