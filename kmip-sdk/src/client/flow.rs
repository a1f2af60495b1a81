//! One call from its beginning to its end: what a driver is to do next, and what came of it. No I/O, no clock.
//!
//! It ties the engine, which knows connections and retries, to the link, which knows bytes, and to the session, which
//! knows messages. A driver asks for the [`next`](Flow::next) action, does it, and reports how it went; it decides
//! nothing. A flow that is dropped before its end takes its connection with it.

mod serving;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use kmip_types::message::{Message as _, RequestMessage, ResponseMessage};
use kmip_types::{Limits, ProtocolVersion, SecretBytes};
use zeroize::Zeroizing;

use super::core::{Carrier, Connection, Core, Servers, Target, Way, lock};
use super::layer::{Asked, Next, Outcome};
use super::options::CallOptions;
use super::timeouts::{Patience, Timeouts};
use crate::endpoint::Served;
use crate::engine::{CallId, Closed, Failure, Step, after, earlier};
use crate::error::{Effect, Error, ErrorKind, Phase};
use crate::framing::FramingError;
use crate::link::{Idle, Link};
use crate::observe::Direction;
use crate::session::{Answer, Batch, Negotiation, Prepared, Results, Session};
pub(crate) use serving::Serving;

/// What a call is to do on its connection.
pub(crate) enum Work {
    /// Nothing: to connect, and to agree on a version.
    Connect,
    /// To exchange these requests for their results.
    Batch(Batch),
    /// To exchange a message for its response as it comes.
    Bytes(Zeroizing<Vec<u8>>),
    /// To change roles with the server, and to answer what it asks.
    Serve(Box<Serving>),
}

impl Work {
    /// The requests that are made, if they are typed.
    fn batch(&self) -> Option<&Batch> {
        match self {
            Self::Batch(batch) => Some(batch),
            Self::Serve(serving) => Some(&serving.batch),
            Self::Connect | Self::Bytes(_) => None,
        }
    }

    fn batch_mut(&mut self) -> Option<&mut Batch> {
        match self {
            Self::Batch(batch) => Some(batch),
            Self::Serve(serving) => Some(&mut serving.batch),
            Self::Connect | Self::Bytes(_) => None,
        }
    }
}

/// What a call yields.
#[derive(Debug)]
pub(crate) struct Done {
    /// The results of a batch.
    pub(crate) results: Option<Results>,
    /// The response to a message that was sent as it is.
    pub(crate) response: Option<Zeroizing<Vec<u8>>>,
    /// What came of answering the server.
    pub(crate) served: Option<Served>,
    /// The version of the protocol.
    pub(crate) version: ProtocolVersion,
    /// The server.
    pub(crate) server: usize,
}

/// What a driver is to do.
pub(crate) enum Action {
    /// To wait until it is woken, or until this time.
    Wait(Option<Instant>),
    /// To open a stream to the server, and to [say](Flow::opened) what came of it.
    Open { target: Arc<Target>, until: Option<Instant> },
    /// To let the system notice what has come, and then to [look](Flow::look).
    Look,
    /// To [drive](Flow::parts) the link, as long as this allows, and to [say](Flow::driven) what came of it.
    Drive(Patience),
    /// Nothing: the call is over, and has its [result](Flow::finish).
    Finish,
}

enum Stage {
    /// It wants a connection.
    Seeking,
    /// It wants a stream to the server.
    Opening,
    /// It has an idle connection that may have been closed.
    Looking,
    /// It waits for the end of the handshake.
    Handshaking,
    /// It has a connection.
    Connected,
    /// It waits for the answer to a question for the version.
    Negotiating,
    /// It waits for an answer.
    Exchanging,
    /// It waits for a request of the server's.
    Awaiting,
    /// It answers a request of the server's.
    Responding,
    /// It lets some time pass, since a layer wants that.
    Delayed(Instant),
    /// It is over.
    Over,
}

