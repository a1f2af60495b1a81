//! Re-key: makes a symmetric key that takes the place of another.

use kmip_derive::Ttlv;

use crate::Interval;
use crate::attribute::{Attributes, UniqueIdentifier};
use crate::operation::ProtectionStorageMasks;

/// The request of Re-key (KMIP 1.4 section 4.4, 2.1 section 6.1.46).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ReKeyRequest {
    /// The key; the object of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How long after the Initial Date of the new key it becomes active.
    pub offset: Option<Interval>,
    /// The attributes that the new key is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Option<Attributes>,
    /// Where the new key may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

/// The response of Re-key (KMIP 1.4 section 4.4, 2.1 section 6.1.46).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ReKeyResponse {
    /// The new key.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
