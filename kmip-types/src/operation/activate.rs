//! Activate: moves an object from Pre-Active to Active.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;

/// The request of Activate (KMIP 1.4 section 4.19, 2.1 section 6.1.1).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ActivateRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

impl ActivateRequest {
    /// The request for an object.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()) }
    }
}

/// The response of Activate (KMIP 1.4 section 4.19, 2.1 section 6.1.1).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ActivateResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
