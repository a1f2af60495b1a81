//! What goes on beside others until that is over.

use std::sync::atomic::{AtomicBool, Ordering};

/// Has it be over for all, however it ends for one: also if a test fails, so that nobody goes on for ever.
pub(crate) struct Ends<'a>(pub(crate) &'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
