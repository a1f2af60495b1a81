//! Login: gives a ticket that authenticates later requests.

use std::time::Duration;

use kmip_types::DateTime;
use kmip_types::attribute::UsageLimits;
use kmip_types::operation::LoginRequest;

use super::{interval, length, steps};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get a ticket that stands for the credentials of the client in later requests, until [`logout`](Self::logout). Since KMIP
    /// 2.0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kmip_sdk::types::message::Credential;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let ticket = client.login().lease_time(Duration::from_secs(600)).send()?.ticket;
    /// let located = client.locate().credential(Credential::from(ticket.clone())).send()?;
    /// client.logout(ticket).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/login.md")]
    pub fn login(&self) -> Call<'_, D, LoginRequest> {
        Call::new(self, LoginRequest::default())
    }
}

impl<D: Driver> Call<'_, D, LoginRequest> {
    /// Sets the Lease Time, in whole seconds: how long the ticket is good.
    pub fn lease_time(self, time: Duration) -> Self {
        self.trying(|request| {
            interval("the Lease Time", time).map(|time| request.lease_time = Some(time.into()))
        })
    }

    /// Sets the Lease Time by its end: until when the ticket is good.
    pub fn lease_until(self, date: impl Into<DateTime>) -> Self {
        self.asking(|request| request.with_lease_time(date.into().into()))
    }

    /// Sets the Request Count: for how many requests the ticket is good.
    pub fn request_count(self, count: u32) -> Self {
        self.trying(|request| {
            length("the Request Count", count).map(|count| request.request_count = Some(count))
        })
    }
}

steps! { LoginRequest {
    /// Sets the Usage Limits: how much the ticket is good for protecting.
    usage_limits: UsageLimits,
} }
