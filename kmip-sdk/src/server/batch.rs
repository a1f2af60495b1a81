//! A batch: its items in their order, what each changes, and the response that holds their results.

use kmip_types::enumerations::{
    AsynchronousIndicator, BatchErrorContinuationOption, Operation, ResultReason, ResultStatus,
};
use kmip_types::message::{RequestBatchItem, RequestHeader, ResponseBatchItem};
use kmip_types::operation::ResponsePayload;
use kmip_types::{Limits, Tag, ttlv};

use super::context::Context;
use super::failure::Failure;
use super::operation;
use super::request::{BatchItem, Request};
use super::store::Conflict;

/// How many bytes of a response are kept for each item that follows, so that it can say at least why it fails.
const ROOM_FOR_REFUSAL: usize = 512;

/// A batch while it is done.
pub(super) struct Batch<'a> {
    pub(super) context: Context<'a>,
    pub(super) header: &'a RequestHeader,
    /// The size of the response so far, in bytes.
    pub(super) size: usize,
    /// How many items are still to be done.
    pub(super) left: usize,
}

impl Batch<'_> {
    /// Does the items in their order, as far as the Batch Error Continuation Option goes
    /// (KMIP 1.4 section 11.43, 2.1 section 9.6).
    ///
    /// # Errors
    /// [`Conflict`], if the batch as a whole is to be done again.
    pub(super) fn run(&mut self, request: &Request<'_>) -> Result<Vec<ResponseBatchItem>, Conflict> {
        let option = self.header.batch_error_continuation_option;
        let undo = option == Some(BatchErrorContinuationOption::Undo);
        let mut responses: Vec<ResponseBatchItem> = Vec::new();
        for number in 0..request.len() {
            self.left = request.len() - number - 1;
            let response = if undo { self.item(request, number) } else { self.alone(request, number) };
            let failed = response.result_status == ResultStatus::OperationFailed;
            if failed && undo {
                self.roll_back();
                responses.iter_mut().for_each(undone);
            }
            responses.push(response);
            if failed && option != Some(BatchErrorContinuationOption::Continue) {
                break;
            }
        }
        self.commit()?;
        Ok(responses)
    }

    /// Does one item and makes what it changes final; again, as long as others change the same.
    fn alone(&mut self, request: &Request<'_>, number: usize) -> ResponseBatchItem {
        loop {
            let (mark, size) = (self.context.memory.mark(), self.size);
            let response = self.item(request, number);
            if response.result_status == ResultStatus::OperationFailed {
                self.roll_back();
                return response;
            }
            // Whoever is in the way has got further, so that somebody always does.
            if self.commit().is_ok() {
                return response;
            }
            self.context.memory.roll_back(mark);
            self.size = size;
        }
    }

    fn commit(&mut self) -> Result<(), Conflict> {
        let effects = std::mem::take(&mut self.context.effects);
        self.context.store.commit()?;
        effects.into_iter().for_each(|effect| effect(self.context.shared));
        Ok(())
    }

    fn roll_back(&mut self) {
        self.context.effects.clear();
        self.context.store.roll_back();
    }

    /// Does one item. If its result cannot be given it fails, and what it changed is to be taken back.
    fn item(&mut self, request: &Request<'_>, number: usize) -> ResponseBatchItem {
        let (operation, identifier, result) = match request.item(number) {
            Some(BatchItem::Unreadable { operation, unique_batch_item_id, failure }) => {
                (operation, unique_batch_item_id, Err(failure))
            }
            Some(BatchItem::Readable(item)) => {
                let operation = item.operation;
                let identifier = item.unique_batch_item_id.clone();
                let before = self.context.memory.mark();
                let result = self.perform(*item).and_then(|payload| {
                    let mut response = ResponseBatchItem::success(operation, payload);
                    response.unique_batch_item_id.clone_from(&identifier);
                    self.fit(response, operation)
                });
                if result.is_err() {
                    self.context.memory.roll_back(before);
                    if std::mem::take(&mut self.context.empties_placeholder) {
                        self.context.memory.place(None);
                    }
                }
                (Some(operation), identifier, result)
            }
            None => (None, None, Err(Failure::new(ResultReason::InvalidMessage, "there is no such item"))),
        };
        result.unwrap_or_else(|failure| {
            let reason = failure.reason_in(self.header.protocol_version, operation);
            let mut response = ResponseBatchItem::failure(operation, reason, failure.message);
            response.unique_batch_item_id = identifier;
            response.response_payload = self.context.refused.take();
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
        let mut payload = operation::perform(&mut self.context, item.operation, item.request_payload)?;
        if item.ephemeral == Some(true) {
            withhold(&mut payload);
        }
        Ok(payload)
    }

    /// The response, unless the version has no form for it, or it exceeds the Maximum Response Size
    /// (KMIP 1.4 section 6.3, 2.1 section 9.12) or what the server says at all.
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
        let limit = Limits::DEFAULT.size.saturating_sub(self.left.saturating_mul(ROOM_FOR_REFUSAL));
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

/// Keeps the output of an operation from the client; later operations of the batch may still take it.
fn withhold(payload: &mut ResponsePayload) {
    match payload {
        ResponsePayload::Encrypt(response) => response.data = None,
        ResponsePayload::Decrypt(response) => response.data = None,
        ResponsePayload::Hash(response) => response.data = None,
        ResponsePayload::Mac(response) => response.mac_data = None,
        ResponsePayload::Sign(response) => response.signature_data = None,
        ResponsePayload::SignatureVerify(response) => response.data = None,
        _ => {}
    }
}

/// Turns the response of an item that was done into that of one that was undone. What it said stays: only an item that
/// failed has no payload.
fn undone(response: &mut ResponseBatchItem) {
    if response.result_status == ResultStatus::Success {
        response.result_status = ResultStatus::OperationUndone;
    }
}
