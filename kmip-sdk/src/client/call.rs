//! A call that is about to be made, with options of its own.

use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::message::Credential;
use kmip_types::operation::Request;
use kmip_types::ttlv::Mode;

use super::ask::{Ask, Exchanges, InDetail};
use super::options::CallOptions;
use super::{Client, Driver};
use crate::error::Error;
use crate::session::RequestOptions;

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
pub struct Call<'a, D: Driver, A> {
    pub(super) client: &'a Client<D>,
    pub(super) ask: A,
    pub(super) options: CallOptions,
    /// Why the call cannot be made, if it was given something that cannot be.
    pub(super) fault: Option<Error>,
}

impl<'a, D: Driver, A> Call<'a, D, A> {
    pub(crate) fn new(client: &'a Client<D>, ask: A) -> Self {
        Self { client, ask, options: client.defaults(), fault: None }
    }

    /// The call for what can be asked for; if it cannot, the call fails when it is sent.
    pub(super) fn trying(mut self, ask: impl FnOnce(&mut A) -> Result<(), Error>) -> Self {
        if let Err(error) = ask(&mut self.ask) {
            self.fault.get_or_insert(error);
        }
        self
    }

    /// The call for what is made of what this one asks for.
    pub(crate) fn asking<B>(self, ask: impl FnOnce(A) -> B) -> Call<'a, D, B> {
        Call { client: self.client, ask: ask(self.ask), options: self.options, fault: self.fault }
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

    /// Adds a credential to those of the call, which take the place of the client's: a user's name and password, a one-time
    /// password, a ticket, and so on.
    pub fn credential(mut self, credential: impl Into<Credential>) -> Self {
        self.options.set_credential(credential.into());
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

    /// The call, which is to yield what is known of its exchange too.
    pub fn detailed(self) -> Call<'a, D, InDetail<A>> {
        self.asking(InDetail)
    }
}

impl<'a, D: Driver, R: Request> Call<'a, D, R> {
    /// The request, for a batch or a test. What the call has of its own beside it is left behind.
    pub fn into_request(self) -> R {
        self.ask
    }
}

impl<D: Driver, A: Ask<D>> Call<'_, D, A> {
    /// Makes the call, as its driver does.
    pub(super) async fn perform(self) -> Result<A::Answer, Error> {
        if let Some(error) = self.fault {
            return Err(error);
        }
        self.ask.perform(&mut Exchanges::new(self.client, self.options)).await
    }
}

impl<D: Driver, A> core::fmt::Debug for Call<'_, D, A> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Call").field("options", &self.options).finish_non_exhaustive()
    }
}