/// One call.
pub(crate) struct Flow<S: Carrier> {
    core: Arc<Core<S>>,
    id: CallId,
    begun: Instant,
    deadline: Option<Instant>,
    timeout: Option<Duration>,
    work: Work,
    /// The session of the call, if it is not the client's.
    own_session: Option<Box<Session>>,
    /// The version that the last exchange was made in.
    version: ProtocolVersion,
    /// The version that the call is made in, if it is not that of the server.
    pinned: Option<ProtocolVersion>,
    stage: Stage,
    /// What came of it, once it is over.
    result: Option<Result<Done, Error>>,
    server: usize,
    connection: Option<Connection<S>>,
    /// Whether the connection was made for this call.
    fresh: bool,
    /// Whether the engine knows that the connection was made.
    told: bool,
    /// Until when the connection is to be made, or the handshake to be over.
    until: Option<Instant>,
    negotiation: Option<Box<Negotiation>>,
    /// Whether the server has answered a question for the version on this connection.
    answered: bool,
    prepared: Option<Prepared>,
    attempts: u32,
    /// Whether the layers were asked.
    asked: bool,
    /// The request with its types, if there are layers to see it.
    message: Option<Box<RequestMessage>>,
    /// The last answer, if there are layers to see it.
    answer: Option<SecretBytes>,
    /// What time it was when the driver last came by.
    now: Instant,
    span: tracing::Span,
}

impl<S: Carrier> Flow<S> {
    /// A call that begins now, and may take so long.
    pub(crate) fn new(
        core: &Arc<Core<S>>,
        work: Work,
        options: &CallOptions,
        timeout: Option<Duration>,
        now: Instant,
    ) -> Self {
        let id = core.engine().begin(options.server, after(now, timeout));
        Self::with_id(core, id, work, options, timeout, now)
    }

    fn with_id(
        core: &Arc<Core<S>>,
        id: CallId,
        work: Work,
        options: &CallOptions,
        timeout: Option<Duration>,
        now: Instant,
    ) -> Self {
        let deadline = after(now, timeout);
        let span = tracing::debug_span!(
            "call",
            operations = %Operations(&work),
            version = tracing::field::Empty,
            server = tracing::field::Empty,
            connection = tracing::field::Empty,
        );
        let pinned = options.version;
        Self {
            own_session: options.apply(&core.session).map(Box::new),
            version: core.session.version(),
            core: Arc::clone(core),
            id,
            begun: now,
            deadline,
            timeout,
            work,
            pinned,
            stage: Stage::Seeking,
            result: None,
            server: 0,
            connection: None,
            fresh: false,
            told: false,
            until: None,
            negotiation: None,
            answered: false,
            prepared: None,
            attempts: 0,
            asked: false,
            message: None,
            answer: None,
            now,
            span,
        }
    }

    /// A call that makes one more connection, if there may be one.
    pub(crate) fn connecting(core: &Arc<Core<S>>, now: Instant) -> Option<Self> {
        let timeout = core.timeouts.overall;
        let (id, step) = core.engine().begin_connecting(after(now, timeout), now)?;
        let mut flow = Self::with_id(core, id, Work::Connect, &CallOptions::default(), timeout, now);
        let Step::Connect { server } = step else { return None };
        flow.server = server;
        flow.fresh = true;
        flow.open(now);
        Some(flow)
    }

    /// What is to be done now. If that is to wait, `waker` is woken when it is to be asked again.
    pub(crate) fn next(&mut self, now: Instant, waker: &Waker) -> Action {
        self.now = now;
        let span = self.span.clone();
        let _entered = span.enter();
        loop {
            match &self.stage {
                Stage::Seeking => {
                    if let Some(action) = self.seek(now, waker) {
                        return action;
                    }
                }
                Stage::Opening => match self.core.target(self.server) {
                    Some(target) => return Action::Open { target: Arc::clone(target), until: self.until },
                    None => self.opened_within(now),
                },
                Stage::Looking => return Action::Look,
                Stage::Handshaking => {
                    return Action::Drive(Patience { until: self.until, read: None, write: None });
                }
                Stage::Connected => self.connected(now),
                Stage::Negotiating | Stage::Exchanging => {
                    let within = match self.connection.as_ref().map(|connection| &connection.way) {
                        Some(Way::Within(service)) => Some(Arc::clone(service)),
                        _ => None,
                    };
                    let Some(service) = within else {
                        let Timeouts { read, write, .. } = self.core.timeouts;
                        return Action::Drive(Patience { until: self.deadline, read, write });
                    };
                    self.exchange_within(&*service, now);
                }
                Stage::Awaiting | Stage::Responding => return Action::Drive(self.patience_of_serving()),
                Stage::Delayed(until) if now < *until => return Action::Wait(Some(*until)),
                Stage::Delayed(_) if self.deadline.is_some_and(|deadline| now >= deadline) => {
                    self.keep_connection(now);
                    self.over(Err(self.waited_too_long(now)));
                }
                // Meanwhile the server may have closed the connection, which is as good as one that was idle.
                Stage::Delayed(_) => {
                    self.fresh = false;
                    self.stage = Stage::Looking;
                }
                Stage::Over => return Action::Finish,
            }
        }
    }

