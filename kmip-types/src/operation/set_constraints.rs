//! Set Constraints: puts new objects under constraints. Since KMIP 2.1.

use kmip_derive::Ttlv;

use crate::operation::Constraints;

/// The request of Set Constraints (KMIP 2.1 section 6.1.52). Since KMIP 2.1.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct SetConstraintsRequest {
    /// The constraints.
    pub constraints: Constraints,
}

/// The response of Set Constraints (KMIP 2.1 section 6.1.52). Since KMIP 2.1. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct SetConstraintsResponse {}
