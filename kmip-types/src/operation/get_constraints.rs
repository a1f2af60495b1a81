//! Get Constraints: says which constraints new objects are under. Since KMIP 2.1.

use kmip_derive::Ttlv;

use crate::operation::Constraints;

/// The request of Get Constraints (KMIP 2.1 section 6.1.22). Since KMIP 2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct GetConstraintsRequest {}

/// The response of Get Constraints (KMIP 2.1 section 6.1.22). Since KMIP 2.1.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct GetConstraintsResponse {
    /// The constraints.
    pub constraints: Constraints,
}
