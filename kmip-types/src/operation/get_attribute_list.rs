//! Get Attribute List: says which attributes an object has.

use kmip_derive::Ttlv;

use crate::attribute::{AttributeReference, UniqueIdentifier, reference};

/// The request of Get Attribute List (KMIP 1.4 section 4.13, 2.1 section 6.1.21).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct GetAttributeListRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
}

impl GetAttributeListRequest {
    /// The request for an object.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()) }
    }
}

/// The response of Get Attribute List (KMIP 1.4 section 4.13, 2.1 section 6.1.21).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct GetAttributeListResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attributes that it has. Sent by name before KMIP 2.0, by reference since.
    #[ttlv(with = "reference::required")]
    pub attribute_reference: Vec<AttributeReference>,
}
