//! Several different requests in one message, each with a handle for its result.

use core::fmt;
use core::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use kmip_types::enumerations::BatchErrorContinuationOption;
use kmip_types::message::RequestBatchItem;
use kmip_types::operation::Request;
use kmip_types::{EncodeError, ProtocolVersion};

/// Requests that go to the server in one message.
///
/// ```no_run
/// # fn main() -> Result<(), kmip_sdk::Error> {
/// # let mut client = kmip_sdk::Client::builder().connect()?;
/// use kmip_sdk::types::operation::{DestroyRequest, GetRequest};
///
/// let mut batch = client.batch();
/// let got = batch.add(GetRequest::new("k-1"));
/// let destroyed = batch.add(DestroyRequest::new("k-1"));
/// let mut results = client.send(batch)?;
/// let object = results.take(got)?.object;
/// results.take(destroyed)?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Batch {
    pub(super) identity: u64,
    version: ProtocolVersion,
    pub(super) items: Vec<RequestBatchItem>,
    pub(super) error: Option<EncodeError>,
    pub(super) continuation: Option<BatchErrorContinuationOption>,
    pub(super) order: Option<bool>,
    pub(super) unique_batch_item_ids: bool,
}

/// Where the result of one request of a batch is to be found: [`Results::take`](super::Results::take).
pub struct Handle<R> {
    pub(super) batch: u64,
    pub(super) index: usize,
    request: PhantomData<fn() -> R>,
}

impl Batch {
    pub(super) fn new(version: ProtocolVersion) -> Self {
        static BATCHES: AtomicU64 = AtomicU64::new(0);
        Self {
            identity: BATCHES.fetch_add(1, Ordering::Relaxed),
            version,
            items: Vec::new(),
            error: None,
            continuation: None,
            order: None,
            unique_batch_item_ids: true,
        }
    }

    /// Adds a request at the end. What cannot be encoded is reported when the batch is sent.
    pub fn add<R: Request>(&mut self, request: R) -> Handle<R> {
        let index = self.items.len();
        match request.into_payload(self.version) {
            Ok(payload) => self.items.push(RequestBatchItem::new(R::OPERATION, payload)),
            // The batch will not be sent, so the items that follow need not have their places.
            Err(error) => drop(self.error.get_or_insert(error)),
        }
        Handle { batch: self.identity, index, request: PhantomData }
    }

    /// Says what the server is to do after an operation that failed. If it is not said: stop.
    #[must_use]
    pub fn continuation(mut self, option: BatchErrorContinuationOption) -> Self {
        self.continuation = Some(option);
        self
    }

    /// Says whether the operations are to be done in their order. If it is not said: not, before KMIP 2.0;
    /// yes, since. An operation on the object of an earlier one of the batch, by the ID Placeholder, needs it.
    #[must_use]
    pub fn order(mut self, in_order: bool) -> Self {
        self.order = Some(in_order);
        self
    }

    /// Says whether each of several items carries a Unique Batch Item ID, as the standard wants. If not,
    /// results are told apart by their order only. They do, if it is not said.
    #[must_use]
    pub fn unique_batch_item_ids(mut self, carried: bool) -> Self {
        self.unique_batch_item_ids = carried;
        self
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("batch", &self.batch).field("index", &self.index).finish()
    }
}
