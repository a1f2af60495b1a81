//! A server that is reached through a client, and whose clock is its own.

use std::thread;
use std::time::{Duration, Instant};

use kmip_types::DateTime;

use super::Execution;
use crate::{Client, Service};

/// How long is waited at most at once for a server whose clock is its own.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// How long is waited before it is asked again whether to go on.
const STEP: Duration = Duration::from_millis(100);

/// A server behind a client, as what answers the messages of test cases. Where it gives no answer, that is one of no bytes,
/// which fails the exchange.
#[derive(Clone, Debug)]
pub struct Remote(Client);

impl Remote {
    /// The server that a client asks.
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

impl Service for Remote {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        self.0.exchange(request).send().map(|response| response.to_vec()).unwrap_or_default()
    }
}

impl<'a> Execution<'a> {
    /// None yet, against a server by these clients: Client-A, Client-B and so on. Where a case lets time pass, it really does,
    /// up to five minutes at a time, as long as this says to go on. `None`, if there is no client.
    pub fn remote(clients: &'a [Remote], goes_on: impl Fn() -> bool + 'a) -> Option<Self> {
        let (first, others) = clients.split_first()?;
        let execution = Execution::new(first).clock(move |date| wait_until(date, &goes_on));
        Some(others.iter().fold(execution, |execution, other| execution.client(other)))
    }
}

/// Waits until a date has come.
fn wait_until(date: DateTime, goes_on: &dyn Fn() -> bool) {
    let seconds = date.seconds().saturating_sub(DateTime::now().seconds());
    let wait = Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).min(LONGEST_WAIT);
    let begun = Instant::now();
    while let Some(left) = wait.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        if !goes_on() {
            return;
        }
        thread::sleep(left.min(STEP));
    }
}
