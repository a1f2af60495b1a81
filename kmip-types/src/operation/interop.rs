//! Interop: tells a server under test where a test case begins and ends. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::generated::enumerations::InteropFunction;

/// The request of Interop (KMIP 2.1 section 6.1.26). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct InteropRequest {
    /// What happens.
    pub interop_function: InteropFunction,
    /// The test case.
    pub interop_identifier: String,
}

/// The response of Interop (KMIP 2.1 section 6.1.26). Since KMIP 2.0. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct InteropResponse {}
