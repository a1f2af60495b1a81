//! What redb panics with: it checks a file that was closed cleanly no further when it opens it, and relies on what it reads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::server::store::StoreError;

/// What something gives, unless it panics.
pub(super) fn caught<T>(does: impl FnOnce() -> T) -> Result<T, StoreError> {
    // Nothing that it may have left half-done is used again: the database is opened anew.
    catch_unwind(AssertUnwindSafe(does)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
        StoreError::Corrupt(format!("redb has panicked: {text}"))
    })
}
