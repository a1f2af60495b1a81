//! Adjust Attribute: changes an attribute of an object by an amount. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::Value;
use crate::attribute::{AttributeReference, UniqueIdentifier};
use crate::generated::enumerations::AdjustmentType;

/// The request of Adjust Attribute (KMIP 2.1 section 6.1.3). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct AdjustAttributeRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The attribute.
    pub attribute_reference: AttributeReference,
    /// How to change it.
    pub adjustment_type: AdjustmentType,
    /// By how much, in the type of the attribute; by one, if omitted.
    pub adjustment_value: Option<Value>,
}

/// The response of Adjust Attribute (KMIP 2.1 section 6.1.3). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct AdjustAttributeResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
}
