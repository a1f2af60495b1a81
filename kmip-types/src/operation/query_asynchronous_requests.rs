//! Query Asynchronous Requests: lists operations that the server has not answered yet. Since KMIP 2.1.

use kmip_derive::Ttlv;

use crate::operation::{AsynchronousCorrelationValues, AsynchronousRequest, Operations};

/// The request of Query Asynchronous Requests (KMIP 2.1 section 6.1.41). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct QueryAsynchronousRequestsRequest {
    /// The operations to list; all, if omitted.
    pub asynchronous_correlation_values: Option<AsynchronousCorrelationValues>,
    /// The kinds of operation to list; all, if omitted.
    pub operations: Option<Operations>,
}

/// The response of Query Asynchronous Requests (KMIP 2.1 section 6.1.41). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct QueryAsynchronousRequestsResponse {
    /// The operations.
    pub asynchronous_request: Vec<AsynchronousRequest>,
}
