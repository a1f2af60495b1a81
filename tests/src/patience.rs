//! How long tests wait, on machines that may be busy with something else.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A panic is how a test fails.

use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::Error;

/// For what comes at once: longer than a busy machine takes for it, and shorter than what waits for ever.
pub const LONG: Duration = Duration::from_secs(60);

/// What a test calls brief, and what it takes instead where the machine comes to nothing within that.
const BRIEF: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(2), Duration::from_secs(20)];

/// Does something that lets a brief time pass, with as much time as it takes to come to where it is to pass: `None` says
/// that it was over before.
pub fn briefly<T>(attempt: impl FnMut(Duration) -> Option<T>) -> T {
    BRIEF.into_iter().find_map(attempt).expect("even the longest time is over before")
}

/// What was made in time, if it was; whatever else went wrong is a failure.
pub fn in_time<T>(made: Result<T, Error>) -> Option<T> {
    match made {
        Err(error) if error.is_timeout() => None,
        made => Some(made.unwrap()),
    }
}

/// Waits until something is so.
pub fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "it is not so after {:?}", start.elapsed());
        thread::sleep(Duration::from_millis(5));
    }
}
