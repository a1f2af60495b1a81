//! What a call asks for, written once for both drivers: one exchange, or several that follow from each other.
//!
//! A program needs these types only to name a [`Call`](crate::Call) that it keeps.

use core::future::Future;
use std::time::{Duration, Instant};

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::BatchErrorContinuationOption;
use kmip_types::message::ResponseHeader;
use kmip_types::operation::Request;
use kmip_types::ttlv::Deviation;
use zeroize::Zeroizing;

pub use super::any::Any;
pub use super::capabilities::AskCapabilities;
use super::flow::{Done, Flow, Work};
use super::options::CallOptions;
pub use super::pending::{Cancelling, Polling, Starting, Waiting};
pub use super::serve::Serve;
use super::{Call, Client, Driver};
use crate::engine::after;
use crate::error::{Error, ErrorKind, Phase, ServerError};
use crate::session::{Batch, Requests, Results};

/// What a [`Call`](super::Call) asks for, and what it yields: every [`Request`], for its response, and what this library
/// makes of requests.
///
/// It is sealed: what is done with the connection is the library's affair.
pub trait Ask<D: Driver>: Send + Sized {
    /// What the call yields.
    type Answer: Send;

    /// Asks for it.
    #[doc(hidden)]
    fn perform(
        self,
        exchanges: &mut Exchanges<'_, D>,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// The exchanges of one call, which share its options and its time.
#[derive(Debug)]
pub struct Exchanges<'a, D: Driver> {
    client: &'a Client<D>,
    options: CallOptions,
    /// Since when the time of the call runs.
    begun: Instant,
    /// The version that the last exchange was made in.
    version: Option<ProtocolVersion>,
    /// The server that answered it.
    server: Option<usize>,
    /// Whether to keep what is known of an exchange beside its results.
    keeps_details: bool,
    header: Option<ResponseHeader>,
    deviations: Vec<Deviation>,
}

impl<D: Driver, R: Request> Ask<D> for R {
    type Answer = R::Response;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<R::Response, Error> {
        exchanges.ask(self).await
    }
}

impl<'a, D: Driver> Exchanges<'a, D> {
    pub(super) fn new(client: &'a Client<D>, options: CallOptions) -> Self {
        let begun = Instant::now();
        Self {
            client,
            options,
            begun,
            version: None,
            server: None,
            keeps_details: false,
            header: None,
            deviations: Vec::new(),
        }
    }

    /// The client that the call is of.
    pub(crate) fn client(&self) -> &'a Client<D> {
        self.client
    }

    /// What the call has of its own.
    pub(super) fn options(&mut self) -> &mut CallOptions {
        &mut self.options
    }

    /// When the time is over that the call itself was given, if it was given any.
    pub(super) fn own_deadline(&self) -> Option<Instant> {
        after(self.begun, self.options.timeout.flatten())
    }

    /// Lets the time of the call begin anew: what follows has as much as a call of its own.
    pub(super) fn renew(&mut self) {
        self.begun = Instant::now();
    }

    /// The version that the last exchange was made in.
    pub(super) fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    /// The version that the next exchange is made in.
    ///
    /// # Errors
    /// As of [`Client::connect`].
    pub(crate) async fn agreed(&mut self) -> Result<ProtocolVersion, Error> {
        match self.options.version.or_else(|| self.client.version()) {
            Some(version) => Ok(version),
            None => Ok(self.exchange(Work::Connect).await?.version),
        }
    }

    /// Lets the exchanges that follow go to the server that answered the last one.
    pub(super) fn stay(&mut self) {
        self.options.server = self.server;
    }

    /// Lets some time pass.
    pub(super) async fn pause(&self, time: Duration) {
        D::pause(time).await;
    }

    /// One exchange.
    ///
    /// # Errors
    /// As of [`Client::call`].
    pub(super) async fn exchange(&mut self, work: Work) -> Result<Done, Error> {
        let (result, work) = self.flow(work).await;
        let Some(attester) = &self.client.shared.core.attester else { return result };
        let wanted = match &result {
            Ok(done) => done.results.as_ref().and_then(Results::wanted_attestation),
            Err(error) => error.server().and_then(ServerError::wanted_attestation),
        };
        let Some(challenge) = wanted else { return result };
        let attestation = attester.attest(challenge);
        let attestation =
            attestation.map_err(|error| Error::new(Phase::Send, ErrorKind::Attestation(error)))?;
        // The nonce is for once: the next exchange is told another.
        let options = self.options.clone();
        self.options.add_credential(attestation.into(), &self.client.shared.core.session);
        let (result, _) = self.flow(work).await;
        self.options = options;
        result
    }

