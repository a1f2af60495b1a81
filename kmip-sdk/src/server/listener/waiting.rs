//! The connections that are not served: their handshake is not done, or they are told that there is no room.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// So many of them as there may be. Where one comes too many, the oldest that has said nothing yet gives up its place, so that
/// peers that say nothing shut nobody out; where all have, the oldest of them.
pub(super) struct Waiting {
    most: usize,
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    next: u64,
    /// Those that are taken, the oldest first.
    taken: VecDeque<Taken>,
}

struct Taken {
    number: u64,
    has_spoken: bool,
    /// Told when the place is given to another.
    given: Arc<Notify>,
}

/// The place of a connection, which is free when this is dropped.
pub(super) struct Place {
    waiting: Arc<Waiting>,
    number: u64,
    given: Arc<Notify>,
}

impl Waiting {
    pub(super) fn new(most: usize) -> Self {
        Self { most: most.max(1), places: Mutex::default() }
    }

    /// A place for a connection.
    pub(super) fn enter(self: &Arc<Self>) -> Place {
        let given = Arc::new(Notify::new());
        let mut places = self.lock();
        while places.taken.len() >= self.most {
            let silent = places.taken.iter().position(|taken| !taken.has_spoken);
            let Some(taken) = places.taken.remove(silent.unwrap_or(0)) else { break };
            taken.given.notify_one();
        }
        let number = places.next;
        places.next += 1;
        places.taken.push_back(Taken { number, has_spoken: false, given: Arc::clone(&given) });
        drop(places);
        Place { waiting: Arc::clone(self), number, given }
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Takes note that the peer said something.
    pub(super) fn has_spoken(&self) {
        let mut places = self.waiting.lock();
        if let Some(taken) = places.taken.iter_mut().find(|taken| taken.number == self.number) {
            taken.has_spoken = true;
        }
    }

    /// Ends when the place is given to another connection.
    pub(super) async fn is_given_away(&self) {
        self.given.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.lock().taken.retain(|taken| taken.number != self.number);
    }
}
