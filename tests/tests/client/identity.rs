//! The client's certificate and key: from DER, from PKCS#12, and from what finds them when they are asked for.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kmip_sdk::rustls::client::ResolvesClientCert;
use kmip_sdk::rustls::crypto::aws_lc_rs;
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use kmip_sdk::rustls::sign::CertifiedKey;
use kmip_sdk::rustls::version::TLS12;
use kmip_sdk::rustls::{ServerConfig, SignatureScheme};
use kmip_sdk::{
    Client, ClientBuilder, ConfigurationError, DerProblem, EncryptedKeyProblem, Error, ErrorKind, Phase,
    Pkcs12Problem, ProtocolVersion,
};
use rcgen::KeyPair;

use crate::peer::{
    CERTIFICATES, STRANGERS, locates_nothing, script, server_config, server_config_for, tls_peer_with,
};

macro_rules! pkcs12 {
    ($name:literal) => {
        include_bytes!(concat!("keys/pkcs12/", $name, ".p12")).as_slice()
    };
}

/// The password of the keys and files that have one.
const PASSWORD: &str = "seventeen";

/// Nothing listens there: the configuration is looked at before.
const NOWHERE: &str = "127.0.0.1:1";

/// A client of a server with this configuration. In TLS 1.2 the server has taken the client's certificate when the
/// handshake is done.
fn client_of(config: Arc<ServerConfig>) -> ClientBuilder {
    client_at(tls_peer_with(config, vec![script(locates_nothing)]))
}

fn client_at(address: SocketAddr) -> ClientBuilder {
    Client::builder()
        .address(address.to_string())
        .root_certificates_pem(CERTIFICATES.ca_pem())
        .version(ProtocolVersion::V1_4)
}

/// A client of a server that takes what the files of PKCS#12 hold.
fn client_of_pkcs12() -> ClientBuilder {
    let root = CertificateDer::from_pem_slice(include_bytes!("keys/pkcs12/root.pem")).unwrap();
    client_of(server_config_for(root, &[&TLS12]))
}

fn refused(client: ClientBuilder) -> (ConfigurationError, String) {
    let error: Error = client.connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Configure, "{error}");
    let text = error.to_string();
    assert!(!text.contains(PASSWORD) && !text.contains("eighteen"), "{text}");
    let kind = match error.kind() {
        ErrorKind::Configuration(ConfigurationError::Pkcs12 { problem }) => {
            ConfigurationError::Pkcs12 { problem: *problem }
        }
        ErrorKind::Configuration(ConfigurationError::Der { expected, problem }) => {
            ConfigurationError::Der { expected, problem: *problem }
        }
        ErrorKind::Configuration(ConfigurationError::EncryptedKey { problem }) => {
            ConfigurationError::EncryptedKey { problem: *problem }
        }
        ErrorKind::Configuration(ConfigurationError::KeyMismatch) => ConfigurationError::KeyMismatch,
        ErrorKind::Configuration(ConfigurationError::NoClientCertificate) => {
            ConfigurationError::NoClientCertificate
        }
        other => panic!("{other:?}"),
    };
    (kind, text)
}

fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

/// What is in PEM of a key, whatever its label is.
fn key_der(pem: &str) -> Vec<u8> {
    let relabelled = pem.replace("ENCRYPTED PRIVATE", "PRIVATE");
    PrivatePkcs8KeyDer::from_pem_slice(relabelled.as_bytes()).unwrap().secret_pkcs8_der().to_vec()
}

