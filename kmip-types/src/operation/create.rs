//! Create: makes a symmetric key or secret data.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::ObjectType;
use crate::operation::ProtectionStorageMasks;

/// The request of Create (KMIP 1.4 section 4.1, 2.1 section 6.1.8).
///
/// ```
/// use kmip_types::attribute::Attributes;
/// use kmip_types::enumerations::{CryptographicAlgorithm, ObjectType};
/// use kmip_types::masks::CryptographicUsageMask;
/// use kmip_types::operation::CreateRequest;
///
/// let attributes = Attributes::new()
///     .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
///     .with_cryptographic_length(256)
///     .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT);
/// let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
/// assert_eq!(request.object_type, ObjectType::SymmetricKey);
/// ```
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CreateRequest {
    /// What to make.
    pub object_type: ObjectType,
    /// The attributes that it is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Attributes,
    /// Where it may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

/// The response of Create (KMIP 1.4 section 4.1, 2.1 section 6.1.8).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CreateResponse {
    /// What was made.
    pub object_type: ObjectType,
    /// The new object.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
