//! The server without a network: what is done with a request message.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use kmip_types::ProtocolVersion;

use super::access::authenticate;
use super::batch::{self, Batch};
use super::context::{BatchMemory, Context};
use super::layer::{Incoming, Next, Outcome, Peer};
use super::options::ServerOptions;
use super::shared::Shared;
use crate::answer::{self, Failure, Request, Room, Unreadable};
use crate::observe::Direction;

/// A server without a network: it takes the bytes of a request and gives those of the response.
///
/// ```
/// use kmip_sdk::server::{Server, ServerOptions};
/// use kmip_sdk::types::enumerations::ResultStatus;
/// use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
/// use kmip_sdk::types::operation::DiscoverVersionsRequest;
/// use kmip_sdk::types::{ProtocolVersion, enumerations::Operation};
///
/// let server = Server::new(ServerOptions::default());
/// let payload = DiscoverVersionsRequest::default().into();
/// let request = RequestMessage {
///     request_header: RequestHeader::new(ProtocolVersion::V2_1, 1),
///     batch_item: vec![RequestBatchItem::new(Operation::DiscoverVersions, payload)],
/// };
/// let response = ResponseMessage::from_ttlv(&server.handle(&request.to_ttlv()?))?;
/// assert_eq!(response.batch_item[0].result_status, ResultStatus::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Server {
    options: ServerOptions,
    pub(super) shared: Shared,
    requests: AtomicU64,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Default for Server {
    /// A server with the default options.
    fn default() -> Self {
        Self::new(ServerOptions::default())
    }
}

impl Server {
    /// A server without objects.
    pub fn new(options: ServerOptions) -> Self {
        let shared = Shared::new(&options);
        Self { options, shared, requests: AtomicU64::new(0) }
    }

    /// What the server was made with.
    pub fn options(&self) -> &ServerOptions {
        &self.options
    }

    /// The response to a request, both as binary TTLV.
    ///
    /// Whatever the bytes are, there is a response: one that cannot be read is answered with an error. Both may
    /// hold secrets.
    pub fn handle(&self, request: &[u8]) -> Vec<u8> {
        self.handle_on(Peer::default(), request).in_process()
    }

    /// The response to a request of somebody's, as by [`Server::handle`]. What they make is there for them only, and what
    /// others make is not. Credentials in the request come before this name.
    pub fn handle_as(&self, identity: &str, request: &[u8]) -> Vec<u8> {
        self.handle_on(Peer { identity: Some(identity), ..Peer::default() }, request).in_process()
    }

    /// What becomes of a request of somebody's, if it is known whose, after all that is in front of the server.
    pub(super) fn handle_on(&self, peer: Peer<'_>, request: &[u8]) -> Outcome {
        if self.options.layers.is_empty() {
            let (response, turns) = self.do_request(peer, request);
            return Outcome { turns, ..Outcome::answer(response) };
        }
        let number = self.requests.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        let incoming = Incoming::new(self, peer, number, request);
        Next { layers: &self.options.layers }.run(&incoming)
    }

    /// The response to a request, and whether the connection is turned around behind it.
    pub(super) fn do_request(&self, peer: Peer<'_>, request: &[u8]) -> (Vec<u8>, bool) {
        let _random = self.shared.source.request();
        let Peer { identity, may_turn, .. } = peer;
        self.observe(Direction::Request, request);
        let (response, turns) = match Request::read(request, &self.options.versions, self.options.limits) {
            Ok(request) => self.answer(identity, &request, may_turn),
            Err(Unreadable { version, failure }) => (self.refuse(version, &failure), false),
        };
        self.observe(Direction::Response, &response);
        (response, turns)
    }

    fn observe(&self, direction: Direction, message: &[u8]) {
        if let Some(observer) = &self.options.observer {
            observer(direction, message);
        }
    }

    /// The response to a message that cannot be answered item by item.
    pub(super) fn refuse(&self, version: Option<ProtocolVersion>, failure: &Failure) -> Vec<u8> {
        answer::refuse(&self.options.versions, version, failure, (self.options.clock)())
    }

    fn answer(&self, identity: Option<&str>, request: &Request<'_>, may_turn: bool) -> (Vec<u8>, bool) {
        let version = request.header.protocol_version;
        let authentication = request.header.authentication.as_ref();
        let credentials = authentication.map(|authentication| authentication.credential.as_slice());
        let (options, now) = (&self.options, (self.options.clock)());
        let credentials = credentials.unwrap_or_default();
        let caller = match authenticate(identity, credentials, &options.users, &self.shared, now) {
            Ok(caller) => caller,
            Err(failure) => return (self.refuse(Some(version), &failure), false),
        };
        loop {
            let now = (self.options.clock)();
            self.shared.store.advance(now);
            batch::catch_up(&self.shared, &self.options, now);
            let caller_proof = caller.proof.as_ref();
            let (caller, memory) = (caller.clone(), BatchMemory::default());
            let mut context = Context::new(&self.shared, &self.options, version, now, caller, memory);
            context.may_turn = may_turn;
            let room = Room::new(&request.header, now, caller_proof);
            let mut batch = Batch { context, header: &request.header, room };
            if let Ok(items) = batch.run(request) {
                let turns = answer::turns(&items);
                return (answer::encode(version, (self.options.clock)(), items, caller_proof), turns);
            }
        }
    }
}
