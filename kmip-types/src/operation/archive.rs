//! Archive: lets the server move an object to an archive.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;

/// The request of Archive (KMIP 1.4 section 4.22, 2.1 section 6.1.4).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ArchiveRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

/// The response of Archive (KMIP 1.4 section 4.22, 2.1 section 6.1.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ArchiveResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
