//! Login: gives the client a ticket that authenticates later requests. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::attribute::UsageLimits;
use crate::message::Ticket;
use crate::{DateTime, Interval};

/// The request of Login (KMIP 2.1 section 6.1.30). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct LoginRequest {
    /// How long, or until when, the ticket holds.
    pub lease_time: Option<LeaseTime>,
    /// How many requests may be made with the ticket.
    pub request_count: Option<i32>,
    /// How much may be done with the ticket.
    pub usage_limits: Option<UsageLimits>,
}

/// The response of Login (KMIP 2.1 section 6.1.30). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct LoginResponse {
    /// The ticket.
    pub ticket: Ticket,
}

/// How long, or until when (KMIP 2.1 sections 6.1.12 and 6.1.30). Since KMIP 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "LeaseTime")]
pub enum LeaseTime {
    /// How long.
    Interval(Interval),
    /// Until when.
    DateTime(DateTime),
}

impl From<Interval> for LeaseTime {
    fn from(interval: Interval) -> Self {
        Self::Interval(interval)
    }
}

impl From<DateTime> for LeaseTime {
    fn from(date: DateTime) -> Self {
        Self::DateTime(date)
    }
}
