//! The server without a network: what is done with a request message.

use std::fmt;

use kmip_types::enumerations::ResultReason;
use kmip_types::message::{Message, ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::{ProtocolVersion, SecretBytes, Tag, ttlv};

use super::access::authenticate;
use super::batch::{self, Batch};
use super::context::{BatchMemory, Context};
use super::failure::Failure;
use super::options::ServerOptions;
use super::request::{Request, Unreadable};
use super::shared::Shared;
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
        self.handle_from(None, request)
    }

    /// The response to a request of somebody's, as by [`Server::handle`]. What they make is there for them only, and what
    /// others make is not. Credentials in the request come before this name.
    pub fn handle_as(&self, identity: &str, request: &[u8]) -> Vec<u8> {
        self.handle_from(Some(identity), request)
    }

    fn handle_from(&self, identity: Option<&str>, request: &[u8]) -> Vec<u8> {
        self.observe(Direction::Request, request);
        let response = match Request::read(request, &self.options.versions, self.options.limits) {
            Ok(request) => self.answer(identity, &request),
            Err(Unreadable { version, failure }) => self.refuse(version, &failure),
        };
        self.observe(Direction::Response, &response);
        response
    }

    fn observe(&self, direction: Direction, message: &[u8]) {
        if let Some(observer) = &self.options.observer {
            observer(direction, message);
        }
    }

    /// The response to a message that cannot be answered item by item: one item without an operation
    /// (KMIP 1.4 section 11.1), in the nearest version that the server has.
    pub(super) fn refuse(&self, version: Option<ProtocolVersion>, failure: &Failure) -> Vec<u8> {
        let versions = &self.options.versions;
        let newest = versions.last().copied().unwrap_or(ProtocolVersion::V1_0);
        let wanted = version.unwrap_or(newest);
        let below = versions.iter().rev().find(|version| wanted.is_at_least(**version));
        let version = below.or(versions.first()).copied().unwrap_or(newest);
        let reason = failure.reason_in(version, None);
        let item = ResponseBatchItem::failure(None, reason, failure.message.clone());
        self.encode(version, vec![item], None)
    }

    fn answer(&self, identity: Option<&str>, request: &Request<'_>) -> Vec<u8> {
        let version = request.header.protocol_version;
        let authentication = request.header.authentication.as_ref();
        let credentials = authentication.map(|authentication| authentication.credential.as_slice());
        let (options, now) = (&self.options, (self.options.clock)());
        let credentials = credentials.unwrap_or_default();
        let caller = match authenticate(identity, credentials, &options.users, &self.shared, now) {
            Ok(caller) => caller,
            Err(failure) => return self.refuse(Some(version), &failure),
        };
        loop {
            let now = (self.options.clock)();
            self.shared.store.advance(now);
            batch::catch_up(&self.shared, &self.options, now);
            let mut batch = Batch {
                context: Context::new(
                    &self.shared,
                    &self.options,
                    version,
                    now,
                    caller.clone(),
                    BatchMemory::default(),
                ),
                header: &request.header,
                // What the header takes; an item adds its own size.
                size: self.size_of_header(version, caller.proof.as_ref()),
                left: 0,
            };
            if let Ok(items) = batch.run(request) {
                return self.encode(version, items, caller.proof.as_ref());
            }
        }
    }

    /// How many bytes a response takes without its batch items.
    fn size_of_header(&self, version: ProtocolVersion, proof: Option<&SecretBytes>) -> usize {
        let mut header = ResponseHeader::new(version, (self.options.clock)(), 0);
        header.server_hashed_password = proof.cloned();
        let header = ttlv::encode(Tag::RESPONSE_HEADER, &header, version).map_or(0, |bytes| bytes.len());
        ttlv::Header::SIZE + header
    }

    fn encode(
        &self,
        version: ProtocolVersion,
        batch_item: Vec<ResponseBatchItem>,
        proof: Option<&SecretBytes>,
    ) -> Vec<u8> {
        let now = (self.options.clock)();
        // There are as many as the request has, whose number is an Integer.
        let count = i32::try_from(batch_item.len()).unwrap_or(i32::MAX);
        let mut response_header = ResponseHeader::new(version, now, count);
        response_header.server_hashed_password = proof.cloned();
        let message = ResponseMessage { response_header, batch_item };
        message.to_ttlv().unwrap_or_else(|_| {
            // Each item could be written by itself, so together they exceed the limit of a message.
            let reason = ResultReason::ResponseTooLarge;
            let item = ResponseBatchItem::failure(None, reason, "the response is too large to be written");
            let response_header = ResponseHeader::new(version, now, 1);
            ResponseMessage { response_header, batch_item: vec![item] }.to_ttlv().unwrap_or_default()
        })
    }
}
