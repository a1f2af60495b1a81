//! Derive Key: makes a symmetric key or secret data from others.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::{DerivationMethod, ObjectType};
use crate::operation::DerivationParameters;

/// The request of Derive Key (KMIP 1.4 section 4.6, 2.1 section 6.1.14).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DeriveKeyRequest {
    /// What to make.
    pub object_type: ObjectType,
    /// The objects to derive from.
    #[ttlv(required)]
    pub unique_identifier: Vec<UniqueIdentifier>,
    /// How to derive.
    pub derivation_method: DerivationMethod,
    /// What the method needs.
    pub derivation_parameters: DerivationParameters,
    /// The attributes that the new object is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Attributes,
}

/// The response of Derive Key (KMIP 1.4 section 4.6, 2.1 section 6.1.14).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DeriveKeyResponse {
    /// The new object.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
