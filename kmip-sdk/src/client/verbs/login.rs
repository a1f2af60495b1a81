//! Login: gives a ticket that authenticates later requests.

use kmip_types::operation::LoginRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get a ticket that stands for the credentials of the client in later requests, until [`logout`](Self::logout).
    /// Since KMIP 2.0.
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
