//! A connection, from its acceptance to its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustls::server::Acceptor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, sleep_until, timeout, timeout_at};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::Instrument as _;
use zeroize::Zeroizing;

use super::super::layer::{Outcome, Peer};
use super::super::metrics;
#[cfg(feature = "https")]
use super::https;
use super::patience::Patience;
use super::turned::{ClientEndpoint, Open};
use super::waiting::Place;
use super::{Client, Phase, Shared, Then, ttlv};

/// How long what a client still sends is taken in, at the end of its connection.
const LINGER: Duration = Duration::from_millis(200);

/// How long a response may take on its way once the server ends.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The record of TLS that says, in place of a handshake, that there is none for a reason within the server: the fatal alert
/// `internal_error` (RFC 8446 section 6.2). TLS has no alert for a server that is full; this one is about neither
/// certificates nor versions.
const NO_ROOM: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50];

/// What is spoken on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    /// Messages in binary TTLV.
    Ttlv,
    /// Messages over HTTPS.
    #[cfg(feature = "https")]
    Https,
}

impl Spoken {
    /// What it is called in metrics and traces.
    fn name(self) -> &'static str {
        match self {
            Self::Ttlv => "ttlv",
            #[cfg(feature = "https")]
            Self::Https => "https",
        }
    }
}

/// A connection over TLS whose requests are answered.
pub(super) struct Connection {
    stream: TlsStream<TcpStream>,
    shared: Arc<Shared>,
    patience: Patience,
    client: Client,
}

/// Takes the connections of a port until the server ends.
pub(super) async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    spoken: Spoken,
    alive: mpsc::Sender<()>,
) {
    let mut phase = shared.phase.subscribe();
    loop {
        let accepted = tokio::select! {
            biased;
            () = reached(&mut phase, Phase::Finishing) => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // In the order in which they come.
                let place = shared.waiting.enter();
                let (shared, alive) = (Arc::clone(&shared), alive.clone());
                let span = tracing::debug_span!("kmip_connection", port = spoken.name(), %peer);
                let open = async move {
                    open(stream, peer, shared, spoken, place).await;
                    drop(alive);
                };
                tokio::spawn(open.instrument(span));
            }
            // Most likely there are too many open files, which takes a while to change.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Ends when the server is so far.
async fn reached(phase: &mut watch::Receiver<Phase>, least: Phase) {
    // The other end is there as long as the connection.
    let _ = phase.wait_for(|phase| *phase >= least).await;
}

/// Agrees on TLS and answers requests, if there is room for another connection; says so if not.
async fn open(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>, spoken: Spoken, place: Place) {
    let refused = |why: &'static str| {
        tracing::debug!(why, "refused");
        metrics::refused(spoken.name(), why);
    };
    let deadline = Instant::now() + shared.bounds.handshake_timeout.min(shared.bounds.message_timeout);
    let mut phase = shared.phase.subscribe();
    let _ = stream.set_nodelay(true);
    let old = shared.old_turned();
    if !old.is_empty() {
        let _ = spawn_blocking(move || drop(old)).await;
    }
    // Over HTTPS it is said in the language of the client, behind the handshake.
    if spoken == Spoken::Ttlv && shared.room.available_permits() == 0 {
        refused("connections");
        tokio::select! {
            () = say_no_room(stream) => {}
            () = place.is_given_away() => {}
            () = reached(&mut phase, Phase::Finishing) => {}
        }
        return;
    }
    let mut hello = LazyConfigAcceptor::new(Acceptor::default(), stream);
    let greeted = tokio::select! {
        biased;
        () = reached(&mut phase, Phase::Finishing) => return,
        greeted = timeout_at(deadline.into(), &mut hello) => greeted,
        () = place.is_given_away() => {
            refused("handshakes");
            if let Some(stream) = hello.take_io() {
                tokio::select! {
                    () = say_no_room(stream) => {}
                    () = reached(&mut phase, Phase::Finishing) => {}
                }
            }
            return;
        }
    };
    let hello = match greeted {
        Ok(Ok(hello)) => hello,
        Ok(Err(error)) => {
            tracing::debug!(%error, "no TLS");
            return metrics::refused(spoken.name(), "tls");
        }
        Err(_) => return refused("handshake_timeout"),
    };
    place.has_spoken();
    let agreed = tokio::select! {
        biased;
        () = reached(&mut phase, Phase::Finishing) => return,
        agreed = timeout_at(deadline.into(), hello.into_stream(Arc::clone(&shared.tls))) => agreed,
        () = place.is_given_away() => return refused("handshakes"),
    };
    let stream = match agreed {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "no TLS");
            return metrics::refused(spoken.name(), "tls");
        }
        Err(_) => return refused("handshake_timeout"),
    };
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let certificate = certificate.map(|certificate| Arc::from(&**certificate));
    let number = shared.next.fetch_add(1, Ordering::Relaxed);
    let client = Client { number, certificate, name: Arc::default() };
    let room = Arc::clone(&shared.room).try_acquire_owned();
    let patience = Patience::new(phase);
    let mut connection = Connection { stream, patience, shared: Arc::clone(&shared), client };
    match room {
        Ok(room) => {
            drop(place);
            // Whose it is, the store is asked for, which waits: that is said with each request.
            tracing::debug!(number, "opened");
            let counted = metrics::opened(spoken.name());
            let then = match spoken {
                Spoken::Ttlv => ttlv::answer(&mut connection).await,
                #[cfg(feature = "https")]
                Spoken::Https => https::answer(&mut connection).await,
            };
            tracing::debug!(turned = then == Then::Turns, "over");
            match then {
                Then::Ends => connection.close().await,
                Then::Turns => connection.turn(peer, room),
            }
            drop(counted);
        }
        Err(_) => {
            refused("connections");
            let refuse = async {
                match spoken {
                    Spoken::Ttlv => ttlv::refuse(&mut connection, deadline).await,
                    #[cfg(feature = "https")]
                    Spoken::Https => https::refuse(&mut connection, deadline).await,
                }
                connection.close().await;
            };
            tokio::select! {
                () = refuse => {}
                () = place.is_given_away() => {}
            }
        }
    }
}

