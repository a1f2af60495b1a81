//! Logout: ends what a ticket allows. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::message::Ticket;

/// The request of Logout (KMIP 2.1 section 6.1.31). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct LogoutRequest {
    /// The ticket.
    pub ticket: Ticket,
}

/// The response of Logout (KMIP 2.1 section 6.1.31). Since KMIP 2.0. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct LogoutResponse {}
