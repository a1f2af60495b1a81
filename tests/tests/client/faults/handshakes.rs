//! Handshakes that fail, and peers that speak something else.

use std::io::{Read, Write};
use std::net::TcpStream;

use kmip_sdk::rustls;
use kmip_sdk::rustls::AlertDescription;
use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::operation::{ActivateRequest, LocateRequest};
use kmip_sdk::{Error, ErrorKind, Phase, ProtocolVersion, RetryPolicy};

use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{
    CERTIFICATES, STRANGERS, builder_of, locates_nothing, script, server_config, tcp_peer, tls_peer_with,
};

with_both_drivers![
    reports_that_the_server_refuses_the_client,
    names_what_speaks_instead_of_tls,
    reports_a_peer_that_closes_before_tls,
    reports_a_server_that_is_full,
];

/// That a change failed in the handshake, and was not made.
fn refused<D: Drives>(builder: kmip_sdk::generic::ClientBuilder<D>) -> Error {
    let client = builder.retries(RetryPolicy::NONE).version(ProtocolVersion::V1_4).start_late().unwrap();
    // In TLS 1.3 the client has sent its request when the server refuses its certificate.
    let error = client.call(ActivateRequest::new("k-1")).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    assert!(!error.is_outcome_unknown(), "{error}");
    assert_eq!((client.status().in_use(), client.status().idle()), (0, 0));
    error
}

fn reports_that_the_server_refuses_the_client<D: Drives>() {
    for versions in [&[&TLS12][..], &[&TLS13], &[&TLS13, &TLS12]] {
        let scripts = (0..2).map(|_| script(locates_nothing)).collect();
        let address = tls_peer_with(server_config(versions), scripts);
        let anonymous =
            D::builder().address(address.to_string()).root_certificates_pem(CERTIFICATES.ca_pem());
        let error = refused::<D>(anonymous);
        let ErrorKind::Tls(rustls::Error::AlertReceived(alert)) = error.kind() else { panic!("{error}") };
        // TLS 1.2 has no alert of its own for it.
        assert!(
            matches!(alert, AlertDescription::CertificateRequired | AlertDescription::HandshakeFailure),
            "{error}"
        );
        let stranger = &STRANGERS.client;
        let stranger = builder_of::<D>(address).identity_pem(stranger.certificate_pem(), stranger.key_pem());
        let error = refused::<D>(stranger);
        let ErrorKind::Tls(rustls::Error::AlertReceived(AlertDescription::UnknownCA)) = error.kind() else {
            panic!("{error}")
        };
    }
}

fn names_what_speaks_instead_of_tls<D: Drives>() {
    for (banner, expected) in [
        (&b"SSH-2.0-OpenSSH_9.6\r\n"[..], "SSH"),
        (b"220 mail.example.com ESMTP ready, if you please\r\n", "SMTP or FTP"),
        (b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "HTTP"),
    ] {
        let address = tcp_peer(vec![Box::new(move |mut tcp: TcpStream| {
            let _ = tcp.write_all(banner);
            let _ = tcp.read(&mut [0; 4096]);
            let _ = std::io::copy(&mut tcp, &mut std::io::sink());
        })]);
        let error = refused(builder_of::<D>(address));
        let ErrorKind::OtherProtocol { spoken, expected: "TLS" } = error.kind() else { panic!("{error}") };
        assert_eq!(*spoken, expected);
        assert!(!error.is_retryable(), "{error}");
    }
}

fn reports_a_peer_that_closes_before_tls<D: Drives>() {
    let address = tcp_peer(vec![Box::new(|mut tcp: TcpStream| drop(tcp.read(&mut [0; 4096])))]);
    let error = refused(builder_of::<D>(address));
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    assert!(error.is_retryable(), "{error}");
}

fn reports_a_server_that_is_full<D: Drives>() {
    let server = EmbeddedServer::start_with(ServerOptions::default().maximum_connections(1)).unwrap();
    let builder = || {
        D::builder()
            .address(server.address().to_string())
            .root_certificates_pem(server.ca_certificate_pem())
            .identity_pem(server.client_certificate_pem(), server.client_key_pem())
    };
    let first = builder().start().unwrap();
    let error = refused(builder());
    assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{error}");
    assert!(error.to_string().contains("no room for another connection"), "{error}");
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    first.call(LocateRequest::default()).make().unwrap();
}
