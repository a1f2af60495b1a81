//! Whole calls over streams in memory, whatever servers, streams and clocks do in whatever order.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Wake;

use kmip_types::DateTime;
use kmip_types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_types::message::{RequestBatchItem, ResponseBatchItem, ResponseHeader};
use kmip_types::operation::{
    ActivateRequest, ActivateResponse, CheckRequest, CheckResponse, DiscoverVersionsResponse, RequestPayload,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::client::Address;
use crate::engine::{Engine, PoolOptions, RetryPolicy, Selection, Settings};
use crate::link::{Io, Progress};
use crate::session::Handle;

/// What happens. Numbers choose among the calls or the streams.
#[derive(Clone, Debug)]
enum Event {
    /// A call begins: whether it changes something, and within how many milliseconds it has to be over.
    Begin(bool, Option<u64>),
    /// A call goes on, as far as that goes without waiting.
    Step(usize),
    /// The stream of a call is opened, or cannot be.
    Open(usize, bool),
    /// The server takes a request from a stream, and answers.
    Answer(usize, How),
    /// The server closes a stream.
    End(usize, End),
    /// A stream takes no more than this many bytes from now on.
    Room(usize, usize),
    /// Milliseconds pass.
    Pass(u64),
    /// A call is dropped.
    Drop(usize),
}

/// How the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Well,
    /// Twice, so that the second is late to the next request.
    Twice,
    /// With a refusal that names no operation, as it cannot do it at this time.
    Refusing,
    /// With the first bytes.
    Partly,
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
}

/// One stream, and what is on it.
#[derive(Default)]
struct Pipe {
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    /// How many bytes the client wrote.
    written: usize,
    /// How many bytes it may still write, if that is limited.
    room: Option<usize>,
    end: Option<End>,
    is_dropped: bool,
}

