//! Import: gives the server an object with all its attributes. Since KMIP 1.4.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier, inline};
use crate::generated::enumerations::{KeyWrapType, ObjectType};
use crate::object::ManagedObject;

/// The request of Import (KMIP 1.4 section 4.41, 2.1 section 6.1.25). Since KMIP 1.4.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ImportRequest {
    /// The identifier that the object is to have.
    pub unique_identifier: UniqueIdentifier,
    /// What the object is.
    #[ttlv(since = "2.0", required = "2.0..")]
    pub object_type: Option<ObjectType>,
    /// Whether an object with this identifier is replaced; it is an error, if omitted.
    pub replace_existing: Option<bool>,
    /// Whether to unwrap the key. Required with a wrapped one since KMIP 2.0.
    pub key_wrap_type: Option<KeyWrapType>,
    /// The attributes that the object is to have.
    #[ttlv(with = "inline::required")]
    pub attributes: Attributes,
    /// The object.
    #[ttlv(choice)]
    pub object: ManagedObject,
}

/// The response of Import (KMIP 1.4 section 4.41, 2.1 section 6.1.25). Since KMIP 1.4.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ImportResponse {
    /// The new object.
    pub unique_identifier: UniqueIdentifier,
}
