//! Locate: finds objects by their attributes.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier, inline};
use crate::generated::enumerations::ObjectGroupMember;
use crate::generated::masks::StorageStatusMask;

/// The request of Locate (KMIP 1.4 section 4.9, 2.1 section 6.1.28).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct LocateRequest {
    /// The most objects to give.
    pub maximum_items: Option<i32>,
    /// How many of the found objects to pass over.
    #[ttlv(since = "1.3")]
    pub offset_items: Option<i32>,
    /// Where to look: on-line, archived or destroyed; on-line only, if omitted.
    pub storage_status_mask: Option<StorageStatusMask>,
    /// Which members of a group to give.
    #[ttlv(since = "1.1")]
    pub object_group_member: Option<ObjectGroupMember>,
    /// The attributes that an object must have; all objects, if none.
    #[ttlv(with = "inline")]
    pub attributes: Attributes,
}

/// The response of Locate (KMIP 1.4 section 4.9, 2.1 section 6.1.28).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct LocateResponse {
    /// How many objects were found, whether given or not.
    #[ttlv(since = "1.3")]
    pub located_items: Option<i32>,
    /// The objects.
    pub unique_identifier: Vec<UniqueIdentifier>,
}