#[test]
fn takes_certificates_and_keys_in_der() {
    let plain = KeyPair::from_pem(include_str!("keys/plain.pem")).unwrap();
    let certificate = der(&CERTIFICATES.client_certificate(&plain));
    for key in [
        include_str!("keys/plain.pem"),
        include_str!("keys/aes256-sha256.pem"),
        include_str!("keys/aes256-scrypt.pem"),
    ] {
        client_of(server_config(&[&TLS12]))
            .identity_der([certificate.clone()], key_der(key))
            .identity_password(PASSWORD)
            .connect()
            .unwrap();
    }
    // The root in DER too.
    let address = tls_peer_with(server_config(&[&TLS12]), vec![script(locates_nothing)]);
    Client::builder()
        .address(address.to_string())
        .root_certificates_der(der(&STRANGERS.ca_pem()))
        .root_certificates_der(der(&CERTIFICATES.ca_pem()))
        .identity_der([certificate], key_der(include_str!("keys/plain.pem")))
        .version(ProtocolVersion::V1_4)
        .connect()
        .unwrap();
}

#[test]
fn takes_a_key_in_the_older_forms_of_der() {
    // SEC1 is what lies in PKCS#8 of a key of an elliptic curve.
    let key = KeyPair::generate().unwrap();
    let certificate = der(&CERTIFICATES.client_certificate(&key));
    let pkcs8 = key.serialize_der();
    // SEQUENCE { INTEGER 1, OCTET STRING, … } in an octet string that goes to the end.
    let start = pkcs8.windows(5).position(|bytes| bytes[0] == 0x30 && bytes[2..] == [2, 1, 1]).unwrap();
    client_of(server_config(&[&TLS12])).identity_der([certificate], &pkcs8[start..]).connect().unwrap();
}

#[test]
fn says_what_is_wrong_with_der() {
    let certificate = der(&CERTIFICATES.client.certificate_pem());
    let key = key_der(&CERTIFICATES.client.key_pem());
    let start = || client_at(NOWHERE.parse().unwrap());
    let is_der = |error: ConfigurationError, of: &str, what: DerProblem| {
        matches!(
            error, ConfigurationError::Der { expected, problem } if expected == of && problem == what
        )
    };
    let (error, text) = refused(start().root_certificates_der(CERTIFICATES.ca_pem()));
    assert!(is_der(error, "certificate", DerProblem::Pem) && text.contains("`_pem`"), "{text}");
    let (error, _) = refused(start().root_certificates_der([certificate.clone(), vec![0]].concat()));
    assert!(is_der(error, "certificate", DerProblem::Malformed));
    let (error, _) = refused(start().identity_der([key.clone()], key.clone()));
    assert!(is_der(error, "certificate", DerProblem::Malformed));
    let (error, _) = refused(start().identity_der([certificate.clone()], certificate.clone()));
    assert!(is_der(error, "private key", DerProblem::Malformed));
    let (error, _) = refused(start().identity_der([certificate.clone()], CERTIFICATES.client.key_pem()));
    assert!(is_der(error, "private key", DerProblem::Pem));
    let (error, _) = refused(start().identity_der(Vec::<Vec<u8>>::new(), key));
    assert!(matches!(error, ConfigurationError::NoClientCertificate));
    let error = start().root_certificates_pem(&certificate).connect().unwrap_err();
    assert!(error.to_string().contains("it is DER") && error.to_string().contains("`_der`"), "{error}");
    let encrypted = key_der(include_str!("keys/aes256-sha256.pem"));
    let (error, text) = refused(start().identity_der([certificate.clone()], encrypted.clone()));
    assert!(matches!(error, ConfigurationError::EncryptedKey { problem: EncryptedKeyProblem::NoPassword }));
    assert!(text.contains("`identity_password`"), "{text}");
    let (error, _) = refused(start().identity_der([certificate], encrypted).identity_password("eighteen"));
    assert!(matches!(
        error,
        ConfigurationError::EncryptedKey { problem: EncryptedKeyProblem::WrongPassword }
    ));
}

