//! Validate: checks a chain of certificates.

use kmip_derive::Ttlv;

use crate::DateTime;
use crate::attribute::UniqueIdentifier;
use crate::generated::enumerations::ValidityIndicator;
use crate::object::Certificate;

/// The request of Validate (KMIP 1.4 section 4.24, 2.1 section 6.1.57).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ValidateRequest {
    /// Certificates of the chain.
    pub certificate: Vec<Certificate>,
    /// Certificates of the chain that the server has.
    pub unique_identifier: Vec<UniqueIdentifier>,
    /// When the chain must be valid; now, if omitted.
    pub validity_date: Option<DateTime>,
}

/// The response of Validate (KMIP 1.4 section 4.24, 2.1 section 6.1.57).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ValidateResponse {
    /// Whether the chain is valid.
    pub validity_indicator: ValidityIndicator,
}
