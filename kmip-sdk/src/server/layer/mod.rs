//! What stands in front of a server: it sees each request, and may answer it itself, late, wrongly or not at all.
//!
//! That is how an application's own handling of errors is tested. [`Fault`] has what is needed mostly; a function does all
//! else. Layers work for a [`Server`] in process and on every port of an
//! [`EmbeddedServer`](super::EmbeddedServer).
//!
//! ```
//! use kmip_sdk::prelude::*;
//! use kmip_sdk::server::layer::{Incoming, Next};
//! use kmip_sdk::server::{Server, ServerOptions};
//! use kmip_sdk::types::enumerations::{Operation, ResultReason};
//!
//! let options = ServerOptions::default().layer(|incoming: &Incoming<'_>, next: Next<'_>| {
//!     if incoming.has(Operation::Destroy) && incoming.identity().is_none() {
//!         return incoming.fail(ResultReason::PermissionDenied, "not today");
//!     }
//!     next.run(incoming)
//! });
//! let client = Client::builder().service(Server::new(options)).connect()?;
//! let key = client.create_aes(256).name("app").send()?;
//! assert!(client.destroy(&key).send().is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fault;
mod outcome;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{Message as _, RequestMessage, ResponseBatchItem};

use super::dispatch::Server;
use crate::answer;
pub use fault::Fault;
pub use outcome::Outcome;
pub use watch::{Exchanged, watch};

/// Something in front of the server; so is any function of this form.
pub trait Layer: Send + Sync {
    /// What becomes of a request. What is behind this layer is asked by [`Next::run`], or not.
    ///
    /// A panic costs this request only.
    fn handle(&self, incoming: &Incoming<'_>, next: Next<'_>) -> Outcome;
}

impl<F: Fn(&Incoming<'_>, Next<'_>) -> Outcome + Send + Sync> Layer for F {
    fn handle(&self, incoming: &Incoming<'_>, next: Next<'_>) -> Outcome {
        self(incoming, next)
    }
}

/// Whom a request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Peer<'a> {
    pub(crate) identity: Option<&'a str>,
    pub(crate) connection: Option<u64>,
    pub(crate) may_turn: bool,
    /// In which encoding the messages go over HTTPS, if they do.
    #[cfg(feature = "https")]
    pub(crate) encoding: Option<crate::Encoding>,
}

/// A request before it is done.
pub struct Incoming<'a> {
    server: &'a Server,
    pub(crate) peer: Peer<'a>,
    number: u64,
    bytes: &'a [u8],
    message: Option<RequestMessage>,
}

impl<'a> Incoming<'a> {
    pub(crate) fn new(server: &'a Server, peer: Peer<'a>, number: u64, bytes: &'a [u8]) -> Self {
        // What cannot be read as a whole is answered item by item by the server, if it can be.
        let message = RequestMessage::from_ttlv(bytes).ok();
        Self { server, peer, number, bytes, message }
    }

    /// The message, if all of it can be read. It may hold secrets.
    pub fn message(&self) -> Option<&RequestMessage> {
        self.message.as_ref()
    }

    /// The message in binary TTLV. It may hold secrets.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// The version of the message, if that can be read.
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.message.as_ref().map(|message| message.request_header.protocol_version)
    }

    /// Whose the connection is; what credentials in the message say is not looked at yet.
    pub fn identity(&self) -> Option<&str> {
        self.peer.identity
    }

    /// The number of the connection, from 0, on all ports together; nothing in process.
    pub fn connection(&self) -> Option<u64> {
        self.peer.connection
    }

    /// The number of the request, from 1, of all that came to the server.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The operations of the batch items, in their order.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.message.iter().flat_map(|message| &message.batch_item).map(|item| item.operation)
    }

    /// Whether an item is of this operation.
    pub fn has(&self, operation: Operation) -> bool {
        self.operations().any(|other| other == operation)
    }

    /// The answer that every item failed, for this reason.
    pub fn fail(&self, reason: ResultReason, text: &str) -> Outcome {
        let now = (self.server.options().clock)();
        let bytes = match &self.message {
            Some(message) => {
                let items = message.batch_item.iter().map(|item| {
                    let mut failed = ResponseBatchItem::failure(Some(item.operation), reason, text);
                    failed.unique_batch_item_id.clone_from(&item.unique_batch_item_id);
                    failed
                });
                answer::encode(message.request_header.protocol_version, now, items.collect(), None)
            }
            None => self.server.refuse(None, &answer::Failure::new(reason, text)),
        };
        Outcome::answer(bytes)
    }
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("peer", &self.peer)
            .field("number", &self.number)
            .field("operations", &self.operations().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// What is behind a layer: others, and the server in the end.
pub struct Next<'a> {
    pub(crate) layers: &'a [Arc<dyn Layer>],
}

impl Next<'_> {
    /// What becomes of the request there.
    pub fn run(self, incoming: &Incoming<'_>) -> Outcome {
        match self.layers.split_first() {
            Some((layer, layers)) => layer.handle(incoming, Next { layers }),
            None => {
                let (response, turns) = incoming.server.do_request(incoming.peer, incoming.bytes);
                Outcome { turns, ..Outcome::answer(response) }
            }
        }
    }

    /// The same after so much real time, which only this request waits.
    pub fn run_later(self, incoming: &Incoming<'_>, time: Duration) -> Outcome {
        std::thread::sleep(time);
        self.run(incoming)
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("layers", &self.layers.len()).finish()
    }
}
