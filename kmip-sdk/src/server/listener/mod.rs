//! The server on its loopback ports: TLS, a thread for each connection, and an end to all of them.
//!
//! What is said on a connection is in `ttlv` and `https`; all else they have in common.

mod deadlined;
#[cfg(feature = "https")]
mod https;
mod ttlv;

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{CertificateType, ResultReason};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use zeroize::Zeroizing;

use super::certificates::Certificates;
use super::dispatch::Server;
use super::failure::Failure;
use super::options::ServerOptions;
use crate::keys::x509;
use deadlined::Deadlined;

/// A server on ports of 127.0.0.1 that the system chooses, with TLS 1.3 and 1.2 and mutual authentication.
///
/// One port is for messages in binary TTLV and one, with the feature `https`, for messages over HTTPS.
///
/// It makes an authority, and certificates for itself and a client, when it starts. When it is dropped, every
/// connection is closed, and no thread of it is left.
///
/// ```
/// use kmip_sdk::server::EmbeddedServer;
///
/// let server = EmbeddedServer::start()?;
/// assert!(server.address().ip().is_loopback());
/// assert!(server.ca_certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
/// # Ok::<(), kmip_sdk::server::StartError>(())
/// ```
pub struct EmbeddedServer {
    address: SocketAddr,
    #[cfg(feature = "https")]
    https_address: SocketAddr,
    certificates: Certificates,
    shared: Arc<Shared>,
    accepting: Vec<Accepting>,
}

