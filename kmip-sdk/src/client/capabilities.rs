//! What a server says of itself, asked once.

use std::sync::Arc;

use kmip_types::enumerations::QueryFunction;
use kmip_types::operation::{QueryRequest, QueryResponse};
use kmip_types::{ProtocolVersion, Tag, TextCodec};

use super::Driver;
use super::ask::{Ask, Exchanges};
use super::core::lock;
use super::flow::Work;
use crate::error::Error;

/// What a server says of itself in its answer to Query (KMIP 1.4 section 4.25, 2.1 section 6.1.37).
#[derive(Debug)]
#[non_exhaustive]
pub struct Capabilities {
    /// All that the server answered.
    pub query: QueryResponse,
    /// The text encodings, which know the tags of the server's own by the names that it gives them.
    pub text: TextCodec,
}

/// What is asked for, where the version has it.
const FUNCTIONS: [QueryFunction; 7] = [
    QueryFunction::QueryOperations,
    QueryFunction::QueryObjects,
    QueryFunction::QueryServerInformation,
    QueryFunction::QueryApplicationNamespaces,
    QueryFunction::QueryExtensionMap,
    QueryFunction::QueryProfiles,
    QueryFunction::QueryCapabilities,
];

impl Capabilities {
    /// The question, in this version of the protocol.
    fn request(version: ProtocolVersion) -> QueryRequest {
        QueryRequest::new(FUNCTIONS.into_iter().filter(|function| function.is_in(version)))
    }

    fn new(query: QueryResponse) -> Self {
        let mut text = TextCodec::new();
        for extension in &query.extension_information {
            let Some(tag) = extension.extension_tag.and_then(|tag| u32::try_from(tag).ok()) else { continue };
            // A name that is taken, or cannot be one, names nothing.
            if let Err(error) = text.register_tag(&extension.extension_name, Tag::from_raw(tag)) {
                tracing::debug!(%error, "a name of the server's");
            }
        }
        Self { query, text }
    }
}

/// Asks for what the server says of itself.
#[derive(Debug)]
pub struct AskCapabilities(pub(super) ());

impl<D: Driver> Ask<D> for AskCapabilities {
    type Answer = Arc<Capabilities>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Arc<Capabilities>, Error> {
        let known = &exchanges.client().shared.core.capabilities;
        if let Some(known) = lock(known).clone() {
            return Ok(known);
        }
        let version = exchanges.exchange(Work::Connect).await?.version;
        let capabilities = Arc::new(Capabilities::new(exchanges.ask(Capabilities::request(version)).await?));
        *lock(known) = Some(Arc::clone(&capabilities));
        Ok(capabilities)
    }
}
