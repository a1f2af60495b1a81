//! What all requests share: the objects, and what goes on from one request to the next.

use super::options::ServerOptions;
use super::seeded::Seeded;
use super::store::Store;
use super::streams::Streams;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) streams: Streams,
    pub(crate) seeded: Seeded,
}

impl Shared {
    /// Nothing yet.
    pub(crate) fn new(options: &ServerOptions) -> Self {
        Self {
            store: Store::new(options.maximum_objects),
            streams: Streams::default(),
            seeded: Seeded::default(),
        }
    }

    /// Forgets everything, as at the beginning.
    pub(crate) fn reset(&self) {
        self.store.clear();
        self.streams.clear();
    }
}
