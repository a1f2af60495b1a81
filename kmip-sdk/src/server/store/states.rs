//! How many objects there are in each state, for the metrics.

use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use kmip_types::DateTime;
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

/// After how long the objects are counted anew where others change them, or where they could not be counted, in seconds of the
/// server's clock.
const AGAIN: i64 = 60;

/// How many objects of a store the metrics have in each state. Once the store is no more, they have none of them.
#[derive(Debug, Default)]
pub(super) struct States {
    counts: [AtomicI64; ALL.len()],
    /// Whether they have been counted. What is changed before that is counted with the others.
    is_counted: AtomicBool,
    /// When it was last begun to count them, in seconds since 1970.
    begun: Mutex<Option<i64>>,
    /// Held by who commits, and alone by who counts what nobody else changes.
    committing: RwLock<()>,
}

impl States {
    /// Has nobody count until this is dropped.
    pub(super) fn committing(&self) -> Option<RwLockReadGuard<'_, ()>> {
        cfg!(feature = "metrics").then(|| self.committing.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, state: State, change: i64) {
        let place = ALL.iter().position(|other| *other == state);
        if let Some(count) = place.and_then(|place| self.counts.get(place)) {
            count.fetch_add(change, Ordering::Relaxed);
            metrics::changed_objects(state, change);
        }
    }

    pub(super) fn moved(&self, moved: &[Moved]) {
        if !self.is_counted.load(Ordering::SeqCst) {
            return;
        }
        for (before, after) in moved.iter().filter(|(before, after)| before != after) {
            before.iter().for_each(|state| self.add(*state, -1));
            after.iter().for_each(|state| self.add(*state, 1));
        }
    }

    /// Takes note that there are so many.
    fn set(&self, counted: [i64; ALL.len()]) {
        for ((state, count), there) in ALL.iter().zip(&self.counts).zip(counted) {
            let known = count.swap(there, Ordering::Relaxed);
            metrics::changed_objects(*state, there.saturating_sub(known));
        }
        self.is_counted.store(true, Ordering::SeqCst);
    }

    /// Takes note that there are no objects any more.
    pub(super) fn clear(&self) {
        for (state, count) in ALL.iter().zip(&self.counts) {
            metrics::changed_objects(*state, -count.swap(0, Ordering::Relaxed));
        }
    }

    /// Whether they are to be counted now, by who asks.
    fn is_to_be_counted(&self, is_shared: bool, now: i64) -> bool {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = self.is_counted.load(Ordering::SeqCst) && !is_shared;
        // Also where the clock was put back.
        let is_fresh = begun.is_some_and(|begun| (begun..begun.saturating_add(AGAIN)).contains(&now));
        if is_known || is_fresh {
            return false;
        }
        *begun = Some(now);
        true
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
    /// Has the metrics know how many objects there are in each state, if they do not yet, or others may have changed that for
    /// a while.
    ///
    /// Where nobody else changes them, nobody commits meanwhile, which is once. Otherwise what this process commits at that
    /// moment may be counted twice or not at all, until it is counted anew.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say: it is asked again after a while.
    pub(crate) fn count_states(&self, now: DateTime) -> Result<(), StoreError> {
        let (states, is_shared) = (&self.inner.states, self.backend().is_shared());
        if !cfg!(feature = "metrics") || !states.is_to_be_counted(is_shared, now.seconds()) {
            return Ok(());
        }
        let _alone = (!is_shared).then(|| states.committing.write().unwrap_or_else(PoisonError::into_inner));
        let statuses = [
            StorageStatusMask::ON_LINE_STORAGE,
            StorageStatusMask::ARCHIVAL_STORAGE,
            StorageStatusMask::DESTROYED_STORAGE,
        ];
        let mut counted = [0; ALL.len()];
        for (state, counted) in ALL.iter().zip(&mut counted) {
            let mut there = 0;
            for status in statuses {
                for term in terms_of_state(status, *state) {
                    there += self.backend().count(Kind::OBJECT, &self.term(term))?;
                }
            }
            *counted = i64::try_from(there).unwrap_or(i64::MAX);
        }
        states.set(counted);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(states: &States) -> [i64; ALL.len()] {
        states.counts.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    #[test]
    fn what_is_changed_before_it_is_counted_is_counted_once() {
        let states = States::default();
        states.moved(&[(Some(State::PreActive), Some(State::Active))]);
        assert_eq!(counts(&states), [0; ALL.len()], "there are never fewer than none");
        states.set([2, 1, 0, 0, 0, 0]);
        states.moved(&[(Some(State::PreActive), Some(State::Active)), (None, Some(State::PreActive))]);
        assert_eq!(counts(&states), [2, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn is_counted_once_or_where_others_change_it_each_minute() {
        let states = States::default();
        assert!(states.is_to_be_counted(false, 100));
        // It could not be.
        assert!(!states.is_to_be_counted(false, 159) && states.is_to_be_counted(false, 160));
        states.set([0; ALL.len()]);
        assert!(!states.is_to_be_counted(false, 1000));
        assert!(!states.is_to_be_counted(true, 219) && states.is_to_be_counted(true, 220));
        assert!(states.is_to_be_counted(true, 5), "the clock was put back");
    }
}
