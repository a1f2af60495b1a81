//! The server without a network: what is done with a request message.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{ResponseBatchItem, ResponseHeader};
use kmip_types::{DateTime, ProtocolVersion};
use zeroize::Zeroizing;

use super::access::authenticate;
use super::attestation;
use super::batch::{self, Batch};
use super::context::{BatchMemory, Context};
use super::discovery;
use super::layer::{Incoming, Next, Outcome, Peer};
use super::leniency::Deviation;
use super::metrics;
use super::options::{GroupDefault, ServerOptions};
use super::provisioned;
use super::rotation;
use super::shared::Shared;
use super::store::{Kind, StoreError};
use crate::answer::{self, Failure, Request, Room, Unreadable};
use crate::observe::Direction;

/// How many bytes a request has at most that takes microseconds.
const QUICK: usize = 4 * 1024;

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
        options.users.check(&shared.store);
        let server = Self { options, shared, requests: AtomicU64::new(0) };
        server.count_states((server.options.clock)());
        server
    }

    /// Has the metrics know how many objects there are, should that be due.
    fn count_states(&self, now: DateTime) {
        if let Err(error) = self.shared.store.count_states(now) {
            tracing::warn!(%error, "the objects of the store are not counted");
        }
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

    /// Whether a request is one that takes microseconds, waits for nothing, and has no function of the application's called that
    /// may take long.
    pub(super) fn is_quick(&self, request: &[u8]) -> bool {
        let (options, store) = (&self.options, &self.shared.store);
        let is_own = options.layers.is_empty()
            && options.policy.is_none()
            && options.observer.is_none()
            && options.identify.is_quick();
        if !is_own || request.len() > QUICK {
            return false;
        }
        let Some((operation, payload)) = answer::only_operation(request, options.limits) else {
            return false;
        };
        let is_quick = match operation {
            // Other forms of a key may take a key derivation, or an asymmetric operation.
            Operation::Get => answer::is_identifier_alone(payload, options.limits),
            Operation::GetAttributes
            | Operation::GetAttributeList
            | Operation::Activate
            | Operation::Encrypt => true,
            _ => false,
        };
        if !is_quick || options.handlers.get(operation).is_some() {
            return false;
        }
        if store.waits() && !(store.has_given_none() && self.is_at_hand(operation, payload)) {
            return false;
        }
        if self.shared.is_swept() {
            return true;
        }
        let now = (options.clock)();
        [Kind::OBJECT, Kind::ROTATION, Kind::ASYNCHRONOUS].into_iter().all(|kind| !store.is_due(kind, now))
    }

    /// Whether an operation changes nothing, and what it is about need not be asked of the store's backend. Should that be let
    /// go of before it is done, it is read once.
    fn is_at_hand(&self, operation: Operation, payload: &[u8]) -> bool {
        let options = &self.options;
        let stored = answer::identifier_of(payload, options.limits)
            .and_then(|identifier| self.shared.store.at_hand(&identifier));
        stored.is_some_and(|stored| match operation {
            // That an object is given for the first time, or next in its group, is noted.
            Operation::Get => {
                stored.attributes.fresh() == Some(false) && options.group_default != GroupDefault::ByTurns
            }
            Operation::Encrypt => stored.attributes.usage_limits().is_none(),
            Operation::GetAttributes | Operation::GetAttributeList => true,
            _ => false,
        })
    }

    /// The response to a request, and whether the connection is turned around behind it.
    pub(super) fn do_request(&self, peer: Peer<'_>, request: &[u8]) -> (Vec<u8>, bool) {
        let _random = self.shared.source.request();
        let Peer { identity, may_turn, .. } = peer;
        self.observe(Direction::Request, request);
        let (response, turns) = match Request::read(request, &self.options.versions, self.options.limits) {
            Ok(asked) if asked.room_for_refusals() > self.options.maximum_response => {
                let message = "the batch has more items than there may be answers in a response";
                let failure = Failure::new(ResultReason::ResponseTooLarge, message);
                (self.refuse(Some(asked.header.protocol_version), &failure), false)
            }
            Ok(asked) => match self.discovery(&asked, request) {
                Some(form) => (self.discover(identity, &form), false),
                None => self.answer(identity, &asked, may_turn),
            },
            Err(Unreadable { version, failure }) => (self.refuse(version, &failure), false),
        };
        self.observe(Direction::Response, &response);
        (response, turns)
    }

    /// A request for Discover Versions in KMIP 1.0, where that is tolerated, in the form of 1.1.
    fn discovery(&self, asked: &Request<'_>, request: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let form = discovery::in_1_1(asked, request, self.options.limits)?;
        let version = asked.header.protocol_version;
        self.options.leniency.takes(Deviation::DiscoverVersions, version).then_some(form)
    }

    /// The response to it.
    fn discover(&self, identity: Option<&str>, form: &[u8]) -> Vec<u8> {
        let response = match Request::read(form, &[ProtocolVersion::V1_1], self.options.limits) {
            Ok(asked) => self.answer(identity, &asked, false).0,
            Err(Unreadable { version, failure }) => self.refuse(version, &failure),
        };
        discovery::in_1_0(response)
    }

    /// Does what is due by now: moves objects to the state that follows, replaces those that are to be rotated, does what is
    /// answered later, and forgets results that nobody asked for.
    ///
    /// An [`EmbeddedServer`](super::EmbeddedServer) by the system's clock has a thread that does it; otherwise each request has
    /// it done first, however much there is for others. Who calls this spares them that. An object that a request is about
    /// is in the state of the moment in any case.
    ///
    /// # Errors
    /// [`StoreError`], if the store fails. What could be done was done; the rest is tried again the next time.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.settle_while(&|| true)
    }

    /// The same, as long as it goes on.
    pub(super) fn settle_while(&self, goes_on: &dyn Fn() -> bool) -> Result<(), StoreError> {
        let now = (self.options.clock)();
        self.count_states(now);
        self.settle_at(now, goes_on)
    }

    fn settle_at(&self, now: DateTime, goes_on: &dyn Fn() -> bool) -> Result<(), StoreError> {
        let (shared, options) = (&self.shared, &self.options);
        // What one of them fails with is not to keep the others waiting.
        let advanced = shared.store.advance(now, goes_on).map(drop);
        let rotated = rotation::catch_up(shared, options, now, goes_on);
        let finished = batch::catch_up(shared, options, now, goes_on);
        advanced.and(rotated).and(finished)
    }

    /// The same before a request. Where the disk is full, or other records are damaged, what is due waits, and the request does
    /// not: what it reads is as the dates say anyway.
    fn settle_first(&self, now: DateTime) -> Result<(), StoreError> {
        match self.settle_at(now, &|| true) {
            Err(error) if matches!(error, StoreError::Full(_)) || error.is_of_one_record() => {
                tracing::warn!(%error, "what is due is not done");
                Ok(())
            }
            settled => settled,
        }
    }

    /// Who a client is by its certificate, in DER.
    pub(super) fn identify(&self, certificate: &[u8]) -> String {
        self.options.identify.identify(certificate)
    }

    /// Refuses a client whose certificate another has taken the place of.
    pub(super) fn check_identity(&self, name: &str, certificate: &[u8]) -> Result<(), Failure> {
        provisioned::check(&self.shared.store, name, certificate)
    }

    /// Whether a client is to connect with this certificate, whoever issued it.
    pub(super) fn has_given(&self, certificate: &[u8]) -> bool {
        let given = provisioned::is_given(&self.shared.store, certificate, &self.options.identify);
        given.unwrap_or_else(|error| {
            tracing::error!(%error, "it is not known whether a client was given its certificate");
            false
        })
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

    /// Has it answer again after it ended.
    pub(super) fn go_on(&self) {
        self.shared.go_on();
    }

    /// Whether requests would be answered as they should be.
    #[cfg(feature = "https")]
    pub(super) fn is_ready(&self) -> bool {
        let is_reached = || {
            let asked = self.shared.store.objects();
            asked.inspect_err(|error| tracing::warn!(%error, "the store cannot be reached")).is_ok()
        };
        !self.shared.is_ending() && is_reached()
    }

    /// The response to a message that cannot be answered item by item.
    pub(super) fn refuse(&self, version: Option<ProtocolVersion>, failure: &Failure) -> Vec<u8> {
        tracing::debug!(reason = %failure.reason, message = failure.message, "refused");
        metrics::refused_message(failure.reason);
        answer::refuse(&self.options.versions, version, failure, (self.options.clock)())
    }

    fn answer(&self, identity: Option<&str>, request: &Request<'_>, may_turn: bool) -> (Vec<u8>, bool) {
        // Who asks finds the connection closed, and may ask another server.
        if self.shared.is_ending() {
            return (Vec::new(), false);
        }
        let version = request.header.protocol_version;
        let span = tracing::debug_span!("kmip_request", %version, items = request.len(), identity);
        let _entered = span.enter();
        let authentication = request.header.authentication.as_ref();
        let credentials = authentication.map(|authentication| authentication.credential.as_slice());
        let (options, mut now) = (&self.options, (self.options.clock)());
        let credentials = credentials.unwrap_or_default();
        let mut caller = match authenticate(identity, credentials, options, &self.shared, now) {
            Ok(caller) => caller,
            Err(failure) => return (self.refuse(Some(version), &failure), false),
        };
        let began = Instant::now();
        loop {
            let settled = if self.shared.is_swept() { Ok(()) } else { self.settle_first(now) };
            if let Err(error) = settled {
                return (self.refuse(Some(version), &error.into()), false);
            }
            let room = Room::new(&request.header, now, caller.proof.as_ref(), options.maximum_response);
            let memory = BatchMemory::default();
            let mut context = Context::new(&self.shared, &self.options, version, now, caller, memory);
            context.may_turn = may_turn;
            // What is done again as a whole has no more time for it.
            context.began = began;
            let mut batch = Batch { context, header: &request.header, room };
            match batch.run(request) {
                Ok(items) => {
                    let (turns, caller) = (answer::turns(&items), batch.context.caller);
                    let mut header = ResponseHeader::new(version, (self.options.clock)(), 0);
                    header.server_hashed_password = caller.proof;
                    self.challenge(&mut header, caller.identity.as_deref(), &items);
                    return (answer::encode_with(header, items), turns);
                }
                Err(StoreError::Conflict) => (caller, now) = (batch.context.caller, (self.options.clock)()),
                Err(error) => return (self.refuse(Some(version), &error.into()), false),
            }
        }
    }

    /// What an attestation is to be made of, where an item wants one (KMIP 1.4 section 7.2, 2.1 section 8.5).
    fn challenge(&self, header: &mut ResponseHeader, identity: Option<&str>, items: &[ResponseBatchItem]) {
        let Some(attestation) = &self.options.attestation else { return };
        if items.iter().all(|item| item.result_reason != Some(ResultReason::AttestationRequired)) {
            return;
        }
        // Without randomness there is none, and the client attests nothing.
        let (store, time) = (&self.shared.store, self.options.nonce_time);
        header.nonce = attestation::issue(store, identity, header.time_stamp, time).ok();
        header.attestation_type.clone_from(&attestation.kinds);
    }
}
