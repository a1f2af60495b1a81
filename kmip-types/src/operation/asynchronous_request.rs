//! Asynchronous Request: an operation that the server has not answered yet.

use kmip_derive::Ttlv;

use crate::DateTimeExtended;
use crate::generated::enumerations::{Operation, ProcessingStage};
use crate::hex_debug::debug_in_hex;

/// An operation whose result the client has not got yet (KMIP 2.1 section 7.2). Since KMIP 2.1.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "AsynchronousRequest")]
pub struct AsynchronousRequest {
    /// What to ask for the result with.
    pub asynchronous_correlation_value: Vec<u8>,
    /// The operation.
    pub operation: Operation,
    /// When it was asked for.
    pub submission_date: DateTimeExtended,
    /// How far it has come.
    pub processing_stage: ProcessingStage,
}

debug_in_hex!(AsynchronousRequest {
    asynchronous_correlation_value,
    operation,
    submission_date,
    processing_stage,
});
