//! A peer on the loopback interface that does what a test says, with certificates made for it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use kmip_sdk::framing::Framing;
use kmip_sdk::rustls::crypto::aws_lc_rs;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use kmip_sdk::rustls::server::WebPkiClientVerifier;
use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion,
};
use kmip_sdk::types::message::{Message, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_sdk::types::operation::{LocateResponse, ResponsePayload};
use kmip_sdk::types::{DateTime, ProtocolVersion};
use kmip_sdk::{ClientBuilder, Tag, Timeouts, generic};
use kmip_tests::patience::LONG;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    PublicKeyData,
};

use crate::drivers::Drives;

/// A root, with a certificate from it.
pub(crate) struct Certificates {
    ca: CertifiedIssuer<'static, KeyPair>,
    pub(crate) server: Identity,
    pub(crate) client: Identity,
}

/// A certificate with its key.
pub(crate) struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Certificates {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let leaf = |names: &[&str], usage| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let mut params = CertificateParams::new(names).unwrap();
            params.extended_key_usages = vec![usage];
            let key = KeyPair::generate().unwrap();
            Identity { certificate: params.signed_by(&key, &ca).unwrap(), key }
        };
        let server = leaf(&["localhost", "127.0.0.1"], ExtendedKeyUsagePurpose::ServerAuth);
        let client = leaf(&["client"], ExtendedKeyUsagePurpose::ClientAuth);
        Self { ca, server, client }
    }

    pub(crate) fn ca_pem(&self) -> String {
        self.ca.pem()
    }

    /// A client's certificate for this key, from the root.
    pub(crate) fn client_certificate(&self, key: &impl PublicKeyData) -> String {
        self.client_certificate_with(key, |_| {})
    }

    /// As [`client_certificate`](Self::client_certificate), with these changes.
    pub(crate) fn client_certificate_with(
        &self,
        key: &impl PublicKeyData,
        change: impl FnOnce(&mut CertificateParams),
    ) -> String {
        let mut params = CertificateParams::new(vec!["client".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        params.signed_by(key, &self.ca).unwrap().pem()
    }
}

impl Identity {
    pub(crate) fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

/// The certificates of the tests.
pub(crate) static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| Certificates::new("tests"));

/// Certificates that nobody trusts.
pub(crate) static STRANGERS: LazyLock<Certificates> = LazyLock::new(|| Certificates::new("strangers"));

/// A server's configuration that wants a client certificate of [`CERTIFICATES`].
pub(crate) fn server_config(versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
    server_config_for(CERTIFICATES.ca.der().clone(), versions)
}

/// As [`server_config`], but the client certificate must be from this root.
pub(crate) fn server_config_for(
    client_root: CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(client_root).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let server = &CERTIFICATES.server;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![server.certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

/// A blocking client of the certificates, that knows its version and does not wait for ever.
pub(crate) fn builder(address: SocketAddr) -> ClientBuilder {
    builder_of(address)
}

/// As [`builder`], with whichever driver.
pub(crate) fn builder_of<D: Drives>(address: SocketAddr) -> generic::ClientBuilder<D> {
    builder_to(address.to_string())
}

/// As [`builder_of`], to an address as the client takes it.
pub(crate) fn builder_to<D: Drives>(address: String) -> generic::ClientBuilder<D> {
    let client = &CERTIFICATES.client;
    D::builder()
        .address(address)
        .root_certificates_pem(CERTIFICATES.ca_pem())
        .identity_pem(client.certificate_pem(), client.key_pem())
        .version(ProtocolVersion::V1_4)
        .timeouts(Timeouts {
            connect: Some(2 * LONG),
            tls: Some(2 * LONG),
            read: Some(2 * LONG),
            write: Some(2 * LONG),
            overall: Some(2 * LONG),
        })
}

/// A socket that can drip: write a byte at a time, with a pause before each.
pub(crate) struct Socket {
    pub(crate) tcp: TcpStream,
    pub(crate) drip: Option<Duration>,
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(pause) = self.drip else { return self.tcp.write(bytes) };
        thread::sleep(pause);
        self.tcp.write(&bytes[..bytes.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// The peer's end of a connection.
pub(crate) type Stream = StreamOwned<ServerConnection, Socket>;

/// What the peer does on one connection.
pub(crate) type Script = Box<dyn FnOnce(&mut Stream) + Send>;

/// Makes a script of a closure.
pub(crate) fn script(script: impl FnOnce(&mut Stream) + Send + 'static) -> Script {
    Box::new(script)
}

/// A peer on TCP that does `script` on each connection in turn. It listens until the test's process ends.
pub(crate) fn tcp_peer(scripts: Vec<Box<dyn FnOnce(TcpStream) + Send>>) -> SocketAddr {
    tcp_peer_at(TcpListener::bind("127.0.0.1:0").unwrap(), scripts)
}

fn tcp_peer_at(listener: TcpListener, mut scripts: Vec<Box<dyn FnOnce(TcpStream) + Send>>) -> SocketAddr {
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for script in scripts.drain(..) {
            let (tcp, _) = listener.accept().unwrap();
            thread::spawn(move || script(tcp));
        }
        // Whoever else comes is closed on.
        for connection in listener.incoming() {
            drop(connection);
        }
    });
    address
}

/// A peer on TLS that does one script on each connection in turn.
pub(crate) fn tls_peer(scripts: Vec<Script>) -> SocketAddr {
    tls_peer_with(server_config(&[&TLS13, &TLS12]), scripts)
}

/// A peer on TLS with this configuration.
pub(crate) fn tls_peer_with(config: Arc<ServerConfig>, scripts: Vec<Script>) -> SocketAddr {
    tls_peer_at(TcpListener::bind("127.0.0.1:0").unwrap(), config, scripts)
}

/// A peer on TLS with this configuration, behind this listener.
pub(crate) fn tls_peer_at(
    listener: TcpListener,
    config: Arc<ServerConfig>,
    scripts: Vec<Script>,
) -> SocketAddr {
    let over_tls = |script: Script| -> Box<dyn FnOnce(TcpStream) + Send> {
        let config = Arc::clone(&config);
        Box::new(move |tcp| {
            // A client that gives up must not leave a thread behind.
            tcp.set_read_timeout(Some(2 * LONG)).unwrap();
            let mut stream =
                StreamOwned::new(ServerConnection::new(config).unwrap(), Socket { tcp, drip: None });
            script(&mut stream);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            // What is unread when a socket closes resets the connection, and loses what was sent.
            let _ = stream.sock.tcp.shutdown(std::net::Shutdown::Write);
            let _ = io::copy(&mut stream.sock.tcp, &mut io::sink());
        })
    };
    tcp_peer_at(listener, scripts.into_iter().map(over_tls).collect())
}

/// Receives one request; the end of the connection is none.
pub(crate) fn receive(stream: &mut Stream) -> Option<Vec<u8>> {
    let message = Framing::new(Tag::REQUEST_MESSAGE).read_message(stream).ok()??;
    Some(message.to_vec())
}

/// Sends bytes; whether the client still takes them is its affair.
pub(crate) fn send(stream: &mut Stream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
}

/// A response to the request, with these items.
pub(crate) fn response(request: &[u8], items: Vec<ResponseBatchItem>) -> ResponseMessage {
    let request = RequestMessage::from_ttlv(request).unwrap();
    let version = request.request_header.protocol_version;
    ResponseMessage {
        response_header: ResponseHeader::new(version, DateTime::from_seconds(0), items.len() as i32),
        batch_item: items,
    }
}

/// A response that every operation succeeded, which all were Locate, and found nothing.
pub(crate) fn nothing_located(request: &[u8]) -> ResponseMessage {
    let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
    let found = |item: &kmip_sdk::types::message::RequestBatchItem| {
        let payload = ResponsePayload::Locate(LocateResponse::default());
        let mut found = ResponseBatchItem::success(item.operation, payload);
        found.unique_batch_item_id = item.unique_batch_item_id.clone();
        found
    };
    response(request, items.iter().map(found).collect())
}

/// Answers every request that nothing was located.
pub(crate) fn locates_nothing(stream: &mut Stream) {
    while let Some(request) = receive(stream) {
        send(stream, &nothing_located(&request).to_ttlv().unwrap());
    }
}
