//! Responses: what is said of each batch item, as far as there is room for it, and the message around them.

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::message::{Message as _, RequestHeader, ResponseBatchItem, ResponseHeader, ResponseMessage};
#[cfg(feature = "server")]
use kmip_types::operation::ResponsePayload;
use kmip_types::ttlv::{Encode, Header, Writer};
use kmip_types::{DateTime, ProtocolVersion, SecretBytes, Tag};

use super::{Asked, Failure};

/// How many bytes of a response are kept for each item that follows, beside its Unique Batch Item ID, so that it can say at
/// least why it fails.
pub(super) const ROOM_FOR_REFUSAL: usize = 512;

/// How many bytes of those the message has.
const REFUSAL_MESSAGE: usize = 384;

/// The room that a response has, and what of it is taken.
pub(crate) struct Room<'a> {
    header: &'a RequestHeader,
    /// The size of the response so far, in bytes.
    size: usize,
    /// How large the response may be whatever the client takes, in bytes.
    maximum: usize,
    /// What items are written by, to see how large they are.
    writer: Writer,
}

impl<'a> Room<'a> {
    /// The room for the response to a request with this header, of which the response's header takes a part.
    pub(crate) fn new(
        header: &'a RequestHeader,
        now: DateTime,
        proof: Option<&SecretBytes>,
        maximum: usize,
    ) -> Self {
        let version = header.protocol_version;
        let mut header_of_response = ResponseHeader::new(version, now, 0);
        header_of_response.server_hashed_password = proof.cloned();
        let mut room = Self { header, size: Header::SIZE, maximum, writer: Writer::new(version) };
        room.size += room.encoded_size(Tag::RESPONSE_HEADER, &header_of_response).unwrap_or_default();
        room
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

    /// What is said of an item, where those that follow need `left` bytes to be refused: the response that there is, or why there is none that can be given.
    pub(crate) fn answer(
        &mut self,
        asked: Asked,
        left: usize,
        response: Result<ResponseBatchItem, Failure>,
    ) -> ResponseBatchItem {
        let Asked { operation, unique_batch_item_id } = asked;
        let fitting = response.and_then(|mut response| {
            response.unique_batch_item_id.clone_from(&unique_batch_item_id);
            self.fit(response, operation, left)
        });
        fitting.unwrap_or_else(|failure| {
            let reason = failure.reason_in(self.header.protocol_version, operation);
            let mut message = failure.message;
            if message.len() > REFUSAL_MESSAGE {
                let most = REFUSAL_MESSAGE - "…".len();
                let end = (0..=most).rev().find(|end| message.is_char_boundary(*end));
                message.truncate(end.unwrap_or(0));
                message.push('…');
            }
            let mut response = ResponseBatchItem::failure(operation, reason, message);
            response.unique_batch_item_id = unique_batch_item_id;
            // The refusal itself is said however little the client takes.
            self.size += self.encoded_size(Tag::BATCH_ITEM, &response).unwrap_or_default();
            response
        })
    }

    /// Puts a payload into the response to an item that was refused.
    #[cfg(feature = "server")]
    pub(crate) fn add_to_refusal(&mut self, response: &mut ResponseBatchItem, payload: ResponsePayload) {
        let before = self.encoded_size(Tag::BATCH_ITEM, response).unwrap_or_default();
        response.response_payload = Some(payload);
        let after = self.encoded_size(Tag::BATCH_ITEM, response).unwrap_or_default();
        self.size += after.saturating_sub(before);
    }

    /// The response, unless the version has no form for it, or it exceeds the Maximum Response Size
    /// (KMIP 1.4 section 6.3, 2.1 section 9.12) or what is said at all.
    fn fit(
        &mut self,
        response: ResponseBatchItem,
        operation: Option<Operation>,
        left: usize,
    ) -> Result<ResponseBatchItem, Failure> {
        let Some(size) = self.encoded_size(Tag::BATCH_ITEM, &response) else {
            let of = operation.map_or_else(String::new, |operation| format!(" of {operation}"));
            let message = format!("the version has no form for the result{of}");
            return Err(Failure::new(ResultReason::GeneralFailure, message));
        };
        let total = self.size.saturating_add(size);
        if let Some(maximum) = self.header.maximum_response_size
            && usize::try_from(maximum).map_or(true, |maximum| total > maximum)
        {
            let message = format!("the response would exceed the Maximum Response Size of {maximum} bytes");
            return Err(Failure::new(ResultReason::ResponseTooLarge, message));
        }
        let limit = self.maximum.saturating_sub(left);
        if total > limit {
            let message = format!("the response would exceed {limit} bytes");
            return Err(Failure::new(ResultReason::ResponseTooLarge, message));
        }
        self.size = total;
        Ok(response)
    }

    fn encoded_size(&mut self, tag: Tag, value: &impl Encode) -> Option<usize> {
        self.writer.clear();
        value.encode(tag, &mut self.writer).ok()?;
        Some(self.writer.bytes().len())
    }
}

/// The message that holds these items, and perhaps the proof that a hashed password is known.
pub(crate) fn encode(
    version: ProtocolVersion,
    now: DateTime,
    batch_item: Vec<ResponseBatchItem>,
    proof: Option<&SecretBytes>,
) -> Vec<u8> {
    let mut response_header = ResponseHeader::new(version, now, 0);
    response_header.server_hashed_password = proof.cloned();
    encode_with(response_header, batch_item)
}

/// The message that holds these items behind a header, which is told how many they are.
pub(crate) fn encode_with(
    mut response_header: ResponseHeader,
    batch_item: Vec<ResponseBatchItem>,
) -> Vec<u8> {
    let (version, now) = (response_header.protocol_version, response_header.time_stamp);
    // There are as many as the request has, whose number is an Integer.
    response_header.batch_count = i32::try_from(batch_item.len()).unwrap_or(i32::MAX);
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
    encode(version, now, vec![ResponseBatchItem::failure(None, reason, failure.message.clone())], None)
}
