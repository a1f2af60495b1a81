//! Ports with TLS: a task for each connection, on a runtime of their own, and an end to all of them.
//!
//! What is said on a connection is in `ttlv` and `https` (by the HTTP of `http`); all else they have in common is in
//! `connection`, how long it waits for its peer in `patience`, and who has to wait before that in `waiting`. Whose ports they
//! are is in `embedded` and `listen`. Requests are answered on threads that may block, so that no operation is in the way of
//! another's, and a caller needs no runtime.

mod connection;
mod deadlined;
mod embedded;
#[cfg(feature = "https")]
pub(crate) mod http;
#[cfg(feature = "https")]
mod https;
mod listen;
mod patience;
mod proxy;
mod sweeper;
mod ttlv;
mod turned;
mod verifier;
mod waiting;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kmip_types::enumerations::ResultReason;
use kmip_types::{DateTime, Limits, ProtocolVersion};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig};
use tokio::runtime::{self, Runtime};
use tokio::sync::{Semaphore, mpsc, watch};

use super::dispatch::Server;
use super::identities::Identify;
use super::layer::{Outcome, Peer};
use crate::Service;
use crate::answer::{self, Failure};
use crate::error::ConfigurationError;
use connection::Spoken;
pub use embedded::{EmbeddedServer, EmbeddedServerBuilder, StoppedServer};
pub use listen::{Listener, ListenerBuilder};
pub use proxy::{Proxy, ProxyBuilder};
pub use turned::ClientEndpoint;
use waiting::Waiting;

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

/// How many requests are answered at a time at most, whatever the number of connections.
const MOST_AT_A_TIME: usize = 512;