    /// What came of the call, and what it was to do, which can be done again.
    pub(crate) fn finish(mut self) -> (Result<Done, Error>, Work) {
        // A driver that finishes a call that is not over has lost it.
        let result = self.result.take().unwrap_or_else(|| Err(Error::new(Phase::Wait, ErrorKind::Closed)));
        (result, core::mem::replace(&mut self.work, Work::Connect))
    }

    fn seek(&mut self, now: Instant, waker: &Waker) -> Option<Action> {
        let (step, closed) = {
            let mut engine = self.core.engine();
            (engine.next(self.id, now, waker), engine.take_closed())
        };
        drop(closed);
        match step {
            Step::Wait(until) => return Some(Action::Wait(until)),
            Step::Connect { server } => {
                self.server = server;
                self.fresh = true;
                self.told = false;
                self.negotiation = None;
                self.open(now);
            }
            Step::Use { server, connection, check } => {
                self.server = server;
                self.fresh = false;
                self.told = true;
                self.connection = Some(connection);
                self.stage = if check { Stage::Looking } else { Stage::Connected };
            }
            Step::GiveUp(error) => {
                let error = error.unwrap_or_else(|| self.waited_too_long(now));
                self.over(Err(error));
            }
        }
        None
    }

    fn open(&mut self, now: Instant) {
        self.until = self.earlier(after(now, self.core.timeouts.connect));
        self.stage = Stage::Opening;
    }

    fn earlier(&self, until: Option<Instant>) -> Option<Instant> {
        earlier(until, self.deadline)
    }

    fn waited_too_long(&self, now: Instant) -> Error {
        let timeout = now.saturating_duration_since(self.begun);
        self.at_server(Error::new(Phase::Wait, ErrorKind::TimedOut { timeout }))
    }

    /// Takes the stream that was opened, or why there is none.
    pub(crate) fn opened(&mut self, stream: Result<S, Error>, now: Instant) {
        self.now = now;
        let span = self.span.clone();
        let _entered = span.enter();
        let Servers::Remote { tls, .. } = &self.core.servers else { return };
        let Some(target) = self.core.target(self.server) else { return };
        let link = stream.and_then(|stream| {
            let security = tls.as_ref().map(|tls| (tls.current(), target.server_name.clone()));
            let link = Link::new(security)?;
            #[cfg(feature = "https")]
            let link = link.over_http(target.http.clone());
            Ok((link, stream))
        });
        match link {
            Ok((link, stream)) => {
                self.connection = Some(self.numbered(Way::Stream { link: Box::new(link), stream }, now));
                self.until = self.earlier(after(now, self.core.timeouts.tls));
                self.stage = Stage::Handshaking;
            }
            Err(error) => {
                let error = self.of_making(error, self.core.timeouts.connect);
                self.unreachable(error, now);
            }
        }
    }

    fn opened_within(&mut self, now: Instant) {
        let Servers::Within(service) = &self.core.servers else {
            return self.over(Err(Error::new(Phase::Connect, ErrorKind::Closed)));
        };
        self.connection = Some(self.numbered(Way::Within(Arc::clone(service)), now));
        self.stage = Stage::Connected;
    }

    fn numbered(&self, way: Way<S>, now: Instant) -> Connection<S> {
        Connection { way, opened: now, number: self.core.next_connection() }
    }

