//! Delete Attribute: takes an attribute from an object.

use kmip_derive::Ttlv;

use crate::attribute::{AttributeReference, SingleAttribute, UniqueIdentifier, reference};

/// The request of Delete Attribute (KMIP 1.4 section 4.16, 2.1 section 6.1.13).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DeleteAttributeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The attribute with the value to delete.
    #[ttlv(since = "2.0")]
    pub current_attribute: Option<SingleAttribute>,
    /// The attribute to delete: all its values from KMIP 2.0 on. Sent by name before, where it is required.
    #[ttlv(with = "reference::one")]
    pub attribute_reference: Option<AttributeReference>,
    /// Which of the attribute's values to delete; the first, if omitted.
    #[ttlv(until = "1.4")]
    pub attribute_index: Option<i32>,
}

impl DeleteAttributeRequest {
    /// The request for an object and an attribute.
    pub fn new(
        unique_identifier: impl Into<UniqueIdentifier>,
        attribute: impl Into<AttributeReference>,
    ) -> Self {
        Self {
            unique_identifier: Some(unique_identifier.into()),
            attribute_reference: Some(attribute.into()),
            ..Self::default()
        }
    }
}

/// The response of Delete Attribute (KMIP 1.4 section 4.16, 2.1 section 6.1.13).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DeleteAttributeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attribute that was deleted.
    #[ttlv(until = "1.4", required = "..=1.4")]
    pub attribute: Option<SingleAttribute>,
}
