//! The engine in virtual time: scripts say what happens, and no connection is made.

mod failover;
mod model;
mod pool;
mod properties;
mod queue;
mod retries;
mod versions;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};
use std::time::{Duration, Instant};

use kmip_types::ProtocolVersion;

use super::{CallId, Closed, Engine, Failure, PoolOptions, RetryPolicy, Selection, Settings, Step};

/// Nothing of the request was sent on a connection that had been idle.
const STALE: Failure = Failure { sent: false, repeatable: false, fresh: false, transient: true };
/// Nothing of the request was sent on a new connection.
const UNSENT: Failure = Failure { fresh: true, ..STALE };
/// The request was sent, and changes nothing.
const READING: Failure = Failure { sent: true, repeatable: true, fresh: false, transient: true };
/// The request was sent, and may have changed something.
const CHANGING: Failure = Failure { repeatable: false, ..READING };

/// What a call was told to do, with times in milliseconds since the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Wait(Option<u64>),
    Connect(usize),
    Use(usize, u32),
    /// To look first whether the connection is open.
    Check(usize, u32),
    GiveUp(Option<&'static str>),
}

/// How often a call was woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counter {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// One server whose version is known, one connection at a time, and no limits.
fn settings() -> Settings {
    Settings {
        servers: 1,
        selection: Selection::Priority,
        pool: PoolOptions {
            maximum: 1,
            minimum: 0,
            idle_timeout: None,
            lifetime: None,
            check_after: Duration::from_secs(1),
            wait: None,
            leave_alone: Duration::from_secs(1),
        },
        retries: RetryPolicy::NONE,
        version: Some(ProtocolVersion::V2_1),
        seed: 1,
    }
}

/// As [`settings`], with this many servers.
fn servers(servers: usize) -> Settings {
    Settings { servers, ..settings() }
}

/// As [`settings`], with what this says of connections.
fn pool(change: impl FnOnce(&mut PoolOptions)) -> Settings {
    let mut settings = settings();
    change(&mut settings.pool);
    settings
}

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A call of a script.
#[derive(Clone)]
struct Call {
    id: CallId,
    woken: Arc<Counter>,
}

impl Call {
    /// Whether the call was woken since it was last asked that.
    fn is_woken(&self) -> bool {
        match self.woken.take() {
            0 => false,
            1 => true,
            times => panic!("woken {times} times"),
        }
    }
}

/// An engine and its clock.
struct Script {
    engine: Engine<u32, &'static str>,
    start: Instant,
    now: Instant,
    /// The number of the next connection.
    next: u32,
}

impl Script {
    fn new(settings: Settings) -> Self {
        let start = Instant::now();
        Self { engine: Engine::new(settings), start, now: start, next: 0 }
    }

    fn pass(&mut self, time: u64) {
        self.now += milliseconds(time);
    }

    fn since_start(&self, instant: Instant) -> u64 {
        u64::try_from((instant - self.start).as_millis()).unwrap()
    }

    fn call(&mut self) -> Call {
        Call { id: self.engine.begin(None, None), woken: Arc::default() }
    }

    /// A call that has to be over within this many milliseconds.
    fn call_within(&mut self, time: u64) -> Call {
        Call { id: self.engine.begin(None, Some(self.now + milliseconds(time))), woken: Arc::default() }
    }

    fn next(&mut self, call: &Call) -> Told {
        let waker = Waker::from(Arc::clone(&call.woken));
        match self.engine.next(call.id, self.now, &waker) {
            Step::Wait(until) => Told::Wait(until.map(|until| self.since_start(until))),
            Step::Connect { server } => Told::Connect(server),
            Step::Use { server, connection, check: false } => Told::Use(server, connection),
            Step::Use { server, connection, check: true } => Told::Check(server, connection),
            Step::GiveUp(error) => Told::GiveUp(error),
        }
    }

    /// The call made its connection, which gets the next number.
    fn connected(&mut self, call: &Call) -> u32 {
        self.engine.connected(call.id, Some(ProtocolVersion::V2_1));
        self.next += 1;
        self.next - 1
    }

    /// The call, which makes a new connection to this server.
    fn connect(&mut self, call: &Call, server: usize) -> u32 {
        assert_eq!(self.next(call), Told::Connect(server));
        self.connected(call)
    }

    /// A call that uses a new connection, made now to this server.
    fn using(&mut self, server: usize) -> (Call, u32) {
        let call = self.call();
        let connection = self.connect(&call, server);
        (call, connection)
    }

    /// As many idle connections to the only server, made now.
    fn idle(&mut self, count: usize) {
        let calls: Vec<_> = (0..count).map(|_| self.using(0)).collect();
        for (call, connection) in calls {
            self.finish(&call, connection);
        }
    }

    /// The call is over, and its connection was opened now.
    fn finish(&mut self, call: &Call, connection: u32) {
        self.engine.finished(call.id, connection, self.now, self.now);
    }

    fn unreachable(&mut self, call: &Call, error: &'static str) {
        self.engine.unreachable(call.id, error, true, self.now);
    }

    fn broken(&mut self, call: &Call, failure: Failure) -> bool {
        self.engine.broken(call.id, failure, "broken", Closed::Failed, self.now)
    }

    fn abandon(&mut self, call: &Call) {
        self.engine.abandon(call.id, Closed::Dropped);
    }

    /// How many connections there are, are idle, and how many calls wait.
    fn counts(&self, server: usize) -> [usize; 3] {
        let server = &self.engine.servers[server];
        [server.open(), server.idle(), server.waiting()]
    }

    /// How many connections to the first server were closed for this reason.
    fn closed(&self, why: Closed) -> u64 {
        self.engine.servers[0].closed(why)
    }
}
