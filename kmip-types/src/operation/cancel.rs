//! Cancel: stops an operation that the server has not finished.

use kmip_derive::Ttlv;

use crate::generated::enumerations::CancellationResult;

/// The request of Cancel (KMIP 1.4 section 4.27, 2.1 section 6.1.5).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CancelRequest {
    /// The operation, as the response that left it pending said.
    pub asynchronous_correlation_value: Vec<u8>,
}

/// The response of Cancel (KMIP 1.4 section 4.27, 2.1 section 6.1.5).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CancelResponse {
    /// The operation.
    pub asynchronous_correlation_value: Vec<u8>,
    /// What came of it.
    pub cancellation_result: CancellationResult,
}
