//! What a call does next: which server, which connection, whether and when to try again. No I/O, no clock.
//!
//! Time is a value: whoever drives the engine says what time it is, and nothing here waits. A call asks for its
//! [`next`](Engine::next) step, does it, and says how it went:
//!
//! 1. A server is chosen: the first, or the one whose turn it is, of those that are not left alone after a failure.
//!    Where all are, the one whose time is up first is tried.
//! 2. An idle connection of it is used, the one that was used last. If there is none a new one is made, as long as there
//!    are fewer than the maximum. Otherwise the call waits its turn, and no later call overtakes it.
//! 3. As long as the server's version is not known, one call finds it out on its new connection, and the others wait.
//! 4. A server that cannot be reached is left alone for a while, which grows with each failure, and the next one is
//!    tried at once. Once all of them failed that is one attempt.
//! 5. A connection that broke before anything of the request was sent is replaced at once. After that the request is
//!    made again only if it changes nothing, and within the [`RetryPolicy`]: attempts, pauses that grow, and a budget
//!    that all calls share.
//!
//! A call that ends early takes its connection with it. What it leaves, a place for a new connection, goes to whoever waits.

mod policy;
mod server;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::{Duration, Instant};

use kmip_types::ProtocolVersion;

pub use policy::{PoolOptions, RetryPolicy, Selection};
pub use server::Closed;
use server::{Idle, Server};

/// What the engine is told once.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) servers: usize,
    pub(crate) selection: Selection,
    pub(crate) pool: PoolOptions,
    pub(crate) retries: RetryPolicy,
    /// The version of all servers, if none is to be found out.
    pub(crate) version: Option<ProtocolVersion>,
    /// Where the jitter of pauses starts from.
    pub(crate) seed: u64,
}

/// One call, from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallId(u64);

/// What a call is to do.
#[derive(Debug)]
pub(crate) enum Step<C, E> {
    /// Nothing, until it is woken or this time has come; then ask again.
    Wait(Option<Instant>),
    /// To make a connection to this server, and to find out the server's version if it is not known.
    Connect { server: usize },
    /// To use this connection; to look first whether it is still open, if that is said.
    Use { server: usize, connection: C, check: bool },
    /// To end with this error, or with that of having waited too long where there is none.
    GiveUp(Option<E>),
}

/// What a failure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Whether something of the request was sent, so that it may have taken effect.
    pub(crate) sent: bool,
    /// Whether the request may be made again although it was sent.
    pub(crate) repeatable: bool,
    /// Whether the connection was made for this call, so that what is wrong is not just that it was idle for long.
    pub(crate) fresh: bool,
    /// Whether the cause may pass.
    pub(crate) transient: bool,
}

/// Where a call stands.
enum Place<C> {
    /// It has nothing, and asks for its next step.
    Free,
    /// It waits for a connection of this server's.
    Queued { server: usize },
    /// It was given a connection, and has not taken it yet.
    Given { server: usize, idle: Idle<C> },
    /// It was given leave to make a connection, and has not taken it yet.
    GivenLeave { server: usize },
    /// It makes a connection.
    Connecting { server: usize },
    /// It uses a connection.
    Using { server: usize },
    /// It lets some time pass before it tries again.
    Pausing { until: Instant },
}

struct Call<C, E> {
    /// When the call has to be over.
    deadline: Option<Instant>,
    /// When it has to have a connection, while it waits for one.
    wait_until: Option<Instant>,
    place: Place<C>,
    /// The server that is looked at first.
    first: usize,
    /// The only server that will do, if there is one.
    only: Option<usize>,
    /// The servers that this attempt has failed on.
    failed_on: Vec<usize>,
    /// How many attempts have failed.
    attempts: u32,
    /// The last failure.
    last: Option<E>,
    /// Whether the cause of some failure of this attempt may pass.
    hopeful: bool,
    waker: Option<Waker>,
}

/// The connections to all servers, and the calls that want one. `C` is a connection, `E` what went wrong.
pub(crate) struct Engine<C, E> {
    settings: Settings,
    servers: Vec<Server<C>>,
    /// In the order in which they began; in boxes, as a node of the map has room for many.
    calls: BTreeMap<CallId, Box<Call<C, E>>>,
    next_call: u64,
    /// Whose turn it is, if they take turns.
    turn: usize,
    /// What is left of the budget for retries, in tenths.
    budget: u32,
    random: u64,
    closed: Vec<C>,
}

