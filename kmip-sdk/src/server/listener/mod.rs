//! Ports with TLS: a thread for each connection, and an end to all of them.
//!
//! What is said on a connection is in `ttlv` and `https`; all else they have in common. Whose ports they are is in
//! `embedded` and `listen`.

mod deadlined;
mod embedded;
#[cfg(feature = "https")]
mod https;
mod listen;
mod ttlv;
mod turned;

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kmip_types::enumerations::ResultReason;
use kmip_types::{DateTime, Limits, ProtocolVersion};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, ServerConnection};

use super::dispatch::Server;
use super::layer::{Outcome, Peer};
use crate::Service;
use crate::answer::{self, Failure};
use crate::error::ConfigurationError;
use deadlined::Deadlined;
pub use embedded::{EmbeddedServer, EmbeddedServerBuilder, StoppedServer};
pub use listen::{Listener, ListenerBuilder};
pub use turned::ClientEndpoint;

/// Why an [`EmbeddedServer`] or a [`Listener`] did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no port to listen on.
    #[error("cannot listen on the address")]
    Listen(#[source] io::Error),
    /// The certificate, its key, or what clients are to be verified by cannot be used.
    #[error("cannot use the certificates that were given")]
    Configuration(#[source] ConfigurationError),
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

/// What answers the messages of connections.
trait Answers: Send + Sync + 'static {
    /// What becomes of a request of somebody's. No bytes at all are the end of the connection.
    fn answer(&self, peer: Peer<'_>, request: &[u8]) -> Outcome;

    /// The response to what is no request.
    fn refuse(&self, failure: &Failure) -> Vec<u8>;

    /// Whose a connection is by the client's certificate, which the authority has vouched for.
    fn identify(&self, certificate: &[u8]) -> Option<String>;
}

impl Answers for Server {
    fn answer(&self, peer: Peer<'_>, request: &[u8]) -> Outcome {
        self.handle_on(peer, request)
    }

    fn refuse(&self, failure: &Failure) -> Vec<u8> {
        Self::refuse(self, None, failure)
    }

    fn identify(&self, certificate: &[u8]) -> Option<String> {
        Some(self.options().identify.identify(certificate))
    }
}

/// What answers without knowing of connections.
struct Plain<S>(S);

impl<S: Service + 'static> Answers for Plain<S> {
    fn answer(&self, _: Peer<'_>, request: &[u8]) -> Outcome {
        Outcome::answer(self.0.exchange(request))
    }

    fn refuse(&self, failure: &Failure) -> Vec<u8> {
        answer::refuse(ProtocolVersion::ALL, None, failure, DateTime::now())
    }

    fn identify(&self, _: &[u8]) -> Option<String> {
        None
    }
}

/// How many connections there may be, how long each may take, and how large its requests may be.
struct Bounds {
    maximum_connections: usize,
    idle_timeout: Duration,
    message_timeout: Duration,
    limits: Limits,
}

/// The ports of one server. When they are dropped, every connection is closed, and no thread is left.
struct Ports {
    shared: Arc<Shared>,
    accepting: Vec<Accepting>,
}

/// The thread that takes the connections of a port.
struct Accepting {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

/// What the threads share.
struct Shared {
    answers: Arc<dyn Answers>,
    bounds: Bounds,
    tls: Arc<ServerConfig>,
    stopping: AtomicBool,
    connections: Mutex<Connections>,
    /// The connections that were turned around, and nobody took yet.
    turned: Mutex<VecDeque<ClientEndpoint>>,
    /// Told of each of them.
    turning: Condvar,
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

/// What answers the requests of a connection until it ends, goes wrong or is turned around.
type Answer = fn(&mut Stream, &Shared) -> Then;

/// What becomes of a connection when no more requests are answered on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It ends.
    Ends,
    /// It is turned around: the client answers requests on it from now on.
    Turns,
}

impl Ports {
    /// No ports yet, for what answers.
    fn new(answers: Arc<impl Answers>, bounds: Bounds, tls: ServerConfig) -> Self {
        let shared = Shared {
            answers,
            bounds,
            tls: Arc::new(tls),
            stopping: AtomicBool::new(false),
            connections: Mutex::default(),
            turned: Mutex::default(),
            turning: Condvar::new(),
        };
        Self { shared: Arc::new(shared), accepting: Vec::new() }
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

    /// The next connection that was turned around, if there is one within this time.
    fn turned(&self, within: Duration) -> Option<ClientEndpoint> {
        self.shared.forget_turned();
        let turned = self.shared.turned();
        let waited = self.shared.turning.wait_timeout_while(turned, within, |turned| turned.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}

impl Drop for Ports {
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
        let turned = std::mem::take(&mut *self.shared.turned());
        drop(turned);
    }
}

impl Shared {
    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turned(&self) -> MutexGuard<'_, VecDeque<ClientEndpoint>> {
        self.turned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connections that were turned around and that nobody took for too long.
    fn forget_turned(&self) {
        let now = Instant::now();
        let forgotten: VecDeque<ClientEndpoint> = {
            let mut turned = self.turned();
            // They stand in the order of their times.
            let old = turned.iter().take_while(|turned| turned.is_old(now)).count();
            turned.drain(..old).collect()
        };
        // Outside the lock: saying goodbye takes a while.
        drop(forgotten);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Until when a connection may be without a request, from now on.
    fn idle_deadline(&self) -> Instant {
        Instant::now() + self.bounds.idle_timeout
    }

    /// Until when a message may take, from now on.
    fn message_deadline(&self) -> Instant {
        Instant::now() + self.bounds.message_timeout
    }

    /// What becomes of a request of somebody's, in binary TTLV, on a connection that may be turned around or not; once it is
    /// to be sent. No bytes at all are the end of the connection.
    fn handle(&self, stream: &Stream, request: &[u8], may_turn: bool) -> Outcome {
        let certificate = stream.conn.peer_certificates().and_then(<[_]>::first);
        let identity = certificate.and_then(|certificate| self.answers.identify(certificate));
        let peer = Peer { identity: identity.as_deref(), connection: Some(stream.sock.connection), may_turn };
        // A fault of the server's, or of a function in its options, costs the client no connection. What
        // the request had changed is taken back when the next one finds the store poisoned.
        let handled = panic::catch_unwind(AssertUnwindSafe(|| self.answers.answer(peer, request)));
        let failure = || Failure::new(ResultReason::GeneralFailure, "the server failed");
        let outcome = handled.unwrap_or_else(|_| Outcome::answer(self.answers.refuse(&failure())));
        if !outcome.delay.is_zero() {
            thread::sleep(outcome.delay);
        }
        outcome
    }
}

/// Listens on an address.
fn listen(address: impl ToSocketAddrs) -> Result<(TcpListener, SocketAddr), StartError> {
    let listener = TcpListener::bind(address).map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    Ok((listener, address))
}

/// TLS with mutual authentication: what the server shows, and what clients are verified by.
fn tls(shown: CertifiedKey, roots: RootCertStore) -> Result<ServerConfig, StartError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(StartError::Verifier)?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(StartError::Tls)?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
    Ok(config)
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
    shared.forget_turned();
    let mut connections = shared.connections();
    connections.threads.retain(|_, thread| !thread.is_finished());
    if connections.streams.len() >= shared.bounds.maximum_connections {
        return;
    }
    let Ok(handle) = stream.try_clone() else { return };
    let number = connections.next;
    connections.next += 1;
    let spawned = thread::Builder::new().name("kmip-connection".to_owned()).spawn({
        let open = Open { shared: Arc::clone(shared), number };
        move || serve(stream, open, answer)
    });
    if let Ok(thread) = spawned {
        connections.streams.insert(number, handle);
        connections.threads.insert(number, thread);
    }
}

/// That a connection is on the list; it is taken off when this is dropped, however that comes.
struct Open {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.connections().streams.remove(&self.number);
    }
}

/// Answers the requests of one connection, until it ends, goes wrong or is turned around.
fn serve(stream: TcpStream, open: Open, answer: Answer) {
    let shared = &open.shared;
    let Ok(tls) = ServerConnection::new(Arc::clone(&shared.tls)) else { return };
    let _ = stream.set_nodelay(true);
    let tcp = Deadlined { stream, deadline: shared.message_deadline(), connection: open.number };
    let mut stream = Stream::new(tls, tcp);
    while stream.conn.is_handshaking() {
        if stream.conn.complete_io(&mut stream.sock).is_err() {
            return;
        }
    }
    match answer(&mut stream, shared) {
        Then::Ends => close(&mut stream, shared),
        Then::Turns => {
            let shared = Arc::clone(shared);
            let until = shared.idle_deadline();
            shared.turned().push_back(ClientEndpoint::new(stream, open, until));
            shared.turning.notify_one();
        }
    }
}

/// Ends a connection in order.
fn close(stream: &mut Stream, shared: &Shared) {
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
