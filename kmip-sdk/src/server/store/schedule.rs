//! When something is due next, so that a request need not ask the backend; and what is due and cannot be done for now.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kmip_types::DateTime;

use super::{Key, Kind};

/// How long what could not be done is left alone, in seconds of the server's clock.
const AWHILE: i64 = 60;

/// How long all of a kind is left alone where the disk is full, in seconds of the server's clock.
const HELD: i64 = 10;

/// How much may be left alone at a time. Where there is more, it is not single records that something is wrong with.
const MOST: usize = 10_000;

/// When something is due next, as far as it is known.
pub(super) struct Schedule {
    /// Others add to the store what is not seen here.
    is_shared: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kinds: HashMap<Kind, Next>,
    /// What is left alone, with the time until when.
    aside: HashMap<Key, i64>,
    /// How often something was added.
    additions: u64,
}

#[derive(Clone, Copy)]
struct Next {
    /// Nothing is due before.
    due: i64,
    /// When the backend was asked last.
    asked: i64,
}

impl Schedule {
    pub(super) fn new(is_shared: bool) -> Self {
        Self { is_shared, state: Mutex::default() }
    }

    /// Whether something of a kind may be due. Where others add to the store, it may be once a second.
    pub(super) fn is_due(&self, kind: Kind, now: DateTime) -> bool {
        let state = self.lock();
        let Some(next) = state.kinds.get(&kind) else { return true };
        next.due <= now.seconds() || self.is_shared && next.asked != now.seconds()
    }

    /// Notes what is due later. What has been changed is left alone no longer.
    pub(super) fn add(&self, due: &[(Key, i64)]) {
        if due.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.additions += 1;
        for (key, due) in due {
            state.aside.remove(key);
            if let Some(next) = state.kinds.get_mut(&key.kind) {
                next.due = next.due.min(*due);
            }
        }
    }

    /// The present, before the backend is asked.
    pub(super) fn mark(&self) -> u64 {
        self.lock().additions
    }

    /// Notes what the backend says is due next, unless something was added meanwhile.
    pub(super) fn settle(&self, kind: Kind, mark: u64, next: Option<i64>, now: DateTime) {
        let mut state = self.lock();
        if state.additions == mark {
            state.kinds.insert(kind, Next { due: next.unwrap_or(i64::MAX), asked: now.seconds() });
        }
    }

    /// Leaves alone all of a kind for a moment, unless something is added.
    pub(super) fn hold(&self, kind: Kind, now: DateTime) {
        let next = Next { due: now.seconds().saturating_add(HELD), asked: now.seconds() };
        self.lock().kinds.insert(kind, next);
    }

    /// Leaves alone for a while what is due and cannot be done: whether there is room for it.
    pub(super) fn set_aside(&self, key: &Key, now: DateTime) -> bool {
        let mut state = self.lock();
        if state.aside.len() >= MOST {
            return false;
        }
        state.aside.insert(key.clone(), now.seconds().saturating_add(AWHILE));
        true
    }

    /// What is left alone of a kind, each with the time until when.
    pub(super) fn aside(&self, kind: Kind, now: DateTime) -> HashMap<Key, i64> {
        let mut state = self.lock();
        // Also where the clock was put back.
        let is_left = |until: i64| until > now.seconds() && until <= now.seconds().saturating_add(AWHILE);
        state.aside.retain(|_, until| is_left(*until));
        let of_kind = state.aside.iter().filter(|(key, _)| key.kind == kind);
        of_kind.map(|(key, until)| (key.clone(), *until)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
