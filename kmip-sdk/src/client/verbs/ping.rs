//! Ping: asks whether the server is there.

use kmip_types::operation::PingRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To ask whether the server is there, and answers. Since KMIP 2.1; before,
    /// [`discover_versions`](Self::discover_versions) does as well.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// client.ping().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/ping.md")]
    pub fn ping(&self) -> Call<'_, D, PingRequest> {
        Call::new(self, PingRequest::default())
    }
}
