//! An embedded server that is configured: its ports and certificates, stopping and going on, and who clients are.

use std::net::{Ipv4Addr, TcpListener};

use kmip_sdk::Client;
use kmip_sdk::server::{CertificateIdentity, EmbeddedServer, ServerOptions};
use rcgen::{CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};

/// An authority of the user's.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "house");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn issued(
    authority: &CertifiedIssuer<'static, KeyPair>,
    change: impl FnOnce(&mut CertificateParams),
) -> (String, String) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.subject_alt_names.push(SanType::IpAddress(Ipv4Addr::LOCALHOST.into()));
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

#[test]
fn goes_on_where_it_stopped_with_its_objects_certificates_and_addresses() {
    // On an address that no test beside has, where there are several: its ports are free for a while.
    let own = Ipv4Addr::new(127, 0, 0, if cfg!(target_os = "linux") { 3 } else { 1 });
    let server = EmbeddedServer::builder().bind_address(own).https_bind_address(own);
    let server = server.server_name(own.to_string()).start().unwrap();
    let other = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let key = client.create_aes(256).name("app").send().unwrap();
    let (address, https) = (server.address(), server.https_address());
    let stopped = server.stop();
    assert!(client.get_attributes(&key).send().is_err());
    let server = EmbeddedServer::builder().resume(stopped).start().unwrap();
    assert_eq!((server.address(), server.https_address()), (address, https));
    client.get_attributes(&key).send().unwrap();
    // Another server in the same test knows nothing of it.
    let stranger = Client::builder().embedded(&other).connect().unwrap();
    assert!(stranger.get_attributes(&key).send().is_err());
}

#[test]
fn listens_on_a_port_that_was_chosen_and_says_that_it_is_taken() {
    // One that is free may be taken by a test that runs beside before the server has it.
    let ports =
        (0..100).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port());
    let mut started =
        ports.filter_map(|free| Some((EmbeddedServer::builder().port(free).start().ok()?, free)));
    let (server, free) = started.next().unwrap();
    assert_eq!(server.address().port(), free);
    let error = EmbeddedServer::builder().port(free).start().unwrap_err();
    assert!(matches!(error, kmip_sdk::server::StartError::Listen(_)), "{error:?}");
}

#[test]
fn shows_the_users_certificate_and_takes_clients_of_the_users_authority_only() {
    let authority = authority();
    let (certificate, key) = issued(&authority, |_| {});
    let server = EmbeddedServer::builder()
        .identity_pem(certificate, key)
        .client_root_certificates_pem(authority.pem())
        .start()
        .unwrap();
    let (certificate, key) = issued(&authority, |_| {});
    let to =
        || Client::builder().address(server.address().to_string()).root_certificates_pem(authority.pem());
    to().identity_pem(certificate, key).connect().unwrap();
    let (certificate, key) = server.new_client("alice").unwrap();
    assert!(to().identity_pem(certificate, key.as_bytes()).connect().is_err());
}

#[test]
fn its_own_certificate_is_for_more_names() {
    let server = EmbeddedServer::builder().server_name("kms.example").start().unwrap();
    let to = |name: &str| {
        Client::builder()
            .address(server.address().to_string())
            .server_name(name)
            .root_certificates_pem(server.ca_certificate_pem())
            .identity_pem(server.client_certificate_pem(), server.client_key_pem())
            .connect()
    };
    to("kms.example").unwrap();
    assert!(to("other.example").is_err());
}

#[test]
fn the_part_of_the_certificate_that_the_options_say_is_the_identity() {
    let authority = authority();
    let identity_with = |options: ServerOptions| {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
        let kept = std::sync::Arc::clone(&seen);
        let options = options.layer(
            move |incoming: &kmip_sdk::server::layer::Incoming<'_>,
                  next: kmip_sdk::server::layer::Next<'_>| {
                *kept.lock().unwrap() = incoming.identity().map(str::to_owned);
                next.run(incoming)
            },
        );
        let server = EmbeddedServer::builder()
            .options(options)
            .client_root_certificates_pem(authority.pem())
            .start()
            .unwrap();
        let (certificate, key) = issued(&authority, |params| {
            params.serial_number = Some(vec![0x0A, 0x0B].into());
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, "app");
            params.distinguished_name.push(DnType::OrganizationName, "Example");
            params.subject_alt_names.push(SanType::Rfc822Name("app@example.com".try_into().unwrap()));
            params.subject_alt_names.push(SanType::URI("spiffe://example/app".try_into().unwrap()));
        });
        Client::builder()
            .address(server.address().to_string())
            .root_certificates_pem(server.ca_certificate_pem())
            .identity_pem(certificate, key)
            .connect()
            .unwrap();
        let seen = seen.lock().unwrap().clone();
        seen.unwrap()
    };
    for (part, expected) in [
        (CertificateIdentity::CommonName, "app"),
        (CertificateIdentity::Subject, "O=Example,CN=app"),
        (CertificateIdentity::DnsName, "localhost"),
        (CertificateIdentity::Email, "app@example.com"),
        (CertificateIdentity::Uri, "spiffe://example/app"),
        (CertificateIdentity::SerialNumber, "0a0b"),
    ] {
        assert_eq!(identity_with(ServerOptions::default().identity_from(part)), expected, "{part:?}");
    }
    let fingerprint = ServerOptions::default().identity_from(CertificateIdentity::Fingerprint);
    assert_eq!(identity_with(fingerprint).len(), 64);
    assert_eq!(identity_with(ServerOptions::default().identity_by(|_| Some("who".to_owned()))), "who");
    // One that is nobody is not the application, who sees everything.
    assert_eq!(identity_with(ServerOptions::default().identity_by(|_| None)).len(), 64);
}
