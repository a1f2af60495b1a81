//! Add Attribute: gives an object one more attribute.

use kmip_derive::Ttlv;

use crate::attribute::{Attribute, SingleAttribute, UniqueIdentifier};

/// The request of Add Attribute (KMIP 1.4 section 4.14, 2.1 section 6.1.2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", no_new)]
pub struct AddAttributeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The attribute.
    #[ttlv(formerly = "Attribute", renamed = "2.0")]
    pub new_attribute: SingleAttribute,
}

impl AddAttributeRequest {
    /// The request for an object and an attribute.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>, attribute: Attribute) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), new_attribute: attribute.into() }
    }
}

/// The response of Add Attribute (KMIP 1.4 section 4.14, 2.1 section 6.1.2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct AddAttributeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attribute that was added.
    #[ttlv(until = "1.4", required = "..=1.4")]
    pub attribute: Option<SingleAttribute>,
}
