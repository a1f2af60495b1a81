//! Get Usage Allocation: takes a share of what an object may still be used.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;

/// The request of Get Usage Allocation (KMIP 1.4 section 4.18, 2.1 section 6.1.23).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct GetUsageAllocationRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How much to take, in the unit of the Usage Limits.
    pub usage_limits_count: i64,
}

/// The response of Get Usage Allocation (KMIP 1.4 section 4.18, 2.1 section 6.1.23).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct GetUsageAllocationResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
