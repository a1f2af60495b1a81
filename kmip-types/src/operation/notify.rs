//! Notify: tells the client which attributes of an object changed. The server asks.

use kmip_derive::Ttlv;

use crate::attribute::{AttributeChange, UniqueIdentifier, changes};

/// The request of Notify (KMIP 1.4 section 5.1, 2.1 section 6.2.2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct NotifyRequest {
    /// The object.
    pub unique_identifier: UniqueIdentifier,
    /// The attributes that were set or deleted; the Last Change Date is among them. From KMIP 2.0 on, those
    /// that were set come first.
    #[ttlv(with = "changes")]
    pub changes: Vec<AttributeChange>,
}

/// The response of Notify (KMIP 1.4 section 5.1, 2.1 section 6.2.2). It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct NotifyResponse {}
