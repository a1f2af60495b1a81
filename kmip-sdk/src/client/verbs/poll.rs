//! Poll: asks for the result of an operation that the server left pending.

use kmip_types::operation::PollRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To ask once for the result of an operation that the server answers later, by its Asynchronous Correlation Value:
    /// the payload of whichever operation it is of. While there is none, that is an error of the server's, with the
    /// Result Status Operation Pending. [`resume`](Self::resume) waits for the result, and knows its type.
    ///
    /// ```
    /// use kmip_sdk::Started;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// # client.archive(&key).send()?;
    /// if let Started::Pending(pending) = client.recover(&key).start().send()? {
    ///     let result = client.poll(pending.correlation_value()).send()?;
    ///     println!("{:?}", result.0);
    /// }
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/poll.md")]
    pub fn poll(&self, asynchronous_correlation_value: impl Into<Vec<u8>>) -> Call<'_, D, PollRequest> {
        Call::new(self, PollRequest::new(asynchronous_correlation_value))
    }
}
