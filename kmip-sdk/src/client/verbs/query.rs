//! Query: asks what a server has.

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{QUERY_FUNCTION, QueryFunction};
use kmip_types::operation::{ObjectGroups, QueryRequest, QueryResponse};

use super::{Refine, steps};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To learn what the server has: all that the version can ask for, unless [`functions`](Call::functions) says what.
    /// [`capabilities`](Self::capabilities) asks once for what programs need most.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{Operation, QueryFunction};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let answer = client.query().functions([QueryFunction::QueryOperations]).send()?;
    /// assert!(answer.operation.contains(&Operation::Encrypt));
    /// let all = client.query().send()?;
    /// println!("{:?}", all.vendor_identification);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/query.md")]
    pub fn query(&self) -> Call<'_, D, Query> {
        Call::new(self, Query(QueryRequest::new([])))
    }
}

/// Asks what the server has.
#[derive(Clone, Debug)]
pub struct Query(QueryRequest);

impl Refine for Query {
    type Request = QueryRequest;

    fn refine(mut self, refine: impl FnOnce(&mut QueryRequest)) -> Self {
        refine(&mut self.0);
        self
    }
}

impl Query {
    /// The request, with all that the version can ask for where nothing is named.
    fn of(self, version: ProtocolVersion) -> QueryRequest {
        let mut request = self.0;
        if request.query_function.is_empty() {
            let all = QUERY_FUNCTION.values.iter().map(|row| QueryFunction::from(row.value));
            // The list is the map without its numbers, and would name everything twice.
            let all = all.filter(|function| *function != QueryFunction::QueryExtensionList);
            request.query_function = all.filter(|function| function.is_in(version)).collect();
        }
        request
    }
}

impl<D: Driver> Ask<D> for Query {
    type Answer = QueryResponse;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<QueryResponse, Error> {
        let version = exchanges.agreed().await?;
        exchanges.ask(self.of(version)).await
    }
}

impl<D: Driver> Call<'_, D, Query> {
    /// Adds to the Query Functions: what is asked for.
    pub fn functions(self, functions: impl IntoIterator<Item = QueryFunction>) -> Self {
        self.asking(|ask| ask.refine(|request| request.query_function.extend(functions)))
    }

    /// The request, for a batch or a test; where no function is named, with those that every version has. What the call
    /// has of its own beside it is left behind.
    pub fn into_request(self) -> QueryRequest {
        self.ask.of(ProtocolVersion::V1_0)
    }
}

steps! { Query {
    /// Sets the Object Groups: which groups the question is about. Since KMIP 2.1.
    object_groups: ObjectGroups,
} }