    /// What comes of a flow.
    async fn flow(&mut self, work: Work) -> (Result<Done, Error>, Work) {
        let shared = &self.client.shared;
        let now = match self.version {
            Some(_) => Instant::now(),
            None => self.begun,
        };
        let timeout = self.options.timeout.unwrap_or(shared.core.timeouts.overall);
        let left = timeout.map(|time| time.saturating_sub(now.saturating_duration_since(self.begun)));
        let mut flow = Flow::new(&shared.core, work, &self.options, left, now);
        shared.driver.run(&mut flow).await;
        let (result, work) = flow.finish();
        shared.driver.look_after(&shared.core);
        if let Ok(done) = &result {
            self.version = Some(done.version);
            self.server = Some(done.server);
            if let Some(results) = done.results.as_ref().filter(|_| self.keeps_details) {
                self.header = Some(results.header().clone());
                self.deviations = results.deviations().to_vec();
            }
        }
        (result, work)
    }

    /// One request for its response.
    ///
    /// # Errors
    /// As of [`Client::call`].
    pub(super) async fn ask<R: Request>(&mut self, request: R) -> Result<R::Response, Error> {
        let mut batch = Batch::new();
        let handle = batch.add(request);
        let mut results: Results = self.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
        results.take(handle).map_err(|error| error.with_deviations(results.deviations().to_vec()))
    }
}

/// What a call yields, with what is known of its exchange: of the last, if there were several.
#[derive(Debug)]
#[non_exhaustive]
pub struct Detailed<T> {
    /// What the call yields.
    pub value: T,
    /// The version of the protocol that the call was made in.
    pub version: ProtocolVersion,
    /// The header of the response, unless bytes were exchanged.
    pub header: Option<ResponseHeader>,
    /// What in the response was not as the standard has it, and was tolerated.
    pub deviations: Vec<Deviation>,
}

/// Asks for something and what is known of its exchange.
#[derive(Debug)]
pub struct InDetail<A>(pub(super) A);

impl<D: Driver, A: Ask<D>> Ask<D> for InDetail<A> {
    type Answer = Detailed<A::Answer>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        exchanges.keeps_details = true;
        let value = self.0.perform(exchanges).await?;
        Ok(Detailed {
            value,
            version: exchanges.version.ok_or_else(lost)?,
            header: exchanges.header.take(),
            deviations: core::mem::take(&mut exchanges.deviations),
        })
    }
}

/// Asks for a connection and a version.
#[derive(Debug)]
pub struct Connect(pub(super) ());

impl<D: Driver> Ask<D> for Connect {
    type Answer = ProtocolVersion;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<ProtocolVersion, Error> {
        Ok(exchanges.exchange(Work::Connect).await?.version)
    }
}

/// Asks for the results of several requests.
#[derive(Debug)]
pub struct Together<Q> {
    requests: Q,
    continuation: Option<BatchErrorContinuationOption>,
    order: Option<bool>,
}

impl<Q: Requests> Together<Q> {
    pub(super) fn of(requests: Q) -> Self {
        Self { requests, continuation: None, order: None }
    }
}

impl<D: Driver, Q: Requests> Call<'_, D, Together<Q>> {
    /// Says what the server is to do after an operation that failed: Stop, unless it is said.
    pub fn continuation(self, option: BatchErrorContinuationOption) -> Self {
        self.asking(|ask| Together { continuation: Some(option), ..ask })
    }

    /// Says whether the operations are to be done in their order. If it is not said: not, before KMIP 2.0; yes, since.
    pub fn order(self, in_order: bool) -> Self {
        self.asking(|ask| Together { order: Some(in_order), ..ask })
    }
}

impl<D: Driver, Q: Requests> Ask<D> for Together<Q> {
    type Answer = Q::Answers;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Q::Answers, Error> {
        let (mut batch, handles) = self.requests.into_batch();
        if let Some(option) = self.continuation {
            batch.continuation(option);
        }
        if let Some(in_order) = self.order {
            batch.order(in_order);
        }
        let results = exchanges.exchange(Work::Batch(batch)).await?.results.ok_or_else(lost)?;
        Ok(Q::answers(handles, results))
    }
}

/// Asks for the response to a message as it is.
pub struct Bytes(pub(super) Zeroizing<Vec<u8>>);

impl<D: Driver> Ask<D> for Bytes {
    type Answer = Zeroizing<Vec<u8>>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        exchanges.exchange(Work::Bytes(self.0)).await?.response.ok_or_else(lost)
    }
}

/// What was asked for was not done, which cannot be.
pub(super) fn lost() -> Error {
    Error::new(Phase::Result, ErrorKind::ForeignHandle)
}