impl<C, E: Clone> Engine<C, E> {
    pub(crate) fn new(settings: Settings) -> Self {
        let servers = (0..settings.servers).map(|_| Server::new(settings.version)).collect();
        Self {
            servers,
            calls: BTreeMap::new(),
            next_call: 0,
            turn: 0,
            budget: settings.retries.budget.saturating_mul(10),
            random: settings.seed | 1,
            closed: Vec::new(),
            settings,
        }
    }

    /// A new call, which has to be over by its deadline, at this server or, if that is not said, at any.
    pub(crate) fn begin(&mut self, only: Option<usize>, deadline: Option<Instant>) -> CallId {
        if let Some(only) = only {
            return self.begin_at(only, Some(only), deadline);
        }
        let first = match self.settings.selection {
            Selection::Priority => 0,
            Selection::RoundRobin => self.turn,
        };
        self.turn = (self.turn + 1) % self.settings.servers.max(1);
        self.begin_at(first, None, deadline)
    }

    /// A new call, which looks at this server first.
    fn begin_at(&mut self, first: usize, only: Option<usize>, deadline: Option<Instant>) -> CallId {
        let id = CallId(self.next_call);
        self.next_call += 1;
        let call = Call {
            deadline,
            wait_until: None,
            place: Place::Free,
            first,
            only,
            failed_on: Vec::new(),
            attempts: 0,
            last: None,
            hopeful: false,
            waker: None,
        };
        self.calls.insert(id, Box::new(call));
        id
    }

    /// What the call is to do now. If that is to wait, `waker` is woken when it is to ask again.
    pub(crate) fn next(&mut self, id: CallId, now: Instant, waker: &Waker) -> Step<C, E> {
        self.expire(now);
        let Some(call) = self.calls.get_mut(&id) else { return Step::GiveUp(None) };
        if call.deadline.is_some_and(|deadline| now >= deadline) {
            return self.give_up(id);
        }
        match core::mem::replace(&mut call.place, Place::Free) {
            Place::Given { server, idle } => {
                call.place = Place::Using { server };
                call.wait_until = None;
                return idle.used(server, now, &self.settings.pool);
            }
            Place::GivenLeave { server } => {
                call.wait_until = None;
                return self.connect(id, server, now);
            }
            Place::Queued { server } => {
                call.place = Place::Queued { server };
                if call.wait_until.is_some_and(|until| now >= until) {
                    return self.give_up(id);
                }
                call.waker = Some(waker.clone());
                return Step::Wait(earlier(call.wait_until, call.deadline));
            }
            Place::Pausing { until } if now < until => {
                call.place = Place::Pausing { until };
                call.waker = Some(waker.clone());
                return Step::Wait(earlier(Some(until), call.deadline));
            }
            // A call that asks without having said how its step went has lost what it had.
            place @ (Place::Connecting { .. } | Place::Using { .. }) => {
                call.place = place;
                self.lose(id, Closed::Dropped);
            }
            Place::Free | Place::Pausing { .. } => {}
        }
        self.seek(id, now, waker)
    }

    /// A connection, or leave to make one, or a place in the queue.
    fn seek(&mut self, id: CallId, now: Instant, waker: &Waker) -> Step<C, E> {
        let Some(server) = self.choose(id, now) else { return self.round_failed(id, now, waker) };
        let pool = self.settings.pool;
        let it = &mut self.servers[server];
        if it.queue.is_empty() && !it.is_being_asked() {
            if let Some(idle) = it.idle.pop() {
                let Some(call) = self.calls.get_mut(&id) else { return Step::GiveUp(None) };
                call.place = Place::Using { server };
                return idle.used(server, now, &pool);
            }
            if it.open < pool.maximum.max(1) {
                it.open += 1;
                return self.connect(id, server, now);
            }
        }
        it.queue.push_back(id);
        let Some(call) = self.calls.get_mut(&id) else { return Step::GiveUp(None) };
        call.place = Place::Queued { server };
        call.wait_until = pool.wait.and_then(|wait| now.checked_add(wait));
        call.waker = Some(waker.clone());
        Step::Wait(earlier(call.wait_until, call.deadline))
    }

