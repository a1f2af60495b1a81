//! One handshake, and what is learnt by it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::sign::CertifiedKey;
use rustls::{
    CipherSuite, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    SupportedProtocolVersion,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::tls::spoken;

/// What came of a handshake.
pub(super) enum Shaken {
    /// It was completed, with this suite.
    Done(CipherSuite),
    /// What the first bytes are that no TLS begins with.
    Spoken(&'static str),
    /// The peer closed the connection.
    Closed,
    /// Nothing came in time.
    Silent,
    /// TLS failed.
    Tls(Error),
    /// The connection failed.
    Io(io::Error),
}

/// Who is connected to, and how long each handshake may take.
pub(super) struct Peer<'a> {
    pub(super) address: SocketAddr,
    pub(super) name: &'a ServerName<'static>,
    pub(super) patience: Duration,
}

impl Peer<'_> {
    /// Completes a handshake, and closes the connection.
    pub(super) fn shake(&self, config: Arc<ClientConfig>) -> Shaken {
        let stream = match TcpStream::connect_timeout(&self.address, self.patience) {
            Ok(stream) => stream,
            Err(error) => return Shaken::Io(error),
        };
        let mut wire = Wire { stream, until: Instant::now() + self.patience, first: Vec::new() };
        let mut connection = match ClientConnection::new(config, self.name.clone()) {
            Ok(connection) => connection,
            Err(error) => return Shaken::Tls(error),
        };
        while connection.is_handshaking() {
            let Err(error) = connection.complete_io(&mut wire) else { continue };
            // Who can no longer be written to may have said why.
            if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
                && connection.read_tls(&mut wire).is_ok()
                && let Err(error) = connection.process_new_packets()
            {
                return Shaken::Tls(error);
            }
            if let Some(spoken) = spoken(&wire.first) {
                return Shaken::Spoken(spoken);
            }
            let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).cloned();
            return match (tls, error.kind()) {
                (Some(error), _) => Shaken::Tls(error),
                (_, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Shaken::Silent,
                (_, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => Shaken::Closed,
                _ => Shaken::Io(error),
            };
        }
        connection.send_close_notify();
        let _ = connection.write_tls(&mut wire); // Who does not hear it sees the connection end.
        connection.negotiated_cipher_suite().map_or(Shaken::Closed, |suite| Shaken::Done(suite.suite()))
    }
}

/// A stream that is read to a deadline, whose first bytes are kept.
struct Wire {
    stream: TcpStream,
    until: Instant,
    first: Vec<u8>,
}

impl Wire {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        let read = self.stream.read(buffer)?;
        let wanted = 16_usize.saturating_sub(self.first.len()).min(read);
        self.first.extend_from_slice(buffer.get(..wanted).unwrap_or_default());
        Ok(read)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A configuration of one version and some suites, which trusts any certificate and keeps what is shown.
///
/// # Errors
/// There is no such suite of that version.
pub(super) fn any(
    version: &'static SupportedProtocolVersion,
    without: &[CipherSuite],
    own: &ClientConfig,
    seen: &Arc<Seen>,
) -> Result<Arc<ClientConfig>, Error> {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites.retain(|suite| !without.contains(&suite.suite()));
    let provider = Arc::new(provider);
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(&[version])?;
    let verifier = Arc::new(Keeping { seen: Arc::clone(seen), provider });
    Ok(Arc::new(
        builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(Asked::of(own, seen)),
    ))
}

/// The configuration of the client, with what is asked of it kept.
pub(super) fn own(config: &ClientConfig, seen: &Arc<Seen>) -> Arc<ClientConfig> {
    let mut config = config.clone();
    config.client_auth_cert_resolver = Asked::of(&config, seen);
    Arc::new(config)
}

/// What a peer showed and asked for.
#[derive(Debug, Default)]
pub(super) struct Seen {
    chain: Mutex<Vec<CertificateDer<'static>>>,
    asked: AtomicBool,
    gave: AtomicBool,
}

impl Seen {
    /// The certificates that it showed last.
    pub(super) fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it asked for a certificate.
    pub(super) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether one was given.
    pub(super) fn gave(&self) -> bool {
        self.gave.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Keeping {
    seen: Arc<Seen>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Keeping {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = [end_entity].into_iter().chain(intermediates).map(|der| der.clone().into_owned());
        *self.seen.chain.lock().unwrap_or_else(PoisonError::into_inner) = chain.collect();
        Ok(ServerCertVerified::assertion())
    }

    // Nothing is sent over these connections, so that nobody needs to be who the certificate says.
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[derive(Debug)]
struct Asked {
    seen: Arc<Seen>,
    inner: Arc<dyn ResolvesClientCert>,
}

impl Asked {
    /// What gives the certificate that the client of this configuration has, and keeps that it was asked for.
    fn of(config: &ClientConfig, seen: &Arc<Seen>) -> Arc<Self> {
        Arc::new(Self { seen: Arc::clone(seen), inner: Arc::clone(&config.client_auth_cert_resolver) })
    }
}

impl ResolvesClientCert for Asked {
    fn resolve(&self, hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.seen.asked.store(true, Ordering::Relaxed);
        let found = self.inner.resolve(hints, schemes);
        self.seen.gave.store(found.is_some(), Ordering::Relaxed);
        found
    }

    fn has_certs(&self) -> bool {
        true
    }
}
