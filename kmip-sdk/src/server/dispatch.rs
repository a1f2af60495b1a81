//! The server without a network: what is done with a request message.

use std::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::ResultReason;

use super::access::authenticate;
use super::batch::{self, Batch};
use super::context::{BatchMemory, Context};
use super::metrics;
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
    shared: Shared,
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
        Self { options, shared }
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
        self.handle_on(None, request, false).0
    }

    /// The response to a request of somebody's, as by [`Server::handle`]. What they make is there for them only, and what
    /// others make is not. Credentials in the request come before this name.
    pub fn handle_as(&self, identity: &str, request: &[u8]) -> Vec<u8> {
        self.handle_on(Some(identity), request, false).0
    }

    /// The response to a request of somebody's, if it is known whose, on a connection that may be turned around or not; and
    /// whether it is behind the response.
    pub(super) fn handle_on(
        &self,
        identity: Option<&str>,
        request: &[u8],
        may_turn: bool,
    ) -> (Vec<u8>, bool) {
        self.observe(Direction::Request, request);
        let (response, turns) = match Request::read(request, &self.options.versions, self.options.limits) {
            Ok(request)
                if request.room_for_refusals() > self.options.maximum_response && request.len() > 1 =>
            {
                let message = "the batch has more items than there may be answers in a response";
                let failure = Failure::new(ResultReason::ResponseTooLarge, message);
                (self.refuse(Some(request.header.protocol_version), &failure), false)
            }
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

    /// Has the batches that are being done end between two of their items: what follows fails.
    pub(super) fn end(&self) {
        self.shared.end();
    }

    /// Whether requests would be answered as they should be.
    #[cfg(feature = "https")]
    pub(super) fn is_ready(&self) -> bool {
        // A store that may be out of reach is to be asked here.
        !self.shared.is_ending()
    }

    /// The response to a message that cannot be answered item by item.
    pub(super) fn refuse(&self, version: Option<ProtocolVersion>, failure: &Failure) -> Vec<u8> {
        tracing::debug!(reason = %failure.reason, message = failure.message, "refused");
        metrics::refused_message(failure.reason);
        answer::refuse(&self.options.versions, version, failure, (self.options.clock)())
    }

    fn answer(&self, identity: Option<&str>, request: &Request<'_>, may_turn: bool) -> (Vec<u8>, bool) {
        let version = request.header.protocol_version;
        let span = tracing::debug_span!("kmip_request", %version, items = request.len(), identity);
        let _entered = span.enter();
        let authentication = request.header.authentication.as_ref();
        let credentials = authentication.map(|authentication| authentication.credential.as_slice());
        let (options, now) = (&self.options, (self.options.clock)());
        let credentials = credentials.unwrap_or_default();
        let caller = match authenticate(identity, credentials, options, &self.shared, now) {
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
            let room = Room::new(&request.header, now, caller_proof, options.maximum_response);
            let mut batch = Batch { context, header: &request.header, room };
            if let Ok(items) = batch.run(request) {
                let turns = answer::turns(&items);
                return (answer::encode(version, (self.options.clock)(), items, caller_proof), turns);
            }
        }
    }
}
