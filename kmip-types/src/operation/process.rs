//! Process: makes the server finish an operation that it left pending. Since KMIP 2.1.

use crate::hex_debug::debug_in_hex;
use kmip_derive::Ttlv;

/// The request of Process (KMIP 2.1 section 6.1.39). Since KMIP 2.1.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ProcessRequest {
    /// The operation, as the response that left it pending said.
    pub asynchronous_correlation_value: Vec<u8>,
}

debug_in_hex!(ProcessRequest { asynchronous_correlation_value });

/// The response of Process (KMIP 2.1 section 6.1.39). Since KMIP 2.1. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ProcessResponse {}
