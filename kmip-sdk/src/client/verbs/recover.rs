//! Recover: has an object brought back from an archive.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::RecoverRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have an object brought back from an archive. Servers may take their time over it: see [`start`](Call::start).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// client.archive(&key).send()?;
    /// client.recover(&key).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/recover.md")]
    pub fn recover(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, RecoverRequest> {
        Call::new(self, RecoverRequest::default().with_unique_identifier(object))
    }
}