    /// Looks whether the connection was closed while nobody used it.
    pub(crate) fn look(&mut self, now: Instant) {
        self.now = now;
        let span = self.span.clone();
        let _entered = span.enter();
        self.stage = Stage::Connected;
        let Some(Connection { way: Way::Stream { link, stream }, .. }) = &mut self.connection else { return };
        let Some(Idle::Closed(error)) = stream.without_waiting(|io| link.look(io)) else { return };
        tracing::debug!(%error, "an idle connection is of no more use");
        self.connection = None;
        let error = self.at_server(error).with_effect(Effect::None);
        // Whatever became of it while it was idle says nothing of the next.
        let failure = Failure { sent: false, repeatable: false, fresh: false, transient: true };
        let goes_on = self.core.engine().broken(self.id, failure, error.clone(), Closed::ByServer, now);
        self.go_on(goes_on, error);
    }

    /// The link and the stream to drive it over.
    pub(crate) fn parts(&mut self) -> Option<(&mut Link, &mut S)> {
        match &mut self.connection.as_mut()?.way {
            Way::Stream { link, stream } => Some((link, stream)),
            Way::Within(_) => None,
        }
    }

    /// Takes note of how driving the link went.
    pub(crate) fn driven(&mut self, driven: Result<(), Error>, now: Instant) {
        self.now = now;
        let span = self.span.clone();
        let _entered = span.enter();
        match (&self.stage, driven) {
            (Stage::Handshaking, Ok(())) => {
                if let Some(connection) = &self.connection {
                    let version = connection.tls_version();
                    tracing::debug!(tls = ?version, connection = connection.number, "connected");
                    *lock(&self.core.tls_version) = version;
                }
                self.stage = Stage::Connected;
            }
            (Stage::Handshaking, Err(error)) => {
                let error = self.of_making(error, self.core.timeouts.tls);
                self.unreachable(error, now);
            }
            (Stage::Negotiating | Stage::Exchanging, Ok(())) => {
                let answer = self.parts().and_then(|(link, _)| link.take_answer());
                if let Some(answer) = answer {
                    self.answered(answer, now);
                }
            }
            (Stage::Negotiating, Err(error)) => self.not_negotiated(error, now),
            (Stage::Exchanging, Err(error)) => {
                // What the server says of the handshake, it says before it looks at a request; and what is wrong with
                // a request of HTTP, or that there is no room for one, before it looks at what is in it.
                let is_before = match error.kind() {
                    ErrorKind::HttpStatus { status: 503, retry_after: Some(_), .. } => true,
                    ErrorKind::HttpStatus { status, .. } => (400..500).contains(status),
                    _ => error.phase() == Phase::Tls,
                };
                let sent = !is_before && self.parts().is_some_and(|(link, _)| link.sent());
                self.broken(error, sent, Closed::Failed, now);
            }
            (Stage::Awaiting, driven) => self.asked(driven, now),
            (Stage::Responding, driven) => self.responded(driven),
            _ => {}
        }
    }

    /// The error of making a connection; if it took too long, with the time that it had.
    fn of_making(&self, error: Error, own: Option<Duration>) -> Error {
        if !error.is_timeout() {
            return error;
        }
        let timeout = match (own, self.timeout) {
            (Some(own), Some(overall)) => own.min(overall),
            (own, overall) => own.or(overall).unwrap_or_default(),
        };
        Error::new(error.phase(), ErrorKind::TimedOut { timeout })
    }

