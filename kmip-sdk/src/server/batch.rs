//! A batch: its items in their order, what each changes, and the response that holds their results.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Instant;

use kmip_types::DateTime;
use kmip_types::enumerations::{
    AsynchronousIndicator, BatchErrorContinuationOption, Operation, ResultReason, ResultStatus,
};
use kmip_types::message::{RequestBatchItem, RequestHeader, ResponseBatchItem};
use kmip_types::operation::{RequestPayload, ResponsePayload};
use zeroize::Zeroizing;

use super::attestation;
use super::context::{Context, denied};
use super::later::{self, Found, Job, Later, State, Until, Work};
use super::leniency::Deviation;
use super::metrics;
use super::operation;
use super::options::ServerOptions;
use super::reordered::attributes_first;
use super::shared::Shared;
use super::store::{Full, Key, Kind, StoreError};
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
    /// [`StoreError::Conflict`], if the batch as a whole is to be done again; any other, if the store has failed.
    pub(super) fn run(&mut self, request: &Request<'_>) -> Result<Vec<ResponseBatchItem>, StoreError> {
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
            let committed = self.commit();
            if committed.is_ok() {
                return response;
            }
            self.context.memory.roll_back(mark);
            self.room.go_back(taken);
            match committed {
                // Whoever is in the way has got further, so that somebody always does.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    let (asked, _) = request.item(number).split();
                    let left = request.room_for_refusals_after(number);
                    return self.room.answer(asked, left, Err(error.into()));
                }
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
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
        let (before, started) = (self.context.memory.mark(), Instant::now());
        let left = request.room_for_refusals_after(number);
        let mut bytes = request.bytes(number);
        let (mut asked, mut item) = request.item(number).split();
        let reordered = item.is_err().then(|| self.attributes_first(bytes)).flatten();
        if let Some(reordered) = &reordered {
            bytes = reordered;
            let limits = self.context.options.limits;
            (asked, item) = Request::alone(self.header.clone(), bytes, limits).item(0).split();
        }
        let counted = asked.operation.filter(|operation| self.is_answered(*operation));
        let done = match (item, asked.operation) {
            (Ok(item), _) => {
                // What panics, most likely a function of the application's, fails alone.
                let done = AssertUnwindSafe(|| self.respond_within(*item, bytes, number == 0));
                panic::catch_unwind(done)
                    .unwrap_or_else(|_| Err(Failure::new(ResultReason::GeneralFailure, "the server failed")))
            }
            // What is not there is said before what is wrong with its payload.
            (Err(_), Some(operation)) if !self.is_answered(operation) => Err(not_supported(operation)),
            (Err(failure), _) => Err(failure),
        };
        let mut response = self.room.answer(asked, left, done);
        if response.result_status == ResultStatus::OperationFailed {
            self.context.memory.roll_back(before);
            if std::mem::take(&mut self.context.empties_placeholder) {
                self.context.memory.place(None);
            }
            if let Some(payload) = self.context.refused.take() {
                self.room.add_to_refusal(&mut response, payload);
            }
        }
        let duration = started.elapsed();
        let (status, reason) = (response.result_status, response.result_reason);
        tracing::debug!(number, operation = ?response.operation, ?status, ?reason, ?duration, "answered");
        metrics::called(counted, &response, duration);
        response
    }

    fn is_answered(&self, operation: Operation) -> bool {
        operation::is_answered(self.context.options, operation, self.context.version)
    }

    /// Refuses an operation that is for who attests, of those that are there at all.
    fn check_attested(&self, operation: Operation) -> Result<(), Failure> {
        let (context, options) = (&self.context, self.context.options);
        let is_free = context.caller.attested || options.attestation.is_none();
        let is_meant = options
            .attested_operations
            .as_ref()
            .map_or_else(|| attestation::is_usual(operation), |operations| operations.contains(&operation));
        if is_free || !is_meant || !operation::is_answered(options, operation, context.version) {
            return Ok(());
        }
        Err(attestation::required(operation, self.header.attestation_capable_indicator == Some(true)))
    }

    /// An item that cannot be read as it is, where it is a Register that is tolerated.
    fn attributes_first(&self, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let options = self.context.options;
        let reordered = attributes_first(bytes, options.limits)?;
        let version = self.context.version;
        options.leniency.takes(Deviation::AttributesAfterObject, version).then_some(reordered)
    }

    /// What is said of an item, unless the server ends, or what is kept for those that follow is too much.
    fn respond_within(
        &mut self,
        item: RequestBatchItem,
        bytes: &[u8],
        is_first: bool,
    ) -> Result<ResponseBatchItem, Failure> {
        // Where nothing has begun, nothing is answered at all.
        if !is_first && self.context.shared.is_ending() {
            let message = "the server ends, and has not begun with this";
            return Err(Failure::new(ResultReason::InternalServerError, message));
        }
        if !is_first {
            self.context.check_time()?;
        }
        let response = self.respond(item, bytes)?;
        let maximum = self.context.options.maximum_response;
        // What is ephemeral is not in the response, but there.
        if self.context.memory.size() > maximum {
            let message = format!("the outputs of the batch would exceed {maximum} bytes");
            return Err(Failure::new(ResultReason::ResponseTooLarge, message));
        }
        Ok(response)
    }

    /// What is said of an item, of which this is the bytes: mostly its result.
    fn respond(&mut self, item: RequestBatchItem, bytes: &[u8]) -> Result<ResponseBatchItem, Failure> {
        self.check_attested(item.operation)?;
        if let RequestPayload::Poll(request) = &item.request_payload
            && self.is_answered(Operation::Poll)
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
        if is_at_once || indicator == AsynchronousIndicator::Prohibited || !self.is_answered(operation) {
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
        let correlation_value = later::new_correlation_value()?;
        let header = RequestHeader {
            asynchronous_indicator: None,
            maximum_response_size: None,
            // Who asks is known, and their passwords are not kept.
            authentication: None,
            batch_count: 1,
            ..self.header.clone()
        };
        let (caller, memory) = (context.caller.clone(), context.memory.clone());
        let work = Work { header, item: Zeroizing::new(bytes.to_vec()), caller, memory };
        let state = State::Waiting { work: Box::new(work), until };
        let job = Job {
            correlation_value: correlation_value.clone(),
            operation,
            version: context.version,
            owner,
            rights: context.caller.rights.clone(),
            submitted: context.now,
            keep: options.keep_results,
            state,
        };
        later::check_room(&mut context.store, &job, options)?;
        context.store.put(job)?;
        // What it will be is not known to those that follow.
        context.memory.place(None);
        Ok(pending(operation, correlation_value))
    }

    /// The result of an operation that was put off, as it would have been said at once, or that it is still pending.
    fn poll(&mut self, correlation_value: &[u8]) -> Result<ResponseBatchItem, Failure> {
        let context = &mut self.context;
        let mut response = loop {
            match later::poll(context.shared, correlation_value, &context.caller, context.now)? {
                Found::Pending => return Ok(pending(Operation::Poll, correlation_value.to_vec())),
                Found::Due => finish(context.shared, context.options, context.now, correlation_value)?,
                Found::Finished(response) => break *response,
            }
        };
        // What it is told by is an item of this batch.
        response.unique_batch_item_id = None;
        later::obtained(&mut context.store, correlation_value)?;
        Ok(response)
    }

    /// Does the one item of a request that was put off, and makes what it changes final together with its result; so, whoever
    /// else does it at the same moment, it is done once.
    fn finish(&mut self, request: &Request<'_>, correlation_value: &[u8]) -> Result<(), StoreError> {
        let mut unkept: Option<ResponseBatchItem> = None;
        loop {
            let (mark, taken) = (self.context.memory.mark(), self.room.taken());
            let response = match &unkept {
                Some(unkept) => unkept.clone(),
                None => self.item(request, 0),
            };
            if response.result_status == ResultStatus::OperationFailed {
                self.roll_back();
            }
            let job = self.context.store.value::<Job>(correlation_value)?;
            let Some(job) = job.filter(|job| job.is_to_be_done(self.context.now).is_some()) else {
                self.roll_back();
                return Ok(());
            };
            let finished = Arc::unwrap_or_clone(job).finished(response, self.context.now);
            let context = &mut self.context;
            if unkept.is_some() {
                context.store.lift_bounds();
            }
            let most = context.options.later_bytes.0;
            let has_room =
                unkept.is_some() || later::has_room(&mut context.store, &finished, usize::MAX, most)?;
            let kept = if has_room {
                context.store.put(finished)?;
                self.commit()
            } else {
                self.roll_back();
                Err(StoreError::Full(Full::Bytes(Kind::ASYNCHRONOUS)))
            };
            match kept {
                Err(StoreError::Conflict) => {}
                // What cannot be kept cannot be told later.
                Err(StoreError::Encoding(_)) if unkept.is_none() => unkept = Some(no_result()),
                // It fails alone: others, whose requests have it done on the way, are answered.
                Err(error @ StoreError::Full(_)) if unkept.is_none() => {
                    let (asked, _) = request.item(0).split();
                    unkept = Some(self.room.answer(asked, 0, Err(error.into())));
                }
                result => return result,
            }
            self.context.memory.roll_back(mark);
            self.room.go_back(taken);
        }
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

/// Does what was put off and whose time has come, and forgets what nobody asks for any more.
pub(super) fn catch_up(
    shared: &Shared,
    options: &ServerOptions,
    now: DateTime,
    goes_on: &dyn Fn() -> bool,
) -> Result<(), StoreError> {
    while goes_on() && shared.store.is_due(Kind::ASYNCHRONOUS, now) {
        let due = shared.store.due(Kind::ASYNCHRONOUS, now)?;
        if due.is_empty() {
            break;
        }
        for key in due.into_iter().take_while(|_| goes_on()) {
            catch_up_one(shared, options, now, &key)
                .or_else(|error| shared.store.set_aside(&key, error, now))?;
        }
    }
    Ok(())
}

fn catch_up_one(
    shared: &Shared,
    options: &ServerOptions,
    now: DateTime,
    key: &Key,
) -> Result<(), StoreError> {
    let Some(found) = shared.store.read_key::<Job>(key)? else { return Ok(()) };
    let correlation_value = &found.value.correlation_value;
    if found.value.is_to_be_done(now).is_some() {
        return finish(shared, options, now, correlation_value);
    }
    let mut transaction = shared.begin(now);
    // Somebody may have done it since it was found to be due: then its result is kept.
    let job = transaction.value::<Job>(correlation_value)?;
    if job.is_none_or(|job| job.due() > now.seconds()) {
        return Ok(());
    }
    transaction.remove::<Job>(correlation_value)?;
    match transaction.commit() {
        Ok(()) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Does an item that was put off and keeps its result.
fn finish(
    shared: &Shared,
    options: &ServerOptions,
    now: DateTime,
    correlation_value: &[u8],
) -> Result<(), StoreError> {
    let Some(_run) = shared.running.begin(correlation_value) else {
        shared.running.wait(correlation_value);
        return Ok(());
    };
    let Some(found) = shared.store.read::<Job>(correlation_value)? else { return Ok(()) };
    let Some(work) = found.value.is_to_be_done(now) else { return Ok(()) };
    let request = Request::alone(work.header.clone(), &work.item, options.limits);
    let context = Context::new(
        shared,
        options,
        work.header.protocol_version,
        now,
        work.caller.clone(),
        work.memory.clone(),
    );
    let room = Room::new(&work.header, now, None, options.maximum_response);
    let mut batch = Batch { context, header: &work.header, room };
    batch.finish(&request, correlation_value)
}

fn no_result() -> ResponseBatchItem {
    ResponseBatchItem::failure(None, ResultReason::GeneralFailure, "the operation has come to no result")
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