    /// Leave to make a connection, whose place is taken already.
    fn connect(&mut self, id: CallId, server: usize, now: Instant) -> Step<C, E> {
        self.servers[server].connecting(id, now, &self.settings.pool);
        if let Some(call) = self.calls.get_mut(&id) {
            call.place = Place::Connecting { server };
        }
        Step::Connect { server }
    }

    /// The server to try next: none, if this attempt has failed on all.
    fn choose(&self, id: CallId, now: Instant) -> Option<usize> {
        let call = self.calls.get(&id)?;
        let count = self.servers.len();
        let untried = || {
            let in_turn = (0..count).map(|number| (call.first + number) % count);
            in_turn.filter(|server| {
                call.only.is_none_or(|only| only == *server) && !call.failed_on.contains(server)
            })
        };
        let left_alone_until = |server: &usize| self.servers[*server].left_alone_until;
        let is_left_alone = |server: &usize| left_alone_until(server).is_some_and(|until| now < until);
        untried().find(|server| !is_left_alone(server)).or_else(|| untried().min_by_key(left_alone_until))
    }

    /// All servers failed the call: another attempt after a pause, or the end.
    fn round_failed(&mut self, id: CallId, now: Instant, waker: &Waker) -> Step<C, E> {
        let Some(call) = self.calls.get_mut(&id) else { return Step::GiveUp(None) };
        let is_transient = core::mem::take(&mut call.hopeful);
        call.failed_on.clear();
        match self.pause(id, is_transient, now) {
            Some(until) => {
                let Some(call) = self.calls.get_mut(&id) else { return Step::GiveUp(None) };
                call.place = Place::Pausing { until };
                call.waker = Some(waker.clone());
                Step::Wait(earlier(Some(until), call.deadline))
            }
            None => self.give_up(id),
        }
    }

    /// Until when to pause before another attempt, if there may be one.
    fn pause(&mut self, id: CallId, may_succeed: bool, now: Instant) -> Option<Instant> {
        let policy = self.settings.retries;
        let call = self.calls.get_mut(&id)?;
        call.attempts += 1;
        if !may_succeed || call.attempts >= policy.attempts || self.budget < 10 {
            return None;
        }
        let pause = policy.pause(call.attempts, &mut self.random);
        let until = now.checked_add(pause)?;
        // Whoever would wake only to find the time over fails at once, and keeps its reason.
        if call.deadline.is_some_and(|deadline| until >= deadline) {
            return None;
        }
        self.budget -= 10;
        Some(until)
    }

