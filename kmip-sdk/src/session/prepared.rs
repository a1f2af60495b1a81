//! A request that is ready to be sent, and what its response must answer.

use std::collections::BTreeMap;

use kmip_types::enumerations::{BatchErrorContinuationOption, Operation, ResultReason, ResultStatus};
use kmip_types::message::{ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::ttlv::{Decoded, Deviation, Mode, decode_with};
use kmip_types::{DecodeError, Limits, ProtocolVersion, SecretBytes, Tag};

use super::results::{Outcome, Results};
use super::{echoes, effects, identity, mending, number};
use crate::error::{Challenge, Effect, Error, ErrorKind, Phase, ResponseError, ServerError};

/// A request that is ready to be sent.
pub struct Prepared {
    pub(super) bytes: SecretBytes,
    pub(super) expected: Expected,
}

/// What a response says.
pub(crate) struct Answer {
    /// The version that its header states, if it could be decoded.
    pub(crate) version: Option<ProtocolVersion>,
    /// What in it was not as the standard has it, and was tolerated.
    pub(crate) deviations: Vec<Deviation>,
    /// The results, or why there are none.
    pub(crate) results: Result<Results, Error>,
}

/// What the response to a request must answer, and how to read it.
#[derive(Debug)]
pub(super) struct Expected {
    /// The identity of the batch.
    pub(super) batch: u64,
    pub(super) version: ProtocolVersion,
    pub(super) mode: Mode,
    pub(super) limits: Limits,
    /// The number of the first item, if they carry Unique Batch Item IDs.
    pub(super) first_item: Option<u64>,
    pub(super) operations: Vec<Operation>,
    /// Whether all of the operations can be repeated.
    pub(super) is_repeatable: bool,
    /// The object that each item names, if the answer is to be about the same.
    pub(super) identifiers: Vec<Option<String>>,
    pub(super) continuation: Option<BatchErrorContinuationOption>,
}

impl Prepared {
    /// The message in binary TTLV. It may carry secrets; it is zeroized when it is dropped.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.reveal()
    }

    /// The operations that are asked for, in their order.
    pub fn operations(&self) -> &[Operation] {
        &self.expected.operations
    }

    /// Whether all of the operations change nothing on the server, so that the request can be sent again
    /// without knowing whether it took effect. Using a key counts as a change, as its Usage Limits may.
    pub fn is_repeatable(&self) -> bool {
        self.expected.is_repeatable
    }

    /// The results that the response holds.
    ///
    /// A failure is taken as the server's answer whatever else the response says: the operation, the version,
    /// the count and the payload are compared only where something succeeded.
    ///
    /// # Errors
    /// - [`Phase::Decode`]: the bytes are not a response, or not an answer to this request.
    /// - [`Phase::Result`]: the server refused the request as a whole. That a single operation of it failed
    ///   is not an error here, but where its result is taken.
    pub fn complete(self, response: &[u8]) -> Result<Results, Error> {
        self.answer(response).results
    }

    /// The results that the response holds, and what is known of it where it holds none.
    pub(crate) fn answer(self, response: &[u8]) -> Answer {
        let unknown = Effect::Unknown { repeatable: self.expected.is_repeatable };
        let Decoded { value: message, deviations, .. } = match self.decode(response) {
            Ok(decoded) => decoded,
            Err(error) => {
                let error = Error::new(Phase::Decode, ErrorKind::Decode(error)).with_effect(unknown);
                return Answer { version: None, deviations: Vec::new(), results: Err(error) };
            }
        };
        let version = Some(message.response_header.protocol_version);
        let no_answer = |error| Error::new(Phase::Decode, ErrorKind::Response(error)).with_effect(unknown);
        let results = if let Some(stranger) = self.expected.stranger(&message.batch_item) {
            Err(no_answer(stranger))
        } else if let Some((error, effect)) = self.expected.refusal(&message) {
            Err(Error::new(Phase::Result, ErrorKind::Server(error)).with_effect(effect))
        } else {
            self.expected.results(message, deviations.clone()).map_err(no_answer)
        };
        let results = results.map_err(|error| error.with_deviations(deviations.clone()));
        Answer { version, deviations, results }
    }

    /// The response with its types; leniently, with what it lacks and the request tells.
    fn decode(&self, response: &[u8]) -> Result<Decoded<ResponseMessage>, DecodeError> {
        let expected = &self.expected;
        // What is as the standard has it reads faster so; of what is not, the lenient reader says where and why.
        if expected.mode == Mode::Lenient
            && let Ok(decoded) = decode_with(Tag::RESPONSE_MESSAGE, response, Mode::Strict, expected.limits)
            && !lacks_payload(&decoded.value)
        {
            return Ok(decoded);
        }
        let mut decoded = decode_with(Tag::RESPONSE_MESSAGE, response, expected.mode, expected.limits)?;
        if expected.mode == Mode::Lenient && lacks_payload(&decoded.value) {
            mending::mend(&mut decoded, self.bytes.reveal(), response, expected);
        }
        Ok(decoded)
    }
}