/// The thread that takes the connections of a port.
struct Accepting {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

/// Why an embedded server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no port to listen on.
    #[error("cannot listen on a port of 127.0.0.1")]
    Listen(#[source] io::Error),
    /// No certificates could be made.
    #[error("cannot make certificates")]
    Certificates(#[source] rcgen::Error),
    /// The certificates do not do for TLS.
    #[error("cannot set up TLS")]
    Tls(#[source] rustls::Error),
    /// The clients' certificates cannot be verified.
    #[error("cannot verify the certificates of clients")]
    Verifier(#[source] rustls::server::VerifierBuilderError),
}

/// What the threads share.
struct Shared {
    server: Server,
    tls: Arc<ServerConfig>,
    stopping: AtomicBool,
    connections: Mutex<Connections>,
}

/// The connections that are open, each with a handle to close it and one to wait for its thread.
#[derive(Default)]
struct Connections {
    next: u64,
    streams: HashMap<u64, TcpStream>,
    threads: HashMap<u64, JoinHandle<()>>,
}

/// A connection over TLS.
type Stream = rustls::StreamOwned<ServerConnection, Deadlined>;

/// What answers the requests of a connection until it ends or goes wrong.
type Answer = fn(&mut Stream, &Shared);

impl EmbeddedServer {
    /// Starts a server with the default options.
    ///
    /// # Errors
    /// [`StartError`], if there is no port to listen on or no certificates can be made.
    pub fn start() -> Result<Self, StartError> {
        Self::start_with(ServerOptions::default())
    }

    /// Starts a server.
    ///
    /// # Errors
    /// [`StartError`], if there is no port to listen on or no certificates can be made.
    pub fn start_with(options: ServerOptions) -> Result<Self, StartError> {
        let certificates = Certificates::generate().map_err(StartError::Certificates)?;
        let tls = Arc::new(tls(&certificates)?);
        let shared = Arc::new(Shared {
            server: Server::new(options),
            tls,
            stopping: AtomicBool::new(false),
            connections: Mutex::default(),
        });
        let (listener, address) = listen()?;
        #[cfg(feature = "https")]
        let (https_listener, https_address) = listen()?;
        let mut server = Self {
            address,
            #[cfg(feature = "https")]
            https_address,
            certificates,
            shared,
            accepting: Vec::new(),
        };
        // Where one of them fails, dropping the server ends what there is.
        server.accept(listener, address, ttlv::answer)?;
        #[cfg(feature = "https")]
        server.accept(https_listener, https_address, https::answer)?;
        Ok(server)
    }

    /// Starts the thread that takes the connections of a port, whose requests are answered by `answer`.
    fn accept(
        &mut self,
        listener: TcpListener,
        address: SocketAddr,
        answer: Answer,
    ) -> Result<(), StartError> {
        let shared = Arc::clone(&self.shared);
        let thread = thread::Builder::new()
            .name("kmip-accept".to_owned())
            .spawn(move || accept(&listener, &shared, answer))
            .map_err(StartError::Listen)?;
        self.accepting.push(Accepting { address, thread });
        Ok(())
    }

    /// Where the server listens for messages in binary TTLV.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server listens for HTTPS, 1.1 and 1.0.
    ///
    /// A message is posted to `/kmip`, in binary TTLV, JSON or XML as its `Content-Type` says, and answered in the
    /// same encoding. With the feature `json`, one operation without the message around it is posted to
    /// `/kmip/2_1`: the JSON of its Request Payload, under the operation's name.
    ///
    /// **Heads and chunked bodies are logged** in full by the package `ureq-proto` where the application takes logs of
    /// the package `log` at the level `trace`. A body with a `Content-Length`, as the HTTPS profile asks for, is not.
    #[cfg(feature = "https")]
    pub fn https_address(&self) -> SocketAddr {
        self.https_address
    }

    /// The certificate of the authority that vouches for the server, in PEM.
    pub fn ca_certificate_pem(&self) -> &str {
        &self.certificates.authority_pem
    }

    /// A certificate for a client, in PEM.
    pub fn client_certificate_pem(&self) -> &str {
        &self.certificates.client_pem
    }

    /// The private key of the client's certificate: PKCS#8 in PEM.
    pub fn client_key_pem(&self) -> &str {
        &self.certificates.client_key_pem
    }

    /// A certificate for another client, which is called by this name, and its private key, PKCS#8, both in PEM.
    ///
    /// What a client makes is there for it only; who it is, the Common Name of its certificate says, or the credentials of
    /// the request ([`ServerOptions::user`]).
    ///
    /// # Errors
    /// [`StartError::Certificates`], if no certificate can be made.
    pub fn new_client(&self, name: &str) -> Result<(String, Zeroizing<String>), StartError> {
        self.certificates.client(name).map_err(StartError::Certificates)
    }

    /// The server behind the port, to be asked without a network.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }
}

impl fmt::Debug for EmbeddedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EmbeddedServer");
        debug.field("address", &self.address);
        #[cfg(feature = "https")]
        debug.field("https_address", &self.https_address);
        debug.finish_non_exhaustive()
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        for Accepting { address, thread } in self.accepting.drain(..) {
            // The thread that accepts waits for a connection: this is one.
            if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
                let _ = thread.join();
            }
        }
        let threads: Vec<JoinHandle<()>> = {
            let mut connections = self.shared.connections();
            for stream in connections.streams.values() {
                let _ = stream.shutdown(Shutdown::Both);
            }
            connections.threads.drain().map(|(_, thread)| thread).collect()
        };
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Until when a connection may be without a request, from now on.
    fn idle_deadline(&self) -> Instant {
        Instant::now() + self.server.options().idle_timeout
    }

    /// Until when a message may take, from now on.
    fn message_deadline(&self) -> Instant {
        Instant::now() + self.server.options().message_timeout
    }

    /// The response to a request of somebody's, both in binary TTLV.
    fn handle(&self, identity: Option<&str>, request: &[u8]) -> Zeroizing<Vec<u8>> {
        // A fault of the server's, or of a function in its options, costs the client no connection. What
        // the request had changed is taken back when the next one finds the store poisoned.
        let handled = panic::catch_unwind(AssertUnwindSafe(|| match identity {
            Some(identity) => self.server.handle_as(identity, request),
            None => self.server.handle(request),
        }));
        let failure = || Failure::new(ResultReason::GeneralFailure, "the server failed");
        handled.unwrap_or_else(|_| self.server.refuse(None, &failure())).into()
    }
}

/// Whose a connection is: the Common Name in the certificate, which the authority has vouched for.
fn identity(stream: &Stream) -> Option<String> {
    let certificate = stream.conn.peer_certificates()?.first()?;
    let attributes = x509::attributes(CertificateType::X509, certificate).ok()?;
    attributes.into_iter().find_map(|attribute| match attribute {
        Attribute::CertificateSubjectCn(name) => Some(name),
        _ => None,
    })
}

/// Listens on a port of 127.0.0.1 that the system chooses.
fn listen() -> Result<(TcpListener, SocketAddr), StartError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    Ok((listener, address))
}

fn tls(certificates: &Certificates) -> Result<ServerConfig, StartError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificates.authority.clone()).map_err(StartError::Tls)?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(StartError::Verifier)?;
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(StartError::Tls)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificates.server.clone()], certificates.server_key.clone_key())
        .map_err(StartError::Tls)
}

