//! Process: makes the server finish an operation that it left pending.

use kmip_types::operation::ProcessRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have the server finish an operation now that it answers later, by its Asynchronous Correlation Value: its
    /// result can be had by [`poll`](Self::poll) then. Since KMIP 2.1.
    ///
    /// ```
    /// use kmip_sdk::Started;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// # client.archive(&key).send()?;
    /// if let Started::Pending(pending) = client.recover(&key).start().send()? {
    ///     client.process(pending.correlation_value()).send()?;
    ///     let recovered = pending.wait(None).send()?;
    /// }
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/process.md")]
    pub fn process(&self, asynchronous_correlation_value: impl Into<Vec<u8>>) -> Call<'_, D, ProcessRequest> {
        Call::new(self, ProcessRequest::new(asynchronous_correlation_value))
    }
}