    /// Goes on with a connection: finds out the version, asks the layers, or sends the request.
    fn connected(&mut self, now: Instant) {
        let only = self.core.target(self.server).and_then(|target| target.only_version());
        let known = self.pinned.or(only).or_else(|| self.core.engine().version(self.server));
        let Some(version) = known else { return self.negotiate(now) };
        self.version = version;
        if !self.told {
            self.told = true;
            let agreed = self.pinned.is_none().then_some(version);
            self.core.engine().connected(self.id, agreed);
        }
        match &self.work {
            Work::Connect => self.done(None, None, version, now),
            // What is sent now would not be answered in time.
            _ if self.deadline.is_some_and(|deadline| now >= deadline) => {
                let error = self.waited_too_long(now).in_phase(Phase::Send);
                self.keep_connection(now);
                self.over(Err(error));
            }
            Work::Batch(_) => self.send_batch(version, now),
            Work::Serve(_) => match self.cannot_turn() {
                None => self.send_batch(version, now),
                Some(error) => {
                    self.keep_connection(now);
                    self.over(Err(self.at_server(error)));
                }
            },
            Work::Bytes(bytes) => {
                let bytes = bytes.clone();
                self.attempts += 1;
                self.send(&bytes, now);
            }
        }
    }

    fn send_batch(&mut self, version: ProtocolVersion, now: Instant) {
        self.version = version;
        self.note("version", tracing::field::display(version));
        let Some(batch) = self.work.batch_mut() else { return };
        let session = self.own_session.as_deref().unwrap_or(&self.core.session);
        let prepared = match session.prepare_again(batch, version) {
            Ok(prepared) => prepared,
            Err(error) => {
                self.keep_connection(now);
                return self.over(Err(error));
            }
        };
        if !self.asked && !self.core.layers.is_empty() {
            self.asked = true;
            let bytes = Zeroizing::new(prepared.bytes().to_vec());
            self.prepared = Some(prepared);
            if self.ask_layers(&bytes, version, now) {
                self.attempts += 1;
                self.send(&bytes, now);
            }
            return;
        }
        self.attempts += 1;
        self.send(prepared.bytes(), now);
        self.prepared = Some(prepared);
    }

    /// Asks the layers what to do with the request. Whether it is to be sent now.
    fn ask_layers(&mut self, bytes: &[u8], version: ProtocolVersion, now: Instant) -> bool {
        let Ok(message) = RequestMessage::from_ttlv(bytes) else { return true };
        let message = self.message.insert(Box::new(message));
        let mut delay = Duration::ZERO;
        for layer in &self.core.layers {
            match layer.request(&Asked { message, version }) {
                Next::GoOn => {}
                Next::After(time) => delay = delay.saturating_add(time),
                Next::Refuse(reason) => {
                    self.keep_connection(now);
                    self.over(Err(Error::new(Phase::Send, ErrorKind::Refused { reason })));
                    return false;
                }
                Next::Answer(answer) => {
                    match answer.to_ttlv() {
                        Ok(answer) => self.answered_by_layer(answer, now),
                        Err(error) => {
                            self.keep_connection(now);
                            self.over(Err(Error::new(Phase::Encode, ErrorKind::Encode(error))));
                        }
                    }
                    return false;
                }
            }
        }
        match now.checked_add(delay) {
            Some(until) if !delay.is_zero() => {
                self.stage = Stage::Delayed(self.earlier(Some(until)).unwrap_or(until));
                false
            }
            _ => true,
        }
    }

    /// Takes the answer of a layer, which is final: it says nothing of the connection, and no server is asked again.
    fn answered_by_layer(&mut self, answer: Vec<u8>, now: Instant) {
        let Some(prepared) = self.prepared.take() else { return };
        let answer = self.answer.insert(answer.into());
        let version = self.version;
        match prepared.answer(answer.reveal()).results {
            Ok(results) => self.done(Some(results), None, version, now),
            Err(error) => {
                self.keep_connection(now);
                self.over(Err(error.with_effect(Effect::None)));
            }
        }
    }

    fn send(&mut self, bytes: &[u8], now: Instant) {
        if let Some(connection) = &self.connection {
            self.note("connection", connection.number);
        }
        if let Some(target) = self.core.target(self.server) {
            self.note("server", tracing::field::display(&target.address));
        }
        tracing::debug!(attempt = self.attempts, bytes = bytes.len(), "sending");
        self.core.observe(Direction::Request, bytes);
        self.stage = Stage::Exchanging;
        if let Err(error) = self.start(bytes) {
            self.keep_connection(now);
            self.over(Err(self.at_server(error)));
        }
    }