/// Takes connections until the server stops.
fn accept(listener: &TcpListener, shared: &Arc<Shared>, answer: Answer) {
    for stream in listener.incoming() {
        if shared.is_stopping() {
            return;
        }
        match stream {
            Ok(stream) => open(stream, shared, answer),
            // Most likely there are too many open files, which takes a while to change.
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Gives a connection its thread, unless there are too many.
fn open(stream: TcpStream, shared: &Arc<Shared>, answer: Answer) {
    let mut connections = shared.connections();
    connections.threads.retain(|_, thread| !thread.is_finished());
    if connections.streams.len() >= shared.server.options().maximum_connections {
        return;
    }
    let Ok(handle) = stream.try_clone() else { return };
    let number = connections.next;
    connections.next += 1;
    let spawned = thread::Builder::new().name("kmip-connection".to_owned()).spawn({
        let shared = Arc::clone(shared);
        move || {
            let closing = Closing { shared: &shared, number };
            serve(stream, closing.shared, answer);
        }
    });
    if let Ok(thread) = spawned {
        connections.streams.insert(number, handle);
        connections.threads.insert(number, thread);
    }
}

/// Takes a connection off the list when its thread ends, however it does.
struct Closing<'a> {
    shared: &'a Shared,
    number: u64,
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.shared.connections().streams.remove(&self.number);
    }
}

/// Answers the requests of one connection, until it ends or goes wrong.
fn serve(stream: TcpStream, shared: &Shared, answer: Answer) {
    let Ok(tls) = ServerConnection::new(Arc::clone(&shared.tls)) else { return };
    let _ = stream.set_nodelay(true);
    let tcp = Deadlined { stream, deadline: shared.message_deadline() };
    let mut stream = Stream::new(tls, tcp);
    while stream.conn.is_handshaking() {
        if stream.conn.complete_io(&mut stream.sock).is_err() {
            return;
        }
    }
    answer(&mut stream, shared);
    stream.conn.send_close_notify();
    stream.sock.deadline = shared.message_deadline();
    let _ = stream.flush();
    let _ = stream.sock.stream.shutdown(Shutdown::Write);
    linger(&mut stream.sock);
}

/// Sends a response. Nothing is left to say to a client that is gone or does not read: `false` says so.
fn send(stream: &mut Stream, shared: &Shared, parts: &[&[u8]]) -> bool {
    stream.sock.deadline = shared.message_deadline();
    parts.iter().try_for_each(|part| stream.write_all(part)).and_then(|()| stream.flush()).is_ok()
}

/// Takes in what the client is still sending, for a moment: closing with bytes unread would reset the
/// connection, and the client might lose the response.
fn linger(socket: &mut Deadlined) {
    socket.deadline = Instant::now() + Duration::from_millis(200);
    let mut buffer = [0; 4096];
    while matches!(socket.read(&mut buffer), Ok(length) if length > 0) {}
}
