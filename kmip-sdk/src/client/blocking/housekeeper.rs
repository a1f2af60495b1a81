//! A thread that closes what has been idle for long, and keeps the minimum of connections.

use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::super::connect::Connector;
use super::super::core::Core;
use super::super::flow::Flow;
use super::{TimedStream, run};

/// How long it sleeps at most and at least.
const LONGEST: Duration = Duration::from_secs(30);
const SHORTEST: Duration = Duration::from_millis(100);

/// The thread, once there are connections to look after.
#[derive(Default)]
pub(super) struct Housekeeper {
    thread: OnceLock<Option<Thread>>,
}

impl Housekeeper {
    /// Sees to it that somebody looks after the connections.
    pub(super) fn look_after(&self, core: &Arc<Core<TimedStream>>, connector: Option<&Arc<dyn Connector>>) {
        self.thread.get_or_init(|| {
            let (core, connector) = (Arc::downgrade(core), connector.cloned());
            let keep = move || keep(&core, connector.as_deref());
            // Without it connections are closed when the next call comes.
            let thread = thread::Builder::new().name("kmip-housekeeper".to_owned()).spawn(keep).ok()?;
            Some(thread.thread().clone())
        });
    }

    /// Lets the thread end.
    pub(super) fn stop(&self) {
        if let Some(Some(thread)) = self.thread.get() {
            thread.unpark();
        }
    }
}

/// Looks after the connections, as long as there is a client.
fn keep(core: &Weak<Core<TimedStream>>, connector: Option<&dyn Connector>) {
    loop {
        let Some(core) = core.upgrade() else { return };
        core.tidy(Instant::now());
        while core.engine().missing(Instant::now()) > 0 {
            let Some(mut flow) = Flow::connecting(&core, Instant::now()) else { break };
            run(&mut flow, connector);
            if flow.finish().0.is_err() {
                break;
            }
        }
        let expiry = core.engine().next_look(Instant::now());
        drop(core);
        let time = expiry.map_or(LONGEST, |expiry| expiry.saturating_duration_since(Instant::now()));
        thread::park_timeout(time.clamp(SHORTEST, LONGEST));
    }
}