/// What a file says of scrypt or of PBKDF2 may ask for all of the memory, or for years.
#[test]
fn refuses_encryption_that_costs_too_much() {
    let change = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let start = || client_at(NOWHERE.parse().unwrap()).identity_password(PASSWORD);
    let certificate = der(&CERTIFICATES.client.certificate_pem());
    let scrypt = key_der(include_str!("keys/aes256-scrypt.pem"));
    // p, which is 1.
    let costly =
        change(&scrypt, &[0x02, 0x01, 0x08, 0x02, 0x01, 0x01], &[0x02, 0x01, 0x08, 0x02, 0x01, 0x7F]);
    let (error, _) = refused(start().identity_der([certificate], costly));
    assert!(
        matches!(
            error,
            ConfigurationError::EncryptedKey { problem: EncryptedKeyProblem::UnsupportedAlgorithm }
        ),
        "{error}"
    );
    // The iterations of the MAC at the end, which are 2048, with the lengths around them.
    let mut mac = pkcs12!("unencrypted").to_vec();
    let (start_of_mac, end) = (mac.len() - 67, mac.len() - 4);
    assert_eq!((&mac[start_of_mac..][..2], &mac[end..]), (&[0x30, 0x41][..], &[0x02, 0x02, 0x08, 0x00][..]));
    mac.splice(end.., [0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF]);
    mac[start_of_mac + 1] += 2;
    mac[3] += 2;
    let (error, _) = refused(start().identity_pkcs12(mac));
    let problem = Pkcs12Problem::UnsupportedAlgorithm;
    assert!(matches!(error, ConfigurationError::Pkcs12 { problem: found } if found == problem), "{error}");
}

#[test]
fn says_that_a_certificate_and_a_key_do_not_belong_together() {
    let start = || client_at(NOWHERE.parse().unwrap());
    let certificate = CERTIFICATES.client.certificate_pem();
    let chain = CERTIFICATES.ca_pem() + &certificate;
    for client in [
        start().identity_pem(&certificate, STRANGERS.client.key_pem()),
        start().identity_der([der(&certificate)], key_der(&STRANGERS.client.key_pem())),
        // The right one, but not first.
        start().identity_pem(chain, CERTIFICATES.client.key_pem()),
    ] {
        let (error, text) = refused(client);
        assert!(matches!(error, ConfigurationError::KeyMismatch), "{error}");
        assert!(text.contains("do not belong together") && text.contains("first"), "{text}");
    }
}

#[test]
fn takes_pkcs12_of_old_and_new_tools() {
    for (file, password) in [
        (pkcs12!("aes256"), PASSWORD),
        (pkcs12!("aes128-sha512"), PASSWORD),
        (pkcs12!("with-root"), PASSWORD),
        (pkcs12!("3des-rc2"), PASSWORD),
        (pkcs12!("3des"), PASSWORD),
        (pkcs12!("2des-rc2-128"), PASSWORD),
        (pkcs12!("no-mac"), PASSWORD),
        (pkcs12!("unencrypted"), PASSWORD),
        (pkcs12!("unencrypted-no-mac"), "whatever"),
        (pkcs12!("password-in-unicode"), "Schlüssel 🔑"),
        (pkcs12!("empty-password"), ""),
        (pkcs12!("empty-password-3des"), ""),
    ] {
        client_of_pkcs12().identity_pkcs12(file).identity_password(password).connect().unwrap();
    }
    // No password is the empty one.
    client_of_pkcs12().identity_pkcs12(pkcs12!("empty-password")).connect().unwrap();
    client_of_pkcs12().identity_pkcs12(pkcs12!("unencrypted-no-mac")).connect().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client/keys/pkcs12/aes256.p12");
    client_of_pkcs12().identity_pkcs12_file(path).identity_password(PASSWORD).connect().unwrap();
}

