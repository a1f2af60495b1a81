//! What does what is due while ports are listened on, so that no request waits for it.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::super::dispatch::Server;

/// How often it is looked whether something is due.
const PAUSE: Duration = Duration::from_secs(1);

/// A thread that does what is due. It ends when this is dropped, between two things that it does.
pub(super) struct Sweeper {
    server: Arc<Server>,
    ending: Arc<Ending>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Ending {
    is_ending: Mutex<bool>,
    told: Condvar,
}

impl Ending {
    fn is_ending(&self) -> bool {
        *self.is_ending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits a while; whether it goes on then.
    fn pause(&self) -> bool {
        let ending = self.is_ending.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.told.wait_timeout_while(ending, PAUSE, |is_ending| !*is_ending);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Sweeper {
    /// Absent where requests do it: where the time is not the system's, what is due when the next request comes is done before
    /// that is answered, whatever thread is how far.
    pub(super) fn start(server: &Arc<Server>) -> Option<Self> {
        if server.options().has_own_clock {
            return None;
        }
        let ending = Arc::new(Ending::default());
        let (swept, told) = (Arc::clone(server), Arc::clone(&ending));
        let sweep = move || {
            loop {
                // A function of the application's may panic in it.
                let swept =
                    panic::catch_unwind(AssertUnwindSafe(|| swept.settle_while(&|| !told.is_ending())));
                if let Ok(Err(error)) = swept {
                    tracing::warn!(%error, "what is due is not done");
                }
                if !told.pause() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("kmip-sweeper".to_owned()).spawn(sweep).ok()?;
        server.shared.set_swept(true);
        Some(Self { server: Arc::clone(server), ending, thread: Some(thread) })
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.server.shared.set_swept(false);
        *self.ending.is_ending.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ending.told.notify_all();
        // That it panicked was said.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
