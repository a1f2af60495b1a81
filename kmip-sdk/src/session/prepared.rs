//! A request that is ready to be sent, and what its response must answer.

use kmip_types::enumerations::{BatchErrorContinuationOption, Operation, ResultStatus};
use kmip_types::message::{ResponseBatchItem, ResponseMessage};
use kmip_types::ttlv::{Decoded, Deviation, Mode, decode_with};
use kmip_types::{DecodeError, Limits, ProtocolVersion, Tag};
use zeroize::Zeroizing;

use super::place;
use super::results::{Outcome, Results};
use crate::error::{Effect, Error, ErrorKind, Phase, ResponseError, ServerError};

/// A request that is ready to be sent.
pub struct Prepared {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) expected: Expected,
}

/// What the response to a request must answer, and how to read it.
#[derive(Debug)]
pub(super) struct Expected {
    /// The identity of the batch.
    pub(super) batch: u64,
    pub(super) version: ProtocolVersion,
    pub(super) mode: Mode,
    pub(super) limits: Limits,
    /// Whether the items carry Unique Batch Item IDs.
    pub(super) named: bool,
    pub(super) operations: Vec<Operation>,
    pub(super) continuation: Option<BatchErrorContinuationOption>,
}

impl Prepared {
    /// The message in binary TTLV. It may carry secrets; it is zeroized when it is dropped.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The operations that are asked for, in their order.
    pub fn operations(&self) -> &[Operation] {
        &self.expected.operations
    }

    /// Whether all of the operations change nothing on the server, so that the request can be sent again
    /// without knowing whether it took effect. Using a key counts as a change, as its Usage Limits may.
    pub fn is_repeatable(&self) -> bool {
        self.expected.is_repeatable()
    }

    /// The results that the response holds.
    ///
    /// # Errors
    /// - [`Phase::Decode`]: the bytes are not a response, or not an answer to this request.
    /// - [`Phase::Result`]: the server refused the request as a whole. That a single operation of it failed
    ///   is not an error here, but where its result is taken.
    pub fn complete(self, response: &[u8]) -> Result<Results, Error> {
        let repeatable = self.is_repeatable();
        let unknown = Effect::Unknown { repeatable };
        let decoded = self
            .expected
            .decode(response)
            .map_err(|error| Error::new(Phase::Decode, ErrorKind::Decode(error)).with_effect(unknown))?;
        let Decoded { value: message, deviations, .. } = decoded;
        if let Some(error) = self.expected.refusal(&message) {
            return Err(Error::new(Phase::Result, ErrorKind::Server(error)));
        }
        self.expected
            .results(message, deviations)
            .map_err(|error| Error::new(Phase::Decode, ErrorKind::Response(error)).with_effect(unknown))
    }
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
    fn is_repeatable(&self) -> bool {
        self.operations.iter().all(|operation| {
            matches!(
                operation,
                Operation::Get
                    | Operation::GetAttributes
                    | Operation::GetAttributeList
                    | Operation::GetConstraints
                    | Operation::Check
                    | Operation::Locate
                    | Operation::Ping
                    | Operation::Query
                    | Operation::QueryAsynchronousRequests
                    | Operation::DiscoverVersions
                    | Operation::Hash
                    | Operation::Validate
            )
        })
    }

    fn decode(&self, response: &[u8]) -> Result<Decoded<ResponseMessage>, DecodeError> {
        decode_with(Tag::RESPONSE_MESSAGE, response, self.mode, self.limits)
    }

    /// The failure of the request as a whole, if that is what the response says (KMIP 1.4 section 11.1):
    /// a single item without an operation. Its header may state any version.
    fn refusal(&self, message: &ResponseMessage) -> Option<ServerError> {
        let [item] = message.batch_item.as_slice() else { return None };
        let is_refusal = item.result_status != ResultStatus::Success
            && item.operation.is_none()
            && item.unique_batch_item_id.is_none();
        let operation = match self.operations.as_slice() {
            [operation] => Some(*operation),
            _ => None,
        };
        is_refusal.then(|| server_error(item, operation))
    }

    fn results(
        &self,
        message: ResponseMessage,
        deviations: Vec<Deviation>,
    ) -> Result<Results, ResponseError> {
        let header = message.response_header;
        let found = message.batch_item.len();
        if header.protocol_version != self.version {
            let found = header.protocol_version;
            return Err(ResponseError::Version { expected: self.version, found });
        }
        if usize::try_from(header.batch_count) != Ok(found) {
            return Err(ResponseError::BatchCount { declared: header.batch_count, found });
        }
        let places = self.places(&message.batch_item)?;
        let mut outcomes: Vec<Option<Outcome>> = self.operations.iter().map(|_| None).collect();
        let mut failed = None;
        for ((item, place), number) in message.batch_item.into_iter().zip(places).zip(0..) {
            if item.result_status != ResultStatus::Success {
                failed = Some(place);
            }
            outcomes[place] = Some(self.outcome(item, number, self.operations[place])?);
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

    /// Which request item each response item answers.
    fn places(&self, items: &[ResponseBatchItem]) -> Result<Vec<usize>, ResponseError> {
        let expected = self.operations.len();
        if items.len() > expected {
            return Err(ResponseError::ItemCount { expected, found: items.len() });
        }
        // A server that leaves out all identifiers is understood as one that answers in order.
        let by_order = !self.named
            || (self.mode == Mode::Lenient && items.iter().all(|item| item.unique_batch_item_id.is_none()));
        if by_order {
            return Ok((0..items.len()).collect());
        }
        let mut places: Vec<usize> = Vec::with_capacity(items.len());
        let mut seen = vec![false; expected];
        for (number, item) in items.iter().enumerate() {
            let id = item.unique_batch_item_id.as_ref();
            let place = id.and_then(|id| place(id)).filter(|place| seen.get(*place) == Some(&false));
            let Some(place) = place else {
                return Err(ResponseError::UniqueBatchItemId { item: number, found: id.cloned() });
            };
            seen[place] = true;
            places.push(place);
        }
        Ok(places)
    }

    fn outcome(
        &self,
        item: ResponseBatchItem,
        number: usize,
        expected: Operation,
    ) -> Result<Outcome, ResponseError> {
        let succeeded = item.result_status == ResultStatus::Success;
        // The answer to Poll names the operation that was pending (KMIP 1.4 section 4.28, 2.1 section 6.1.38).
        let is_other = |found| found != expected && expected != Operation::Poll;
        // A failure may leave the operation out; what it was is known then.
        if item.operation.map_or(succeeded, is_other) {
            return Err(ResponseError::Operation { item: number, expected, found: item.operation });
        }
        if succeeded {
            Ok(Outcome::Success { item: number, payload: item.response_payload.map(Box::new) })
        } else {
            Ok(Outcome::Failure(server_error(&item, Some(expected))))
        }
    }
}

fn server_error(item: &ResponseBatchItem, operation: Option<Operation>) -> ServerError {
    ServerError {
        operation: item.operation.or(operation),
        result_status: item.result_status,
        result_reason: item.result_reason,
        result_message: item.result_message.clone(),
        unique_batch_item_id: item.unique_batch_item_id.clone(),
        asynchronous_correlation_value: item.asynchronous_correlation_value.clone(),
    }
}
