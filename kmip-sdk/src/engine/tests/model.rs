//! The engine next to a model of its calls and connections, which is looked at after every event.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::Place;
use super::*;

/// What happens. Numbers choose among the calls that it can happen to; if there are none, nothing happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// A call begins, which has to be over within this many milliseconds.
    Begin(Option<u64>),
    /// A call asks for its next step, whether it was woken or not.
    Next(usize),
    /// Milliseconds pass.
    Pass(u64),
    /// A call made its connection. Whether it found out the version.
    Connected(usize, bool),
    Unreachable(usize, bool),
    Finished(usize),
    FinishedWithout(usize),
    Refused(usize, Failure),
    Broken(usize, Failure),
    Abandon(usize),
    Expire,
    /// The minimum is made up, by one connection.
    Connecting,
}

/// How all is brought to an end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    Succeed,
    Unreachable,
    /// Connections break with nothing sent.
    BreakUnsent,
    /// Connections break with something sent that may be sent again.
    BreakSent,
}

/// Where a call stands, as the driver sees it.
#[derive(Clone, Copy, Debug)]
enum Stand {
    Asks,
    Waits(Option<Instant>),
    Connects,
    Uses { connection: u32, fresh: bool },
    Over,
}

struct Tracked {
    id: CallId,
    deadline: Option<Instant>,
    woken: Arc<Counter>,
    /// Whether it was woken since it last asked.
    is_woken: bool,
    stand: Stand,
}

/// Where the engine has a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placed {
    Free,
    Queued(usize),
    Given(usize),
    Holding(usize),
    Pausing(Instant),
}

pub(super) struct Model {
    engine: Engine<u32, &'static str>,
    calls: Vec<Tracked>,
    now: Instant,
    /// When each connection that is open was opened.
    open: BTreeMap<u32, Instant>,
    next_connection: u32,
}

impl Model {
    pub(super) fn new(settings: Settings) -> Self {
        let engine = Engine::new(settings);
        let (calls, open) = (Vec::new(), BTreeMap::new());
        Self { engine, calls, now: Instant::now(), open, next_connection: 0 }
    }

    /// Lets something happen, and checks that all is well.
    pub(super) fn apply(&mut self, event: &Event) {
        let queues: Vec<_> = self.engine.servers.iter().map(|server| server.queue.clone()).collect();
        match *event {
            Event::Begin(within) => {
                let deadline = within.map(|within| self.now + milliseconds(within));
                let id = self.engine.begin(None, deadline);
                self.track(id, deadline, Stand::Asks);
            }
            Event::Next(number) => {
                if let Some(call) = self.pick(number, |stand| matches!(stand, Stand::Asks | Stand::Waits(_)))
                {
                    self.ask(call, &queues);
                }
            }
            Event::Pass(time) => self.now += milliseconds(time),
            Event::Connected(number, says) => {
                if let Some(call) = self.pick(number, |stand| matches!(stand, Stand::Connects)) {
                    self.connected(call, says);
                }
            }
            Event::Unreachable(number, transient) => {
                if let Some(call) = self.pick(number, |stand| matches!(stand, Stand::Connects)) {
                    self.engine.unreachable(self.calls[call].id, "unreachable", transient, self.now);
                    self.calls[call].stand = Stand::Asks;
                }
            }
            Event::Finished(number) => {
                if let Some((call, connection)) = self.user(number) {
                    let opened = self.open[&connection];
                    self.engine.finished(self.calls[call].id, connection, opened, self.now);
                    self.calls[call].stand = Stand::Over;
                }
            }
            Event::FinishedWithout(number) => {
                if let Some((call, connection)) = self.user(number) {
                    self.open.remove(&connection);
                    self.engine.finished_without(self.calls[call].id, Closed::ByServer);
                    self.calls[call].stand = Stand::Over;
                }
            }
            Event::Refused(number, failure) => {
                if let Some((call, connection)) = self.user(number) {
                    let id = self.calls[call].id;
                    let (opened, now) = (self.open[&connection], self.now);
                    let goes_on = self.engine.refused(id, failure, "refused", connection, opened, now);
                    self.failed(call, failure, goes_on);
                }
            }
            Event::Broken(number, failure) => {
                if let Some((call, connection)) = self.user(number) {
                    self.open.remove(&connection);
                    let id = self.calls[call].id;
                    let goes_on = self.engine.broken(id, failure, "broken", Closed::Failed, self.now);
                    self.failed(call, failure, goes_on);
                }
            }
            Event::Abandon(number) => {
                if let Some(call) = self.pick(number, |_| true) {
                    if let Stand::Uses { connection, .. } = self.calls[call].stand {
                        self.open.remove(&connection);
                    }
                    self.engine.abandon(self.calls[call].id, Closed::Dropped);
                    self.calls[call].stand = Stand::Over;
                }
            }
            Event::Expire => {
                let is_due = self.engine.next_expiry().is_some_and(|at| at <= self.now);
                self.engine.expire(self.now);
                assert_eq!(!self.engine.closed.is_empty(), is_due, "closes when it said it would");
                assert!(self.engine.next_expiry().is_none_or(|at| at > self.now), "closes all that is due");
            }
            Event::Connecting => {
                let missing = self.engine.missing(self.now);
                if let Some((id, step)) = self.engine.begin_connecting(None, self.now) {
                    assert!(matches!(step, Step::Connect { .. }));
                    assert!(missing > 0, "makes up what is missing");
                    self.track(id, None, Stand::Connects);
                }
            }
        }
        self.check(&queues);
    }

