//! The results of a batch, each typed on its own.

use kmip_types::enumerations::{EndpointRole, ResultStatus};
use kmip_types::message::ResponseHeader;
use kmip_types::operation::{Request, Response, ResponsePayload};
use kmip_types::ttlv::{Deviation, Mode, decode};
use kmip_types::{DecodeError, Tag};

use super::Handle;
use crate::error::{Challenge, Effect, Error, ErrorKind, Phase, ResponseError, ServerError};

/// A Response Payload without fields.
const EMPTY_PAYLOAD: [u8; 8] = [0x42, 0x00, 0x7C, 1, 0, 0, 0, 0];

/// What the server answered to the requests of a batch.
#[derive(Debug)]
pub struct Results {
    pub(super) batch: u64,
    pub(super) header: ResponseHeader,
    pub(super) deviations: Vec<Deviation>,
    pub(super) outcomes: Vec<Option<Outcome>>,
    pub(super) mode: Mode,
}

/// What came of one request.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It succeeded.
    Success {
        /// Which batch item of the response says so, from 0.
        item: usize,
        /// What it yielded.
        payload: Option<ResponsePayload>,
        /// Why what it yielded could not be read, and was set aside.
        fault: Option<DecodeError>,
    },
    /// It did not succeed.
    Failure(ServerError, Effect),
    /// It was not done, as an earlier one failed.
    NotDone {
        /// Which item failed, from 0.
        failed: usize,
    },
}

impl Results {
    /// The header of the response.
    pub fn header(&self) -> &ResponseHeader {
        &self.header
    }

    /// What in the response was not as the standard has it, and was tolerated.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// How many requests the batch had.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether the batch had no requests, which cannot be.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Whether all operations succeeded.
    pub fn is_success(&self) -> bool {
        let mut outcomes = self.outcomes.iter().flatten();
        outcomes.all(|outcome| matches!(outcome, Outcome::Success { .. }))
    }

    /// Whether client and server have changed their roles on the connection (Set Endpoint Role).
    pub(crate) fn turns(&self) -> bool {
        let mut roles = self.outcomes.iter().flatten().filter_map(|outcome| match outcome {
            Outcome::Success { payload: Some(ResponsePayload::SetEndpointRole(response)), .. } => {
                Some(response.endpoint_role)
            }
            _ => None,
        });
        roles.next_back() == Some(EndpointRole::Client)
    }

    /// What the server reported of the only request, if that may be made again and the cause may pass.
    pub(crate) fn transient_failure(&self) -> Option<Error> {
        let [Some(Outcome::Failure(error, effect))] = self.outcomes.as_slice() else { return None };
        let error = Error::new(Phase::Result, ErrorKind::Server(error.clone())).with_effect(*effect);
        error.is_retryable().then_some(error)
    }

    /// What the server reported where it wants an attestation first, and did nothing.
    pub(crate) fn wanted_attestation(&self) -> Option<&Challenge> {
        let mut wanted = None;
        for outcome in self.outcomes.iter().flatten() {
            match outcome {
                Outcome::Success { .. } => return None,
                Outcome::Failure(error, _) => wanted = wanted.or_else(|| error.wanted_attestation()),
                Outcome::NotDone { .. } => {}
            }
        }
        wanted
    }

    /// The result of the request that the handle is of.
    ///
    /// # Errors
    /// - [`ErrorKind::Server`]: the operation failed, or is pending.
    /// - [`ErrorKind::Undone`]: it was done, and undone as another operation of the batch failed.
    /// - [`ErrorKind::NotDone`]: an earlier operation of the batch failed, and the batch stopped there.
    /// - [`ErrorKind::Response`], [`ErrorKind::Decode`]: the operation succeeded, but the response does not
    ///   hold what it should yield.
    /// - [`ErrorKind::ForeignHandle`]: the handle is of another batch.
    pub fn take<R: Request>(&mut self, handle: Handle<R>) -> Result<R::Response, Error> {
        let outcome = match self.outcomes.get_mut(handle.index) {
            Some(outcome) if handle.batch == self.batch => outcome.take(),
            _ => None,
        };
        let (item, payload) = succeeded(outcome)?;
        self.read::<R>(item, payload)
    }

    /// The payload of the first request, whatever operation it is of.
    ///
    /// # Errors
    /// As of [`take`](Self::take).
    pub(crate) fn take_any(&mut self) -> Result<Option<ResponsePayload>, Error> {
        succeeded(self.outcomes.first_mut().and_then(Option::take)).map(|(_, payload)| payload)
    }

    fn read<R: Request>(&self, item: usize, payload: Option<ResponsePayload>) -> Result<R::Response, Error> {
        let response = match payload {
            Some(payload) => R::Response::from_payload(payload, self.header.protocol_version)
                .map_err(|error| done(ErrorKind::Decode(error)))?,
            // Some servers leave out a payload that would be empty.
            None if self.mode == Mode::Lenient => decode(Tag::RESPONSE_PAYLOAD, &EMPTY_PAYLOAD).ok(),
            None => None,
        };
        let operation = R::OPERATION;
        response.ok_or_else(|| done(ErrorKind::Response(ResponseError::NoPayload { item, operation })))
    }
}

/// The failure to read what an operation yielded. The server says that it did it: sending it again would do it
/// twice.
/// What a request yielded: which item of the response it is, and its payload.
fn succeeded(outcome: Option<Outcome>) -> Result<(usize, Option<ResponsePayload>), Error> {
    match outcome {
        Some(Outcome::Success { item, payload, fault: None }) => Ok((item, payload)),
        Some(Outcome::Success { fault: Some(fault), .. }) => Err(done(ErrorKind::Decode(fault))),
        Some(Outcome::Failure(error, effect)) => {
            let kind = match error.result_status {
                ResultStatus::OperationUndone => ErrorKind::Undone(error),
                _ => ErrorKind::Server(error),
            };
            Err(Error::new(Phase::Result, kind).with_effect(effect))
        }
        Some(Outcome::NotDone { failed }) => Err(Error::new(Phase::Result, ErrorKind::NotDone { failed })),
        None => Err(Error::new(Phase::Result, ErrorKind::ForeignHandle)),
    }
}

fn done(kind: ErrorKind) -> Error {
    Error::new(Phase::Decode, kind).with_effect(Effect::Unknown { repeatable: false })
}
