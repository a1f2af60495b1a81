//! Delegated Login: gives a ticket for some operations, to be handed to another client.

use kmip_types::operation::{DelegatedLoginRequest, Rights};

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get a ticket with these rights, each of which allows some operations on some objects, to be handed to another
    /// client. Since KMIP 2.0.
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