struct Wire(Arc<Mutex<Pipe>>);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut pipe = lock(&self.0);
        let count = buffer.len().min(pipe.to_client.len());
        match pipe.end {
            Some(End::Reset) => Err(io::ErrorKind::ConnectionReset.into()),
            None if count == 0 => Err(io::ErrorKind::WouldBlock.into()),
            _ => {
                buffer[..count].copy_from_slice(&pipe.to_client[..count]);
                pipe.to_client.drain(..count);
                Ok(count)
            }
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pipe = lock(&self.0);
        let count = bytes.len().min(pipe.room.unwrap_or(usize::MAX));
        match pipe.end {
            Some(End::Reset) => Err(io::ErrorKind::BrokenPipe.into()),
            _ if count == 0 => Err(io::ErrorKind::WouldBlock.into()),
            // The system takes bytes that the server will never see.
            _ => {
                pipe.to_server.extend(&bytes[..count]);
                pipe.written += count;
                pipe.room = pipe.room.map(|room| room - count);
                Ok(count)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        lock(&self.0).is_dropped = true;
    }
}

impl Carrier for Wire {
    fn without_waiting<R>(&mut self, use_it: impl FnOnce(&mut dyn Io) -> R) -> Option<R> {
        Some(use_it(self))
    }
}

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
struct Heard {
    done: usize,
    refused: usize,
}

struct World {
    core: Arc<Core<Wire>>,
    now: Instant,
    calls: Vec<Running>,
    begun: usize,
    pipes: Vec<Arc<Mutex<Pipe>>>,
    /// What the servers did, by the name of the call.
    heard: BTreeMap<String, Heard>,
    maximum: usize,
}

impl World {
    fn new(settings: Settings) -> Self {
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
        let core = Core {
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
            tls_version: Mutex::default(),
            capabilities: Mutex::default(),
            next_connection: AtomicU64::new(1),
        };
        let (calls, pipes, heard) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { core: Arc::new(core), now: Instant::now(), calls, begun: 0, pipes, heard, maximum }
    }

    fn apply(&mut self, event: &Event) {
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

    fn pipe(&self, number: usize) -> Option<std::sync::MutexGuard<'_, Pipe>> {
        let pipe = self.pipes.get(number.checked_rem(self.pipes.len())?)?;
        Some(lock(pipe))
    }

    fn begin(&mut self, changes: bool, within: Option<u64>) {
        let name = format!("call-{}", self.begun);
        self.begun += 1;
        let mut batch = Batch::new();
        let asked = CheckRequest { unique_identifier: Some(name.clone().into()), ..CheckRequest::default() };
        let expects = match changes {
            true => Expects::Change(batch.add(ActivateRequest::new(name.clone()))),
            false => Expects::Reading(batch.add(asked)),
        };
        let mut options = CallOptions::default();
        options.timeout = Some(within.map(Duration::from_millis));
        let flow = Flow::new(&self.core, Work::Batch(batch), options, self.now);
        let (woken, written) = (Arc::default(), Vec::new());
        self.calls.push(Running { name, flow, doing: Doing::Asks, expects, woken, written });
    }

    /// Lets a call go on until it has to wait for something, or is over. Whether it did go on.
    fn step(&mut self, number: usize) -> bool {
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

    fn open(&mut self, number: usize, can_be: bool) {
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
    fn answer(&mut self, number: usize, how: How) -> bool {
        let mut pipe = lock(&self.pipes[number]);
        let Some(header) = pipe.to_server.first_chunk::<8>() else { return false };
        let length = 8 + u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if pipe.to_server.len() < length || pipe.end.is_some() {
            return false;
        }
        let request: Vec<u8> = pipe.to_server.drain(..length).collect();
        let request = RequestMessage::from_ttlv(&request).unwrap();
        let asked = &request.batch_item[0];
        let mut item = answer_to(asked);
        if let Some(name) = name_of(asked) {
            let heard = self.heard.entry(name).or_default();
            match how {
                How::Refusing => heard.refused += 1,
                _ => heard.done += 1,
            }
        }
        if how == How::Refusing {
            item = ResponseBatchItem {
                operation: None,
                unique_batch_item_id: None,
                response_payload: None,
                ..item
            };
            item.result_status = ResultStatus::OperationFailed;
            // The one that may pass is of KMIP 2.0.
            let is_old = !request.request_header.protocol_version.is_at_least(ProtocolVersion::V2_0);
            item.result_reason =
                Some(if is_old { ResultReason::GeneralFailure } else { ResultReason::InternalServerError });
        }
        let header = ResponseHeader::new(request.request_header.protocol_version, DateTime::now(), 1);
        let response = ResponseMessage { response_header: header, batch_item: vec![item] }.to_ttlv().unwrap();
        match how {
            How::Well | How::Refusing => pipe.to_client.extend(response),
            How::Twice => pipe.to_client.extend([response.clone(), response].concat()),
            How::Partly => pipe.to_client.extend(&response[..response.len() / 2]),
        }
        true
    }

    /// Checks what came of a call that is over.
    fn finish(&mut self, number: usize) {
        let Running { name, flow, expects, written, .. } = self.calls.remove(number);
        let heard = self.heard.get(&name).copied().unwrap_or_default();
        let is_change = matches!(expects, Expects::Change(_));
        let answered = flow.finish().and_then(|done| {
            let mut results = done.results.unwrap();
            match expects {
                Expects::Change(handle) => results.take(handle).map(|answer| answer.unique_identifier),
                Expects::Reading(handle) => {
                    results.take(handle).map(|answer| answer.unique_identifier.unwrap())
                }
            }
        });
        match answered {
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
    fn streams(&self) -> usize {
        self.pipes.iter().filter(|pipe| !lock(pipe).is_dropped).count()
    }

    /// Lets all calls end, with servers that do what they are asked.
    fn end(&mut self) {
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
        let before = lock(&wire.0).written;
        let driven = match link.drive(wire) {
            Ok(Progress::Done) => Some(Ok(())),
            Ok(Progress::Blocked { writing }) => {
                let is_over = patience.limit(writing, since).is_some_and(|limit| now >= limit);
                is_over.then(|| Err(link.timed_out()))
            }
            Err(error) => Some(Err(error)),
        };
        let has_written = lock(&wire.0).written > before;
        if is_exchange && has_written && !self.written.contains(&attempt) {
            self.written.push(attempt);
        }
        let is_over = driven.is_some();
        if let Some(driven) = driven {
            self.flow.driven(driven, now);
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

/// The name of the call that a request is of, unless it asks for the version.
fn name_of(asked: &RequestBatchItem) -> Option<String> {
    let identifier = match &asked.request_payload {
        RequestPayload::Activate(request) => request.unique_identifier.as_ref(),
        RequestPayload::Check(request) => request.unique_identifier.as_ref(),
        _ => None,
    };
    identifier.map(ToString::to_string)
}

fn answer_to(asked: &RequestBatchItem) -> ResponseBatchItem {
    let name = name_of(asked).unwrap_or_default();
    let payload = match asked.operation {
        Operation::Activate => ActivateResponse { unique_identifier: name.into() }.into(),
        Operation::Check => {
            CheckResponse { unique_identifier: Some(name.into()), ..CheckResponse::default() }.into()
        }
        _ => DiscoverVersionsResponse { protocol_version: vec![ProtocolVersion::V2_1] }.into(),
    };
    let unique_batch_item_id = asked.unique_batch_item_id.clone();
    ResponseBatchItem { unique_batch_item_id, ..ResponseBatchItem::success(asked.operation, payload) }
}

fn all_settings() -> impl Strategy<Value = Settings> {
    let times = |range: core::ops::Range<u64>| range.prop_map(Duration::from_millis);
    let pool = (1_usize..4, option::of(times(1..2000)), option::of(times(1..3000)), times(0..900));
    let version = option::of(Just(ProtocolVersion::V2_1));
    (1_usize..3, any::<bool>(), pool, 1_u32..4, version, any::<u64>()).prop_map(
        |(servers, in_turn, (maximum, idle_timeout, lifetime, check_after), attempts, version, seed)| {
            Settings {
                servers,
                selection: if in_turn { Selection::RoundRobin } else { Selection::Priority },
                pool: PoolOptions { maximum, idle_timeout, lifetime, check_after, ..PoolOptions::default() },
                retries: RetryPolicy { attempts, ..RetryPolicy::default() },
                version,
                seed,
            }
        },
    )
}

fn events() -> impl Strategy<Value = Event> {
    let number = || 0_usize..6;
    let how = prop_oneof![
        6 => Just(How::Well),
        1 => Just(How::Twice),
        1 => Just(How::Refusing),
        1 => Just(How::Partly),
    ];
    let end = prop_oneof![Just(End::Closed), Just(End::Reset)];
    prop_oneof![
        4 => (any::<bool>(), option::of(0_u64..5000)).prop_map(|(changes, within)| Event::Begin(changes, within)),
        9 => number().prop_map(Event::Step),
        5 => (number(), prop::bool::weighted(0.85)).prop_map(|(call, can_be)| Event::Open(call, can_be)),
        6 => (0_usize..20, how).prop_map(|(pipe, how)| Event::Answer(pipe, how)),
        1 => (0_usize..20, end).prop_map(|(pipe, end)| Event::End(pipe, end)),
        1 => (0_usize..20, 0_usize..200).prop_map(|(pipe, room)| Event::Room(pipe, room)),
        1 => (0_u64..1500).prop_map(Event::Pass),
        1 => number().prop_map(Event::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_nothing_twice_and_mixes_up_no_answers(
        settings in all_settings(),
        happens in vec(events(), 0..150),
    ) {
        let mut world = World::new(settings);
        for event in &happens {
            world.apply(event);
        }
        world.end();
    }
}
