//! What all requests share: the objects, and what goes on from one request to the next.

use std::fmt;
use std::sync::OnceLock;

use kmip_types::DateTime;

use super::crypto::authority::Authority;
use super::failure::Failure;
use super::later::Jobs;
use super::options::ServerOptions;
use super::seeded::Seeded;
use super::store::Store;
use super::streams::Streams;
use super::tickets::Tickets;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) streams: Streams,
    pub(crate) seeded: Seeded,
    pub(crate) jobs: Jobs,
    pub(crate) tickets: Tickets,
    authority: OnceLock<Authority>,
}

impl Shared {
    /// Nothing yet.
    pub(crate) fn new(options: &ServerOptions) -> Self {
        Self {
            store: Store::new(options.maximum_objects),
            streams: Streams::default(),
            seeded: Seeded::default(),
            jobs: Jobs::default(),
            tickets: Tickets::default(),
            authority: OnceLock::new(),
        }
    }

    /// What issues certificates, which is made when it is first asked for.
    pub(crate) fn authority(&self, now: DateTime) -> Result<&Authority, Failure> {
        if let Some(authority) = self.authority.get() {
            return Ok(authority);
        }
        let made = Authority::new(now)?;
        Ok(self.authority.get_or_init(|| made))
    }

    /// Forgets everything, as at the beginning.
    pub(crate) fn reset(&self) {
        self.store.clear();
        self.streams.clear();
        self.jobs.clear();
        self.tickets.clear();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("store", &self.store)
            .field("streams", &self.streams)
            .finish_non_exhaustive()
    }
}
