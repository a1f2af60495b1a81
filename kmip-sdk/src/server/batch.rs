//! A batch: its items in their order, what each changes, and the response that holds their results.

use kmip_types::enumerations::{BatchErrorContinuationOption, ResultStatus};
use kmip_types::message::{RequestBatchItem, RequestHeader, ResponseBatchItem};
use kmip_types::operation::ResponsePayload;

use super::context::Context;
use super::operation;
use super::store::Conflict;
use crate::answer::{Failure, Request, Room};

/// A batch while it is done.
pub(super) struct Batch<'a> {
    pub(super) context: Context<'a>,
    pub(super) header: &'a RequestHeader,
    pub(super) room: Room<'a>,
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
            let (mark, taken) = (self.context.memory.mark(), self.room.taken());
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
            self.room.go_back(taken);
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
        let before = self.context.memory.mark();
        let left = request.len() - number - 1;
        let context = &mut self.context;
        let mut response = self.room.answer(request.item(number), left, |item| perform(context, item));
        if response.result_status == ResultStatus::OperationFailed {
            self.context.memory.roll_back(before);
            if std::mem::take(&mut self.context.empties_placeholder) {
                self.context.memory.place(None);
            }
            if let Some(payload) = self.context.refused.take() {
                self.room.add_to_refusal(&mut response, payload);
            }
        }
        response
    }
}

fn perform(context: &mut Context<'_>, item: RequestBatchItem) -> Result<ResponsePayload, Failure> {
    let mut payload = operation::perform(context, item.operation, item.request_payload)?;
    if item.ephemeral == Some(true) {
        withhold(&mut payload);
    }
    Ok(payload)
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