    /// The call made its connection, and uses it.
    pub(crate) fn connected(&mut self, id: CallId, version: Option<ProtocolVersion>) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Place::Connecting { server } = call.place else { return };
        call.place = Place::Using { server };
        self.servers[server].connected(id, version);
        self.serve(server);
    }

    /// The call could not make its connection, or not agree on a version.
    pub(crate) fn unreachable(&mut self, id: CallId, error: E, transient: bool, now: Instant) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Place::Connecting { server } = call.place else { return };
        call.place = Place::Free;
        call.failed_on.push(server);
        call.failed(error.clone(), transient);
        let is_late = call.deadline.is_some_and(|deadline| now >= deadline);
        let pool = self.settings.pool;
        self.servers[server].failed(id, now, &pool);
        let is_up = |it: &Server<C>| it.left_alone_until.is_none_or(|until| now >= until);
        let others = self.servers.iter().enumerate().any(|(other, it)| other != server && is_up(it));
        // That this call had no time left says little to those that have.
        if is_late || (self.servers[server].open > 0 && !others) {
            return self.serve(server);
        }
        // There is another server, or nobody has a connection that could come free: who waits for one looks elsewhere,
        // or fails as this call did.
        for waiting in core::mem::take(&mut self.servers[server].queue) {
            if let Some(call) = self.calls.get_mut(&waiting) {
                call.place = Place::Free;
                call.failed_on.push(server);
                call.failed(error.clone(), transient);
                wake(call);
            }
        }
    }

    /// The call is over, and its connection can be used again.
    pub(crate) fn finished(&mut self, id: CallId, connection: C, opened: Instant, now: Instant) {
        self.refill_budget();
        self.give_back(id, connection, opened, now);
        self.calls.remove(&id);
    }

    /// The call is over, and its connection is gone, as the server closes it.
    pub(crate) fn finished_without(&mut self, id: CallId, why: Closed) {
        self.refill_budget();
        if let Some(server) = self.used_by(id) {
            self.servers[server].answered();
        }
        self.abandon(id, why);
    }

    /// Gives back to the budget what a call does that was answered.
    fn refill_budget(&mut self) {
        self.budget = (self.budget + 1).min(self.settings.retries.budget.saturating_mul(10));
    }

    /// The connection can be used again, and the call goes on without it.
    fn give_back(&mut self, id: CallId, connection: C, opened: Instant, now: Instant) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Place::Using { server } = call.place else { return };
        call.place = Place::Free;
        let it = &mut self.servers[server];
        it.answered();
        if self.settings.pool.is_too_old(opened, now) {
            it.open -= 1;
            it.count(Closed::Lifetime);
            self.closed.push(connection);
        } else {
            it.idle.push(Idle { connection, opened, since: now, is_suspect: false });
        }
        self.serve(server);
    }

    /// The connection of the call is gone. Says whether the call may go on: then it asks for its next step.
    pub(crate) fn broken(
        &mut self,
        id: CallId,
        failure: Failure,
        error: E,
        why: Closed,
        now: Instant,
    ) -> bool {
        let server = self.used_by(id);
        if let Some(server) = server.filter(|_| !failure.fresh) {
            self.servers[server].suspect_idle();
        }
        self.lose(id, why);
        self.may_go_on(id, server, failure, error, now)
    }

    /// The server refused the request over a connection that can be used again. Says whether the call may go on.
    pub(crate) fn refused(
        &mut self,
        id: CallId,
        failure: Failure,
        error: E,
        connection: C,
        opened: Instant,
        now: Instant,
    ) -> bool {
        let server = self.used_by(id);
        self.give_back(id, connection, opened, now);
        self.may_go_on(id, server, failure, error, now)
    }

    /// The server whose connection the call uses.
    fn used_by(&self, id: CallId) -> Option<usize> {
        match self.calls.get(&id)?.place {
            Place::Using { server } => Some(server),
            _ => None,
        }
    }

    fn may_go_on(
        &mut self,
        id: CallId,
        server: Option<usize>,
        failure: Failure,
        error: E,
        now: Instant,
    ) -> bool {
        let Some(call) = self.calls.get_mut(&id) else { return false };
        call.failed(error, failure.transient);
        if !failure.sent {
            // What was closed while it was idle says nothing of the server, which is connected to at once. A server
            // that fails on a new connection is as one that cannot be reached.
            if let Some(server) = server.filter(|_| failure.fresh || !failure.transient) {
                call.failed_on.push(server);
                self.servers[server].failed_in_use(now, &self.settings.pool);
            }
            return true;
        }
        let may = failure.transient && failure.repeatable;
        match self.pause(id, may, now) {
            Some(until) => {
                if let Some(call) = self.calls.get_mut(&id) {
                    call.place = Place::Pausing { until };
                }
                true
            }
            None => {
                self.calls.remove(&id);
                false
            }
        }
    }

    /// The call is over, whatever it had: what it used or made is gone.
    pub(crate) fn abandon(&mut self, id: CallId, why: Closed) {
        self.lose(id, why);
        self.calls.remove(&id);
    }

    fn give_up(&mut self, id: CallId) -> Step<C, E> {
        self.lose(id, Closed::Dropped);
        let call = self.calls.remove(&id);
        Step::GiveUp(call.and_then(|call| call.last))
    }

    /// Takes from a call what it has.
    fn lose(&mut self, id: CallId, why: Closed) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let server = match core::mem::replace(&mut call.place, Place::Free) {
            Place::Free | Place::Pausing { .. } => return,
            Place::Queued { server } => {
                self.servers[server].queue.retain(|queued| *queued != id);
                return;
            }
            Place::Given { server, idle } => {
                // It was never used.
                self.servers[server].idle.push(idle);
                server
            }
            Place::GivenLeave { server } | Place::Connecting { server } => {
                self.servers[server].given_up(id);
                server
            }
            Place::Using { server } => {
                self.servers[server].open -= 1;
                self.servers[server].count(why);
                server
            }
        };
        self.serve(server);
    }

    /// Gives what is free of a server to those who wait for it, in their order.
    fn serve(&mut self, server: usize) {
        let maximum = self.settings.pool.maximum.max(1);
        let it = &mut self.servers[server];
        while !it.queue.is_empty() && !it.is_being_asked() {
            let idle = it.idle.pop();
            if idle.is_none() && it.open >= maximum {
                return;
            }
            let Some(id) = it.queue.pop_front() else { return };
            let Some(call) = self.calls.get_mut(&id) else {
                it.idle.extend(idle);
                continue;
            };
            match idle {
                Some(idle) => call.place = Place::Given { server, idle },
                None => {
                    it.open += 1;
                    it.asked_by(id);
                    call.place = Place::GivenLeave { server };
                }
            }
            wake(call);
        }
    }

    /// Closes what was idle for too long, or is too old.
    pub(crate) fn expire(&mut self, now: Instant) {
        let pool = self.settings.pool;
        for server in &mut self.servers {
            server.expire(now, &pool, &mut self.closed);
        }
    }

    /// When something is to be [closed](Self::expire) next, if nothing else happens.
    pub(crate) fn next_expiry(&self) -> Option<Instant> {
        let pool = &self.settings.pool;
        self.servers.iter().filter_map(|server| server.next_expiry(pool)).min()
    }

    /// When to [look](Self::expire) again at the latest: when something is to be closed that is idle now, or could be that
    /// is in use now.
    pub(crate) fn next_look(&self, now: Instant) -> Option<Instant> {
        let is_used = self.servers.iter().any(|server| server.open() > server.idle());
        let of_used = after(now, self.settings.pool.idle_timeout.filter(|_| is_used));
        earlier(self.next_expiry(), of_used)
    }

    /// How many connections are missing to the minimum. It is made up by calls that do nothing.
    pub(crate) fn missing(&self, now: Instant) -> usize {
        self.lacking(now).map(|(_, missing)| missing).sum()
    }

    /// The servers that have fewer connections than the minimum, and how many they lack: of those that can be reached
    /// the first, or all, if they take turns.
    fn lacking(&self, now: Instant) -> impl Iterator<Item = (usize, usize)> {
        let PoolOptions { minimum, maximum, .. } = self.settings.pool;
        let minimum = minimum.min(maximum.max(1));
        let is_reachable = move |server: &Server<C>| server.left_alone_until.is_none_or(|until| now >= until);
        let reachable = self.servers.iter().enumerate().filter(move |(_, server)| is_reachable(server));
        let preferred = match self.settings.selection {
            Selection::Priority => 1,
            Selection::RoundRobin => self.servers.len(),
        };
        let lacking = reachable
            .take(preferred)
            .map(move |(number, server)| (number, minimum.saturating_sub(server.open)));
        lacking.filter(|(_, missing)| *missing > 0)
    }

    /// A call that makes one of the [missing](Self::missing) connections, if one can be made now.
    pub(crate) fn begin_connecting(
        &mut self,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Option<(CallId, Step<C, E>)> {
        let (server, _) = self.lacking(now).find(|(server, _)| !self.servers[*server].is_being_asked())?;
        let id = self.begin_at(server, None, deadline);
        self.servers[server].open += 1;
        let step = self.connect(id, server, now);
        Some((id, step))
    }

    /// The connections that are to be closed.
    pub(crate) fn take_closed(&mut self) -> Vec<C> {
        core::mem::take(&mut self.closed)
    }

    /// The version of a server, if it is known.
    pub(crate) fn version(&self, server: usize) -> Option<ProtocolVersion> {
        self.servers.get(server)?.version
    }

    /// Takes note of the version of a server that was found out on a connection in use.
    pub(crate) fn agreed(&mut self, server: usize, version: ProtocolVersion) {
        if let Some(server) = self.servers.get_mut(server) {
            server.version = Some(version);
        }
    }

    pub(crate) fn servers(&self) -> impl Iterator<Item = &Server<C>> {
        self.servers.iter()
    }
}

impl<C, E> Call<C, E> {
    fn failed(&mut self, error: E, transient: bool) {
        self.last = Some(error);
        self.hopeful |= transient;
    }
}

fn wake<C, E>(call: &mut Call<C, E>) {
    if let Some(waker) = call.waker.take() {
        waker.wake();
    }
}

/// The earlier of two times, either of which may be never.
pub(crate) fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// When a time that starts now ends; never, if that is beyond what can be said.
pub(crate) fn after(now: Instant, time: Option<Duration>) -> Option<Instant> {
    time.and_then(|time| now.checked_add(time))
}