    /// Notes something of the call where somebody listens: otherwise its span would look for the field first.
    fn note(&self, field: &str, value: impl tracing::Value) {
        if !self.span.is_disabled() {
            self.span.record(field, value);
        }
    }

    fn session(&self) -> &Session {
        self.own_session.as_deref().unwrap_or(&self.core.session)
    }

    fn start(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let limits = self.session().limits();
        // Its first request may come right behind its answer.
        let may_ask = matches!(self.work, Work::Serve(_));
        self.parts().map_or(Ok(()), |(link, _)| link.start(bytes, limits, may_ask))
    }

    /// Asks for the version on the connection.
    fn negotiate(&mut self, now: Instant) {
        let negotiation = match self.negotiation.take() {
            Some(negotiation) => Ok(negotiation),
            None => Negotiation::new(&self.core.versions, self.session()).map(Box::new),
        };
        let mut negotiation = match negotiation {
            Ok(negotiation) => negotiation,
            Err(error) => return self.unreachable(error, now),
        };
        let started = negotiation.request().map(<[u8]>::to_vec).map(Zeroizing::new).and_then(|bytes| {
            self.core.observe(Direction::Request, &bytes);
            self.start(&bytes)
        });
        self.negotiation = Some(negotiation);
        match started {
            Ok(()) => self.stage = Stage::Negotiating,
            Err(error) => self.unreachable(in_negotiation(error), now),
        }
    }

    /// The connection broke while the version was found out.
    fn not_negotiated(&mut self, error: Error, now: Instant) {
        let error = in_negotiation(error);
        if !is_close(&error) {
            return self.unreachable(error, now);
        }
        let of_server = self.at_server(error.clone());
        // After a refusal, closing says nothing of the question that came too late.
        if !core::mem::replace(&mut self.answered, false)
            && let Some(negotiation) = &mut self.negotiation
        {
            negotiation.closed(of_server);
        }
        self.connection = None;
        if self.told {
            return self.broken(error, false, Closed::ByServer, now);
        }
        // The next question, if there is one, goes over a new connection.
        match self.negotiation.as_mut().map(|negotiation| negotiation.request().map(drop)) {
            Some(Err(error)) => self.unreachable(in_negotiation(error), now),
            _ => self.open(now),
        }
    }

    /// An exchange with a service in the same process.
    fn exchange_within(&mut self, service: &dyn crate::Service, now: Instant) {
        let request = match (&self.stage, &self.work, &self.prepared) {
            (Stage::Negotiating, ..) => {
                let request =
                    self.negotiation.as_mut().map(|negotiation| negotiation.request().map(<[u8]>::to_vec));
                match request {
                    Some(Ok(request)) => Zeroizing::new(request),
                    _ => return,
                }
            }
            (_, Work::Bytes(bytes), _) => bytes.clone(),
            (_, _, Some(prepared)) => Zeroizing::new(prepared.bytes().to_vec()),
            _ => return,
        };
        let answer = Zeroizing::new(service.exchange(&request));
        match whole(&answer, self.session().limits()) {
            Ok(()) => self.answered(answer, now),
            Err(error) if matches!(self.stage, Stage::Negotiating) => self.not_negotiated(error, now),
            Err(error) => self.broken(error, true, Closed::Failed, now),
        }
    }

    /// Takes an answer.
    fn answered(&mut self, answer: Zeroizing<Vec<u8>>, now: Instant) {
        self.core.observe(Direction::Response, &answer);
        tracing::debug!(bytes = answer.len(), "answered");
        if matches!(self.stage, Stage::Negotiating) {
            return self.agreed(&answer, now);
        }
        match &self.work {
            Work::Bytes(_) => self.done(None, Some(answer), self.version, now),
            _ => self.understood(answer.into(), now),
        }
    }

    fn agreed(&mut self, answer: &[u8], now: Instant) {
        self.answered = true;
        let Some(negotiation) = &mut self.negotiation else { return };
        match negotiation.answered(answer) {
            Ok(Some(version)) => {
                tracing::debug!(%version, "agreed");
                self.negotiation = None;
                self.core.engine().agreed(self.server, version);
                self.stage = Stage::Connected;
            }
            Ok(None) => self.stage = Stage::Connected,
            Err(error) => self.unreachable(in_negotiation(error), now),
        }
    }