    /// Brings all that happens to an end: every call ends, and no connection is in use.
    pub(super) fn end(&mut self, ending: Ending) {
        for _ in 0..1000 {
            if self.calls.iter().all(|call| matches!(call.stand, Stand::Over)) {
                assert!(self.engine.calls.is_empty(), "the engine forgets what is over");
                for server in &self.engine.servers {
                    assert_eq!(server.open, server.idle.len(), "nothing is open that nobody has");
                }
                return;
            }
            if !self.advance(ending) {
                let until = |call: &Tracked| match call.stand {
                    Stand::Waits(until) => until,
                    _ => None,
                };
                let soonest = self.calls.iter().filter_map(until).min();
                self.now = self.now.max(soonest.expect("a call waits for ever"));
            }
        }
        panic!("calls do not end");
    }

    /// Lets every call do its next step. Whether there was anything to do.
    fn advance(&mut self, ending: Ending) -> bool {
        let mut has_moved = false;
        for call in 0..self.calls.len() {
            let event = match self.calls[call].stand {
                Stand::Over => continue,
                Stand::Waits(until)
                    if !self.calls[call].is_woken && until.is_none_or(|until| self.now < until) =>
                {
                    continue;
                }
                Stand::Asks | Stand::Waits(_) => Event::Next(call),
                Stand::Connects if matches!(ending, Ending::Unreachable) => Event::Unreachable(call, true),
                Stand::Connects => Event::Connected(call, true),
                Stand::Uses { fresh, .. } => match ending {
                    Ending::Succeed | Ending::Unreachable => Event::Finished(call),
                    Ending::BreakUnsent => Event::Broken(call, Failure { fresh, ..STALE }),
                    Ending::BreakSent => Event::Broken(call, Failure { fresh, ..READING }),
                },
            };
            self.apply(&event);
            has_moved = true;
        }
        has_moved
    }

    /// The call with this number, or one of those that this is true of.
    fn pick(&self, number: usize, is_meant: impl Fn(Stand) -> bool) -> Option<usize> {
        let is_meant = |call: &usize| {
            !matches!(self.calls[*call].stand, Stand::Over) && is_meant(self.calls[*call].stand)
        };
        if number < self.calls.len() && is_meant(&number) {
            return Some(number);
        }
        let meant: Vec<_> = (0..self.calls.len()).filter(is_meant).collect();
        meant.get(number.checked_rem(meant.len())?).copied()
    }

