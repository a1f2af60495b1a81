//! Join Split Key: makes one object of the parts of a split key. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::{ObjectType, SecretDataType};
use crate::operation::ProtectionStorageMasks;

/// The request of Join Split Key (KMIP 1.4 section 4.39, 2.1 section 6.1.27). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct JoinSplitKeyRequest {
    /// What to make.
    pub object_type: ObjectType,
    /// The parts, at least as many as it takes.
    #[ttlv(required)]
    pub unique_identifier: Vec<UniqueIdentifier>,
    /// The kind of secret data, if it is to be secret data.
    pub secret_data_type: Option<SecretDataType>,
    /// The attributes that the new object is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Option<Attributes>,
    /// Where the new object may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

/// The response of Join Split Key (KMIP 1.4 section 4.39, 2.1 section 6.1.27). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct JoinSplitKeyResponse {
    /// What was made.
    #[ttlv(until = "1.2", required = "1.2")]
    pub object_type: Option<ObjectType>,
    /// The new object.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