/// Refuses a handshake.
async fn say_no_room(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) {
    if stream.write_all(&NO_ROOM).await.is_ok() && stream.shutdown().await.is_ok() {
        linger(&mut stream).await;
    }
}

/// Takes in what the client is still sending, for a moment: closing with bytes unread would reset the
/// connection, and the client might lose the response.
async fn linger(stream: &mut (impl AsyncReadExt + Unpin)) {
    let taken = async {
        let mut buffer = [0; 4096];
        while matches!(stream.read(&mut buffer).await, Ok(length) if length > 0) {}
    };
    let _ = timeout(LINGER, taken).await;
}

impl Connection {
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Whether another request may be taken.
    pub(super) fn is_serving(&self) -> bool {
        self.shared.phase() == Phase::Serving
    }

    /// Reads what there is by then, unless the server gets so far.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`]; [`io::ErrorKind::ConnectionAborted`], if the server got so far; what the stream fails with.
    pub(super) async fn read(
        &mut self,
        buffer: &mut [u8],
        deadline: Instant,
        least: Phase,
    ) -> io::Result<usize> {
        tokio::select! {
            biased;
            read = self.stream.read(buffer) => {
                metrics::received(*read.as_ref().unwrap_or(&0));
                read
            }
            why = self.patience.ends(deadline, least) => Err(why.into()),
        }
    }

    /// Sends a response. Nothing is left to say to a client that is gone or does not read: `false` says so.
    pub(super) async fn send(&mut self, parts: &[&[u8]]) -> bool {
        let (stream, shared, patience) = (&mut self.stream, &self.shared, &mut self.patience);
        let written = async {
            for part in parts {
                stream.write_all(part).await?;
            }
            stream.flush().await
        };
        // The time begins to run where there is something to wait for.
        let waited = async {
            let deadline = shared.message_deadline();
            if patience.ends(deadline, Phase::Ending).await == io::ErrorKind::ConnectionAborted {
                sleep_until(deadline.min(Instant::now() + LAST_WORDS).into()).await;
            }
        };
        let is_sent = tokio::select! {
            biased;
            written = written => written.is_ok(),
            () = waited => false,
        };
        if is_sent {
            metrics::sent(parts.iter().map(|part| part.len()).sum());
        }
        is_sent
    }

    /// Does something that takes a while, where it is in nobody's way, and which may ask who the client is. If that
    /// panics there is nothing.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &Client) -> T + Send + 'static,
    ) -> Option<T> {
        let (shared, client) = (Arc::clone(&self.shared), self.client.clone());
        let span = tracing::Span::current();
        let working = spawn_blocking(move || span.in_scope(|| work(&shared, &client)));
        working.await.ok()
    }

    /// What becomes of a request. No bytes at all, and nothing, are the end of the connection.
    pub(super) async fn handle(&self, request: Zeroizing<Vec<u8>>) -> Option<Outcome> {
        let of = Peer { may_turn: true, ..Peer::default() };
        // Another thread, which has to be woken, costs more than what it would do.
        if self.shared.answers.is_quick(&request) {
            return Some(self.shared.handle(&self.client, &request, of));
        }
        self.work(move |shared, client| shared.handle(client, &request, of)).await
    }

    /// Ends a connection in order.
    async fn close(mut self) {
        let deadline = self.shared.message_deadline().min(Instant::now() + LAST_WORDS);
        let closed = async {
            let _ = self.stream.shutdown().await;
            linger(self.stream.get_mut().0).await;
        };
        let _ = timeout_at(deadline.into(), closed).await;
    }

    /// Leaves the connection to who asks on it, and blocks.
    fn turn(self, peer: SocketAddr, room: OwnedSemaphorePermit) {
        let Self { stream, shared, client, .. } = self;
        let (stream, tls) = stream.into_inner();
        let blocking = stream.into_std().and_then(|stream| stream.set_nonblocking(false).map(|()| stream));
        let Ok(stream) = blocking else { return };
        let number = client.number;
        tracing::debug!(%peer, number, "turned around");
        let Some(open) = Open::new(&shared, number, &stream, room) else { return };
        shared.turned().push_back(ClientEndpoint::new(stream, tls, open, shared.idle_deadline()));
        shared.turning.notify_one();
    }
}
