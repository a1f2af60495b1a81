//! Operations that the server answers later: asking for the result, waiting for it, cancelling it.

use core::fmt;
use core::marker::PhantomData;
use std::time::{Duration, Instant};

use kmip_types::enumerations::{AsynchronousIndicator, CancellationResult, ResultStatus};
use kmip_types::operation::{CancelRequest, PollRequest, Request, Response};

use super::ask::{Ask, Exchanges};
use super::{Call, Client, Driver};
use crate::engine::after;
use crate::error::{Error, ErrorKind, Phase};

/// The pauses between two questions for a result: the first, and the longest.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// What came of an operation that the server may answer later.
#[derive(Debug)]
pub enum Started<D: Driver, T> {
    /// It was done at once.
    Done(T),
    /// The server does it, and has the result later.
    Pending(Pending<D, T>),
}

/// An operation that the server has not answered yet (KMIP 1.4 section 4.28, 2.1 section 6.1.38).
///
/// What has to be kept to ask for it in another process is its [correlation value](Self::correlation_value); see
/// [`Client::resume`].
pub struct Pending<D: Driver, T> {
    client: Client<D>,
    correlation_value: Vec<u8>,
    response: PhantomData<fn() -> T>,
}

/// What the server says when it is asked for a result.
#[derive(Debug, PartialEq)]
pub enum Polled<T> {
    /// The result.
    Done(T),
    /// Not yet.
    Pending,
}

impl<'a, D: Driver, R: Request> Call<'a, D, R> {
    /// The call, which the server may answer later: it yields the result or what to ask for it with.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), kmip_sdk::Error> {
    /// # let client = kmip_sdk::Client::builder().build()?;
    /// use std::time::Duration;
    /// use kmip_sdk::Started;
    /// use kmip_sdk::types::operation::{RecoverRequest, RecoverResponse};
    ///
    /// let recovered: RecoverResponse = match client.call(RecoverRequest::default().with_unique_identifier("k-1")).start().send()? {
    ///     Started::Done(recovered) => recovered,
    ///     Started::Pending(pending) => pending.wait(Duration::from_secs(60)).send()?,
    /// };
    /// # let _ = recovered; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Of the call: as it has without this, save that Operation Pending is none.
    pub fn start(self) -> Call<'a, D, Starting<R>> {
        self.asking(Starting)
    }
}

/// Asks for a result, or for what to ask for it with.
#[derive(Debug)]
pub struct Starting<R>(R);

impl<D: Driver, R: Request> Ask<D> for Starting<R> {
    type Answer = Started<D, R::Response>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Self::Answer, Error> {
        exchanges.options().set_asynchronous_indicator(AsynchronousIndicator::Optional);
        match exchanges.ask(self.0).await {
            Ok(value) => Ok(Started::Done(value)),
            Err(error) => match pending_value(&error) {
                Some(value) => Ok(Started::Pending(exchanges.client().pending(value.to_vec()))),
                None => Err(error),
            },
        }
    }
}

impl<D: Driver> Client<D> {
    /// The pending operation with this correlation value, which an earlier call, perhaps of another process, was told.
    ///
    /// `R` is the request that was made.
    pub fn resume<R: Request>(&self, correlation_value: impl Into<Vec<u8>>) -> Pending<D, R::Response> {
        self.pending(correlation_value.into())
    }

    fn pending<T>(&self, correlation_value: Vec<u8>) -> Pending<D, T> {
        Pending { client: self.clone(), correlation_value, response: PhantomData }
    }
}

impl<D: Driver, T: Response> Pending<D, T> {
    /// Asynchronous Correlation Value: what the server knows the operation by.
    pub fn correlation_value(&self) -> &[u8] {
        &self.correlation_value
    }

    /// To ask for the result once, by Poll.
    ///
    /// # Errors
    /// Of the call: as of [`Client::call`], and those of the operation itself. A result that was given may be gone, so
    /// Poll is never made again where its answer was lost.
    pub fn poll(&self) -> Call<'_, D, Polling<T>> {
        Call::new(&self.client, Polling::new(&self.correlation_value))
    }

    /// To ask for the result until it is there, after pauses that double up to five seconds. `None` waits for ever. Each
    /// question has the time that a call of its own has.
    ///
    /// # Errors
    /// Of the call: as of [`poll`](Self::poll); [`ErrorKind::TimedOut`] where it is not there in time. The operation goes
    /// on then, and its correlation value is as good as before.
    pub fn wait(&self, timeout: impl Into<Option<Duration>>) -> Call<'_, D, Waiting<T>> {
        Call::new(
            &self.client,
            Waiting { polling: Polling::new(&self.correlation_value), timeout: timeout.into() },
        )
    }

    /// To cancel the operation, by Cancel.
    ///
    /// # Errors
    /// Of the call: as of [`Client::call`].
    pub fn cancel(&self) -> Call<'_, D, Cancelling> {
        let asynchronous_correlation_value = self.correlation_value.clone();
        Call::new(&self.client, Cancelling(CancelRequest { asynchronous_correlation_value }))
    }
}

