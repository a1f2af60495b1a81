//! Several different requests in one message, each with a handle for its result.

use core::fmt;
use core::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use kmip_types::enumerations::{BatchErrorContinuationOption, Operation};
use kmip_types::operation::{Request, RequestPayload};
use kmip_types::ttlv::{self, Mode, Reader};
use kmip_types::{EncodeError, EncodeErrorKind, Limits, ProtocolVersion, Tag};
use zeroize::Zeroizing;

use super::placeholder::{self, IdPlaceholder, SetsIdPlaceholder, TakesIdPlaceholder};

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
    /// Whether an item is for an ID Placeholder that is not that of the item before it.
    pub(super) is_misplaced: bool,
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
            is_misplaced: false,
        }
    }

    /// Adds a request at the end. What cannot be encoded is reported when the batch is sent.
    pub fn add<R: Request>(&mut self, request: R) -> Handle<R> {
        let index = self.items.len();
        self.items.push(Box::new(Typed::Request(Some(request))));
        Handle { batch: self.identity, index, request: PhantomData }
    }

    /// Adds a request at the end for the object that an earlier one makes or finds. The batch is done in its order then,
    /// unless it is [said otherwise](Self::order).
    ///
    /// The ID Placeholder is that of the last request that sets one. If that is not the one that is meant, or if it is one
    /// of another batch, the batch cannot be sent: [`ErrorKind::Misplaced`](crate::ErrorKind::Misplaced).
    ///
    /// ```
    /// use kmip_sdk::Batch;
    /// use kmip_sdk::types::operation::{ActivateRequest, GetAttributesRequest};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let mut batch = Batch::new();
    /// let created = batch.add(client.create_aes(256).into_request());
    /// let key = created.id_placeholder();
    /// let activated = batch.add_for(key, ActivateRequest::default());
    /// let attributes = batch.add_for(key, GetAttributesRequest::default());
    /// let mut results = client.call_batch(batch).send()?;
    /// assert_eq!(results.take(created)?.unique_identifier, results.take(activated)?.unique_identifier);
    /// # results.take(attributes)?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// A request that makes no object gives none:
    ///
    /// ```compile_fail,E0277
    /// use kmip_sdk::Batch;
    /// use kmip_sdk::types::operation::{ActivateRequest, GetRequest};
    /// let mut batch = Batch::new();
    /// let got = batch.add(GetRequest::new("k-1"));
    /// batch.add_for(got.id_placeholder(), ActivateRequest::default());
    /// ```
    pub fn add_for<R: TakesIdPlaceholder>(&mut self, object: IdPlaceholder, mut request: R) -> Handle<R> {
        let last = self.items.iter().rposition(|item| placeholder::is_set_by(item.operation()));
        self.is_misplaced |= object.batch != self.identity || last != Some(object.index);
        self.order.get_or_insert(true);
        request.for_id_placeholder();
        self.add(request)
    }

    /// Adds a request of an operation that is known only when the program runs.
    pub(crate) fn add_any(&mut self, operation: Operation, payload: RequestPayload) {
        self.items.push(Box::new(Any { operation, payload: Some(payload) }));
    }

    /// The operations, in their order.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.items.iter().map(|item| item.operation())
    }

    /// Says what the server is to do after an operation that failed. If it is not said: stop.
    pub fn continuation(&mut self, option: BatchErrorContinuationOption) -> &mut Self {
        self.continuation = Some(option);
        self
    }

    /// Says whether the operations are to be done in their order. If it is not said: not, before KMIP 2.0;
    /// yes, since. An operation on the object of an earlier one of the batch, by the ID Placeholder, needs it.
    pub fn order(&mut self, in_order: bool) -> &mut Self {
        self.order = Some(in_order);
        self
    }

    /// Says whether each item carries a Unique Batch Item ID, as the standard wants of several. If not, results are
    /// told apart by their order only. If it is not said, what the session says counts: they do.
    pub fn unique_batch_item_ids(&mut self, carried: bool) -> &mut Self {
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

/// A request whose type is known only when the program runs: the payload is in the form of all versions.
struct Any {
    operation: Operation,
    /// Nothing only for a moment.
    payload: Option<RequestPayload>,
}

impl Item for Any {
    fn operation(&self) -> Operation {
        self.operation
    }

    fn take(&mut self, _: ProtocolVersion) -> Result<RequestPayload, EncodeError> {
        let expected = "a request that is not being written";
        self.payload.take().ok_or_else(|| EncodeError::new(EncodeErrorKind::InvalidValue { expected }))
    }

    fn put_back(&mut self, payload: RequestPayload, _: ProtocolVersion) {
        self.payload = Some(payload);
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

impl<R: SetsIdPlaceholder> Handle<R> {
    /// The object that the request makes or finds, for what follows it in the batch.
    pub fn id_placeholder(&self) -> IdPlaceholder {
        IdPlaceholder { batch: self.batch, index: self.index }
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("batch", &self.batch).field("index", &self.index).finish()
    }
}
