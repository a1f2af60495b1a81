//! A connection that a client turned around (Set Endpoint Role): the server asks on it, and the client answers.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use kmip_types::Tag;

use super::{Open, Stream, close};
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
/// let asked = server.client_endpoint(Duration::from_secs(10)).ok_or("no client took the server's role")?;
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

impl ClientEndpoint {
    pub(super) fn new(stream: Stream, open: Open, until: Instant) -> Self {
        Self { stream: Mutex::new(Some(Box::new(stream))), open, until }
    }

    /// Whether it was left alone for too long.
    pub(super) fn is_old(&self, now: Instant) -> bool {
        now >= self.until
    }

    /// One request for its response, if there is one.
    fn ask(&self, stream: &mut Stream, request: &[u8]) -> Option<Vec<u8>> {
        let shared = &self.open.shared;
        if shared.is_stopping() {
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