    /// Takes the answer to the batch.
    fn understood(&mut self, answer: SecretBytes, now: Instant) {
        let Some(prepared) = self.prepared.take() else { return };
        let repeatable = prepared.is_repeatable();
        let Answer { deviations, results, .. } = prepared.answer(answer.reveal());
        if !deviations.is_empty() {
            tracing::debug!(deviations = deviations.len(), "tolerated");
        }
        if self.message.is_some() {
            self.answer = Some(answer);
        }
        match results {
            Ok(results) if matches!(self.work, Work::Serve(_)) => self.turn(results, now),
            Ok(results) => {
                let version = self.version;
                match results.transient_failure().filter(|_| repeatable) {
                    Some(error) if self.is_repeated(error.clone(), now) => self.stage = Stage::Seeking,
                    _ => self.done(Some(results), None, version, now),
                }
            }
            Err(error) if error.server().is_some() => {
                if repeatable && error.is_retryable() && self.is_repeated(error.clone(), now) {
                    self.stage = Stage::Seeking;
                } else {
                    self.keep_connection(now);
                    self.over(Err(error));
                }
            }
            // An answer to something else, or none at all: the next one may be too.
            Err(error) => {
                let failure =
                    Failure { sent: true, repeatable, fresh: false, transient: error.is_transient() };
                self.connection = None;
                let goes_on = self.core.engine().broken(self.id, failure, error.clone(), Closed::Failed, now);
                self.go_on(goes_on, error);
            }
        }
    }

    /// Gives the connection back, unless the server closes it. Says whether the request, which the server refused for
    /// now, is to be made again.
    fn is_repeated(&mut self, error: Error, now: Instant) -> bool {
        let Some(mut connection) = self.connection.take() else { return false };
        let failure = Failure { sent: true, repeatable: true, fresh: false, transient: true };
        let opened = connection.opened;
        let mut engine = self.core.engine();
        match connection.closes() {
            true => engine.broken(self.id, failure, error, Closed::ByServer, now),
            false => engine.refused(self.id, failure, error, connection, opened, now),
        }
    }

    fn tell_layers(&self, result: Result<&Done, &Error>) {
        let Some(message) = &self.message else { return };
        let asked = Asked { message, version: self.version };
        let response = self.answer.as_ref().map(|answer| ResponseMessage::from_ttlv(answer.reveal()));
        let result = match (result, &response) {
            (Ok(_), Some(Ok(response))) => Ok(response),
            (Err(error), _) => Err(error),
            (Ok(_), _) => return,
        };
        let duration = self.duration();
        for layer in self.core.layers.iter().rev() {
            layer.result(&asked, &Outcome { result, duration, attempts: self.attempts });
        }
    }

    /// The server cannot be reached, or agrees on no version.
    fn unreachable(&mut self, error: Error, now: Instant) {
        let error = self.at_server(error);
        if self.told {
            return self.broken(error, false, Closed::Failed, now);
        }
        tracing::debug!(%error, "cannot connect");
        self.connection = None;
        let transient = error.is_transient();
        self.core.engine().unreachable(self.id, error, transient, now);
        self.stage = Stage::Seeking;
    }

    /// The connection broke during an exchange, or before it.
    fn broken(&mut self, error: Error, sent: bool, why: Closed, now: Instant) {
        let repeatable = self.prepared.take().is_some_and(|prepared| prepared.is_repeatable());
        let effect = if sent { Effect::Unknown { repeatable } } else { Effect::None };
        let error = self.at_server(error).with_effect(effect);
        let failure = Failure { sent, repeatable, fresh: self.fresh, transient: error.is_transient() };
        tracing::debug!(%error, sent, "not answered");
        self.connection = None;
        let goes_on = self.core.engine().broken(self.id, failure, error.clone(), why, now);
        self.go_on(goes_on, error);
    }

    fn go_on(&mut self, goes_on: bool, error: Error) {
        if goes_on {
            self.stage = Stage::Seeking;
        } else {
            self.over(Err(error));
        }
    }

