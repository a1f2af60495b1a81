//! What all requests share: the objects, and what goes on from one request to the next.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use kmip_types::DateTime;
use kmip_types::operation::{Constraint, ObjectDefaults};

use super::crypto::authority::Authority;
use super::later::Jobs;
use super::options::ServerOptions;
use super::seeded::Seeded;
use super::store::Store;
use super::streams::Streams;
use super::tickets::Tickets;
use super::users::Used;
use crate::answer::Failure;
use crate::random::Source;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) streams: Streams,
    pub(crate) seeded: Seeded,
    pub(crate) jobs: Jobs,
    pub(crate) tickets: Tickets,
    pub(crate) used: Used,
    pub(crate) source: Source,
    defaults: RwLock<Arc<Vec<ObjectDefaults>>>,
    constraints: RwLock<Arc<Vec<Constraint>>>,
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
            used: Used::default(),
            source: Source::new(options.seed),
            defaults: RwLock::default(),
            constraints: RwLock::default(),
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

    /// What new objects get where clients leave it out.
    pub(crate) fn defaults(&self) -> Arc<Vec<ObjectDefaults>> {
        Arc::clone(&self.defaults.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_defaults(&self, defaults: Vec<ObjectDefaults>) {
        *self.defaults.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(defaults);
    }

    /// What new objects have to be like.
    pub(crate) fn constraints(&self) -> Arc<Vec<Constraint>> {
        Arc::clone(&self.constraints.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_constraints(&self, constraints: Vec<Constraint>) {
        *self.constraints.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(constraints);
    }

    /// Forgets everything, as at the beginning.
    pub(crate) fn reset(&self) {
        self.store.clear();
        self.streams.clear();
        self.jobs.clear();
        self.tickets.clear();
        self.set_defaults(Vec::new());
        self.set_constraints(Vec::new());
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
