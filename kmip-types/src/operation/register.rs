//! Register: gives the server an object that the client has.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::ObjectType;
use crate::object::ManagedObject;
use crate::operation::ProtectionStorageMasks;

/// The request of Register (KMIP 1.4 section 4.3, 2.1 section 6.1.43).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload", no_new)]
pub struct RegisterRequest {
    /// What the object is.
    pub object_type: ObjectType,
    /// The attributes that it is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Attributes,
    /// The object. Before KMIP 1.2 the server may be told of one that it is not to keep, such as a private key.
    #[ttlv(choice, required = "1.2..")]
    pub object: Option<ManagedObject>,
    /// Where it may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

impl RegisterRequest {
    /// The request for an object and its attributes.
    pub fn new(object_type: ObjectType, attributes: Attributes, object: ManagedObject) -> Self {
        Self { object_type, attributes, object: Some(object), protection_storage_masks: None }
    }
}

/// The response of Register (KMIP 1.4 section 4.3, 2.1 section 6.1.43).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct RegisterResponse {
    /// The new object.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