    /// A call that uses a connection, and the connection.
    fn user(&self, number: usize) -> Option<(usize, u32)> {
        let call = self.pick(number, |stand| matches!(stand, Stand::Uses { .. }))?;
        match self.calls[call].stand {
            Stand::Uses { connection, .. } => Some((call, connection)),
            _ => None,
        }
    }

    fn track(&mut self, id: CallId, deadline: Option<Instant>, stand: Stand) {
        self.calls.push(Tracked { id, deadline, woken: Arc::default(), is_woken: false, stand });
    }

    fn ask(&mut self, call: usize, queues: &[VecDeque<CallId>]) {
        let before = self.placed(self.calls[call].id);
        let tracked = &mut self.calls[call];
        tracked.woken.take();
        tracked.is_woken = false;
        let waker = Waker::from(Arc::clone(&tracked.woken));
        let step = self.engine.next(tracked.id, self.now, &waker);
        let is_late = tracked.deadline.is_some_and(|deadline| self.now >= deadline);
        assert!(!is_late || matches!(step, Step::GiveUp(_)), "no step after the deadline");
        tracked.stand = match step {
            Step::Wait(until) => {
                assert!(until.is_none_or(|until| until >= self.now), "no wait for the past");
                assert!(tracked.deadline.is_none_or(|deadline| until.is_some_and(|until| until <= deadline)));
                Stand::Waits(until)
            }
            Step::Connect { .. } => Stand::Connects,
            Step::Use { connection, .. } => Stand::Uses { connection, fresh: false },
            Step::GiveUp(_) => Stand::Over,
        };
        // Whoever was not given anything takes nothing from those who wait.
        if let Step::Connect { server } | Step::Use { server, .. } = step {
            match before {
                Some(Placed::Given(given)) => assert_eq!(given, server),
                _ => assert!(queues[server].is_empty(), "overtakes those who wait"),
            }
        }
    }

    fn connected(&mut self, call: usize, says: bool) {
        let version = says.then_some(ProtocolVersion::V2_1);
        self.engine.connected(self.calls[call].id, version);
        self.open.insert(self.next_connection, self.now);
        self.calls[call].stand = Stand::Uses { connection: self.next_connection, fresh: true };
        self.next_connection += 1;
    }

    fn failed(&mut self, call: usize, failure: Failure, goes_on: bool) {
        if !failure.sent {
            assert!(goes_on, "goes on when nothing was sent");
        } else if !failure.repeatable || !failure.transient {
            assert!(!goes_on, "sends nothing again that may not be");
        }
        if goes_on && failure.sent {
            let policy = self.engine.settings.retries;
            let state = &self.engine.calls[&self.calls[call].id];
            let Some(Placed::Pausing(until)) = self.placed(self.calls[call].id) else { panic!("no pause") };
            assert!(until - self.now <= policy.longest_pause, "pauses no longer than it may");
            assert!(state.deadline.is_none_or(|deadline| until < deadline), "pauses not beyond the deadline");
            assert!(state.attempts < policy.attempts, "makes no more attempts than it may");
        }
        self.calls[call].stand = if goes_on { Stand::Asks } else { Stand::Over };
    }

    fn placed(&self, id: CallId) -> Option<Placed> {
        Some(match self.engine.calls.get(&id)?.place {
            Place::Free => Placed::Free,
            Place::Queued { server } => Placed::Queued(server),
            Place::Given { server, .. } | Place::GivenLeave { server } => Placed::Given(server),
            Place::Connecting { server } | Place::Using { server } => Placed::Holding(server),
            Place::Pausing { until } => Placed::Pausing(until),
        })
    }

