//! The client: typed calls and batches over connections that all its clones share.
//!
//! It is one client with two drivers: [`Blocking`], and that of `kmip_sdk::tokio`. What a call does next is decided in
//! `flow` and in the engine under it, which know neither sockets nor clocks; a driver only does it.

mod address;
mod any;
pub mod ask;
mod attest;
mod blocking;
mod builder;
mod call;
mod capabilities;
pub mod connect;
mod core;
mod flow;
pub mod layer;
#[cfg(feature = "metrics")]
mod metrics;
mod options;
mod pending;
mod serve;
mod status;
mod timeouts;
#[cfg(feature = "tokio")]
pub mod tokio;
pub mod verbs;

use std::sync::Arc;
use std::time::Duration;

use kmip_types::ProtocolVersion;
use kmip_types::message::Credential;
use kmip_types::operation::Request;
use zeroize::Zeroizing;

use crate::session::{Requests, Session};
use ask::{Bytes, Connect, Together};
use capabilities::AskCapabilities;
use core::{Carrier, Core, lock};
use flow::Flow;
use options::CallOptions;

pub(crate) use address::Address;
pub use ask::Detailed;
pub use attest::Attester;
pub use blocking::Blocking;
pub use builder::ClientBuilder;
pub use call::Call;
pub use capabilities::Capabilities;
pub use pending::{Pending, Polled, Started};
pub use status::{PoolStatus, ServerStatus};
pub use timeouts::Timeouts;
pub use verbs::{Encrypted, Pages};

/// How a client does what is to be done: [`Blocking`], or that of `kmip_sdk::tokio`.
#[allow(private_bounds, reason = "only this crate drives a client")]
pub trait Driver: Drive {}

/// What a driver is made of.
pub(crate) trait Drive: Sized + Send + Sync + 'static {
    /// What bytes are moved over.
    type Carrier: Carrier;

    /// Does what a flow says, until it is over.
    fn run(&self, flow: &mut Flow<Self::Carrier>) -> impl Future<Output = ()> + Send;

    /// Lets some time pass.
    fn pause(time: Duration) -> impl Future<Output = ()> + Send;

    /// Sees to it that somebody looks after the connections.
    fn look_after(&self, core: &Arc<Core<Self::Carrier>>);

    /// Takes note that the last client of this driver is gone.
    fn stop(&self) {}
}

/// A client of one KMIP server, or of several that stand for each other.
///
/// Clones share their connections: give each thread and each part of a program one. A call takes a connection for
/// itself, waits for one if all are in use, and makes one where there is none. What an earlier call did to its connection
/// does not matter to the next.
///
/// A request that changes something is sent at most once: if it cannot be known whether it took effect, the error
/// [says so](crate::Error::is_outcome_unknown). What changes nothing is sent again, as
/// [`RetryPolicy`](crate::RetryPolicy) says.
///
/// ```no_run
/// use kmip_sdk::Client;
/// use kmip_sdk::types::attribute::{Attribute, Attributes};
/// use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
/// use kmip_sdk::types::operation::{ActivateRequest, CreateRequest};
///
/// let client = Client::builder()
///     .address("kmip.example.com")
///     .root_certificates_file("ca.pem")
///     .identity_files("client.pem", "client-key.pem")
///     .connect()?;
/// let attributes = Attributes::new()
///     .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
///     .with(Attribute::CryptographicLength(256));
/// let created = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send()?;
/// client.call(ActivateRequest::new(created.unique_identifier)).send()?;
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub struct Client<D: Driver> {
    shared: Arc<Shared<D>>,
    /// What the calls of this client have, and not those of all that share its connections.
    defaults: Option<Arc<CallOptions>>,
}

/// What clones of a client share.
struct Shared<D: Driver> {
    core: Arc<Core<D::Carrier>>,
    driver: D,
}

