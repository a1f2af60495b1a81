//! Logout: ends what a ticket allows.

use kmip_types::message::Ticket;
use kmip_types::operation::LogoutRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To end what this ticket allows. Since KMIP 2.0.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let ticket = client.login().send()?.ticket;
    /// client.logout(ticket).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/logout.md")]
    pub fn logout(&self, ticket: impl Into<Ticket>) -> Call<'_, D, LogoutRequest> {
        Call::new(self, LogoutRequest::new(ticket.into()))
    }
}
