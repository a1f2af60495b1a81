//! One server: its connections, who waits for one, its version, and how it fares.

use std::collections::VecDeque;
use std::time::Instant;

use kmip_types::ProtocolVersion;

use super::{CallId, PoolOptions, Step};

/// Why a connection was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// It was idle for [`PoolOptions::idle_timeout`].
    Idle,
    /// It was open for [`PoolOptions::lifetime`].
    Lifetime,
    /// The server closed it, or sent on it what nobody asked for.
    ByServer,
    /// An exchange failed on it.
    Failed,
    /// The call that used it was dropped, or ran out of time.
    Dropped,
    /// Client and server changed their roles on it (Set Endpoint Role).
    Turned,
}

impl Closed {
    /// All reasons, in the order in which they are counted.
    pub(crate) const ALL: [Self; 6] =
        [Self::Idle, Self::Lifetime, Self::ByServer, Self::Failed, Self::Dropped, Self::Turned];
}

/// A connection that nobody uses.
pub(super) struct Idle<C> {
    pub(super) connection: C,
    pub(super) opened: Instant,
    pub(super) since: Instant,
    /// Whether another one was closed since, so that it is to be looked at before it is used.
    pub(super) is_suspect: bool,
}

impl<C> Idle<C> {
    /// The step of a call that uses it.
    pub(super) fn used<E>(self, server: usize, now: Instant, pool: &PoolOptions) -> Step<C, E> {
        let check = self.is_suspect || now.saturating_duration_since(self.since) >= pool.check_after;
        Step::Use { server, connection: self.connection, check }
    }
}

pub(crate) struct Server<C> {
    /// The connections that nobody uses, the one that was used last at the end.
    pub(super) idle: Vec<Idle<C>>,
    /// How many connections there are or are being made.
    pub(super) open: usize,
    /// The calls that wait for a connection, in their order.
    pub(super) queue: VecDeque<CallId>,
    pub(super) version: Option<ProtocolVersion>,
    /// Who finds out the version.
    asking: Option<CallId>,
    /// Until when it is left alone, after it failed.
    pub(super) left_alone_until: Option<Instant>,
    /// How often in a row it failed.
    failures: u32,
    opened: u64,
    closed: [u64; Closed::ALL.len()],
}

impl<C> Server<C> {
    pub(super) fn new(version: Option<ProtocolVersion>) -> Self {
        Self {
            idle: Vec::new(),
            open: 0,
            queue: VecDeque::new(),
            version,
            asking: None,
            left_alone_until: None,
            failures: 0,
            opened: 0,
            closed: [0; Closed::ALL.len()],
        }
    }

    /// Whether a call finds out the version, so that others wait.
    pub(super) fn is_being_asked(&self) -> bool {
        self.asking.is_some()
    }

    /// Takes note that a call will make a connection. It is to find out the version, if that is not known.
    pub(super) fn asked_by(&mut self, id: CallId) {
        if self.version.is_none() {
            self.asking = Some(id);
        }
    }

    /// Takes note that a call makes a connection.
    pub(super) fn connecting(&mut self, id: CallId, now: Instant, pool: &PoolOptions) {
        self.asked_by(id);
        // One that failed is probed by one call at a time.
        if self.failures > 0 {
            self.left_alone_until = now.checked_add(pool.leave_alone_for(self.failures));
        }
    }

    pub(super) fn connected(&mut self, id: CallId, version: Option<ProtocolVersion>) {
        self.left_alone_until = None;
        self.opened += 1;
        if version.is_some() {
            self.version = version;
        }
        self.no_longer_asks(id);
    }

    pub(super) fn failed(&mut self, id: CallId, now: Instant, pool: &PoolOptions) {
        self.failed_in_use(now, pool);
        self.given_up(id);
    }

    /// Takes note that the server answered.
    pub(super) fn answered(&mut self) {
        self.failures = 0;
    }

    /// Takes note that a new connection was of no use.
    pub(super) fn failed_in_use(&mut self, now: Instant, pool: &PoolOptions) {
        self.failures = self.failures.saturating_add(1);
        self.left_alone_until = now.checked_add(pool.leave_alone_for(self.failures));
    }

    /// The call makes no connection any more.
    pub(super) fn given_up(&mut self, id: CallId) {
        self.open -= 1;
        self.no_longer_asks(id);
    }

    fn no_longer_asks(&mut self, id: CallId) {
        if self.asking == Some(id) {
            self.asking = None;
        }
    }

    pub(super) fn count(&mut self, why: Closed) {
        self.closed[why as usize] += 1;
    }

    pub(super) fn expire(&mut self, now: Instant, pool: &PoolOptions, closed: &mut Vec<C>) {
        let mut at = 0;
        while let Some(idle) = self.idle.get(at) {
            let why = if pool.is_too_old(idle.opened, now) {
                Closed::Lifetime
            } else if pool.is_idle_too_long(idle.since, now) && self.open > pool.minimum {
                Closed::Idle
            } else {
                at += 1;
                continue;
            };
            self.open -= 1;
            self.count(why);
            closed.push(self.idle.remove(at).connection);
        }
    }

    /// Takes note that a connection that was idle turned out to be of no use: so may be the others.
    pub(super) fn suspect_idle(&mut self) {
        self.idle.iter_mut().for_each(|idle| idle.is_suspect = true);
    }

    pub(super) fn next_expiry(&self, pool: &PoolOptions) -> Option<Instant> {
        let expires = |idle: &Idle<C>| {
            let idle_until = pool.idle_timeout.filter(|_| self.open > pool.minimum);
            let of_idle = idle_until.and_then(|timeout| idle.since.checked_add(timeout));
            super::earlier(of_idle, pool.lifetime.and_then(|lifetime| idle.opened.checked_add(lifetime)))
        };
        self.idle.iter().filter_map(expires).min()
    }

    /// How many connections there are or are being made.
    pub(crate) fn open(&self) -> usize {
        self.open
    }

    pub(crate) fn idle(&self) -> usize {
        self.idle.len()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// How many connections were opened since the beginning.
    pub(crate) fn opened(&self) -> u64 {
        self.opened
    }

    /// How many connections were closed for this reason.
    pub(crate) fn closed(&self, why: Closed) -> u64 {
        self.closed[why as usize]
    }

    /// How often in a row it could not be reached.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }
}
