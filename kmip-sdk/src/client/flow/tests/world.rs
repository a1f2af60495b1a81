//! Calls, the streams that they go over, and what is to be true of them at any time.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::task::Wake;

use kmip_types::operation::{ActivateRequest, CheckRequest};

use super::super::*;
use super::Event;
use super::pipe::{How, Pipe, Wire};
use crate::client::Address;
use crate::engine::{Engine, Settings};
use crate::link::Progress;
use crate::session::Handle;

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What a driver does for a call.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Asks,
    Waits(Option<Instant>),
    Opens(Option<Instant>),
    Drives { patience: Patience, since: Instant },
}

enum Expects {
    Change(Handle<ActivateRequest>),
    Reading(Handle<CheckRequest>),
}

struct Running {
    name: String,
    flow: Flow<Wire>,
    doing: Doing,
    expects: Expects,
    woken: Arc<Woken>,
    /// Of which attempts something was written.
    written: Vec<u32>,
}

#[derive(Default, Clone, Copy)]
pub(super) struct Heard {
    pub(super) done: usize,
    pub(super) refused: usize,
}

pub(super) struct World {
    pub(super) core: Arc<Core<Wire>>,
    now: Instant,
    calls: Vec<Running>,
    begun: usize,
    pub(super) pipes: Vec<Arc<Mutex<Pipe>>>,
    /// What the servers did, by the name of the call.
    heard: BTreeMap<String, Heard>,
    maximum: usize,
    /// What came of the calls that are over, in that order.
    pub(super) over: Vec<Result<(), Error>>,
}

impl World {
    pub(super) fn new(settings: Settings) -> Self {
        Self::with(settings, |_| {})
    }

