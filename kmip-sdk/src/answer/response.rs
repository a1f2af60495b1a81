//! Responses: what is said of each batch item, as far as there is room for it, and the message around them.

use kmip_types::enumerations::{AsynchronousIndicator, Operation, ResultReason};
use kmip_types::message::{
    Message as _, RequestBatchItem, RequestHeader, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::operation::ResponsePayload;
use kmip_types::{DateTime, Limits, ProtocolVersion, Tag, ttlv};

use super::{BatchItem, Failure};

/// How many bytes of a response are kept for each item that follows, so that it can say at least why it fails.
const ROOM_FOR_REFUSAL: usize = 512;

/// The room that a response has, and what of it is taken.
pub(crate) struct Room<'a> {
    header: &'a RequestHeader,
    /// The size of the response so far, in bytes.
    size: usize,
}

impl<'a> Room<'a> {
    /// The room for the response to a request with this header, of which the response's header takes a part.
    pub(crate) fn new(header: &'a RequestHeader, now: DateTime) -> Self {
        let version = header.protocol_version;
        let header_of_response = ResponseHeader::new(version, now, 0);
        let size = ttlv::encode(Tag::RESPONSE_HEADER, &header_of_response, version);
        Self { header, size: ttlv::Header::SIZE + size.map_or(0, |bytes| bytes.len()) }
    }

    /// How much is taken, to [go back](Self::go_back) to.
    #[cfg(feature = "server")]
    pub(crate) fn taken(&self) -> usize {
        self.size
    }

    /// Gives back the room of the items since then.
    #[cfg(feature = "server")]
    pub(crate) fn go_back(&mut self, taken: usize) {
        self.size = taken;
    }

    /// The response to one item, of which `left` follow: what comes of doing it, or why there is nothing that can be given.
    pub(crate) fn answer(
        &mut self,
        item: Option<BatchItem>,
        left: usize,
        perform: impl FnOnce(RequestBatchItem) -> Result<ResponsePayload, Failure>,
    ) -> ResponseBatchItem {
        let (operation, identifier, result) = match item {
            Some(BatchItem::Unreadable { operation, unique_batch_item_id, failure }) => {
                (operation, unique_batch_item_id, Err(failure))
            }
            Some(BatchItem::Readable(item)) => {
                let operation = item.operation;
                let identifier = item.unique_batch_item_id.clone();
                let done = self.check(&item).and_then(|()| perform(*item));
                let result = done.and_then(|payload| {
                    let mut response = ResponseBatchItem::success(operation, payload);
                    response.unique_batch_item_id.clone_from(&identifier);
                    self.fit(response, operation, left)
                });
                (Some(operation), identifier, result)
            }
            None => (None, None, Err(Failure::new(ResultReason::InvalidMessage, "there is no such item"))),
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

    /// Puts a payload into the response to an item that was refused.
    #[cfg(feature = "server")]
    pub(crate) fn add_to_refusal(&mut self, response: &mut ResponseBatchItem, payload: ResponsePayload) {
        let before = self.encoded_size(response).unwrap_or_default();
        response.response_payload = Some(payload);
        let after = self.encoded_size(response).unwrap_or_default();
        self.size += after.saturating_sub(before);
    }

    /// Refuses what an item may ask for beside its operation, and is not had here.
    fn check(&self, item: &RequestBatchItem) -> Result<(), Failure> {
        if item.message_extension.iter().any(|extension| extension.criticality_indicator) {
            let message = "a critical Message Extension is not understood";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        if self.header.asynchronous_indicator == Some(AsynchronousIndicator::Mandatory) {
            let message = "answers are given at once only";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        Ok(())
    }

    /// The response, unless the version has no form for it, or it exceeds the Maximum Response Size
    /// (KMIP 1.4 section 6.3, 2.1 section 9.12) or what is said at all.
    fn fit(
        &mut self,
        response: ResponseBatchItem,
        operation: Operation,
        left: usize,
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
        let limit = Limits::DEFAULT.size.saturating_sub(left.saturating_mul(ROOM_FOR_REFUSAL));
        if total > limit {
            let message = format!("the response would exceed {limit} bytes");
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

/// The message that holds these items.
pub(crate) fn encode(version: ProtocolVersion, now: DateTime, batch_item: Vec<ResponseBatchItem>) -> Vec<u8> {
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

/// The response to a message that cannot be answered item by item: one item without an operation
/// (KMIP 1.4 section 11.1), in the nearest of these versions, the oldest of which comes first.
pub(crate) fn refuse(
    versions: &[ProtocolVersion],
    wanted: Option<ProtocolVersion>,
    failure: &Failure,
    now: DateTime,
) -> Vec<u8> {
    let newest = versions.last().copied().unwrap_or(ProtocolVersion::V1_0);
    let wanted = wanted.unwrap_or(newest);
    let below = versions.iter().rev().find(|version| wanted.is_at_least(**version));
    let version = below.or(versions.first()).copied().unwrap_or(newest);
    let reason = failure.reason_in(version, None);
    encode(version, now, vec![ResponseBatchItem::failure(None, reason, failure.message.clone())])
}
