//! Create Split Key: makes a key in parts, or splits one. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::BigInteger;
use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::{ObjectType, SplitKeyMethod};
use crate::operation::ProtectionStorageMasks;

/// The request of Create Split Key (KMIP 1.4 section 4.38, 2.1 section 6.1.10). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CreateSplitKeyRequest {
    /// What the key is.
    pub object_type: ObjectType,
    /// The key to split; a new one is made, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How many parts to make.
    pub split_key_parts: i32,
    /// How many parts it is to take to have the key.
    pub split_key_threshold: i32,
    /// How to split.
    pub split_key_method: SplitKeyMethod,
    /// The prime of Polynomial Sharing Prime Field.
    pub prime_field_size: Option<BigInteger>,
    /// The attributes that each part is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Attributes,
    /// Where the parts may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

/// The response of Create Split Key (KMIP 1.4 section 4.38, 2.1 section 6.1.10). Since KMIP 1.2.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CreateSplitKeyResponse {
    /// What the key is.
    #[ttlv(until = "1.2", required = "1.2")]
    pub object_type: Option<ObjectType>,
    /// The parts.
    #[ttlv(required)]
    pub unique_identifier: Vec<UniqueIdentifier>,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