/// What answers the messages of connections.
trait Answers: Send + Sync + 'static {
    /// What becomes of a request of somebody's. No bytes at all are the end of the connection.
    fn answer(&self, peer: Peer<'_>, request: &[u8]) -> Outcome;

    /// Whether a request takes so little that it is in nobody's way.
    fn is_quick(&self, _request: &[u8]) -> bool {
        false
    }

    /// The response to what is no request.
    fn refuse(&self, failure: &Failure) -> Vec<u8>;

    /// Takes note of a body over HTTPS that is no message, and why.
    #[cfg(feature = "https")]
    fn unreadable(&self, _peer: Peer<'_>, _body: &[u8], _why: &str) {}

    /// Who a client is by its certificate, in DER, which the authority has vouched for.
    fn identify(&self, certificate: &[u8]) -> String {
        Identify::default().identify(certificate)
    }

    /// Refuses a client whose certificate holds no longer.
    fn check_identity(&self, _name: &str, _certificate: &[u8]) -> Result<(), Failure> {
        Ok(())
    }

    /// Takes note that the server ends: what is being answered is to come to its end.
    fn end(&self) {}

    /// Whether requests would be answered as they should be.
    #[cfg(feature = "https")]
    fn is_ready(&self) -> bool {
        true
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
struct Client {
    /// The number of the connection, from 0, on all ports together.
    number: u64,
    /// What the client has shown, in DER.
    certificate: Option<Arc<[u8]>>,
    /// Who that says the client is, once it has asked for something.
    name: Arc<OnceLock<String>>,
}

impl Answers for Server {
    fn answer(&self, peer: Peer<'_>, request: &[u8]) -> Outcome {
        self.handle_on(peer, request)
    }

    fn is_quick(&self, request: &[u8]) -> bool {
        Self::is_quick(self, request)
    }

    fn refuse(&self, failure: &Failure) -> Vec<u8> {
        Self::refuse(self, None, failure)
    }

    fn identify(&self, certificate: &[u8]) -> String {
        Self::identify(self, certificate)
    }

    fn check_identity(&self, name: &str, certificate: &[u8]) -> Result<(), Failure> {
        Self::check_identity(self, name, certificate)
    }

    fn end(&self) {
        Self::end(self);
    }

    #[cfg(feature = "https")]
    fn is_ready(&self) -> bool {
        Self::is_ready(self)
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
}

/// How many connections there may be, how long each may take, and how large its requests may be.
struct Bounds {
    maximum_connections: usize,
    maximum_handshakes: usize,
    handshake_timeout: Duration,
    idle_timeout: Duration,
    message_timeout: Duration,
    limits: Limits,
}

/// The ports of one server, and what runs them. When they are dropped, every connection is closed, and no thread is left.
struct Ports {
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
    /// Whether there is a connection still: each holds the other end.
    open: mpsc::Receiver<()>,
    alive: Option<mpsc::Sender<()>>,
}

/// How far the end of the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// It serves.
    Serving,
    /// What was asked is finished, and nothing more is taken.
    Finishing,
    /// What was asked ends as soon as it can.
    Ending,
}

/// What the connections share.
struct Shared {
    answers: Arc<dyn Answers>,
    bounds: Bounds,
    tls: Arc<ServerConfig>,
    phase: watch::Sender<Phase>,
    /// The room for connections whose handshake is done.
    room: Arc<Semaphore>,
    /// The connections whose handshake is not done, or that are refused.
    waiting: Arc<Waiting>,
    /// The connections that were turned around, and nobody took yet.
    turned: Mutex<VecDeque<ClientEndpoint>>,
    /// Told of each of them.
    turning: Condvar,
    /// All that were turned around and are open, each with a handle to close it.
    turned_streams: Mutex<HashMap<u64, TcpStream>>,
    /// The number of the next connection.
    next: AtomicU64,
}

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
    fn new(answers: Arc<impl Answers>, bounds: Bounds, tls: ServerConfig) -> Result<Self, StartError> {
        // Each connection has one request at a time, so that none waits for another's.
        let most = bounds.maximum_connections.saturating_add(2).min(MOST_AT_A_TIME);
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(thread::available_parallelism().map_or(1, usize::from))
            .max_blocking_threads(most)
            .thread_name("kmip-server")
            .enable_io()
            .enable_time()
            .build()
            .map_err(StartError::Listen)?;
        let shared = Shared {
            answers,
            room: Arc::new(Semaphore::new(bounds.maximum_connections.min(Semaphore::MAX_PERMITS))),
            waiting: Arc::new(Waiting::new(bounds.maximum_handshakes)),
            bounds,
            tls: Arc::new(tls),
            phase: watch::Sender::new(Phase::Serving),
            turned: Mutex::default(),
            turning: Condvar::new(),
            turned_streams: Mutex::default(),
            next: AtomicU64::new(0),
        };
        let (alive, open) = mpsc::channel(1);
        Ok(Self { shared: Arc::new(shared), runtime: Some(runtime), open, alive: Some(alive) })
    }

    /// Takes the connections of a port, on which this is spoken.
    fn accept(&self, listener: TcpListener, spoken: Spoken) -> Result<(), StartError> {
        let (Some(runtime), Some(alive)) = (&self.runtime, &self.alive) else { return Ok(()) };
        listener.set_nonblocking(true).map_err(StartError::Listen)?;
        let _entered = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener).map_err(StartError::Listen)?;
        runtime.spawn(connection::accept(listener, Arc::clone(&self.shared), spoken, alive.clone()));
        Ok(())
    }

    /// Takes connections on which HTTPS is spoken at an address too, if there is one: where that is.
    #[cfg(feature = "https")]
    fn listen_for_https(&self, address: Option<SocketAddr>) -> Result<Option<SocketAddr>, StartError> {
        let Some(address) = address else { return Ok(None) };
        let (listener, address) = listen(address)?;
        self.accept(listener, Spoken::Https)?;
        Ok(Some(address))
    }

    /// The next connection that was turned around, if there is one within this time.
    fn turned(&self, within: Duration) -> Option<ClientEndpoint> {
        drop(self.shared.old_turned());
        let turned = self.shared.turned();
        let waited = self.shared.turning.wait_timeout_while(turned, within, |turned| turned.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }

    /// Takes no more connections and requests, and finishes what was asked: whether that is all done within this time.
    fn finish(&mut self, within: Duration) -> bool {
        self.shared.enter(Phase::Finishing);
        self.alive = None;
        let open = &mut self.open;
        let Some(runtime) = &self.runtime else { return true };
        let done = async { tokio::time::timeout(within, open.recv()).await.is_ok() };
        // Not on this thread, which may be one of another runtime's.
        let waited = thread::scope(|scope| {
            let waiting = thread::Builder::new().spawn_scoped(scope, || runtime.block_on(done));
            waiting.ok().and_then(|waiting| waiting.join().ok())
        });
        waited.unwrap_or(false)
    }
}

impl Drop for Ports {
    fn drop(&mut self) {
        self.shared.answers.end();
        self.shared.enter(Phase::Ending);
        for stream in self.shared.turned_streams().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Each connection says what came of its request first.
        self.finish(Duration::MAX);
        if let Some(runtime) = self.runtime.take() {
            // A runtime waits for its threads, which none of another runtime's may do.
            let ending = thread::Builder::new().spawn(move || drop(runtime));
            let _ = ending.map(JoinHandle::join);
        }
        let turned = std::mem::take(&mut *self.shared.turned());
        drop(turned);
    }
}

impl Shared {
    fn turned(&self) -> MutexGuard<'_, VecDeque<ClientEndpoint>> {
        self.turned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turned_streams(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.turned_streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connections that were turned around and that nobody took for too long. They are closed when they are dropped,
    /// which takes a while.
    fn old_turned(&self) -> VecDeque<ClientEndpoint> {
        let now = Instant::now();
        let mut turned = self.turned();
        // They stand in the order of their times.
        let old = turned.iter().take_while(|turned| turned.is_old(now)).count();
        turned.drain(..old).collect()
    }

    /// Goes on to a phase, and never back.
    fn enter(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let before = *now;
            *now = phase.max(before);
            before < phase
        });
    }

    fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Until when a connection may be without a request, from now on.
    fn idle_deadline(&self) -> Instant {
        Instant::now() + self.bounds.idle_timeout
    }

    /// Until when a message may take, from now on.
    fn message_deadline(&self) -> Instant {
        Instant::now() + self.bounds.message_timeout
    }

    /// Whose a connection is, by the certificate that it began with, or why nobody's.
    fn identity<'c>(&self, client: &'c Client) -> Result<&'c str, Failure> {
        let Some(certificate) = client.certificate.as_deref() else {
            let message = "the client has shown no certificate";
            return Err(Failure::new(ResultReason::AuthenticationNotSuccessful, message));
        };
        let name = client.name.get_or_init(|| self.answers.identify(certificate));
        self.answers.check_identity(name, certificate)?;
        Ok(name)
    }

    /// Takes note of a body over HTTPS that is no message.
    #[cfg(feature = "https")]
    fn unreadable(&self, client: &Client, body: &[u8], encoding: crate::Encoding, why: &str) {
        let (identity, connection) = (self.identity(client).ok(), Some(client.number));
        let peer = Peer { identity, connection, encoding: Some(encoding), may_turn: false };
        self.answers.unreadable(peer, body, why);
    }

    /// What becomes of a request of somebody's, in binary TTLV, of whom all but the name and the connection is said; once it is
    /// to be sent. No bytes at all are the end of the connection.
    fn handle(&self, client: &Client, request: &[u8], of: Peer<'_>) -> Outcome {
        let identity = match self.identity(client) {
            Ok(identity) => identity,
            Err(failure) => return Outcome::answer(self.answers.refuse(&failure)),
        };
        let peer = Peer { identity: Some(identity), connection: Some(client.number), ..of };
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

/// TLS with mutual authentication: what the server shows, and what clients are verified by, and what goes before that.
fn tls(
    shown: CertifiedKey,
    roots: RootCertStore,
    and: impl FnOnce(Arc<dyn ClientCertVerifier>) -> Arc<dyn ClientCertVerifier>,
) -> Result<ServerConfig, StartError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(StartError::Verifier)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(StartError::Tls)?
        .with_client_cert_verifier(and(verifier))
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
    // A session that is resumed has the client's certificate of before, which is not verified again: it may have expired, or
    // another may have taken its place.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}
