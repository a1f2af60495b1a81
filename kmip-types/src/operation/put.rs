//! Put: hands the client an object. The server asks.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier, inline};
use crate::generated::enumerations::PutFunction;
use crate::object::ManagedObject;

/// The request of Put (KMIP 1.4 section 5.2, 2.1 section 6.2.3).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct PutRequest {
    /// The object's identifier.
    pub unique_identifier: UniqueIdentifier,
    /// Whether the object is new or takes the place of another.
    pub put_function: PutFunction,
    /// The object whose place it takes. Required if it takes one's.
    pub replaced_unique_identifier: Option<UniqueIdentifier>,
    /// The object.
    #[ttlv(choice)]
    pub object: ManagedObject,
    /// Attributes that go with the object.
    #[ttlv(with = "inline::optional")]
    pub attributes: Attributes,
}

/// The response of Put (KMIP 1.4 section 5.2, 2.1 section 6.2.3). It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct PutResponse {}