    fn done(
        &mut self,
        results: Option<Results>,
        response: Option<Zeroizing<Vec<u8>>>,
        version: ProtocolVersion,
        now: Instant,
    ) {
        // On a connection whose roles changed, requests are not answered any more.
        if results.as_ref().is_some_and(Results::turns) {
            self.connection = None;
            self.core.engine().finished_without(self.id, Closed::Turned);
        }
        self.keep_connection(now);
        self.over(Ok(Done { results, response, served: None, version, server: self.server }));
    }

    /// Gives the connection back, as nothing is awaited on it.
    fn keep_connection(&mut self, now: Instant) {
        let Some(mut connection) = self.connection.take() else { return };
        let opened = connection.opened;
        let mut engine = self.core.engine();
        match connection.closes() {
            true => engine.finished_without(self.id, Closed::ByServer),
            false => engine.finished(self.id, connection, opened, now),
        }
    }

    fn over(&mut self, result: Result<Done, Error>) {
        match &result {
            Ok(_) => tracing::debug!(attempts = self.attempts, duration = ?self.duration(), "done"),
            Err(error) => {
                tracing::debug!(attempts = self.attempts, duration = ?self.duration(), %error, "failed");
            }
        }
        #[cfg(feature = "metrics")]
        super::metrics::ended(
            &self.name(),
            result.as_ref().err(),
            self.duration(),
            self.attempts,
            &self.core.status(),
        );
        self.tell_layers(result.as_ref());
        self.result = Some(result);
        self.stage = Stage::Over;
    }

    /// How long the call has taken.
    fn duration(&self) -> Duration {
        self.now.saturating_duration_since(self.begun)
    }

    /// What the call is counted as.
    #[cfg(feature = "metrics")]
    fn name(&self) -> String {
        match self.work.batch() {
            Some(batch) => {
                batch.operations().next().map(|operation| operation.to_string()).unwrap_or_default()
            }
            None => Operations(&self.work).to_string(),
        }
    }

    fn at_server(&self, error: Error) -> Error {
        match self.core.target(self.server) {
            Some(target) => error.at(&target.address.to_string()),
            None => error,
        }
    }
}

impl<S: Carrier> Drop for Flow<S> {
    fn drop(&mut self) {
        if !matches!(self.stage, Stage::Over) {
            self.core.engine().abandon(self.id, Closed::Dropped);
        }
    }
}

/// What a call is to do, for people.
struct Operations<'a>(&'a Work);

impl fmt::Display for Operations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(batch) = self.0.batch() else {
            return f.write_str(if matches!(self.0, Work::Connect) { "connect" } else { "bytes" });
        };
        for (number, operation) in batch.operations().enumerate() {
            write!(f, "{}{operation}", if number == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// That these bytes are one whole message within the limits.
fn whole(answer: &[u8], limits: Limits) -> Result<(), Error> {
    let failed = |kind| Error::new(Phase::Receive, kind);
    let mut rest = answer;
    let framing = crate::framing::Framing::new(kmip_types::Tag::RESPONSE_MESSAGE).with_limit(limits.size);
    match framing.read_message(&mut rest) {
        Ok(Some(_)) if rest.is_empty() => Ok(()),
        Ok(Some(_)) => Err(failed(ErrorKind::StrayBytes { bytes: rest.len() })),
        Ok(None) => Err(failed(ErrorKind::Closed)),
        Err(error) => Err(failed(ErrorKind::Framing(error))),
    }
}

/// Whether the server closed the connection instead of answering.
fn is_close(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Closed => true,
        ErrorKind::Framing(FramingError::Io(error)) => matches!(
            error.kind(),
            std::io::ErrorKind::ConnectionReset
                | std::io::ErrorKind::ConnectionAborted
                | std::io::ErrorKind::BrokenPipe
        ),
        _ => false,
    }
}

/// The error as one of the negotiation, which changes nothing on the server. What is wrong with TLS stays so.
fn in_negotiation(error: Error) -> Error {
    let error = error.with_effect(Effect::None);
    match error.phase() {
        Phase::Tls | Phase::Configure => error,
        _ => error.in_phase(Phase::Negotiate),
    }
}
