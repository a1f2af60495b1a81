//! Activate: lets an object be used.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::ActivateRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To let an object be used, from now on: it moves from Pre-Active to Active.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_aes(256).name("app").send()?;
    /// client.activate(&key).send()?;
    /// let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/activate.md")]
    pub fn activate(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, ActivateRequest> {
        Call::new(self, ActivateRequest::default().with_unique_identifier(object))
    }
}
