//! Several different requests in one message, each with a handle for its result.

use core::fmt;
use core::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use kmip_types::enumerations::{BatchErrorContinuationOption, Operation};
use kmip_types::operation::{Request, RequestPayload};
use kmip_types::ttlv::{self, Mode, Reader};
use kmip_types::{EncodeError, EncodeErrorKind, Limits, ProtocolVersion, Tag};
use zeroize::Zeroizing;

/// Requests that go to the server in one message.
///
/// ```no_run
/// # fn main() -> Result<(), kmip_sdk::Error> {
/// # let client = kmip_sdk::Client::builder().connect()?;
/// use kmip_sdk::Batch;
/// use kmip_sdk::types::operation::{DestroyRequest, GetRequest};
///
/// let mut batch = Batch::new();
/// let got = batch.add(GetRequest::new("k-1"));
/// let destroyed = batch.add(DestroyRequest::new("k-1"));
/// let mut results = client.call_batch(batch).send()?;
/// let object = results.take(got)?.object;
/// results.take(destroyed)?;
/// # Ok(()) }
/// ```
pub struct Batch {
    pub(super) identity: u64,
    pub(super) items: Vec<Box<dyn Item>>,
    pub(super) continuation: Option<BatchErrorContinuationOption>,
    pub(super) order: Option<bool>,
    pub(super) unique_batch_item_ids: Option<bool>,
}

/// Where the result of one request of a batch is to be found: [`Results::take`](super::Results::take).
pub struct Handle<R> {
    pub(super) batch: u64,
    pub(super) index: usize,
    request: PhantomData<fn() -> R>,
}

impl Batch {
    /// A batch without requests.
    pub fn new() -> Self {
        static BATCHES: AtomicU64 = AtomicU64::new(0);
        Self {
            identity: BATCHES.fetch_add(1, Ordering::Relaxed),
            items: Vec::new(),
            continuation: None,
            order: None,
            unique_batch_item_ids: None,
        }
    }

    /// Adds a request at the end. What cannot be encoded is reported when the batch is sent.
    pub fn add<R: Request>(&mut self, request: R) -> Handle<R> {
        let index = self.items.len();
        self.items.push(Box::new(Typed::Request(Some(request))));
        Handle { batch: self.identity, index, request: PhantomData }
    }

    /// The operations, in their order.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.items.iter().map(|item| item.operation())
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

    /// Says whether each item carries a Unique Batch Item ID, as the standard wants of several. If not, results are
    /// told apart by their order only. If it is not said, what the session says counts: they do.
    #[must_use]
    pub fn unique_batch_item_ids(mut self, carried: bool) -> Self {
        self.unique_batch_item_ids = Some(carried);
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

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

/// One request of a batch, of whichever operation. It can be written more than once, in one version or another.
pub(super) trait Item: Send + Sync {
    fn operation(&self) -> Operation;

    /// Gives the payload away, in the form of this version.
    fn take(&mut self, version: ProtocolVersion) -> Result<RequestPayload, EncodeError>;

    /// Takes back the payload that was given in this version.
    fn put_back(&mut self, payload: RequestPayload, version: ProtocolVersion);
}

enum Typed<R> {
    /// As it was given; nothing only for a moment.
    Request(Option<R>),
    /// As the payload in a version.
    Payload(Option<RequestPayload>, ProtocolVersion),
}

impl<R: Request> Item for Typed<R> {
    fn operation(&self) -> Operation {
        R::OPERATION
    }

    fn take(&mut self, version: ProtocolVersion) -> Result<RequestPayload, EncodeError> {
        let invalid = |expected| EncodeError::new(EncodeErrorKind::InvalidValue { expected });
        let taken = || invalid("a request that is not being written");
        match self {
            Self::Request(request) => request.take().ok_or_else(taken)?.into_payload(version),
            // A vendor's payload is in the form of its version; that of the standard is in that of all.
            Self::Payload(Some(RequestPayload::Other(_)), before) if *before != version => {
                let before = *before;
                let Self::Payload(payload, _) = self else { return Err(taken()) };
                let bytes = Zeroizing::new(ttlv::encode(
                    Tag::REQUEST_PAYLOAD,
                    &payload.take().ok_or_else(taken)?,
                    before,
                )?);
                let read = Reader::new(&bytes, Mode::Strict, Limits::default())
                    .and_then(|reader| R::decode(Tag::REQUEST_PAYLOAD, &mut reader.in_version(before)));
                let request = read.map_err(|_| invalid("a request that can be read back"))?;
                request.into_payload(version)
            }
            Self::Payload(payload, _) => payload.take().ok_or_else(taken),
        }
    }

    fn put_back(&mut self, payload: RequestPayload, version: ProtocolVersion) {
        *self = Self::Payload(Some(payload), version);
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("operations", &self.operations().collect::<Vec<_>>())
            .field("continuation", &self.continuation)
            .field("order", &self.order)
            .field("unique_batch_item_ids", &self.unique_batch_item_ids)
            .finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("batch", &self.batch).field("index", &self.index).finish()
    }
}
