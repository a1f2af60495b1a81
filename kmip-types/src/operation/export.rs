//! Export: gives the client an object with all its attributes. Since KMIP 1.4.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier, inline};
use crate::generated::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType, ObjectType};
use crate::object::{KeyWrappingSpecification, ManagedObject};

/// The request of Export (KMIP 1.4 section 4.40, 2.1 section 6.1.18). Since KMIP 1.4.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ExportRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The format that the key is to be in.
    pub key_format_type: Option<KeyFormatType>,
    /// Whether the key is to be wrapped as it was registered.
    pub key_wrap_type: Option<KeyWrapType>,
    /// How an elliptic curve public key is to be compressed.
    pub key_compression_type: Option<KeyCompressionType>,
    /// How the key is to be wrapped.
    pub key_wrapping_specification: Option<Box<KeyWrappingSpecification>>,
}

/// The response of Export (KMIP 1.4 section 4.40, 2.1 section 6.1.18). Since KMIP 1.4.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ExportResponse {
    /// What the object is.
    pub object_type: ObjectType,
    /// The object's identifier.
    pub unique_identifier: UniqueIdentifier,
    /// All attributes of the object.
    #[ttlv(with = "inline::required")]
    pub attributes: Attributes,
    /// The object.
    #[ttlv(choice)]
    pub object: ManagedObject,
}
