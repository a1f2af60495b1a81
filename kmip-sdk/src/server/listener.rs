//! The server on a loopback port: TLS, a thread for each connection, and an end to all of them.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kmip_types::Tag;
use kmip_types::enumerations::ResultReason;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use zeroize::Zeroizing;

use super::certificates::Certificates;
use super::dispatch::Server;
use super::failure::Failure;
use super::options::ServerOptions;
use crate::framing::{Framing, FramingError};

/// A server on a port of 127.0.0.1 that the system chooses, with TLS 1.3 and 1.2 and mutual authentication.
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
    certificates: Certificates,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let shared = Arc::new(Shared {
            server: Server::new(options),
            tls,
            stopping: AtomicBool::new(false),
            connections: Mutex::default(),
        });
        let accepting = thread::Builder::new()
            .name("kmip-accept".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || accept(&listener, &shared)
            })
            .map_err(StartError::Listen)?;
        Ok(Self { address, certificates, shared, accepting: Some(accepting) })
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
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

    /// The server behind the port, to be asked without a network.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }
}

impl fmt::Debug for EmbeddedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // The thread that accepts waits for a connection: this is one.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok();
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            let _ = accepting.join();
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
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.is_stopping() {
            return;
        }
        match stream {
            Ok(stream) => open(stream, shared),
            // Most likely there are too many open files, which takes a while to change.
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Gives a connection its thread, unless there are too many.
fn open(stream: TcpStream, shared: &Arc<Shared>) {
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
            serve(stream, closing.shared);
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
fn serve(stream: TcpStream, shared: &Shared) {
    let Ok(tls) = ServerConnection::new(Arc::clone(&shared.tls)) else { return };
    let _ = stream.set_nodelay(true);
    let options = shared.server.options();
    let timeouts = (options.idle_timeout, options.message_timeout);
    let tcp = Deadlined { stream, deadline: Instant::now() + timeouts.1 };
    let mut stream = rustls::StreamOwned::new(tls, tcp);
    while stream.conn.is_handshaking() {
        if stream.conn.complete_io(&mut stream.sock).is_err() {
            return;
        }
    }
    while !shared.is_stopping() {
        let Some(response) = exchange(&mut stream, shared, timeouts) else { break };
        stream.sock.deadline = Instant::now() + timeouts.1;
        let written = stream.write_all(&response.bytes).and_then(|()| stream.flush());
        if written.is_err() || response.is_last {
            break;
        }
    }
    stream.conn.send_close_notify();
    stream.sock.deadline = Instant::now() + timeouts.1;
    let _ = stream.flush();
    let _ = stream.sock.stream.shutdown(Shutdown::Write);
    linger(&mut stream.sock);
}

/// Takes in what the client is still sending, for a moment: closing with bytes unread would reset the
/// connection, and the client might lose the response.
fn linger(socket: &mut Deadlined) {
    socket.deadline = Instant::now() + Duration::from_millis(200);
    let mut buffer = [0; 4096];
    while matches!(socket.read(&mut buffer), Ok(length) if length > 0) {}
}

struct Response {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether what follows on the connection cannot be told apart any more.
    is_last: bool,
}

/// Reads a request and does what it asks for. Nothing is left to say to a client that is gone.
fn exchange(
    stream: &mut rustls::StreamOwned<ServerConnection, Deadlined>,
    shared: &Shared,
    (idle, message): (Duration, Duration),
) -> Option<Response> {
    // Waiting for a request may take longer than the request itself.
    stream.sock.deadline = Instant::now() + idle;
    let mut first = [0];
    if stream.read(&mut first).ok()? == 0 {
        return None;
    }
    stream.sock.deadline = Instant::now() + message;
    let framing = Framing::new(Tag::REQUEST_MESSAGE)
        .with_limit(shared.server.options().limits.size)
        .with_deadline(stream.sock.deadline);
    let refuse =
        |failure: Failure| Response { bytes: shared.server.refuse(None, &failure).into(), is_last: true };
    match framing.read_message(&mut first.as_slice().chain(stream)) {
        Ok(Some(request)) => {
            // A fault of the server's, or of a function in its options, costs the client no connection. What
            // the request had changed is taken back when the next one finds the store poisoned.
            let handled = panic::catch_unwind(AssertUnwindSafe(|| shared.server.handle(&request)));
            let failure = || Failure::new(ResultReason::GeneralFailure, "the server failed");
            let bytes = handled.unwrap_or_else(|_| shared.server.refuse(None, &failure()));
            Some(Response { bytes: bytes.into(), is_last: false })
        }
        Ok(None) | Err(FramingError::Io(_)) => None,
        Err(error) => Some(refuse(Failure::new(ResultReason::InvalidMessage, error.to_string()))),
    }
}

/// A TCP stream on which nothing takes longer than until a point in time, however slowly bytes come.
struct Deadlined {
    stream: TcpStream,
    deadline: Instant,
}

impl Deadlined {
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        // A timeout of zero would be none at all.
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Deadlined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Deadlined {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
