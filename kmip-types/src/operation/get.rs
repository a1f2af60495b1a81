//! Get: gives the client an object.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::generated::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType, ObjectType};
use crate::object::{KeyWrappingSpecification, ManagedObject};

/// The request of Get (KMIP 1.4 section 4.11, 2.1 section 6.1.19).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct GetRequest {
    /// The object; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The format that the key is to be in.
    pub key_format_type: Option<KeyFormatType>,
    /// Whether the key is to be wrapped as it was registered.
    #[ttlv(since = "1.4")]
    pub key_wrap_type: Option<KeyWrapType>,
    /// How an elliptic curve public key is to be compressed.
    pub key_compression_type: Option<KeyCompressionType>,
    /// How the key is to be wrapped.
    pub key_wrapping_specification: Option<Box<KeyWrappingSpecification>>,
}

impl GetRequest {
    /// The request for an object as it is.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), ..Self::default() }
    }
}

/// The response of Get (KMIP 1.4 section 4.11, 2.1 section 6.1.19).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct GetResponse {
    /// What the object is.
    pub object_type: ObjectType,
    /// The object's identifier.
    pub unique_identifier: UniqueIdentifier,
    /// The object.
    #[ttlv(choice)]
    pub object: ManagedObject,
}
