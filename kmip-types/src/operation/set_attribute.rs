//! Set Attribute: gives an object's attribute a value, whether it had one or not. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::attribute::{Attribute, SingleAttribute, UniqueIdentifier};

/// The request of Set Attribute (KMIP 2.1 section 6.1.51).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", no_new)]
pub struct SetAttributeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The attribute.
    #[ttlv(since = "2.0")]
    pub new_attribute: SingleAttribute,
}

impl SetAttributeRequest {
    /// The request for an object and an attribute.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>, attribute: Attribute) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), new_attribute: attribute.into() }
    }
}

/// The response of Set Attribute (KMIP 2.1 section 6.1.51).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct SetAttributeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