/// Asks for a result once.
#[derive(Debug)]
pub struct Polling<T> {
    correlation_value: Vec<u8>,
    response: PhantomData<fn() -> T>,
}

impl<T> Polling<T> {
    fn new(correlation_value: &[u8]) -> Self {
        Self { correlation_value: correlation_value.to_vec(), response: PhantomData }
    }

    async fn poll<D: Driver>(&self, exchanges: &mut Exchanges<'_, D>) -> Result<Polled<T>, Error>
    where
        T: Response,
    {
        let asynchronous_correlation_value = self.correlation_value.clone();
        match exchanges.ask(PollRequest { asynchronous_correlation_value }).await {
            Ok(polled) => {
                let version = exchanges.version().ok_or_else(not_the_result)?;
                match T::from_payload(polled.0, version) {
                    Ok(Some(value)) => Ok(Polled::Done(value)),
                    Ok(None) => Err(not_the_result()),
                    Err(error) => Err(Error::new(Phase::Decode, ErrorKind::Decode(error))),
                }
            }
            Err(error) if pending_value(&error).is_some() => Ok(Polled::Pending),
            Err(error) => Err(error),
        }
    }
}

impl<D: Driver, T: Response> Ask<D> for Polling<T> {
    type Answer = Polled<T>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Polled<T>, Error> {
        self.poll(exchanges).await
    }
}

/// Asks for a result until it is there.
#[derive(Debug)]
pub struct Waiting<T> {
    polling: Polling<T>,
    timeout: Option<Duration>,
}

impl<D: Driver, T: Response> Ask<D> for Waiting<T> {
    type Answer = T;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<T, Error> {
        let mut pauses = Pauses::new(self.timeout, Instant::now());
        loop {
            if let Polled::Done(value) = self.polling.poll(exchanges).await? {
                return Ok(value);
            }
            exchanges.pause(pauses.next(Instant::now())?).await;
            exchanges.renew();
        }
    }
}

/// Asks for an operation to be cancelled.
#[derive(Debug)]
pub struct Cancelling(CancelRequest);

impl<D: Driver> Ask<D> for Cancelling {
    type Answer = CancellationResult;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<CancellationResult, Error> {
        Ok(exchanges.ask(self.0).await?.cancellation_result)
    }
}

/// When to ask for a result again: after pauses that double, until the time is over.
struct Pauses {
    until: Option<Instant>,
    timeout: Duration,
    next: Duration,
}

impl Pauses {
    fn new(timeout: Option<Duration>, now: Instant) -> Self {
        Self { until: after(now, timeout), timeout: timeout.unwrap_or_default(), next: FIRST }
    }

    /// How long to pause now.
    ///
    /// # Errors
    /// The time is over.
    fn next(&mut self, now: Instant) -> Result<Duration, Error> {
        let left = self.until.map(|until| until.saturating_duration_since(now));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Error::new(Phase::Result, ErrorKind::TimedOut { timeout: self.timeout }));
        }
        let pause = self.next;
        self.next = (pause * 2).min(LONGEST);
        Ok(left.map_or(pause, |left| left.min(pause)))
    }
}

/// The correlation value of an operation that is pending, if that is what the server said.
fn pending_value(error: &Error) -> Option<&[u8]> {
    let server = error.server()?;
    (server.result_status == ResultStatus::OperationPending)
        .then(|| server.asynchronous_correlation_value.as_deref().unwrap_or_default())
}

fn not_the_result() -> Error {
    Error::new(
        Phase::Decode,
        ErrorKind::Transport { reason: "the answer to Poll is the result of another operation".to_owned() },
    )
}

impl<D: Driver, T> fmt::Debug for Pending<D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value: String = self.correlation_value.iter().map(|byte| format!("{byte:02x}")).collect();
        f.debug_struct("Pending").field("correlation_value", &value).finish_non_exhaustive()
    }
}
