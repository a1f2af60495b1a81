//! Query Asynchronous Requests: lists operations that the server has not answered yet.

use kmip_types::operation::{AsynchronousCorrelationValues, Operations, QueryAsynchronousRequestsRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To list the operations that the server answers later, and how far they are: all of the client's, unless steps
    /// say which. Since KMIP 2.1.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// for request in client.query_asynchronous_requests().send()?.asynchronous_request {
    ///     println!("{} {}", request.operation, request.processing_stage);
    /// }
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/query_asynchronous_requests.md")]
    pub fn query_asynchronous_requests(&self) -> Call<'_, D, QueryAsynchronousRequestsRequest> {
        Call::new(self, QueryAsynchronousRequestsRequest::default())
    }
}

steps! { QueryAsynchronousRequestsRequest {
    /// Sets the Asynchronous Correlation Values: which to list.
    asynchronous_correlation_values: AsynchronousCorrelationValues,
    /// Sets the Operations: of which operations to list them.
    operations: Operations,
} }
