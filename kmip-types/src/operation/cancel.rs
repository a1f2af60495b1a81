//! Cancel: stops an operation that the server has not finished.

use kmip_derive::Ttlv;

use crate::generated::enumerations::CancellationResult;
use crate::hex_debug::debug_in_hex;

/// The request of Cancel (KMIP 1.4 section 4.27, 2.1 section 6.1.5).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CancelRequest {
    /// The operation, as the response that left it pending said.
    pub asynchronous_correlation_value: Vec<u8>,
}

debug_in_hex!(CancelRequest { asynchronous_correlation_value });

/// The response of Cancel (KMIP 1.4 section 4.27, 2.1 section 6.1.5).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CancelResponse {
    /// The operation.
    pub asynchronous_correlation_value: Vec<u8>,
    /// What came of it.
    pub cancellation_result: CancellationResult,
}

debug_in_hex!(CancelResponse { asynchronous_correlation_value, cancellation_result });
