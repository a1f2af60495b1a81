//! A batch: its items in their order, what each changes, and the response that holds their results.

use kmip_types::DateTime;
use kmip_types::enumerations::{
    AsynchronousIndicator, BatchErrorContinuationOption, Operation, ResultReason, ResultStatus,
};
use kmip_types::message::{RequestBatchItem, RequestHeader, ResponseBatchItem};
use kmip_types::operation::{RequestPayload, ResponsePayload};
use zeroize::Zeroizing;

use super::context::{Context, denied};
use super::later::{self, Found, Job, Later, State, Until, Work};
use super::operation;
use super::options::ServerOptions;
use super::shared::Shared;
use super::store::Conflict;
use crate::answer::{Failure, Request, Room, not_supported};

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
        self.context.undo = undo;
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
        let (asked, item) = request.item(number).split();
        // What is not there at all is said whatever its payload is.
        let (options, version) = (self.context.options, self.context.version);
        let lacking = asked.operation.filter(|asked| !operation::is_answered(options, *asked, version));
        let response = match lacking {
            Some(operation) => Err(not_supported(operation)),
            None => item.and_then(|item| self.respond(*item, request.bytes(number))),
        };
        let mut response = self.room.answer(asked, left, response);
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

    /// What is said of an item, of which this is the bytes: mostly its result.
    fn respond(&mut self, item: RequestBatchItem, bytes: &[u8]) -> Result<ResponseBatchItem, Failure> {
        if let RequestPayload::Poll(request) = &item.request_payload
            && operation::is_answered(self.context.options, Operation::Poll, self.context.version)
        {
            if !self.context.caller.may(Operation::Poll) {
                return Err(denied(Operation::Poll));
            }
            return self.poll(&request.asynchronous_correlation_value);
        }
        if let Some(until) = self.later(item.operation)? {
            return self.put_off(item.operation, until, bytes);
        }
        let operation = item.operation;
        let mut payload = operation::perform(&mut self.context, operation, item.request_payload)?;
        if item.ephemeral == Some(true) {
            withhold(&mut payload);
        }
        Ok(ResponseBatchItem::success(operation, payload))
    }

    /// Until when the result of an operation is put off, if it is.
    fn later(&self, operation: Operation) -> Result<Option<Until>, Failure> {
        let indicator = self.header.asynchronous_indicator.unwrap_or(AsynchronousIndicator::Prohibited);
        let is_demanded = indicator == AsynchronousIndicator::Mandatory;
        let options = self.context.options;
        let is_at_once = matches!(
            operation,
            Operation::Poll | Operation::Cancel | Operation::Process | Operation::QueryAsynchronousRequests
        );
        // What is not there at all is said at once.
        if is_at_once
            || indicator == AsynchronousIndicator::Prohibited
            || !operation::is_answered(options, operation, self.context.version)
        {
            return Ok(None);
        }
        let later = options.later.iter().find(|(other, _)| *other == operation).map(|(_, later)| *later);
        if self.context.undo {
            if !is_demanded {
                return Ok(None);
            }
            let message = "what is undone together is answered at once";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        let later = later.or(is_demanded.then_some(Later::Polls(0)));
        Ok(later.map(|later| match later {
            Later::Polls(polls) => Until::Polls(polls),
            Later::Time(interval) => Until::Time(DateTime::from_seconds(
                self.context.now.seconds().saturating_add(i64::from(interval.seconds())),
            )),
        }))
    }

    /// Keeps an item for later.
    fn put_off(
        &mut self,
        operation: Operation,
        until: Until,
        bytes: &[u8],
    ) -> Result<ResponseBatchItem, Failure> {
        let context = &mut self.context;
        let owner = context.owner();
        let options = context.options;
        let jobs = &context.shared.jobs;
        jobs.check_room(owner.as_deref(), options.maximum_later, context.now, options.keep_results)?;
        let correlation_value = later::new_correlation_value()?;
        let header = RequestHeader {
            asynchronous_indicator: None,
            maximum_response_size: None,
            batch_count: 1,
            ..self.header.clone()
        };
        let (caller, memory) = (context.caller.clone(), context.memory.clone());
        let work = Work { header, item: Zeroizing::new(bytes.to_vec()), caller, memory };
        let state = State::Waiting { work: Box::new(work), until };
        let job = Job { operation, owner, submitted: context.now, state };
        let kept = correlation_value.clone();
        context.effects.push(Box::new(move |shared: &Shared| shared.jobs.put(kept, job)));
        // What it will be is not known to those that follow.
        context.memory.place(None);
        Ok(pending(operation, correlation_value))
    }

    /// The result of an operation that was put off, as it would have been said at once, or that it is still pending.
    fn poll(&mut self, correlation_value: &[u8]) -> Result<ResponseBatchItem, Failure> {
        let context = &self.context;
        let owner = context.owner();
        let jobs = &context.shared.jobs;
        let mut response = loop {
            match jobs.poll(correlation_value, owner.as_deref(), context.now)? {
                Found::Pending => return Ok(pending(Operation::Poll, correlation_value.to_vec())),
                Found::Due(work) => {
                    finish(context.shared, context.options, context.now, correlation_value, &work);
                }
                Found::Finished(response) => break *response,
            }
        };
        // What it is told by is an item of this batch.
        response.unique_batch_item_id = None;
        let kept = correlation_value.to_vec();
        self.context.effects.push(Box::new(move |shared: &Shared| shared.jobs.obtained(&kept)));
        Ok(response)
    }
}

/// What is said of an operation whose result has to be asked for.
fn pending(operation: Operation, correlation_value: Vec<u8>) -> ResponseBatchItem {
    ResponseBatchItem {
        operation: Some(operation),
        unique_batch_item_id: None,
        result_status: ResultStatus::OperationPending,
        result_reason: None,
        result_message: None,
        asynchronous_correlation_value: Some(correlation_value),
        response_payload: None,
        message_extension: Vec::new(),
    }
}

/// Does what was put off and whose time has come.
pub(super) fn catch_up(shared: &Shared, options: &ServerOptions, now: DateTime) {
    while let Some((correlation_value, work)) = shared.jobs.next_due(now) {
        finish(shared, options, now, &correlation_value, &work);
    }
}

/// Does an item that was put off and keeps its result.
fn finish(shared: &Shared, options: &ServerOptions, now: DateTime, correlation_value: &[u8], work: &Work) {
    // Whoever waits for the result is not to wait for ever, should an application's own operation panic.
    let mut result = Finishing { shared, now, correlation_value, response: None };
    let request = Request::alone(work.header.clone(), &work.item, options.limits);
    let context = Context::new(
        shared,
        options,
        work.header.protocol_version,
        now,
        work.caller.clone(),
        work.memory.clone(),
    );
    let mut batch = Batch { context, header: &work.header, room: Room::new(&work.header, now, None) };
    result.response = batch.run(&request).ok().and_then(|mut items| items.pop());
}

struct Finishing<'a> {
    shared: &'a Shared,
    now: DateTime,
    correlation_value: &'a [u8],
    response: Option<ResponseBatchItem>,
}

impl Drop for Finishing<'_> {
    fn drop(&mut self) {
        let response = self.response.take().unwrap_or_else(|| {
            ResponseBatchItem::failure(
                None,
                ResultReason::GeneralFailure,
                "the operation has come to no result",
            )
        });
        self.shared.jobs.finish(self.correlation_value, response, self.now);
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
