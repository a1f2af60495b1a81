//! Cancel: stops an operation that the server has not finished.

use kmip_types::operation::CancelRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To stop an operation that the server answers later, by its Asynchronous Correlation Value. The answer says
    /// whether it was stopped. [`Pending`](crate::Pending::cancel) does it for an operation that was started by this
    /// client.
    ///
    /// ```
    /// use kmip_sdk::Started;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// # client.archive(&key).send()?;
    /// if let Started::Pending(pending) = client.recover(&key).start().send()? {
    ///     let cancelled = client.cancel(pending.correlation_value()).send()?;
    ///     println!("{}", cancelled.cancellation_result);
    /// }
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/cancel.md")]
    pub fn cancel(&self, asynchronous_correlation_value: impl Into<Vec<u8>>) -> Call<'_, D, CancelRequest> {
        Call::new(self, CancelRequest::new(asynchronous_correlation_value))
    }
}
