//! Revoke: ends the use of an object.

use kmip_derive::Ttlv;

use crate::DateTime;
use crate::attribute::{RevocationReason, UniqueIdentifier};

/// The request of Revoke (KMIP 1.4 section 4.20, 2.1 section 6.1.44).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", no_new)]
pub struct RevokeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// Why.
    pub revocation_reason: RevocationReason,
    /// When the object was compromised, if it was.
    pub compromise_occurrence_date: Option<DateTime>,
}

impl RevokeRequest {
    /// The request for an object and a reason.
    pub fn new(
        unique_identifier: impl Into<UniqueIdentifier>,
        revocation_reason: impl Into<RevocationReason>,
    ) -> Self {
        Self {
            unique_identifier: Some(unique_identifier.into()),
            revocation_reason: revocation_reason.into(),
            compromise_occurrence_date: None,
        }
    }
}

/// The response of Revoke (KMIP 1.4 section 4.20, 2.1 section 6.1.44).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct RevokeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