impl<D: Driver> Client<D> {
    /// A request, to be sent for its result.
    ///
    /// # Errors
    /// Of the call: the [phase](crate::Error::phase) says how far it went: waiting, connecting, encoding, sending,
    /// receiving, decoding, or the [server's failure](crate::Error::server).
    /// [`is_outcome_unknown`](crate::Error::is_outcome_unknown) says whether the request may have taken effect,
    /// [`is_retryable`](crate::Error::is_retryable) whether to send it again.
    pub fn call<R: Request>(&self, request: R) -> Call<'_, D, R> {
        Call::new(self, request)
    }

    /// Several requests, to be sent in one message for their results: a tuple of them, requests of one type, or a
    /// [`Batch`](crate::Batch); see [`Requests`]. That one of them failed is known when its result is taken.
    ///
    /// # Errors
    /// Of the call: as of [`call`](Self::call), where the [server's failure](crate::Error::server) is one of the whole
    /// message.
    pub fn call_batch<Q: Requests>(&self, requests: Q) -> Call<'_, D, Together<Q>> {
        Call::new(self, Together::of(requests))
    }

    /// A message in binary TTLV, to be sent as it is for the response in binary TTLV as it comes. It is never sent
    /// again.
    ///
    /// # Errors
    /// Of the call: as of [`call`](Self::call), of the phases up to receiving.
    pub fn exchange(&self, request: &[u8]) -> Call<'_, D, Bytes> {
        Call::new(self, Bytes(Zeroizing::new(request.to_vec())))
    }

    /// To connect, and to agree on a version of the protocol, if that has not been done; it yields the version.
    ///
    /// # Errors
    /// Of the call: of the phases of waiting, connecting, TLS and negotiation.
    pub fn connect(&self) -> Call<'_, D, Connect> {
        Call::new(self, Connect(()))
    }

    /// What the server says of itself. It is asked once, by Query.
    ///
    /// # Errors
    /// Of the call: as of [`call`](Self::call).
    pub fn capabilities(&self) -> Call<'_, D, AskCapabilities> {
        Call::new(self, AskCapabilities(()))
    }

    /// A client over the same connections whose calls have these credentials in place of all others: those of a user, or the
    /// [`Ticket`](kmip_types::message::Ticket) that [`login`](Self::login) gave.
    ///
    /// ```
    /// use kmip_sdk::types::message::Credential;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let alice = client.with_credential(Credential::username_and_password("alice", "secret"));
    /// # let _ = alice;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn with_credential(&self, credential: impl Into<Credential>) -> Self {
        let mut options = self.defaults.as_deref().cloned().unwrap_or_default();
        options.set_only_credential(credential.into());
        Self { shared: Arc::clone(&self.shared), defaults: Some(Arc::new(options)) }
    }

    /// What a call has of its own before anything is said of it.
    fn defaults(&self) -> CallOptions {
        self.defaults.as_deref().cloned().unwrap_or_default()
    }

    /// The version of the protocol that was agreed on with the first server, once it is known.
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.shared.core.engine().version(0)
    }

    /// The version of TLS that the last connection has.
    pub fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        *lock(&self.shared.core.tls_version)
    }

    /// What requests have in common, and how responses are read, in whichever version.
    pub fn session(&self) -> &Session {
        &self.shared.core.session
    }

    /// How the connections are at the moment.
    pub fn status(&self) -> PoolStatus {
        self.shared.core.status()
    }

    fn of(core: Core<D::Carrier>, driver: D) -> Self {
        Self { shared: Arc::new(Shared { core: Arc::new(core), driver }), defaults: None }
    }
}

impl<D: Driver> Clone for Client<D> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), defaults: self.defaults.clone() }
    }
}

impl<D: Driver> Drop for Shared<D> {
    fn drop(&mut self) {
        self.driver.stop();
    }
}

impl<D: Driver> ::core::fmt::Debug for Client<D> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Client")
            .field("session", self.session())
            .field("status", &self.status())
            .field("tls_version", &self.tls_version())
            .finish_non_exhaustive()
    }
}
