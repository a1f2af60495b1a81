//! A call that is about to be made, with options of its own.

use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::message::{Credential, ResponseHeader};
use kmip_types::ttlv::{Deviation, Mode};

use super::flow::{Done, Work};
use super::options::CallOptions;
use super::{Client, Driver};
use crate::error::Error;
use crate::session::RequestOptions;

/// What takes from the results of a call what it yields.
type Take<T> = Box<dyn FnOnce(&mut Done) -> Result<T, Error> + Send>;

/// A call that is about to be made: of one request, of a batch, or of bytes. Nothing is sent before it is told to be.
///
/// With the blocking client it is sent by [`send`](Call::send), with that of `kmip_sdk::tokio` by `.await`.
///
/// ```no_run
/// # fn main() -> Result<(), kmip_sdk::Error> {
/// # let client = kmip_sdk::Client::builder().build()?;
/// use std::time::Duration;
/// use kmip_sdk::types::operation::GetRequest;
///
/// let got = client
///     .call(GetRequest::new("k-1"))
///     .timeout(Duration::from_secs(2))
///     .client_correlation_value("order 7")
///     .send()?;
/// # Ok(()) }
/// ```
#[must_use = "a call is made when it is sent"]
pub struct Call<'a, D: Driver, T> {
    pub(super) client: &'a Client<D>,
    pub(super) work: Work,
    pub(super) options: CallOptions,
    pub(super) take: Take<T>,
}

/// What a call yields, with what is known of its exchange.
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

impl<'a, D: Driver, T: 'static> Call<'a, D, T> {
    pub(super) fn new(
        client: &'a Client<D>,
        work: Work,
        take: impl FnOnce(&mut Done) -> Result<T, Error> + Send + 'static,
    ) -> Self {
        Self { client, work, options: CallOptions::default(), take: Box::new(take) }
    }

    /// Sets how long the call may take, waiting and retries included; for ever, if that is `None`.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.timeout = Some(timeout.into());
        self
    }

    /// Makes the call in this version of the protocol, whatever was agreed on with the server.
    pub fn version(mut self, version: ProtocolVersion) -> Self {
        self.options.version = Some(version);
        self
    }

    /// Sets what the request says in its header, instead of what all requests of the client say.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options.set_request(options);
        self
    }

    /// Sets the Client Correlation Value, a text for the server's log by which the call can be found there. Since KMIP
    /// 1.4.
    pub fn client_correlation_value(mut self, value: impl Into<String>) -> Self {
        self.options.set_client_correlation_value(value.into());
        self
    }

    /// Adds a credential to those of the call, which take the place of the client's.
    pub fn credential(mut self, credential: Credential) -> Self {
        self.options.set_credential(credential);
        self
    }

    /// Sets the Maximum Response Size, in bytes, that the server is to keep to.
    pub fn maximum_response_size(mut self, bytes: i32) -> Self {
        self.options.set_maximum_response_size(bytes);
        self
    }

    /// Makes every deviation of the response from the standard an error.
    pub fn strict(mut self) -> Self {
        self.options.set_mode(Mode::Strict);
        self
    }

    /// The call, which is to yield what becomes of its result here.
    pub(super) fn map<U: 'static>(
        self,
        map: impl FnOnce(Result<T, Error>) -> Result<U, Error> + Send + 'static,
    ) -> Call<'a, D, U> {
        let take = self.take;
        let take = Box::new(move |done: &mut Done| map(take(done)));
        Call { client: self.client, work: self.work, options: self.options, take }
    }

    /// The call, which is to yield what is known of its exchange too.
    pub fn detailed(self) -> Call<'a, D, Detailed<T>> {
        let take = self.take;
        let detailed = move |done: &mut Done| {
            let value = take(done)?;
            let results = done.results.as_ref();
            let header = results.map(|results| results.header().clone());
            let deviations = results.map(|results| results.deviations().to_vec()).unwrap_or_default();
            Ok(Detailed { value, version: done.version, header, deviations })
        };
        Call { client: self.client, work: self.work, options: self.options, take: Box::new(detailed) }
    }
}

/// What a call yields, of what was done.
pub(super) fn yielded<T>(take: Take<T>, done: Result<Done, Error>) -> Result<T, Error> {
    let mut done = done?;
    take(&mut done).map_err(|error| match &done.results {
        Some(results) => error.with_deviations(results.deviations().to_vec()),
        None => error,
    })
}

impl<D: Driver, T> core::fmt::Debug for Call<'_, D, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Call").field("options", &self.options).finish_non_exhaustive()
    }
}
