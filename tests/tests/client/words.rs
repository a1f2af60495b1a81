//! The words of a handshake that fails: what they say to do.

use std::io::{Read, Write};
use std::net::TcpStream;

use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{self, SupportedProtocolVersion};
use kmip_sdk::{Client, ClientBuilder, ErrorKind, Phase};
use rcgen::KeyPair;

use crate::peer::{
    CERTIFICATES, STRANGERS, builder, locates_nothing, script, server_config, tcp_peer, tls_peer_with,
};

/// The words, and what rustls says.
fn words(client: ClientBuilder) -> (String, rustls::Error) {
    let error = client.connect().unwrap_err();
    assert_eq!(error.phase(), Phase::Tls, "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    let ErrorKind::Tls(kind) = error.kind() else { panic!("{error}") };
    (error.to_string(), kind.clone())
}

/// The client of a peer that answers the first bytes with these, whatever they are.
fn client_of_answer(answer: impl Into<Vec<u8>>) -> ClientBuilder {
    let answer = answer.into();
    builder(tcp_peer(vec![Box::new(move |mut tcp: TcpStream| {
        let _ = tcp.read(&mut [0; 4096]);
        let _ = tcp.write_all(&answer);
        let _ = std::io::copy(&mut tcp, &mut std::io::sink());
    })]))
}

/// A fatal alert (RFC 8446 section 6), as it is before keys are agreed on.
fn alert(version: [u8; 2], description: u8) -> Vec<u8> {
    vec![0x15, version[0], version[1], 0, 2, 2, description]
}

#[test]
fn says_that_the_server_does_not_speak_tls() {
    for (answer, name) in [
        (&b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..], "HTTP"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "SSH"),
        (b"220 mail.example.com ESMTP\r\n", "SMTP or FTP"),
        (&[0x42, 0x00, 0x7B, 0x01, 0x00, 0x00, 0x00, 0x00], "KMIP without TLS"),
    ] {
        let error = client_of_answer(answer).connect().unwrap_err();
        assert!(error.phase() == Phase::Tls && !error.is_retryable(), "{error}");
        let ErrorKind::OtherProtocol { spoken, expected: "TLS" } = error.kind() else { panic!("{error}") };
        assert_eq!(*spoken, name);
        assert!(error.to_string().contains("5696"), "{error}");
    }
    let (text, error) = words(client_of_answer(&[0xEE; 64][..]));
    assert!(matches!(error, rustls::Error::InvalidMessage(_)), "{error:?}");
    assert!(text.contains("does not speak TLS on this port") && text.contains("5696"), "{text}");
}

#[test]
fn names_rsa_key_exchange_where_there_is_no_common_cipher_suite() {
    for description in [40, 71] {
        let (text, _) = words(client_of_answer(alert([3, 3], description)));
        for word in ["RSA key exchange", "3DES", "OpenSSL", "identity_pem"] {
            assert!(text.contains(word), "{text}");
        }
    }
    // A server that takes RSA key exchange unasked: ServerHello with TLS_RSA_WITH_AES_128_CBC_SHA.
    let mut hello = vec![0x16, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0x00, 0x2F, 0]);
    let (text, error) = words(client_of_answer(hello));
    assert!(text.contains("RSA key exchange"), "{text}: {error:?}");
}

#[test]
fn names_old_versions_of_tls() {
    // By an alert, and by a ServerHello of TLS 1.1.
    let mut hello = vec![0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0x00, 0x2F, 0]);
    for answer in [alert([3, 1], 70), hello] {
        let (text, error) = words(client_of_answer(answer));
        assert!(text.contains("1.0 nor 1.1") && text.contains("OpenSSL"), "{text}: {error:?}");
    }
    let address = tls_peer_with(server_config(&[&TLS12]), vec![script(locates_nothing)]);
    let (text, _) = words(builder(address).tls13_only());
    assert!(text.contains("`tls13_only`"), "{text}");
}

/// A client that finds out the version, so that it reads what the server says after the handshake.
fn client(versions: &[&'static SupportedProtocolVersion]) -> ClientBuilder {
    let address = tls_peer_with(server_config(versions), vec![script(locates_nothing)]);
    Client::builder().address(address.to_string()).root_certificates_pem(CERTIFICATES.ca_pem())
}

#[test]
fn says_what_the_server_wants_of_the_client() {
    for versions in [&[&TLS12][..], &[&TLS13]] {
        let (text, _) = words(client(versions));
        assert!(text.contains("give one with `identity_pem`"), "{text}");

        let stranger = &STRANGERS.client;
        let stranger = client(versions).identity_pem(stranger.certificate_pem(), stranger.key_pem());
        let (text, _) = words(stranger);
        assert!(text.contains("does not know who issued the client's certificate"), "{text}");

        let expired =
            |params: &mut rcgen::CertificateParams| params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = CERTIFICATES.client_certificate_with(&key, expired);
        let (text, _) = words(client(versions).identity_pem(certificate, key.serialize_pem()));
        assert!(text.contains("client's certificate to have expired: renew it"), "{text}");
    }
}

#[test]
fn says_what_other_alerts_mean() {
    for (description, expected) in [
        (42, "does not accept the client's certificate"),
        (43, "clientAuth"),
        (44, "to be revoked"),
        (46, "does not accept the client's certificate"),
        (49, "denies it access"),
        (51, "signature does not fit"),
        (112, "`server_name`"),
        (116, "`identity_pem`"),
    ] {
        let (text, _) = words(client_of_answer(alert([3, 3], description)));
        assert!(text.contains(expected), "{description}: {text}");
    }
}
