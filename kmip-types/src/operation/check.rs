//! Check: asks whether an object may be used in a way.

use kmip_derive::Ttlv;

use crate::Interval;
use crate::attribute::UniqueIdentifier;
use crate::generated::masks::CryptographicUsageMask;

/// The request of Check (KMIP 1.4 section 4.10, 2.1 section 6.1.7).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CheckRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How much is to be done, in the unit of the Usage Limits.
    pub usage_limits_count: Option<i64>,
    /// What the object is to be used for.
    pub cryptographic_usage_mask: Option<CryptographicUsageMask>,
    /// How long the object is to be used.
    pub lease_time: Option<Interval>,
}

/// The response of Check (KMIP 1.4 section 4.10, 2.1 section 6.1.7).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CheckResponse {
    /// The object.
    #[ttlv(required = "1.0")]
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The amount asked for, if it is too much.
    pub usage_limits_count: Option<i64>,
    /// The uses asked for, if some are not allowed.
    pub cryptographic_usage_mask: Option<CryptographicUsageMask>,
    /// The time asked for, if it is too long.
    pub lease_time: Option<Interval>,
}
