//! When something is due next, so that a request need not ask the backend.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kmip_types::DateTime;

use super::Kind;

/// When something is due next, as far as it is known.
pub(super) struct Schedule {
    /// Others add to the store what is not seen here.
    is_shared: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kinds: HashMap<Kind, Next>,
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

    /// Notes what is due later.
    pub(super) fn add(&self, due: &[(Kind, i64)]) {
        if due.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.additions += 1;
        for (kind, due) in due {
            if let Some(next) = state.kinds.get_mut(kind) {
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
