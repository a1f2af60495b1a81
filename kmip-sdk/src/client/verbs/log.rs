//! Log: writes text to the log of the server.

use kmip_types::operation::LogRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have text written to the log of the server. Since KMIP 2.0.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// client.log("the nightly rotation begins").send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/log.md")]
    pub fn log(&self, message: impl Into<String>) -> Call<'_, D, LogRequest> {
        Call::new(self, LogRequest::new(message))
    }
}
