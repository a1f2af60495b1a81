//! The connections that are not served: their handshake is not done, or they are told that there is no room.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// So many of them as there may be. Where one comes too many, the one that came first gives up its place: a handshake takes
/// a moment, so that it is most likely a peer that says nothing, and such peers shut nobody out.
pub(super) struct Waiting {
    most: usize,
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    next: u64,
    /// Those that are taken, the oldest first, with whom to tell that it is given to another.
    taken: VecDeque<(u64, Arc<Notify>)>,
}

/// The place of a connection, which is free when this is dropped.
pub(super) struct Place<'a> {
    waiting: &'a Waiting,
    number: u64,
    given: Arc<Notify>,
}

impl Waiting {
    pub(super) fn new(most: usize) -> Self {
        Self { most: most.max(1), places: Mutex::default() }
    }

    /// A place for a connection.
    pub(super) fn enter(&self) -> Place<'_> {
        let given = Arc::new(Notify::new());
        let mut places = self.lock();
        while places.taken.len() >= self.most
            && let Some((_, oldest)) = places.taken.pop_front()
        {
            oldest.notify_one();
        }
        let number = places.next;
        places.next += 1;
        places.taken.push_back((number, Arc::clone(&given)));
        drop(places);
        Place { waiting: self, number, given }
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Ends when the place is given to another connection.
    pub(super) async fn is_given_away(&self) {
        self.given.notified().await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.lock().taken.retain(|(number, _)| *number != self.number);
    }
}