/// Whether an operation succeeded without a payload that could be read and repeats what was asked.
fn lacks_payload(message: &ResponseMessage) -> bool {
    message.batch_item.iter().any(|item| {
        item.result_status == ResultStatus::Success
            && item.response_payload.is_none()
            && item.operation.is_some_and(|operation| echoes::of(operation).next().is_some())
    })
}

/// Whether the operation was not done, or was undone. One that is pending may still be.
fn is_failure(status: ResultStatus) -> bool {
    matches!(status, ResultStatus::OperationFailed | ResultStatus::OperationUndone)
}

impl core::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Prepared")
            .field("bytes", &format_args!("{} bytes", self.bytes.len()))
            .field("expected", &self.expected)
            .finish()
    }
}

impl Expected {
    /// Whether the items carry Unique Batch Item IDs.
    fn is_named(&self) -> bool {
        self.first_item.is_some()
    }

    /// Which item of the request a Unique Batch Item ID is of, if it is of one.
    pub(super) fn place(&self, unique_batch_item_id: &[u8]) -> Option<usize> {
        let place = number(unique_batch_item_id)?.checked_sub(self.first_item?)?;
        usize::try_from(place).ok().filter(|place| *place < self.operations.len())
    }

    /// The first item whose Unique Batch Item ID is of none of the request's: such an answer is one to another
    /// request, whatever it says.
    fn stranger(&self, items: &[ResponseBatchItem]) -> Option<ResponseError> {
        let is_strange = |item: &ResponseBatchItem| match &item.unique_batch_item_id {
            // What cannot be one of the client's says nothing of a refusal, which is one first.
            Some(id) if number(id).is_none() && is_failure(item.result_status) => false,
            Some(id) => self.is_named() && self.place(id).is_none(),
            None => false,
        };
        let item = items.iter().position(is_strange)?;
        Some(ResponseError::UniqueBatchItemId { item, found: items[item].unique_batch_item_id.clone() })
    }

    /// The failure of the request as a whole, if that is what the response says, and what is known of its
    /// effect: no item succeeded, and a single one failed that has no place among those of the request
    /// (KMIP 1.4 section 11.1: an item without an operation; servers also say 0, or another operation). Its
    /// header may state any version.
    fn refusal(&self, message: &ResponseMessage) -> Option<(ServerError, Effect)> {
        let items = message.batch_item.as_slice();
        let item = items.first()?;
        let is_of_whole = item.operation.is_none() && item.unique_batch_item_id.is_none();
        let unknown = Effect::Unknown { repeatable: self.is_repeatable };
        // That the only operation failed says that it was not done, unless its result was only too large to be told.
        let was_not_done = match self.operations.len() {
            1 => item.result_reason != Some(ResultReason::ResponseTooLarge),
            _ => effects::excludes_effect(item.result_reason),
        };
        let of_whole = if was_not_done && is_failure(item.result_status) { Effect::None } else { unknown };
        if items.len() == 1 && is_of_whole && item.result_status != ResultStatus::Success {
            return Some((self.server_error(&message.response_header, item, None), of_whole));
        }
        if !items.iter().all(|item| is_failure(item.result_status)) {
            return None;
        }
        let is_of_first = self.is_answered(self.operations.first().copied()?, item.operation);
        let effect = match (self.operations.as_slice(), items) {
            // What failed was all there was to do.
            ([_], [item]) if is_of_first && self.is_of_only(item) => return None,
            ([_], _) => of_whole,
            (_, [_]) if self.has_place(item, is_of_first) => return None,
            // One of several failed, but which one, and what became of those before it, is not said.
            (operations, [_]) if item.operation.is_some_and(|found| operations.contains(&found)) => unknown,
            (_, [_]) => of_whole,
            _ => return None,
        };
        Some((self.server_error(&message.response_header, item, None), effect))
    }

    /// Whether the only item of a response can be of the only item of the request.
    fn is_of_only(&self, item: &ResponseBatchItem) -> bool {
        item.unique_batch_item_id.as_ref().is_none_or(|id| self.place(id).is_some())
    }

    /// Whether the only item of a response is known to be of one item of a batch.
    fn has_place(&self, item: &ResponseBatchItem, is_of_first: bool) -> bool {
        match &item.unique_batch_item_id {
            Some(id) => self.place(id).is_some(),
            None => is_of_first && (!self.is_named() || self.mode == Mode::Lenient),
        }
    }

    /// Whether an item that says this operation can be the answer to the expected one. That to Poll names the
    /// operation that was pending (KMIP 1.4 section 4.28, 2.1 section 6.1.38).
    fn is_answered(&self, expected: Operation, found: Option<Operation>) -> bool {
        found.is_some_and(|found| found == expected || expected == Operation::Poll)
    }

