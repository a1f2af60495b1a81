//! Set Defaults: says which attributes new objects get unasked. Since KMIP 2.1.

use kmip_derive::Ttlv;

use crate::operation::DefaultsInformation;

/// The request of Set Defaults (KMIP 2.1 section 6.1.53). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct SetDefaultsRequest {
    /// The attributes; none from now on, if omitted.
    pub defaults_information: Option<DefaultsInformation>,
}

/// The response of Set Defaults (KMIP 2.1 section 6.1.53). Since KMIP 2.1. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct SetDefaultsResponse {}
