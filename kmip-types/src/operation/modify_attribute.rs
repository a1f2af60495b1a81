//! Modify Attribute: changes an attribute of an object.

use kmip_derive::Ttlv;

use crate::attribute::{Attribute, SingleAttribute, UniqueIdentifier};

/// The request of Modify Attribute (KMIP 1.4 section 4.15, 2.1 section 6.1.34).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", no_new)]
pub struct ModifyAttributeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The value to change, of an attribute that the object has several of. Before KMIP 2.0, the index of
    /// the new attribute says it.
    #[ttlv(since = "2.0")]
    pub current_attribute: Option<SingleAttribute>,
    /// The new value.
    #[ttlv(formerly = "Attribute", renamed = "2.0")]
    pub new_attribute: SingleAttribute,
}

impl ModifyAttributeRequest {
    /// The request for an object and an attribute.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>, attribute: Attribute) -> Self {
        Self {
            unique_identifier: Some(unique_identifier.into()),
            current_attribute: None,
            new_attribute: attribute.into(),
        }
    }
}

/// The response of Modify Attribute (KMIP 1.4 section 4.15, 2.1 section 6.1.34).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ModifyAttributeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attribute with its new value.
    #[ttlv(until = "1.4", required = "..=1.4")]
    pub attribute: Option<SingleAttribute>,
}