    fn results(
        &self,
        message: ResponseMessage,
        deviations: Vec<Deviation>,
    ) -> Result<Results, ResponseError> {
        let header = message.response_header;
        let found = message.batch_item.len();
        // What only failed needs no version and no count.
        if !message.batch_item.iter().all(|item| is_failure(item.result_status)) || found == 0 {
            if header.protocol_version != self.version {
                let found = header.protocol_version;
                return Err(ResponseError::Version { expected: self.version, found });
            }
            if usize::try_from(header.batch_count) != Ok(found) {
                return Err(ResponseError::BatchCount { declared: header.batch_count, found });
            }
        }
        let is_by_order = self.is_by_order(&message.batch_item)?;
        let mut outcomes: Vec<Option<Outcome>> = self.operations.iter().map(|_| None).collect();
        let mut faults = unreadable_payloads(&deviations);
        let mut failed = None;
        for (item, number) in message.batch_item.into_iter().zip(0..) {
            let place = match is_by_order {
                true => Some(number),
                false => item.unique_batch_item_id.as_ref().and_then(|id| self.place(id)),
            };
            let Some(place) = place.filter(|place| outcomes[*place].is_none()) else {
                let found = item.unique_batch_item_id;
                return Err(ResponseError::UniqueBatchItemId { item: number, found });
            };
            if item.result_status != ResultStatus::Success {
                failed = Some(place);
            }
            let fault = faults.remove(&number);
            outcomes[place] = Some(self.outcome(&header, item, number, place, fault)?);
        }
        if found < outcomes.len() {
            // A batch that stops leaves out what it did not do; one that continues answers everything.
            let stops = self.continuation != Some(BatchErrorContinuationOption::Continue);
            let Some(failed) = failed.filter(|_| stops) else {
                return Err(ResponseError::ItemCount { expected: outcomes.len(), found });
            };
            for outcome in &mut outcomes {
                outcome.get_or_insert(Outcome::NotDone { failed });
            }
        }
        Ok(Results { batch: self.batch, header, deviations, outcomes, mode: self.mode })
    }

    /// Whether the response items answer those of the request in their order, rather than each the one that it names.
    fn is_by_order(&self, items: &[ResponseBatchItem]) -> Result<bool, ResponseError> {
        let expected = self.operations.len();
        if items.len() > expected {
            return Err(ResponseError::ItemCount { expected, found: items.len() });
        }
        // A server that leaves out all identifiers is understood as one that answers in order; and a refusal of the only
        // operation is one, however it is named.
        let is_only_refused = |items: &[ResponseBatchItem]| {
            expected == 1 && items.iter().all(|item| is_failure(item.result_status))
        };
        let is_without = items.iter().all(|item| item.unique_batch_item_id.is_none());
        Ok(!self.is_named() || (is_without && (self.mode == Mode::Lenient || is_only_refused(items))))
    }

    fn outcome(
        &self,
        header: &ResponseHeader,
        item: ResponseBatchItem,
        number: usize,
        place: usize,
        fault: Option<DecodeError>,
    ) -> Result<Outcome, ResponseError> {
        let expected = self.operations[place];
        let succeeded = item.result_status == ResultStatus::Success;
        let is_other = match item.operation {
            Some(_) => !self.is_answered(expected, item.operation),
            // What did not succeed may leave the operation out; what it was is known then.
            None => succeeded,
        };
        if is_other && !is_failure(item.result_status) {
            return Err(ResponseError::Operation { item: number, expected, found: item.operation });
        }
        if succeeded {
            if let Some(asked_for) = &self.identifiers[place]
                && identity::is_other(&item, asked_for)
            {
                return Err(ResponseError::UniqueIdentifier { item: number });
            }
            Ok(Outcome::Success { item: number, payload: item.response_payload, fault })
        } else {
            let error = self.server_error(header, &item, Some(expected));
            // What is pending may be done yet; what became too large to be told may have been done.
            let may_be_done =
                !is_failure(item.result_status) || item.result_reason == Some(ResultReason::ResponseTooLarge);
            let effect = match may_be_done {
                true => Effect::Unknown { repeatable: self.is_repeatable },
                false => Effect::None,
            };
            Ok(Outcome::Failure(error, effect))
        }
    }

    /// What the item reports of this operation; of the only one, if it is not known.
    fn server_error(
        &self,
        header: &ResponseHeader,
        item: &ResponseBatchItem,
        operation: Option<Operation>,
    ) -> ServerError {
        let only = match self.operations.as_slice() {
            [operation] => Some(*operation),
            _ => None,
        };
        let operation = operation.or(only);
        // An operation that was not asked for says nothing.
        let said = item.operation.filter(|said| match operation {
            Some(operation) => self.is_answered(operation, Some(*said)),
            None => self.operations.contains(said),
        });
        ServerError {
            operation: said.or(operation),
            result_status: item.result_status,
            result_reason: item.result_reason,
            result_message: item.result_message.clone(),
            unique_batch_item_id: item.unique_batch_item_id.clone(),
            asynchronous_correlation_value: item.asynchronous_correlation_value.clone(),
            challenge: header.nonce.clone().map(|nonce| {
                Box::new(Challenge { nonce, attestation_type: header.attestation_type.clone() })
            }),
        }
    }
}

/// Why payloads were set aside, by the number of their batch item, from 0.
fn unreadable_payloads(deviations: &[Deviation]) -> BTreeMap<usize, DecodeError> {
    let set_aside = deviations.iter().filter_map(mending::set_aside);
    set_aside.map(|(item, fault, _)| (item, fault.clone())).collect()
}
