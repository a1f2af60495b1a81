//! A task that closes what has been idle for long, and keeps the minimum of connections.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use ::tokio::sync::Notify;
use ::tokio::time::timeout;

use super::super::core::{Core, lock};
use super::super::flow::Flow;
use super::{Connector, Stream, run};

/// How long it sleeps at most and at least.
const LONGEST: Duration = Duration::from_secs(30);
const SHORTEST: Duration = Duration::from_millis(100);

/// The task, once there are connections to look after. It holds what it is told by that it is over.
#[derive(Default)]
pub(super) struct Housekeeper {
    over: Mutex<Weak<Notify>>,
}

impl Housekeeper {
    /// Sees to it that somebody looks after the connections: another one, if the runtime of the first is gone.
    pub(super) fn look_after(
        &self,
        core: &Arc<Core<Box<dyn Stream>>>,
        connector: Option<&Arc<dyn Connector>>,
    ) {
        let mut over = lock(&self.over);
        if over.strong_count() == 0 {
            let is_over = Arc::new(Notify::new());
            *over = Arc::downgrade(&is_over);
            let (core, connector) = (Arc::downgrade(core), connector.cloned());
            ::tokio::spawn(async move { keep(&core, connector.as_deref(), &is_over).await });
        }
    }

    /// Lets the task end.
    pub(super) fn stop(&self) {
        if let Some(over) = lock(&self.over).upgrade() {
            over.notify_one();
        }
    }
}

/// Looks after the connections, as long as there is a client.
async fn keep(core: &Weak<Core<Box<dyn Stream>>>, connector: Option<&dyn Connector>, over: &Notify) {
    loop {
        let Some(core) = core.upgrade() else { return };
        core.tidy(Instant::now());
        while core.engine().missing(Instant::now()) > 0 {
            let Some(mut flow) = Flow::connecting(&core, Instant::now()) else { break };
            run(&mut flow, connector).await;
            if flow.finish().0.is_err() {
                break;
            }
        }
        let expiry = core.engine().next_look(Instant::now());
        drop(core);
        let time = expiry.map_or(LONGEST, |expiry| expiry.saturating_duration_since(Instant::now()));
        if timeout(time.clamp(SHORTEST, LONGEST), over.notified()).await.is_ok() {
            return;
        }
    }
}
