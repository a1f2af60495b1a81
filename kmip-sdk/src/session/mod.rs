//! A session without I/O: typed requests to the bytes of a message, and the bytes of the answer to results.

mod batch;
mod echoes;
mod effects;
mod identity;
mod mending;
mod negotiation;
mod options;
mod placeholder;
mod prepared;
mod requests;
mod results;

pub use batch::{Batch, Handle};
pub use negotiation::Negotiation;
pub use options::RequestOptions;
pub use placeholder::{IdPlaceholder, SetsIdPlaceholder, TakesIdPlaceholder};
pub(crate) use prepared::Answer;
pub use prepared::Prepared;
pub use requests::Requests;
pub use results::Results;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kmip_types::message::{RequestBatchItem, RequestHeader, RequestMessage};
use kmip_types::operation::Request;
use kmip_types::ttlv::{Encode, Mode, Writer};
use kmip_types::{EncodeError, Limits, ProtocolVersion, SecretBytes, Tag};

use crate::error::{Error, ErrorKind, Phase};
use prepared::Expected;

/// How much memory a request is written into at first, in bytes. All of it is wiped, which for a small request would
/// cost more than to write it, if there were much.
const REQUEST_CAPACITY: usize = 512;

/// What all requests to a server have in common, and how its responses are read.
///
/// It does no I/O: [`Client`](crate::Client) is a session with a connection, and another transport can be
/// built on this one.
///
/// ```
/// use kmip_sdk::{Batch, ProtocolVersion};
/// use kmip_sdk::session::Session;
/// use kmip_sdk::types::operation::{GetRequest, LocateRequest};
///
/// let session = Session::new(ProtocolVersion::V2_1);
/// let mut batch = Batch::new();
/// let located = batch.add(LocateRequest::default());
/// let got = batch.add(GetRequest::default());
/// let prepared = session.prepare(batch)?;
/// // Send `prepared.bytes()`, receive the response, and then:
/// # let response = kmip_sdk::types::message::ResponseMessage {
/// #     response_header: kmip_sdk::types::message::ResponseHeader::new(
/// #         ProtocolVersion::V2_1, kmip_sdk::types::DateTime::from_seconds(0), 1),
/// #     batch_item: vec![kmip_sdk::types::message::ResponseBatchItem::failure(
/// #         None, kmip_sdk::types::enumerations::ResultReason::PermissionDenied, "no")],
/// # };
/// # let response = kmip_sdk::types::message::Message::to_ttlv(&response).unwrap();
/// # let results = |response: &[u8]| -> Result<(), kmip_sdk::Error> {
/// let mut results = prepared.complete(&response)?;
/// let identifiers = results.take(located)?.unique_identifier;
/// let object = results.take(got)?.object;
/// # Ok(()) };
/// # assert!(results(&response).is_err());
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Session {
    version: ProtocolVersion,
    /// What every request says in its header.
    pub options: RequestOptions,
    mode: Mode,
    limits: Limits,
    unique_batch_item_ids: bool,
    /// The number of the next batch item, which no earlier one had. Clones share it.
    next_item: Arc<AtomicU64>,
}

impl Session {
    /// A session in this version of the protocol, which reads responses leniently, within the default limits.
    pub fn new(version: ProtocolVersion) -> Self {
        Self {
            version,
            options: RequestOptions::default(),
            mode: Mode::Lenient,
            limits: Limits::default(),
            unique_batch_item_ids: true,
            next_item: Arc::new(AtomicU64::new(1)),
        }
    }

    /// The session with what every request says in its header.
    #[must_use]
    pub fn with_options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    /// The session with responses read in this mode. Leniently, what deviates from the standard is tolerated
    /// where it can be, and listed in [`Results::deviations`]; strictly, it is an error.
    #[must_use]
    pub fn with_mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The session with other bounds on its messages.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Says whether each batch item carries a Unique Batch Item ID that no earlier one of the session had, so that
    /// an answer to another request is found out. They do, if it is not said; a batch may
    /// [say otherwise](Batch::unique_batch_item_ids).
    #[must_use]
    pub fn with_unique_batch_item_ids(mut self, carried: bool) -> Self {
        self.unique_batch_item_ids = carried;
        self
    }

    /// The session in another version of the protocol. Its batch items are numbered on.
    #[must_use]
    pub fn in_version(&self, version: ProtocolVersion) -> Self {
        Self { version, ..self.clone() }
    }

