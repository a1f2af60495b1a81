//! Ping: asks whether the server is there. Since KMIP 2.1.

use kmip_derive::Ttlv;

/// The request of Ping (KMIP 2.1 section 6.1.36). Since KMIP 2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct PingRequest {}

/// The response of Ping (KMIP 2.1 section 6.1.36). Since KMIP 2.1. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct PingResponse {}
