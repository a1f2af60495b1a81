//! Delegated Login: gives a ticket for some operations, to be handed to another client.

use std::time::Duration;

use kmip_types::DateTime;
use kmip_types::attribute::UsageLimits;
use kmip_types::operation::{DelegatedLoginRequest, Rights};

use super::{interval, length, steps};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get a ticket with these rights, each of which allows some operations on some objects, to be handed to another client.
    /// Since KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::Operation;
    /// use kmip_sdk::types::operation::Right;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let right = Right::default().with_operations([Operation::Encrypt].into()).with_objects([&key].into());
    /// let ticket = client.delegated_login([right]).request_count(100).send()?.ticket;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/delegated_login.md")]
    pub fn delegated_login(&self, rights: impl Into<Rights>) -> Call<'_, D, DelegatedLoginRequest> {
        Call::new(self, DelegatedLoginRequest::new(rights.into()))
    }
}

impl<D: Driver> Call<'_, D, DelegatedLoginRequest> {
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

steps! { DelegatedLoginRequest {
    /// Sets the Usage Limits: how much the ticket is good for protecting.
    usage_limits: UsageLimits,
} }