#[test]
fn says_what_is_wrong_with_pkcs12() {
    use Pkcs12Problem as Problem;
    let truncated = &pkcs12!("aes256")[..700];
    for (file, password, expected, words) in [
        (pkcs12!("aes256"), None, Problem::NoPassword, "`identity_password`"),
        (pkcs12!("3des-rc2"), None, Problem::NoPassword, "`identity_password`"),
        (pkcs12!("no-mac"), None, Problem::NoPassword, "`identity_password`"),
        (pkcs12!("aes256"), Some("eighteen"), Problem::WrongPassword, "does not fit"),
        (pkcs12!("aes256"), Some(""), Problem::WrongPassword, "does not fit"),
        (pkcs12!("3des-rc2"), Some("eighteen"), Problem::WrongPassword, "does not fit"),
        (pkcs12!("empty-password"), Some("eighteen"), Problem::WrongPassword, "does not fit"),
        (pkcs12!("camellia"), Some(PASSWORD), Problem::UnsupportedAlgorithm, "AES-256-CBC"),
        (pkcs12!("key-only"), Some(PASSWORD), Problem::NoCertificate, "export the key with its certificate"),
        (pkcs12!("certificate-only"), Some(PASSWORD), Problem::NoKey, "export the certificate with its key"),
        (truncated, Some(PASSWORD), Problem::Malformed, "openssl pkcs12"),
        (b"", Some(PASSWORD), Problem::Malformed, "openssl pkcs12"),
        (include_bytes!("keys/plain.pem"), Some(PASSWORD), Problem::Malformed, "openssl pkcs12"),
    ] {
        let client = client_at(NOWHERE.parse().unwrap()).identity_pkcs12(file);
        let client = match password {
            Some(password) => client.identity_password(password),
            None => client,
        };
        let (error, text) = refused(client);
        assert!(matches!(error, ConfigurationError::Pkcs12 { problem } if problem == expected), "{error:?}");
        assert!(text.contains(words), "{text}");
    }
    let error =
        client_at(NOWHERE.parse().unwrap()).identity_pkcs12_file("no/such/file.p12").connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::File { .. })), "{error}");
}

/// Whatever a file holds, it is taken or refused.
#[test]
fn refuses_damaged_pkcs12_without_a_panic() {
    for (whole, bits) in [
        (pkcs12!("unencrypted-no-mac"), &[0x01, 0x80][..]),
        // Of these the MAC fails for most, after some work.
        (pkcs12!("unencrypted"), &[0x80]),
        (pkcs12!("3des-rc2"), &[0x01]),
    ] {
        for index in 0..whole.len() {
            for bit in bits {
                let mut damaged = whole.to_vec();
                damaged[index] ^= bit;
                let client = client_at(NOWHERE.parse().unwrap());
                if let Err(error) = client.identity_pkcs12(damaged).identity_password(PASSWORD).build() {
                    assert_eq!(error.phase(), Phase::Configure, "{error}");
                }
            }
        }
        for length in 0..whole.len() {
            let client = client_at(NOWHERE.parse().unwrap()).identity_pkcs12(&whole[..length]);
            let (error, _) = refused(client.identity_password(PASSWORD));
            assert!(matches!(error, ConfigurationError::Pkcs12 { problem: Pkcs12Problem::Malformed }));
        }
    }
}

/// What finds the client's certificate, and counts how often it was asked.
#[derive(Debug)]
struct Finds {
    identity: Option<Arc<CertifiedKey>>,
    asked: AtomicUsize,
}

impl ResolvesClientCert for Finds {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}

#[test]
fn asks_a_resolver_for_the_certificate_of_each_connection() {
    let key = PrivateKeyDer::from_pem_slice(CERTIFICATES.client.key_pem().as_bytes()).unwrap();
    let identity = CertifiedKey::new(
        vec![CertificateDer::from(der(&CERTIFICATES.client.certificate_pem()))],
        aws_lc_rs::sign::any_supported_type(&key).unwrap(),
    );
    let finds = Arc::new(Finds { identity: Some(Arc::new(identity)), asked: AtomicUsize::new(0) });
    for connections in 1..=2 {
        let client = client_of(server_config(&[&TLS12]));
        client.identity_resolver(Arc::clone(&finds) as _).connect().unwrap();
        assert_eq!(finds.asked.load(Ordering::Relaxed), connections);
    }
    let none = Arc::new(Finds { identity: None, asked: AtomicUsize::new(0) });
    let error = client_of(server_config(&[&TLS12])).identity_resolver(none).connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
}
