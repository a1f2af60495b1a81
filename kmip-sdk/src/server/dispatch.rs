//! The server without a network: what is done with a request message.

use std::fmt;
use std::sync::Mutex;

use kmip_types::enumerations::{
    AsynchronousIndicator, BatchErrorContinuationOption, Operation, ResultReason, ResultStatus,
};
use kmip_types::message::{
    Message, RequestBatchItem, RequestHeader, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::operation::ResponsePayload;
use kmip_types::{ProtocolVersion, Tag, ttlv};

use super::context::{BatchMemory, Context};
use super::failure::Failure;
use super::operation;
use super::options::ServerOptions;
use super::request::{BatchItem, Request, Unreadable};
use super::store::Store;
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
    store: Mutex<Store>,
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
        Self { options, store: Mutex::default() }
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
        self.observe(Direction::Request, request);
        let response = match Request::read(request, &self.options.versions, self.options.limits) {
            Ok(request) => self.answer(&request),
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
        self.encode(version, vec![item])
    }

    fn answer(&self, request: &Request<'_>) -> Vec<u8> {
        let mut store = self.store.lock().unwrap_or_else(|poisoned| {
            // A thread that died in the middle of a batch left its changes unsettled.
            let mut store = poisoned.into_inner();
            store.roll_back();
            store
        });
        let now = (self.options.clock)();
        store.advance(now);
        let mut batch = Batch {
            options: &self.options,
            store: &mut store,
            header: &request.header,
            memory: BatchMemory::default(),
            // What the header takes; an item adds its own size.
            size: self.size_of_header(request.header.protocol_version),
        };
        let items = batch.run(request);
        drop(store);
        self.encode(request.header.protocol_version, items)
    }

    /// How many bytes a response takes without its batch items.
    fn size_of_header(&self, version: ProtocolVersion) -> usize {
        let header = ResponseHeader::new(version, (self.options.clock)(), 0);
        let header = ttlv::encode(Tag::RESPONSE_HEADER, &header, version).map_or(0, |bytes| bytes.len());
        ttlv::Header::SIZE + header
    }

    fn encode(&self, version: ProtocolVersion, batch_item: Vec<ResponseBatchItem>) -> Vec<u8> {
        let now = (self.options.clock)();
        // There are as many as the request has, whose number is an Integer.
        let count = i32::try_from(batch_item.len()).unwrap_or(i32::MAX);
        let response_header = ResponseHeader::new(version, now, count);
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

/// A batch while it is done.
struct Batch<'a> {
    options: &'a ServerOptions,
    store: &'a mut Store,
    header: &'a RequestHeader,
    memory: BatchMemory,
    /// The size of the response so far, in bytes.
    size: usize,
}

impl Batch<'_> {
    /// Does the items in their order, as far as the Batch Error Continuation Option goes
    /// (KMIP 1.4 section 11.43, 2.1 section 9.6).
    fn run(&mut self, request: &Request<'_>) -> Vec<ResponseBatchItem> {
        let option = self.header.batch_error_continuation_option;
        let undo = option == Some(BatchErrorContinuationOption::Undo);
        let mut responses: Vec<ResponseBatchItem> = Vec::new();
        for item in request.items() {
            let response = self.item(item);
            let failed = response.result_status == ResultStatus::OperationFailed;
            if failed {
                // That is the item's own changes, or under Undo those of the whole batch.
                self.store.roll_back();
            } else if !undo {
                self.store.settle();
            }
            if failed && undo {
                responses.iter_mut().for_each(undone);
            }
            responses.push(response);
            if failed && option != Some(BatchErrorContinuationOption::Continue) {
                break;
            }
        }
        self.store.settle();
        responses
    }

    /// Does one item. If its result cannot be given it fails, and what it changed is to be taken back.
    fn item(&mut self, item: BatchItem) -> ResponseBatchItem {
        let (operation, identifier, result) = match item {
            BatchItem::Unreadable { operation, unique_batch_item_id, failure } => {
                (operation, unique_batch_item_id, Err(failure))
            }
            BatchItem::Readable(item) => {
                let operation = item.operation;
                let identifier = item.unique_batch_item_id.clone();
                let before = self.memory.mark();
                let result = self.perform(*item).and_then(|payload| {
                    let mut response = ResponseBatchItem::success(operation, payload);
                    response.unique_batch_item_id.clone_from(&identifier);
                    self.fit(response, operation)
                });
                if result.is_err() {
                    self.memory.roll_back(before);
                }
                (Some(operation), identifier, result)
            }
        };
        result.unwrap_or_else(|failure| {
            let reason = failure.reason_in(self.header.protocol_version, operation);
            let mut response = ResponseBatchItem::failure(operation, reason, failure.message);
            response.unique_batch_item_id = identifier;
            // The refusal itself is said however little the client takes.
            self.size += self.encoded_size(&response).unwrap_or_default();
            response
        })
    }

    fn perform(&mut self, item: RequestBatchItem) -> Result<ResponsePayload, Failure> {
        if item.message_extension.iter().any(|extension| extension.criticality_indicator) {
            let message = "the server does not understand a critical Message Extension";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        if self.header.asynchronous_indicator == Some(AsynchronousIndicator::Mandatory) {
            let message = "the server answers at once only";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        let now = (self.options.clock)();
        let mut context = Context {
            store: self.store,
            options: self.options,
            version: self.header.protocol_version,
            now,
            memory: &mut self.memory,
        };
        let mut payload = operation::perform(&mut context, item.operation, item.request_payload)?;
        if item.ephemeral == Some(true) {
            withhold(&mut payload);
        }
        Ok(payload)
    }

    /// The response, unless the version has no form for it or it exceeds the Maximum Response Size
    /// (KMIP 1.4 section 6.3, 2.1 section 9.12).
    fn fit(
        &mut self,
        response: ResponseBatchItem,
        operation: Operation,
    ) -> Result<ResponseBatchItem, Failure> {
        let Some(size) = self.encoded_size(&response) else {
            let message = format!("the version has no form for the result of {operation}");
            return Err(Failure::new(ResultReason::GeneralFailure, message));
        };
        let total = self.size.saturating_add(size);
        if let Some(maximum) = self.header.maximum_response_size
            && usize::try_from(maximum).map_or(true, |maximum| total > maximum)
        {
            let message = format!("the response would exceed the Maximum Response Size of {maximum} bytes");
            return Err(Failure::new(ResultReason::ResponseTooLarge, message));
        }
        self.size = total;
        Ok(response)
    }

    fn encoded_size(&self, response: &ResponseBatchItem) -> Option<usize> {
        let bytes = ttlv::encode(Tag::BATCH_ITEM, response, self.header.protocol_version).ok()?;
        Some(zeroize::Zeroizing::new(bytes).len())
    }
}

/// Keeps the output of an operation from the client; later operations of the batch may still take it.
fn withhold(payload: &mut ResponsePayload) {
    match payload {
        ResponsePayload::Encrypt(response) => response.data = None,
        ResponsePayload::Decrypt(response) => response.data = None,
        _ => {}
    }
}

/// Turns the response of an item that was done into that of one that was undone.
fn undone(response: &mut ResponseBatchItem) {
    if response.result_status == ResultStatus::Success {
        response.result_status = ResultStatus::OperationUndone;
        response.response_payload = None;
    }
}
