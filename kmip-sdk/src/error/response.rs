//! What is wrong with a response, and what the server reports in it.

use core::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{AttestationType, Operation, ResultReason, ResultStatus};
use kmip_types::escape::Escaped;
use kmip_types::message::Nonce;

/// Why a response is not an answer to its request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The response is in another version of the protocol.
    #[error("expected KMIP {expected}, found {found} in the response header")]
    Version {
        /// The version of the request.
        expected: ProtocolVersion,
        /// The version in the response header.
        found: ProtocolVersion,
    },
    /// The response header counts other batch items than there are.
    #[error("the response header counts {declared} batch items, found {found}")]
    BatchCount {
        /// Batch Count of the response header.
        declared: i32,
        /// How many batch items there are.
        found: usize,
    },
    /// There are more or fewer batch items than the request calls for.
    #[error("expected {expected} batch items, found {found}")]
    ItemCount {
        /// How many batch items the request has.
        expected: usize,
        /// How many batch items the response has.
        found: usize,
    },
    /// A Unique Batch Item ID is not one of the request's, occurs again, or is absent.
    #[error("batch item {item}: the Unique Batch Item ID is {}", found.as_ref().map_or("absent", |_| "not one that is awaited"))]
    UniqueBatchItemId {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The Unique Batch Item ID, if there is one.
        found: Option<Vec<u8>>,
    },
    /// A batch item answers another operation.
    #[error("batch item {item}: expected an answer to {expected}, found {}", Found(found))]
    Operation {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The operation that was asked for.
        expected: Operation,
        /// The operation of the batch item, if there is one.
        found: Option<Operation>,
    },
    /// A batch item is about another object than the one that was asked for.
    #[error("batch item {item}: the Unique Identifier of the answer is not the one that was asked for")]
    UniqueIdentifier {
        /// Which batch item of the response, from 0.
        item: usize,
    },
    /// An operation succeeded, but a part of what it yields is not there.
    #[error("{operation} succeeded, but its Response Payload has no {field}")]
    NoField {
        /// The operation.
        operation: Operation,
        /// What is not there.
        field: &'static str,
    },
    /// An operation succeeded, but what it yields is not there.
    #[error("batch item {item}: {operation} succeeded, but has no Response Payload")]
    NoPayload {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The operation.
        operation: Operation,
    },
}

/// An operation that did not succeed, as the server reports it (KMIP 1.4 sections 6.9 to 6.11,
/// 2.1 sections 9.17 to 9.19).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// The operation; of the request, if the response does not say it and the request has only one.
    pub operation: Option<Operation>,
    /// Result Status: Operation Failed, Operation Pending or Operation Undone.
    pub result_status: ResultStatus,
    /// Result Reason: why, if the server says so.
    pub result_reason: Option<ResultReason>,
    /// Result Message: why, in the server's words, as they came. `Display` and `Debug` of the error escape them.
    pub result_message: Option<String>,
    /// The Unique Batch Item ID, if the request item had one.
    pub unique_batch_item_id: Option<Vec<u8>>,
    /// What to ask for the result with, if the operation is pending.
    pub asynchronous_correlation_value: Option<Vec<u8>>,
    /// What an attestation is to be made of, if the server wants one.
    pub challenge: Option<Box<Challenge>>,
}

/// What an attestation is to be made of (KMIP 1.4 section 2.1.2, 2.1 section 9.11).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// The server's random value.
    pub nonce: Nonce,
    /// The kinds of attestation that the server takes; any, if there are none.
    pub attestation_type: Vec<AttestationType>,
}

impl ServerError {
    /// What an attestation is to be made of, if that is what the server wants.
    pub(crate) fn wanted_attestation(&self) -> Option<&Challenge> {
        self.challenge.as_deref().filter(|_| self.result_reason == Some(ResultReason::AttestationRequired))
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operation {
            Some(operation) => write!(f, "{operation}: {}", self.result_status)?,
            None => write!(f, "the request as a whole: {}", self.result_status)?,
        }
        if let Some(reason) = self.result_reason {
            write!(f, ", {reason}")?;
        }
        if let Some(message) = &self.result_message {
            write!(f, ": {}", Escaped(message))?;
        }
        Ok(())
    }
}

impl std::error::Error for ServerError {}

/// An operation that may be absent.
struct Found<'a>(&'a Option<Operation>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(operation) => write!(f, "one to {operation}"),
            None => f.write_str("no operation"),
        }
    }
}