    /// Checks all that is to be true at any time.
    fn check(&mut self, queues: &[VecDeque<CallId>]) {
        self.check_connections();
        self.check_calls();
        for (number, before) in queues.iter().enumerate() {
            self.check_queue(number, before);
        }
        let budget = self.engine.settings.retries.budget * 10;
        assert!(self.engine.budget <= budget, "saves no more than the budget");
    }

    /// Every connection that is open is idle, or is had by one call.
    fn check_connections(&mut self) {
        for connection in self.engine.take_closed() {
            assert!(self.open.remove(&connection).is_some(), "closes what is open, once");
        }
        let idle = self.engine.servers.iter().flat_map(|server| server.idle.iter());
        let given = self.engine.calls.values().filter_map(|call| match &call.place {
            Place::Given { idle, .. } => Some(idle.connection),
            _ => None,
        });
        let used = self.calls.iter().filter_map(|call| match call.stand {
            Stand::Uses { connection, .. } => Some(connection),
            _ => None,
        });
        let mut seen = BTreeSet::new();
        for connection in idle.map(|idle| idle.connection).chain(given).chain(used) {
            assert!(seen.insert(connection), "connection {connection} is in two places");
        }
        assert!(seen.iter().eq(self.open.keys()), "{seen:?} are known of {:?}", self.open.keys());
        let maximum = self.engine.settings.pool.maximum.max(1);
        for (number, server) in self.engine.servers.iter().enumerate() {
            let has = |place| matches!(place, Placed::Given(at) | Placed::Holding(at) if at == number);
            let had = self.engine.calls.keys().filter_map(|id| self.placed(*id)).filter(|place| has(*place));
            assert_eq!(server.open, server.idle.len() + had.count(), "all connections are accounted for");
            assert!(server.open <= maximum, "no more connections than the maximum");
        }
    }

    /// The engine has every call where its driver has it, and has woken those that may go on.
    fn check_calls(&mut self) {
        for call in 0..self.calls.len() {
            let placed = self.placed(self.calls[call].id);
            let call = &mut self.calls[call];
            call.is_woken |= call.woken.take() > 0;
            match (call.stand, placed) {
                (Stand::Over, None)
                | (Stand::Connects | Stand::Uses { .. }, Some(Placed::Holding(_)))
                | (Stand::Asks, Some(Placed::Free | Placed::Pausing(_)))
                | (Stand::Waits(_), Some(Placed::Queued(_) | Placed::Pausing(_))) => {}
                (Stand::Waits(_), Some(Placed::Given(_) | Placed::Free)) => {
                    assert!(call.is_woken, "{:?} may go on, and was not told so", call.id);
                }
                (stand, placed) => panic!("{:?} is {stand:?} and {placed:?}", call.id),
            }
        }
    }

    /// Who waits does so for a reason, and is served in turn.
    fn check_queue(&self, number: usize, before: &VecDeque<CallId>) {
        let server = &self.engine.servers[number];
        let queued: BTreeSet<_> = server.queue.iter().map(|id| id.0).collect();
        assert_eq!(queued.len(), server.queue.len(), "nobody waits twice");
        for (id, call) in &self.engine.calls {
            let waits = matches!(call.place, Place::Queued { server } if server == number);
            assert_eq!(waits, queued.contains(&id.0), "{id:?} waits where it is queued");
        }
        assert!(server.queue.iter().all(|id| self.engine.calls.contains_key(id)), "nobody waits who is over");
        let is_full = server.open >= self.engine.settings.pool.maximum.max(1);
        if !queued.is_empty() && !server.is_being_asked() {
            assert!(server.idle.is_empty() && is_full, "calls wait for what is free");
        }
        assert!(server.queue.is_empty() || server.open > 0, "calls wait for nobody");
        let mut ahead = before.iter().skip_while(|id| !queued.contains(&id.0));
        assert!(
            ahead.all(|id| self.placed(*id) != Some(Placed::Given(number))),
            "serves calls in their order"
        );
    }
}
