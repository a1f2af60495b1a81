//! How many objects there are in each state, for the metrics.

use std::any::Any;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use kmip_types::enumerations::State;
use kmip_types::masks::StorageStatusMask;

use super::indexes::terms_of_state;
use super::stored::AnyStored;
use super::{Kind, Store, StoreError, StoredObject};
use crate::server::metrics;

/// The states that an object may be in.
pub(super) const ALL: [State; 6] = [
    State::PreActive,
    State::Active,
    State::Deactivated,
    State::Compromised,
    State::Destroyed,
    State::DestroyedCompromised,
];

/// What a commit changes: the state of an object before, and after.
pub(super) type Moved = (Option<State>, Option<State>);

/// How many objects of a store the metrics have in each state. Once the store is no more, they have none of them.
#[derive(Debug, Default)]
pub(super) struct States {
    counts: [AtomicI64; ALL.len()],
    is_counted: Mutex<bool>,
}

impl States {
    fn add(&self, state: State, change: i64) {
        let place = ALL.iter().position(|other| *other == state);
        if let Some(count) = place.and_then(|place| self.counts.get(place)) {
            count.fetch_add(change, Ordering::Relaxed);
            metrics::changed_objects(state, change);
        }
    }

    pub(super) fn moved(&self, moved: &[Moved]) {
        for (before, after) in moved.iter().filter(|(before, after)| before != after) {
            before.iter().for_each(|state| self.add(*state, -1));
            after.iter().for_each(|state| self.add(*state, 1));
        }
    }

    /// Takes note that there are no objects any more.
    pub(super) fn clear(&self) {
        for (state, count) in ALL.iter().zip(&self.counts) {
            metrics::changed_objects(*state, -count.swap(0, Ordering::Relaxed));
        }
    }
}

impl Drop for States {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The state of an object, of any record.
pub(super) fn state_of(value: &dyn AnyStored) -> Option<State> {
    (value as &dyn Any).downcast_ref::<StoredObject>().map(StoredObject::state)
}

impl Store {
    /// Has the metrics know how many objects there are in each state, if they do not yet.
    pub(crate) fn count_states(&self) -> Result<(), StoreError> {
        let mut is_counted = self.inner.states.is_counted.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *is_counted, true) || !cfg!(feature = "metrics") {
            return Ok(());
        }
        let statuses = [
            StorageStatusMask::ON_LINE_STORAGE,
            StorageStatusMask::ARCHIVAL_STORAGE,
            StorageStatusMask::DESTROYED_STORAGE,
        ];
        for (state, count) in ALL.iter().zip(&self.inner.states.counts) {
            let mut there = 0;
            for status in statuses {
                for term in terms_of_state(status, *state) {
                    there += self.backend().count(Kind::OBJECT, &self.term(term))?;
                }
            }
            // What this process has changed before it counted is in what is there.
            let there = i64::try_from(there).unwrap_or(i64::MAX);
            let known = count.swap(there, Ordering::Relaxed);
            metrics::changed_objects(*state, there.saturating_sub(known));
        }
        Ok(())
    }
}
