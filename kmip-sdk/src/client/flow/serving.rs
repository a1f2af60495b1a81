//! The part of a call that answers the server: the roles on its connection changed (Set Endpoint Role), and it is no longer one
//! of the pool's.

use std::sync::Arc;
use std::time::Instant;

use kmip_types::enumerations::{EndpointRole, ResultReason};
use kmip_types::operation::SetEndpointRoleRequest;

use super::{Carrier, Flow, Servers, Stage, Work, is_close};
use crate::answer::Failure;
use crate::client::timeouts::Patience;
use crate::endpoint::{Ending, Endpoint, Served};
use crate::engine::Closed;
use crate::error::{Error, ErrorKind, Phase};
use crate::observe::Direction;
use crate::session::{Batch, Handle, Results};

/// What answers the server, and how far it has come.
pub(crate) struct Serving {
    endpoint: Arc<Endpoint>,
    /// Until when the server is answered.
    until: Option<Instant>,
    /// The request that changes the roles.
    pub(super) batch: Batch,
    handle: Handle<SetEndpointRoleRequest>,
    messages: u64,
    /// What comes of it, once that is known, and an answer is on its way.
    ending: Option<Result<Ending, Error>>,
}

impl Serving {
    /// To answer the server by an endpoint, for as long as this allows.
    pub(crate) fn new(endpoint: Arc<Endpoint>, until: Option<Instant>) -> Self {
        let (batch, handle) = change_of_roles();
        Self { endpoint, until, batch, handle, messages: 0, ending: None }
    }
}

/// The request to the server to be a client.
fn change_of_roles() -> (Batch, Handle<SetEndpointRoleRequest>) {
    let mut batch = Batch::new();
    let handle = batch.add(SetEndpointRoleRequest::new(EndpointRole::Client));
    (batch, handle)
}

impl<S: Carrier> Flow<S> {
    /// Why the server cannot ask on the connection, whatever it says.
    pub(super) fn cannot_turn(&self) -> Option<Error> {
        let reason = match &self.core.servers {
            Servers::Within(_) => "a service in the same process answers, and does not ask",
            #[cfg(feature = "https")]
            Servers::Remote { .. }
                if self.core.target(self.server).is_some_and(|target| target.http.is_some()) =>
            {
                "over HTTPS the server cannot ask"
            }
            Servers::Remote { .. } => return None,
        };
        Some(Error::new(Phase::Send, ErrorKind::Transport { reason: reason.to_owned() }))
    }

    /// Takes what the server said to the change of roles.
    pub(super) fn turn(&mut self, mut results: Results, now: Instant) {
        let Work::Serve(serving) = &mut self.work else { return };
        let turned = results.turns();
        // It may be made again, with an attestation.
        let (batch, handle) = change_of_roles();
        serving.batch = batch;
        let answer = results.take(std::mem::replace(&mut serving.handle, handle));
        if !turned {
            let kept = || ErrorKind::Transport { reason: "the server keeps its role".to_owned() };
            let error = answer.err().unwrap_or_else(|| Error::new(Phase::Result, kept()));
            self.keep_connection(now);
            return self.over(Err(self.at_server(error)));
        }
        tracing::debug!("the server asks from now on");
        self.deadline = serving.until;
        // Another may be made in its place.
        self.core.engine().finished_without(self.id, Closed::Turned);
        self.await_request();
    }

    fn await_request(&mut self) {
        let Work::Serve(serving) = &self.work else { return };
        let limit = serving.endpoint.maximum_size();
        if let Some((link, _)) = self.parts() {
            link.await_request(limit);
        }
        self.stage = Stage::Awaiting;
    }

    /// How long the server may take to ask, or to take an answer. An answer that is there is given, be the time over.
    pub(super) fn patience_of_serving(&self) -> Patience {
        match self.stage {
            Stage::Responding => Patience { until: None, read: None, write: self.core.timeouts.write },
            _ => Patience { until: self.deadline, read: None, write: self.core.timeouts.write },
        }
    }

    /// Takes a request of the server's, or why there is none.
    pub(super) fn asked(&mut self, driven: Result<(), Error>, now: Instant) {
        if let Err(error) = driven {
            return self.not_asked(error, now);
        }
        let Some(request) = self.parts().and_then(|(link, _)| link.take_answer()) else { return };
        self.core.observe(Direction::Request, &request);
        let Work::Serve(serving) = &mut self.work else { return };
        let answered = serving.endpoint.answer(&request, true);
        tracing::debug!(bytes = request.len(), "asked");
        serving.messages += 1;
        serving.ending = answered.ending.map(Ok);
        self.respond(answered.response);
    }

    /// The server does not ask: its connection or the time is over, or what came is no request.
    fn not_asked(&mut self, error: Error, now: Instant) {
        if error.is_timeout() && self.deadline.is_some_and(|deadline| now >= deadline) {
            return self.served(Ok(Ending::Time));
        }
        if is_close(&error) {
            return self.served(Ok(Ending::Closed));
        }
        let Work::Serve(serving) = &mut self.work else { return };
        if !matches!(error.kind(), ErrorKind::OtherProtocol { .. } | ErrorKind::Framing(_)) {
            return self.served(Err(error));
        }
        // What follows cannot be told apart; the server is told why, as far as it listens.
        let failure = Failure::new(ResultReason::InvalidMessage, error.kind().to_string());
        let response = serving.endpoint.refuse(None, &failure);
        serving.ending = Some(Err(error));
        self.respond(response);
    }

    fn respond(&mut self, response: Vec<u8>) {
        let response = zeroize::Zeroizing::new(response);
        self.core.observe(Direction::Response, &response);
        self.stage = Stage::Responding;
        let put = self.parts().map_or(Ok(()), |(link, _)| link.respond(&response));
        if let Err(error) = put {
            self.served(Err(error));
        }
    }

    /// Takes note that an answer was given, or why it could not be.
    pub(super) fn responded(&mut self, driven: Result<(), Error>) {
        let Work::Serve(serving) = &mut self.work else { return };
        match (serving.ending.take(), driven) {
            (Some(Err(error)), _) | (_, Err(error)) => self.served(Err(error)),
            (Some(Ok(ending)), Ok(())) => self.served(Ok(ending)),
            (None, Ok(())) => self.await_request(),
        }
    }

    /// Ends the connection, whose roles changed, and the call.
    fn served(&mut self, ending: Result<Ending, Error>) {
        self.connection = None;
        let Work::Serve(serving) = &self.work else { return };
        let messages = serving.messages;
        let done = ending.map(|ending| super::Done {
            results: None,
            response: None,
            served: Some(Served { messages, ending }),
            version: self.version,
            server: self.server,
        });
        self.over(done.map_err(|error| self.at_server(error)));
    }
}
