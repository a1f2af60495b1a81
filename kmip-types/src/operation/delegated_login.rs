//! Delegated Login: gives a ticket for some operations, to be handed to another client. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::attribute::UsageLimits;
use crate::message::Ticket;
use crate::operation::{LeaseTime, Rights};

/// The request of Delegated Login (KMIP 2.1 section 6.1.12). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DelegatedLoginRequest {
    /// How long, or until when, the ticket holds.
    pub lease_time: Option<LeaseTime>,
    /// How many requests may be made with the ticket.
    pub request_count: Option<i32>,
    /// How much may be done with the ticket.
    pub usage_limits: Option<UsageLimits>,
    /// What the ticket allows.
    pub rights: Rights,
}

/// The response of Delegated Login (KMIP 2.1 section 6.1.12). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DelegatedLoginResponse {
    /// The ticket.
    pub ticket: Ticket,
}
