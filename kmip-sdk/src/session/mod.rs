//! A session without I/O: typed requests to the bytes of a message, and the bytes of the answer to results.

mod batch;
mod echoes;
mod mending;
mod negotiation;
mod options;
mod prepared;
mod results;

pub use batch::{Batch, Handle};
pub use negotiation::Negotiation;
pub use options::RequestOptions;
pub(crate) use prepared::Answer;
pub use prepared::Prepared;
pub use results::Results;

use kmip_types::message::{RequestHeader, RequestMessage};
use kmip_types::operation::Request;
use kmip_types::ttlv::{Encode, Mode, Writer};
use kmip_types::{EncodeError, Limits, ProtocolVersion, Tag};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Phase};
use prepared::Expected;

/// How much memory a request is written into at first, in bytes.
const REQUEST_CAPACITY: usize = 8 << 10;

/// What all requests to a server have in common, and how its responses are read.
///
/// It does no I/O: [`Client`](crate::Client) is a session with a connection, and another transport can be
/// built on this one.
///
/// ```
/// use kmip_sdk::ProtocolVersion;
/// use kmip_sdk::session::Session;
/// use kmip_sdk::types::operation::{GetRequest, LocateRequest};
///
/// let session = Session::new(ProtocolVersion::V2_1);
/// let mut batch = session.batch();
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
}

impl Session {
    /// A session in this version of the protocol, which reads responses leniently, within the default limits.
    pub fn new(version: ProtocolVersion) -> Self {
        Self { version, options: RequestOptions::default(), mode: Mode::Lenient, limits: Limits::default() }
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

    /// An empty batch, to be filled with requests.
    pub fn batch(&self) -> Batch {
        Batch::new(self.version)
    }

    /// The message of a batch, and what its response must answer.
    ///
    /// # Errors
    /// [`Phase::Encode`]: the batch is empty; or a request cannot be written in the version of the session,
    /// or within its limits.
    pub fn prepare(&self, batch: Batch) -> Result<Prepared, Error> {
        let encode = |error| Error::new(Phase::Encode, ErrorKind::Encode(error));
        if let Some(error) = batch.error {
            return Err(encode(error));
        }
        let Ok(batch_count @ 1..) = i32::try_from(batch.items.len()) else {
            return Err(Error::new(Phase::Encode, ErrorKind::EmptyBatch));
        };
        let mut header = RequestHeader::new(self.version, batch_count);
        self.options.apply(&mut header);
        header.batch_error_continuation_option = batch.continuation;
        header.batch_order_option = batch.order;
        let mut message = RequestMessage { request_header: header, batch_item: batch.items };
        let named = message.batch_item.len() > 1 && batch.unique_batch_item_ids;
        if named {
            for (index, item) in message.batch_item.iter_mut().enumerate() {
                item.unique_batch_item_id = Some(unique_batch_item_id(index));
            }
        }
        let bytes = encoded(&message, self.version, self.limits).map_err(encode)?;
        let expected = Expected {
            batch: batch.identity,
            version: self.version,
            mode: self.mode,
            limits: self.limits,
            named,
            operations: message.batch_item.iter().map(|item| item.operation).collect(),
            continuation: batch.continuation,
        };
        Ok(Prepared { bytes, expected })
    }

    /// The message of a single request, and the handle of its result.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub fn prepare_one<R: Request>(&self, request: R) -> Result<(Prepared, Handle<R>), Error> {
        let mut batch = self.batch();
        let handle = batch.add(request);
        Ok((self.prepare(batch)?, handle))
    }
}

/// The message in binary TTLV.
fn encoded(
    message: &RequestMessage,
    version: ProtocolVersion,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    let mut writer = Writer::with_buffer(Vec::with_capacity(REQUEST_CAPACITY), version, limits);
    message.encode(Tag::REQUEST_MESSAGE, &mut writer)?;
    Ok(Zeroizing::new(writer.into_bytes()))
}

/// The Unique Batch Item ID of an item: which one it is, from 1, in four bytes.
fn unique_batch_item_id(index: usize) -> Vec<u8> {
    // The batch count, an Integer, bounds the index.
    (index as u32).wrapping_add(1).to_be_bytes().to_vec()
}

/// Which item a [`unique_batch_item_id`] stands for, if it is one.
fn place(unique_batch_item_id: &[u8]) -> Option<usize> {
    let number = u32::from_be_bytes(unique_batch_item_id.try_into().ok()?);
    usize::try_from(number.checked_sub(1)?).ok()
}
