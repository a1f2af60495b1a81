//! Trust in what the operating system trusts.
//!
//! Where the system's certificates are files, `SSL_CERT_FILE` names others. A test does not set the environment of the
//! process that it shares with others: it runs itself in a process that has it.

use std::process::Command;

use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::{Client, ClientBuilder, ConfigurationError, ErrorKind, Phase, ProtocolVersion};

use crate::peer::{CERTIFICATES, STRANGERS, locates_nothing, script, server_config, tls_peer_with};

/// A client of a server of [`CERTIFICATES`] that trusts the system.
fn client() -> ClientBuilder {
    let address = tls_peer_with(server_config(&[&TLS12, &TLS13]), vec![script(locates_nothing)]);
    let client = &CERTIFICATES.client;
    Client::builder()
        .address(address.to_string())
        .identity_pem(client.certificate_pem(), client.key_pem())
        .version(ProtocolVersion::V1_4)
        .system_roots()
}

#[test]
fn takes_given_roots_beside_those_of_the_system() {
    client().root_certificates_pem(CERTIFICATES.ca_pem()).connect().unwrap();
}

#[test]
fn rejects_a_server_that_the_system_does_not_know() {
    let error = client().root_certificates_pem(STRANGERS.ca_pem()).connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
}

#[test]
fn refuses_a_pin_beside_the_roots_of_the_system() {
    let error = client().pinned_certificate_pem(CERTIFICATES.ca_pem()).connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::PinnedAndRoots)), "{error}");
}

#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
#[test]
fn takes_the_roots_that_the_environment_names() {
    let directory = std::env::temp_dir();
    for test in ["trusts_the_file", "says_that_there_are_none"] {
        let file = directory.join(format!("kmip-tests-{}-{test}.pem", std::process::id()));
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("system_roots::{test}"), "--ignored"])
            .env("SSL_CERT_FILE", &file)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        let _ = std::fs::remove_file(&file);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
}

fn write_roots(pem: &str) {
    std::fs::write(std::env::var_os("SSL_CERT_FILE").unwrap(), pem).unwrap();
}

#[test]
#[ignore = "takes_the_roots_that_the_environment_names runs it"]
fn trusts_the_file() {
    write_roots(&STRANGERS.ca_pem());
    let error = client().connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    assert!(error.to_string().contains("no root certificate that was given issued"), "{error}");
    write_roots(&CERTIFICATES.ca_pem());
    client().connect().unwrap();
}

#[test]
#[ignore = "takes_the_roots_that_the_environment_names runs it"]
fn says_that_there_are_none() {
    write_roots("");
    let error = client().connect().unwrap_err();
    let ErrorKind::Configuration(ConfigurationError::SystemRoots(_)) = error.kind() else {
        panic!("{error}")
    };
    assert!(error.to_string().contains("`root_certificates_pem`"), "{error}");
}