    /// The version of the protocol.
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// How responses are read.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The bounds on its messages.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The message of a batch, and what its response must answer.
    ///
    /// # Errors
    /// [`Phase::Encode`]: the batch is empty; or a request cannot be written in the version of the session,
    /// or within its limits.
    pub fn prepare(&self, mut batch: Batch) -> Result<Prepared, Error> {
        self.prepare_again(&mut batch, self.version)
    }

    /// As [`prepare`](Self::prepare), in this version, with a batch that may be sent again.
    pub(crate) fn prepare_again(
        &self,
        batch: &mut Batch,
        version: ProtocolVersion,
    ) -> Result<Prepared, Error> {
        let Ok(batch_count @ 1..) = i32::try_from(batch.items.len()) else {
            return Err(Error::new(Phase::Encode, ErrorKind::EmptyBatch));
        };
        if batch.is_misplaced {
            return Err(Error::new(Phase::Encode, ErrorKind::Misplaced));
        }
        let mut header = RequestHeader::new(version, batch_count);
        self.options.apply(&mut header);
        header.batch_error_continuation_option = batch.continuation;
        header.batch_order_option = batch.order;
        let named = batch.unique_batch_item_ids.unwrap_or(self.unique_batch_item_ids);
        let first_item = match named {
            true => Some(self.next_item.fetch_add(batch.items.len() as u64, Ordering::Relaxed)),
            false => None,
        };
        let Written { bytes, identifiers, is_repeatable } = self
            .write(header, batch, first_item)
            .map_err(|error| Error::new(Phase::Encode, ErrorKind::Encode(error)))?;
        let expected = Expected {
            batch: batch.identity,
            version,
            mode: self.mode,
            limits: self.limits,
            first_item,
            operations: batch.operations().collect(),
            is_repeatable,
            identifiers,
            continuation: batch.continuation,
        };
        Ok(Prepared { bytes, expected })
    }

    /// The message in binary TTLV, and what is known of it.
    fn write(
        &self,
        request_header: RequestHeader,
        batch: &mut Batch,
        first_item: Option<u64>,
    ) -> Result<Written, EncodeError> {
        let version = request_header.protocol_version;
        let mut message =
            RequestMessage { request_header, batch_item: Vec::with_capacity(batch.items.len()) };
        for (item, number) in batch.items.iter_mut().zip(0..) {
            let mut written = RequestBatchItem::new(item.operation(), item.take(version)?);
            written.unique_batch_item_id = first_item.map(|first| unique_batch_item_id(first + number));
            message.batch_item.push(written);
        }
        let mut writer = Writer::with_buffer(Vec::with_capacity(REQUEST_CAPACITY), version, self.limits);
        let encoded = message.encode(Tag::REQUEST_MESSAGE, &mut writer);
        let mut identifiers = Vec::with_capacity(batch.items.len());
        let mut is_repeatable = true;
        for (item, written) in batch.items.iter_mut().zip(message.batch_item) {
            is_repeatable &= effects::is_repeatable(written.operation, &written.request_payload);
            identifiers.push(identity::asked_for(&written));
            item.put_back(written.request_payload, version);
        }
        let bytes = SecretBytes::from(writer.into_bytes());
        encoded.map(|()| Written { bytes, identifiers, is_repeatable })
    }

    /// The message of a single request, and the handle of its result.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub fn prepare_one<R: Request>(&self, request: R) -> Result<(Prepared, Handle<R>), Error> {
        let mut batch = Batch::new();
        let handle = batch.add(request);
        Ok((self.prepare(batch)?, handle))
    }
}

/// A message that was written.
struct Written {
    /// In binary TTLV.
    bytes: SecretBytes,
    /// The object that each item names, if its answer is to be about the same.
    identifiers: Vec<Option<String>>,
    /// Whether all operations can be repeated.
    is_repeatable: bool,
}

/// The Unique Batch Item ID with this number: in four bytes, or in eight where these do not do.
fn unique_batch_item_id(number: u64) -> Vec<u8> {
    match u32::try_from(number) {
        Ok(number) => number.to_be_bytes().to_vec(),
        Err(_) => number.to_be_bytes().to_vec(),
    }
}

/// The number of a [`unique_batch_item_id`], if it is one.
fn number(unique_batch_item_id: &[u8]) -> Option<u64> {
    match unique_batch_item_id.len() {
        4 => Some(u32::from_be_bytes(unique_batch_item_id.try_into().ok()?).into()),
        _ => Some(u64::from_be_bytes(unique_batch_item_id.try_into().ok()?)),
    }
}
