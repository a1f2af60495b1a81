//! Recover: lets the server bring an object back from an archive.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;

/// The request of Recover (KMIP 1.4 section 4.23, 2.1 section 6.1.42).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct RecoverRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

/// The response of Recover (KMIP 1.4 section 4.23, 2.1 section 6.1.42).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct RecoverResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
