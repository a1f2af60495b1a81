//! A connection that a client turned around (Set Endpoint Role): the server asks on it, and the client answers.

use std::fmt;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kmip_types::Tag;
use rustls::{ServerConnection, StreamOwned};
use tokio::sync::OwnedSemaphorePermit;

use super::deadlined::Deadlined;
use super::{Phase, Shared};
use crate::Service;
use crate::framing::Framing;

/// A client that took the server's role on its connection, which can be asked there: by Notify, Put, Query, Discover Versions
/// and Set Endpoint Role (KMIP 2.1 section 6.2).
///
/// It is a [`Service`], so that it is asked by a [`Client`](crate::Client) that is built with it. Each request must be
/// answered within the server's [`message_timeout`](super::super::ServerOptions::message_timeout). The connection ends when
/// this is dropped, or when an exchange fails.
///
/// ```
/// use std::time::Duration;
/// use kmip_sdk::Client;
/// use kmip_sdk::endpoint::{After, Endpoint, Ending};
/// use kmip_sdk::server::EmbeddedServer;
/// use kmip_sdk::types::operation::NotifyRequest;
///
/// let server = EmbeddedServer::start()?;
/// let application = Client::builder().embedded(&server).connect()?;
/// let endpoint = Endpoint::new().on_notify(|notify| {
///     println!("{} has changed", notify.unique_identifier);
///     Ok(After::End)
/// });
/// let served = std::thread::spawn(move || application.serve(endpoint).send());
///
/// let asked = server.client_endpoint(Duration::from_secs(60)).ok_or("no client took the server's role")?;
/// let pushing = Client::builder().service(asked).connect()?;
/// pushing.call(NotifyRequest::new("k-1")).send()?;
/// assert_eq!(served.join().unwrap()?.ending, Ending::Handler);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClientEndpoint {
    /// The connection, unless it is over.
    stream: Mutex<Option<Box<Stream>>>,
    open: Open,
    /// Until when it is kept if nobody takes it.
    until: Instant,
}

/// A connection that blocks, over TLS.
type Stream = StreamOwned<ServerConnection, Deadlined>;

/// That a connection is open and has its room; both end when this is dropped.
pub(super) struct Open {
    shared: Arc<Shared>,
    number: u64,
    _room: OwnedSemaphorePermit,
}

impl Open {
    /// Puts a connection on the list of those that end with the server, unless there is no handle to close it by.
    pub(super) fn new(
        shared: &Arc<Shared>,
        number: u64,
        stream: &TcpStream,
        room: OwnedSemaphorePermit,
    ) -> Option<Self> {
        shared.turned_streams().insert(number, stream.try_clone().ok()?);
        if shared.phase() == Phase::Ending {
            // It may have looked at the list before.
            let _ = stream.shutdown(Shutdown::Both);
        }
        Some(Self { shared: Arc::clone(shared), number, _room: room })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.turned_streams().remove(&self.number);
    }
}

/// Ends a connection in order.
fn close(stream: &mut Stream, shared: &Shared) {
    stream.conn.send_close_notify();
    stream.sock.deadline = shared.message_deadline();
    let _ = stream.flush();
    let _ = stream.sock.stream.shutdown(Shutdown::Write);
    // Closing with bytes unread would reset the connection, and the client might lose what was said last.
    stream.sock.deadline = Instant::now() + Duration::from_millis(200);
    let mut buffer = [0; 4096];
    while matches!(stream.sock.read(&mut buffer), Ok(length) if length > 0) {}
}

impl ClientEndpoint {
    pub(super) fn new(stream: TcpStream, tls: ServerConnection, open: Open, until: Instant) -> Self {
        let stream = Stream::new(tls, Deadlined { stream, deadline: until });
        Self { stream: Mutex::new(Some(Box::new(stream))), open, until }
    }

    /// Whether it was left alone for too long.
    pub(super) fn is_old(&self, now: Instant) -> bool {
        now >= self.until
    }

    /// One request for its response, if there is one.
    fn ask(&self, stream: &mut Stream, request: &[u8]) -> Option<Vec<u8>> {
        let shared = &self.open.shared;
        if shared.phase() == Phase::Ending {
            return None;
        }
        stream.sock.deadline = shared.message_deadline();
        let deadline = stream.sock.deadline;
        let framing = |tag| Framing::new(tag).with_limit(shared.bounds.limits.size).with_deadline(deadline);
        framing(Tag::REQUEST_MESSAGE).write_message(stream, request).ok()?;
        let response = framing(Tag::RESPONSE_MESSAGE).read_message(stream).ok()??;
        Some(response.to_vec())
    }
}

impl Service for ClientEndpoint {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let response = stream.as_mut().and_then(|stream| self.ask(stream, request));
        if response.is_none()
            && let Some(mut stream) = stream.take()
        {
            // What comes now may be the answer to this.
            close(&mut stream, &self.open.shared);
        }
        response.unwrap_or_default()
    }
}

impl Drop for ClientEndpoint {
    fn drop(&mut self) {
        let stream = self.stream.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(stream) = stream {
            close(stream, &self.open.shared);
        }
    }
}

impl fmt::Debug for ClientEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientEndpoint").finish_non_exhaustive()
    }
}