    /// With a change to what all calls share.
    pub(super) fn with(settings: Settings, change: impl FnOnce(&mut Core<Wire>)) -> Self {
        let target = |number| {
            let address = Address::new(&format!("kmip-{number}:5696")).unwrap();
            let server_name = address.server_name(None).unwrap();
            Arc::new(Target {
                address,
                server_name,
                #[cfg(feature = "https")]
                http: None,
            })
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let maximum = settings.pool.maximum;
        let mut core = Core {
            servers: Servers::Remote { targets: (0..settings.servers).map(target).collect(), tls: None },
            engine: Mutex::new(Engine::new(settings)),
            session: Session::new(ProtocolVersion::V2_1),
            versions: vec![ProtocolVersion::V2_1, ProtocolVersion::V1_2],
            timeouts: Timeouts {
                connect: seconds(1),
                tls: seconds(1),
                read: seconds(1),
                write: seconds(1),
                overall: None,
            },
            observer: None,
            layers: Vec::new(),
            attester: None,
            tls_version: Mutex::default(),
            capabilities: Mutex::default(),
            next_connection: AtomicU64::new(1),
        };
        change(&mut core);
        Self {
            core: Arc::new(core),
            now: Instant::now(),
            calls: Vec::new(),
            begun: 0,
            pipes: Vec::new(),
            heard: BTreeMap::new(),
            maximum,
            over: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match *event {
            Event::Begin(changes, within) => self.begin(changes, within),
            Event::Step(number) if !self.calls.is_empty() => {
                self.step(number % self.calls.len());
            }
            Event::Open(number, can_be) if !self.calls.is_empty() => {
                self.open(number % self.calls.len(), can_be);
            }
            Event::Answer(number, how) if !self.pipes.is_empty() => {
                self.answer(number % self.pipes.len(), how);
            }
            Event::End(number, end) => {
                if let Some(mut pipe) = self.pipe(number) {
                    pipe.end = Some(end);
                }
            }
            Event::Room(number, room) => {
                if let Some(mut pipe) = self.pipe(number) {
                    pipe.room = Some(room);
                }
            }
            Event::Pass(time) => self.now += Duration::from_millis(time),
            Event::Drop(number) if !self.calls.is_empty() => {
                self.calls.remove(number % self.calls.len());
            }
            _ => {}
        }
        self.check();
    }

    fn pipe(&self, number: usize) -> Option<MutexGuard<'_, Pipe>> {
        let pipe = self.pipes.get(number.checked_rem(self.pipes.len())?)?;
        Some(lock(pipe))
    }

    pub(super) fn begin(&mut self, changes: bool, within: Option<u64>) {
        let name = format!("call-{}", self.begun);
        self.begun += 1;
        let mut batch = Batch::new();
        let asked = CheckRequest { unique_identifier: Some(name.clone().into()), ..CheckRequest::default() };
        let expects = match changes {
            true => Expects::Change(batch.add(ActivateRequest::new(name.clone()))),
            false => Expects::Reading(batch.add(asked)),
        };
        let timeout = within.map(Duration::from_millis);
        let flow = Flow::new(&self.core, Work::Batch(batch), &CallOptions::default(), timeout, self.now);
        let (woken, written) = (Arc::default(), Vec::new());
        self.calls.push(Running { name, flow, doing: Doing::Asks, expects, woken, written });
    }

    /// Lets a call go on until it has to wait for something, or is over. Whether it did go on.
    pub(super) fn step(&mut self, number: usize) -> bool {
        let now = self.now;
        let mut has_moved = false;
        loop {
            let call = &mut self.calls[number];
            match call.doing {
                Doing::Asks | Doing::Waits(_) => {
                    call.woken.0.store(false, Ordering::Relaxed);
                    let waker = Waker::from(Arc::clone(&call.woken));
                    match call.flow.next(now, &waker) {
                        Action::Wait(until) => {
                            call.doing = Doing::Waits(until);
                            return true;
                        }
                        Action::Open { until, .. } => call.doing = Doing::Opens(until),
                        Action::Look => {
                            call.flow.look(now);
                            call.doing = Doing::Asks;
                        }
                        Action::Drive(patience) => call.doing = Doing::Drives { patience, since: now },
                        Action::Finish => {
                            self.finish(number);
                            return true;
                        }
                    }
                }
                Doing::Opens(until) if until.is_some_and(|until| now >= until) => {
                    let timeout = Duration::from_secs(1);
                    let error = Error::new(Phase::Connect, ErrorKind::TimedOut { timeout });
                    call.flow.opened(Err(error), now);
                    call.doing = Doing::Asks;
                }
                Doing::Opens(_) => return has_moved,
                Doing::Drives { patience, since } => {
                    if !call.drive(patience, since, now) {
                        return has_moved;
                    }
                    call.doing = Doing::Asks;
                }
            }
            has_moved = true;
        }
    }

    pub(super) fn open(&mut self, number: usize, can_be: bool) {
        let call = &mut self.calls[number];
        if !matches!(call.doing, Doing::Opens(_)) {
            return;
        }
        let stream = match can_be {
            true => {
                let pipe = Arc::<Mutex<Pipe>>::default();
                self.pipes.push(Arc::clone(&pipe));
                Ok(Wire(pipe))
            }
            false => {
                let refused = io::ErrorKind::ConnectionRefused.into();
                Err(Error::new(Phase::Connect, ErrorKind::Io(refused)))
            }
        };
        call.flow.opened(stream, self.now);
        call.doing = Doing::Asks;
    }

    /// The server takes a whole request, if there is one, and does and answers it. Says whether there was one.
    pub(super) fn answer(&mut self, number: usize, how: How) -> bool {
        let Some(asked) = lock(&self.pipes[number]).answer(how) else { return false };
        if let Some(name) = asked.name {
            let heard = self.heard(&name);
            match how {
                How::Refusing => heard.refused += 1,
                _ => heard.done += 1,
            }
        }
        true
    }

    /// What the servers did of a call.
    pub(super) fn heard(&mut self, name: &str) -> &mut Heard {
        self.heard.entry(name.to_owned()).or_default()
    }

    /// Checks what came of a call that is over.
    fn finish(&mut self, number: usize) {
        let Running { name, flow, expects, written, .. } = self.calls.remove(number);
        let heard = self.heard.get(&name).copied().unwrap_or_default();
        let is_change = matches!(expects, Expects::Change(_));
        let answered = flow.finish().0.and_then(|done| {
            let mut results = done.results.unwrap();
            match expects {
                Expects::Change(handle) => results.take(handle).map(|answer| answer.unique_identifier),
                Expects::Reading(handle) => {
                    results.take(handle).map(|answer| answer.unique_identifier.unwrap())
                }
            }
        });
        match &answered {
            Ok(about) => {
                assert_eq!(about.to_string(), name, "the answer is to the call");
                assert!(heard.done > 0);
            }
            Err(error) if is_change && !error.is_outcome_unknown() => {
                assert_eq!(heard.done, 0, "{name} was done, though {error:?} says not");
                assert!(written.is_empty() || heard.refused > 0, "{name} may be done yet: {error:?}");
            }
            Err(_) => {}
        }
        self.over.push(answered.map(drop));
    }

    /// Checks all that is to be true at any time.
    fn check(&self) {
        self.core.tidy(self.now);
        for call in &self.calls {
            let is_change = matches!(call.expects, Expects::Change(_));
            assert!(!is_change || call.written.len() <= 1, "{} is written at most once", call.name);
        }
        let engine = self.core.engine();
        let mut open = 0;
        for server in engine.servers() {
            assert!(server.open() <= self.maximum);
            open += server.open();
        }
        assert!(self.streams() <= open, "all streams are accounted for");
    }

    /// How many streams the client has not closed.
    pub(super) fn streams(&self) -> usize {
        self.pipes.iter().filter(|pipe| !lock(pipe).is_dropped).count()
    }

    /// Lets all calls end, with servers that do what they are asked.
    pub(super) fn end(&mut self) {
        for _ in 0..1000 {
            if self.calls.is_empty() {
                let engine = self.core.engine();
                let open: usize = engine.servers().map(|server| server.open()).sum();
                let idle: usize = engine.servers().map(|server| server.idle()).sum();
                assert_eq!([open, idle], [self.streams(); 2], "nothing is open that nobody has");
                return;
            }
            if !self.advance() {
                let soonest = self.calls.iter().filter_map(Running::until).min();
                self.now = self.now.max(soonest.expect("a call waits for ever"));
            }
        }
        panic!("calls do not end");
    }

    /// Lets everything do what it can. Whether there was anything to do.
    fn advance(&mut self) -> bool {
        let mut has_moved = false;
        for number in (0..self.calls.len()).rev() {
            let call = &self.calls[number];
            let is_due = call.until().is_some_and(|until| self.now >= until);
            let is_woken = call.woken.0.load(Ordering::Relaxed);
            match call.doing {
                Doing::Waits(_) if !is_due && !is_woken => continue,
                Doing::Opens(_) => self.open(number, true),
                _ => {}
            }
            has_moved |= self.step(number);
            self.check();
        }
        for number in 0..self.pipes.len() {
            lock(&self.pipes[number]).room = None;
            has_moved |= self.answer(number, How::Well);
        }
        has_moved
    }
}

impl Running {
    /// Moves bytes. Whether that is over, for better or worse.
    fn drive(&mut self, patience: Patience, since: Instant, now: Instant) -> bool {
        let is_exchange = matches!(self.flow.stage, Stage::Exchanging);
        let attempt = self.flow.attempts;
        let Some((link, wire)) = self.flow.parts() else { panic!("no link to drive") };
        let pipe = Arc::clone(&wire.0);
        let before = lock(&pipe).written;
        let driven = match link.drive(wire) {
            Ok(Progress::Done) => Some(Ok(())),
            Ok(Progress::Blocked { writing }) => {
                let is_over = patience.limit(writing, since).is_some_and(|limit| now >= limit);
                is_over.then(|| Err(link.timed_out()))
            }
            Err(error) => Some(Err(error)),
        };
        let has_written = lock(&pipe).written > before;
        if is_exchange && has_written && !self.written.contains(&attempt) {
            self.written.push(attempt);
        }
        let is_over = driven.is_some();
        if let Some(driven) = driven {
            let has_failed = driven.is_err();
            self.flow.driven(driven, now);
            assert!(!has_failed || lock(&pipe).is_dropped, "what failed is not used again");
        }
        is_over
    }

    /// When it is to go on, if nothing happens.
    fn until(&self) -> Option<Instant> {
        match self.doing {
            Doing::Asks => None,
            Doing::Waits(until) | Doing::Opens(until) => until,
            Doing::Drives { patience, since } => patience.limit(false, since),
        }
    }
}
