//! What all requests share: the objects, and what goes on from one request to the next.

use super::options::ServerOptions;
use super::store::Store;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Store,
}

impl Shared {
    /// Nothing yet.
    pub(crate) fn new(options: &ServerOptions) -> Self {
        Self { store: Store::new(options.maximum_objects) }
    }
}
