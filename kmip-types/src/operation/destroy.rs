//! Destroy: deletes the key material of an object.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;

/// The request of Destroy (KMIP 1.4 section 4.21, 2.1 section 6.1.15).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DestroyRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

impl DestroyRequest {
    /// The request for an object.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()) }
    }
}

/// The response of Destroy (KMIP 1.4 section 4.21, 2.1 section 6.1.15).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DestroyResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
