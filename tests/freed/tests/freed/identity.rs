//! What the client leaves of its private key and of its password.

use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use kmip_sdk::{Client, ClientBuilder};

use crate::Found;

/// Nothing listens there: the client has read its certificate and key by then.
const NOWHERE: &str = "127.0.0.1:1";

const PASSWORD: &str = "seventeen";

macro_rules! key {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/client/keys/", $name)).as_slice()
    };
}

/// The private key of P-256 that is in an unencrypted file: what comes behind the version of an ECPrivateKey.
fn private_key(file: &[u8]) -> &[u8] {
    let before = [0x02, 0x01, 0x01, 0x04, 0x20];
    let at = file.windows(before.len()).position(|bytes| bytes == before).unwrap() + before.len();
    &file[at..at + 32]
}

/// The password as PKCS#12 takes it.
fn wide(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn connect(client: ClientBuilder) {
    let error = client.address(NOWHERE).connect().unwrap_err();
    assert!(error.phase() == kmip_sdk::Phase::Connect, "{error}");
}

#[test]
fn keys_in_der_leave_nothing() {
    let mut findings = Found::default();
    let root = key!("pkcs12/root.pem");
    let certificate = CertificateDer::from_pem_slice(root).unwrap();
    let der = |pem: &[u8]| {
        let relabelled = String::from_utf8_lossy(pem).replace("ENCRYPTED PRIVATE", "PRIVATE");
        PrivatePkcs8KeyDer::from_pem_slice(relabelled.as_bytes()).unwrap().secret_pkcs8_der().to_vec()
    };
    let plain = der(key!("plain.pem"));
    let secrets = [private_key(&plain)];
    for (what, key) in [
        ("plain", plain.clone()),
        ("PBKDF2", der(key!("aes256-sha256.pem"))),
        ("scrypt", der(key!("aes256-scrypt.pem"))),
    ] {
        findings.look(what, &secrets, || {
            let client = Client::builder().root_certificates_pem(root).address(NOWHERE);
            let client = client.identity_der([certificate.to_vec()], key).identity_password(PASSWORD);
            // The certificate is of another key, which is found out when this one has been read.
            client.connect().unwrap_err();
        });
    }
    findings.assert_none();
}

#[test]
fn keys_in_pem_leave_nothing() {
    let mut findings = Found::default();
    let root = key!("pkcs12/root.pem");
    let plain = PrivatePkcs8KeyDer::from_pem_slice(key!("plain.pem")).unwrap();
    let text = std::str::from_utf8(key!("plain.pem")).unwrap().lines().nth(1).unwrap();
    let secrets = [private_key(plain.secret_pkcs8_der()), text.as_bytes()];
    for (what, key) in [("plain", key!("plain.pem")), ("PBKDF2", key!("aes256-sha256.pem"))] {
        findings.look(what, &secrets, || {
            let client = Client::builder().root_certificates_pem(root).address(NOWHERE);
            // The certificate is of another key, which is found out when this one has been read.
            client.identity_pem(root, key).identity_password(PASSWORD).connect().unwrap_err();
        });
    }
    findings.assert_none();
}

#[test]
fn pkcs12_leaves_nothing() {
    let mut findings = Found::default();
    let root = key!("pkcs12/root.pem");
    let password = wide(PASSWORD);
    let secrets = [private_key(key!("pkcs12/unencrypted.p12")), &password];
    for (what, file) in [
        ("AES", key!("pkcs12/aes256.p12")),
        ("3DES and RC2", key!("pkcs12/3des-rc2.p12")),
        ("unencrypted", key!("pkcs12/unencrypted.p12")),
    ] {
        findings.look(what, &secrets, || {
            let client = Client::builder().root_certificates_pem(root).identity_pkcs12(file);
            connect(client.identity_password(PASSWORD));
        });
        findings.look(what, &secrets, || {
            let client = Client::builder().root_certificates_pem(root).identity_pkcs12(file);
            client.identity_password("eighteen").address(NOWHERE).connect().unwrap_err();
        });
    }
    findings.assert_none();
}
