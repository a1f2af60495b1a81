//! Obtain Lease: lets the client use an object for a time.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::{DateTime, Interval};

/// The request of Obtain Lease (KMIP 1.4 section 4.17, 2.1 section 6.1.35).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ObtainLeaseRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

/// The response of Obtain Lease (KMIP 1.4 section 4.17, 2.1 section 6.1.35).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ObtainLeaseResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// How long the object may be used without asking again.
    pub lease_time: Interval,
    /// When the object was changed last.
    pub last_change_date: DateTime,
}
