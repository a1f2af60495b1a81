//! Certificates and keys as labs and appliances have them: encrypted keys, a pinned certificate, and words for
//! each certificate that is refused.

use std::sync::Arc;

use kmip_sdk::rustls::crypto::aws_lc_rs;
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use kmip_sdk::rustls::sign::{CertifiedKey, SingleCertAndKey};
use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{CertificateError, Error as TlsError, ServerConfig, SupportedProtocolVersion};
use kmip_sdk::types::operation::LocateRequest;
use kmip_sdk::{Client, ClientBuilder, ConfigurationError, EncryptedKeyProblem, ErrorKind, Phase};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd};

use crate::peer::{
    CERTIFICATES, STRANGERS, builder, locates_nothing, script, server_config, tls_peer, tls_peer_with,
};

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("keys/", $name, ".pem"))
    };
}

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The SHA-256 of the certificate in `version1.pem`, by OpenSSL.
const VERSION_1_SHA256: [u8; 32] = [
    0x6F, 0x74, 0xF2, 0xED, 0x4D, 0x06, 0x7D, 0x01, 0x02, 0x4C, 0xA3, 0x97, 0x98, 0x02, 0x95, 0x68, 0x15,
    0x73, 0x4A, 0x5E, 0xE4, 0x40, 0x11, 0x02, 0x22, 0x8E, 0x8A, 0xEB, 0x17, 0x09, 0xAE, 0x5E,
];

/// The SHA-256 of its public key, by OpenSSL.
const VERSION_1_PUBLIC_KEY_SHA256: [u8; 32] = [
    0x72, 0xEB, 0x32, 0x62, 0xC1, 0x94, 0x0C, 0x87, 0x20, 0x05, 0x54, 0x66, 0x0E, 0xB8, 0x01, 0x65, 0x18,
    0xCB, 0x0E, 0x8D, 0x2E, 0xB0, 0x20, 0x7C, 0xA9, 0x05, 0x34, 0xA9, 0x80, 0x02, 0xDE, 0x40,
];

/// The password of the encrypted keys, which are all the same: `plain.pem`, by OpenSSL.
const PASSWORD: &str = "seventeen";

/// The certificate of that key.
fn client_certificate() -> String {
    CERTIFICATES.client_certificate(&KeyPair::from_pem(key!("plain")).unwrap())
}

#[test]
fn decrypts_a_private_key() {
    let certificate = client_certificate();
    for key in [
        key!("plain"),
        key!("aes256-sha256"),
        key!("aes128-sha1"),
        key!("aes256-sha512"),
        key!("aes256-scrypt"),
        // Below other text, with the line ends of Windows.
        &format!("Bag Attributes\r\n{}", key!("aes256-sha256").replace('\n', "\r\n")),
    ] {
        let address = tls_peer_with(server_config(&[&TLS13, &TLS12]), vec![script(locates_nothing)]);
        let client = builder(address).identity_pem(&certificate, key).identity_password(PASSWORD);
        client.connect().unwrap().call(LocateRequest::default()).send().unwrap();
    }
}

#[test]
fn says_that_a_private_key_is_encrypted() {
    use EncryptedKeyProblem as Problem;
    let convert = "openssl pkcs8 -topk8 -v2 aes256 -in KEY -out NEW";
    for (key, password, expected, words) in [
        (key!("aes256-sha256"), None, Problem::NoPassword, "`identity_password`"),
        (key!("aes256-scrypt"), None, Problem::NoPassword, "openssl pkcs8 -in KEY -out NEW"),
        (key!("aes256-sha256"), Some("eighteen"), Problem::WrongPassword, "the password does not decrypt it"),
        (key!("aes256-scrypt"), Some(""), Problem::WrongPassword, "the password does not decrypt it"),
        (key!("traditional"), None, Problem::Traditional, convert),
        (key!("traditional"), Some(PASSWORD), Problem::Traditional, convert),
        (key!("pbes1"), Some(PASSWORD), Problem::UnsupportedAlgorithm, convert),
        (key!("des3"), Some(PASSWORD), Problem::UnsupportedAlgorithm, convert),
        (key!("camellia256"), None, Problem::UnsupportedAlgorithm, convert),
    ] {
        let client = builder("127.0.0.1:1".parse().unwrap()).identity_pem(client_certificate(), key);
        let client = match password {
            Some(password) => client.identity_password(password),
            None => client,
        };
        let error = client.connect().unwrap_err();
        assert_eq!(error.phase(), Phase::Configure, "{error}");
        let ErrorKind::Configuration(ConfigurationError::EncryptedKey { problem }) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*problem, expected, "{error}");
        let text = error.to_string();
        assert!(text.starts_with("configuring the client: the private key is encrypted"), "{text}");
        assert!(text.contains(words) && !text.contains("eighteen"), "{text}");
    }
    // Damaged, it is not one that is encrypted by something else.
    let damaged = key!("aes256-sha256").replacen("MIHs", "AAAA", 1);
    assert_ne!(damaged, key!("aes256-sha256"));
    let client = builder("127.0.0.1:1".parse().unwrap()).identity_pem(client_certificate(), damaged);
    let error = client.identity_password(PASSWORD).connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::Pem { .. })), "{error}");
}

