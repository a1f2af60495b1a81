//! Get Attributes: gives the client attributes of an object.

use kmip_derive::Ttlv;

use crate::attribute::{AttributeReference, Attributes, UniqueIdentifier, inline, reference};

/// The request of Get Attributes (KMIP 1.4 section 4.12, 2.1 section 6.1.20).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct GetAttributesRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// Which attributes; all, if none is named. Sent by name before KMIP 2.0, by reference since.
    #[ttlv(with = "reference::list")]
    pub attribute_reference: Vec<AttributeReference>,
}

impl GetAttributesRequest {
    /// The request for some attributes of an object.
    pub fn new(
        unique_identifier: impl Into<UniqueIdentifier>,
        attributes: impl IntoIterator<Item = impl Into<AttributeReference>>,
    ) -> Self {
        Self {
            unique_identifier: Some(unique_identifier.into()),
            attribute_reference: attributes.into_iter().map(Into::into).collect(),
        }
    }

    /// The request for all attributes of an object.
    pub fn all(unique_identifier: impl Into<UniqueIdentifier>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), attribute_reference: Vec::new() }
    }
}

/// The response of Get Attributes (KMIP 1.4 section 4.12, 2.1 section 6.1.20).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct GetAttributesResponse {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attributes.
    #[ttlv(with = "inline")]
    pub attributes: Attributes,
}
