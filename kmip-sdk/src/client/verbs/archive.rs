//! Archive: lets an object be moved to an archive.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::ArchiveRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To let the server move an object to an archive, from which it is used again after [`recover`](Self::recover).
    /// The server may take its time over it.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// client.archive(&key).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/archive.md")]
    pub fn archive(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, ArchiveRequest> {
        Call::new(self, ArchiveRequest::default().with_unique_identifier(object))
    }
}