/// A server's certificate with its key.
struct Lab {
    pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Lab {
    /// One that the key signs itself, for these names, with these changes.
    fn new(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (pem, certificate) = (certificate.pem(), certificate.der().clone());
        Self { pem, certificate, key: PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())) }
    }

    /// One of an authority, as `openssl req -x509` makes it.
    fn authority() -> Self {
        Self::new(&["localhost", "127.0.0.1"], |params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)
        })
    }

    /// One of X.509 version 1, as `openssl x509 -req` makes it without extensions.
    fn version_1() -> Self {
        Self {
            pem: key!("version1").to_owned(),
            certificate: CertificateDer::from_pem_slice(key!("version1").as_bytes()).unwrap(),
            key: PrivateKeyDer::from_pem_slice(key!("version1-key").as_bytes()).unwrap(),
        }
    }

    /// The certificate of version 1 with a key of the same kind that is not its own.
    fn version_1_with_another_key() -> Self {
        let key = PrivateKeyDer::from_pem_slice(key!("other-rsa").as_bytes()).unwrap();
        Self { key, ..Self::version_1() }
    }

    /// A server that has this certificate, and the key of this one or of another.
    fn config(&self, key: &Self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let signing_key = aws_lc_rs::sign::any_supported_type(&key.key).unwrap();
        let identity = CertifiedKey::new(vec![self.certificate.clone()], signing_key);
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
        Arc::new(config)
    }

    fn pem(&self) -> &str {
        &self.pem
    }

    /// The client of a server with this certificate, without anything that it trusts.
    fn client(&self, versions: &[&'static SupportedProtocolVersion]) -> ClientBuilder {
        self.client_of(self, versions)
    }

    fn client_of(&self, key: &Self, versions: &[&'static SupportedProtocolVersion]) -> ClientBuilder {
        let address = tls_peer_with(self.config(key, versions), vec![script(locates_nothing)]);
        Client::builder().address(address.to_string()).version(kmip_sdk::ProtocolVersion::V1_4)
    }
}

/// What the peer's certificate is refused for, with the words for it.
fn refusal(client: ClientBuilder) -> (TlsError, String) {
    let error = client.connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    let ErrorKind::Tls(kind) = error.kind() else { panic!("{error}") };
    (kind.clone(), error.to_string())
}

#[test]
fn says_what_is_wrong_with_a_certificate_and_what_to_do() {
    let names = &["localhost", "127.0.0.1"];
    let leaf = |change: fn(&mut CertificateParams)| {
        Lab::new(names, |params| {
            params.is_ca = IsCa::ExplicitNoCa;
            change(params);
        })
    };
    let expired = leaf(|params| params.not_after = date_time_ymd(2001, 1, 1));
    let early = leaf(|params| params.not_before = date_time_ymd(3001, 1, 1));
    let usage = leaf(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    let other_name = Lab::new(&["kmip.example.com"], |params| params.is_ca = IsCa::ExplicitNoCa);
    for (lab, words) in [
        (Lab::authority(), &["CA:TRUE", "pinned_certificate_pem"][..]),
        (Lab::version_1(), &["X.509 version 1", "pinned_certificate_pem"]),
        (expired, &["has expired", "renew it"]),
        (early, &["not valid yet", "clock"]),
        (usage, &["not for servers", "serverAuth"]),
        (other_name, &["another name", "server_name"]),
    ] {
        for versions in [&[&TLS12][..], &[&TLS13]] {
            let (error, text) = refusal(lab.client(versions).root_certificates_pem(lab.pem()));
            assert!(matches!(error, TlsError::InvalidCertificate(_)), "{error}");
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
            assert!(!text.contains("CaUsedAsEndEntity") && !text.contains("UnsupportedCert"), "{text}");
        }
    }
    for versions in [&[&TLS12][..], &[&TLS13]] {
        let (_, text) = refusal(leaf(|_| {}).client(versions).root_certificates_pem(STRANGERS.ca_pem()));
        assert!(text.contains("no root certificate that was given issued"), "{text}");
    }
    // What checks by the system's roots says it in its own way.
    let usage = leaf(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    let (_, text) = refusal(usage.client(BOTH).system_roots().root_certificates_pem(usage.pem()));
    assert!(text.contains("serverAuth") || cfg!(any(windows, target_vendor = "apple")), "{text}");
}

#[test]
fn takes_the_pinned_certificate_whatever_it_says() {
    let expired = Lab::new(&["elsewhere.example.com"], |params| params.not_after = date_time_ymd(2001, 1, 1));
    for lab in [Lab::authority(), Lab::version_1(), expired] {
        for versions in [&[&TLS12][..], &[&TLS13]] {
            for client in [
                lab.client(versions).pinned_certificate_pem(lab.pem()),
                lab.client(versions).pinned_certificate_der(lab.certificate.to_vec()),
            ] {
                client.connect().unwrap().call(LocateRequest::default()).send().unwrap();
            }
        }
    }
    let lab = Lab::version_1();
    for versions in [&[&TLS12][..], &[&TLS13]] {
        for client in [
            lab.client(versions).pinned_certificate_sha256(VERSION_1_SHA256),
            lab.client(versions).pinned_public_key_sha256(VERSION_1_PUBLIC_KEY_SHA256),
        ] {
            client.connect().unwrap().call(LocateRequest::default()).send().unwrap();
        }
    }
}

#[test]
fn rejects_every_certificate_but_the_pinned_one() {
    let mut almost = VERSION_1_SHA256;
    almost[31] ^= 1;
    let (pinned, other) = (Lab::authority(), Lab::authority());
    let version_1 = Lab::version_1();
    let clients: Vec<ClientBuilder> = vec![
        other.client(BOTH).pinned_certificate_pem(pinned.pem()),
        other.client(BOTH).pinned_certificate_der(pinned.certificate.to_vec()),
        other.client(BOTH).pinned_certificate_der(Vec::new()),
        other.client(BOTH).pinned_certificate_sha256(VERSION_1_SHA256),
        other.client(BOTH).pinned_public_key_sha256(VERSION_1_PUBLIC_KEY_SHA256),
        version_1.client(BOTH).pinned_certificate_sha256(almost),
        version_1.client(BOTH).pinned_certificate_sha256(VERSION_1_PUBLIC_KEY_SHA256),
        version_1.client(BOTH).pinned_public_key_sha256(VERSION_1_SHA256),
        // The last pin counts.
        other.client(BOTH).pinned_certificate_pem(other.pem()).pinned_certificate_pem(pinned.pem()),
    ];
    for client in clients {
        let (error, text) = refusal(client);
        assert!(matches!(error, TlsError::InvalidCertificate(CertificateError::Other(_))), "{error}");
        assert!(text.contains("not the pinned one"), "{text}");
    }
    // One that the pinned one issued, as an authority does.
    let address = tls_peer(vec![script(locates_nothing)]);
    let (_, text) =
        refusal(Client::builder().address(address.to_string()).pinned_certificate_pem(CERTIFICATES.ca_pem()));
    assert!(text.contains("not the pinned one"), "{text}");
}

#[test]
fn rejects_a_server_that_has_the_pinned_certificate_without_its_key() {
    for lab in [Lab::authority(), Lab::version_1()] {
        for other in [Lab::authority(), Lab::version_1_with_another_key()] {
            for versions in [&[&TLS12][..], &[&TLS13]] {
                let client = lab.client_of(&other, versions).pinned_certificate_pem(lab.pem());
                let error = client.connect().unwrap_err();
                assert_eq!(error.phase(), Phase::Tls, "{error}");
                let ErrorKind::Tls(kind) = error.kind() else { panic!("{error}") };
                // A key of another kind may leave no algorithm that fits both.
                let refused = matches!(
                    kind,
                    TlsError::InvalidCertificate(_)
                        | TlsError::PeerIncompatible(_)
                        | TlsError::PeerMisbehaved(_)
                );
                assert!(refused, "{error}: {kind:?}");
            }
        }
    }
}

#[test]
fn refuses_a_pin_beside_root_certificates_and_a_pin_that_is_none() {
    let lab = Lab::authority();
    let error = lab.client(BOTH).pinned_certificate_pem(lab.pem()).root_certificates_pem(lab.pem()).connect();
    let error = error.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::PinnedAndRoots)), "{error}");
    let error = lab.client(BOTH).pinned_certificate_pem("no certificate").connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::Pem { .. })), "{error}");
    let error = lab.client(BOTH).pinned_certificate_file("no/such/file.pem").connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(ConfigurationError::File { .. })), "{error}");
}
