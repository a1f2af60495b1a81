//! The blocking client: typed calls and batches over TLS.

mod builder;
mod connection;
mod dialer;
mod negotiate;
mod secured;
mod timeouts;

use kmip_types::ProtocolVersion;
use kmip_types::operation::Request;
use kmip_types::ttlv::Deviation;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::observe::{Direction, Observer};
use crate::session::{Answer, Batch, Prepared, RequestOptions, Results, Session};
use connection::Connection;
use dialer::Dialer;

pub use builder::ClientBuilder;
pub use timeouts::Timeouts;

/// A connection to a KMIP server.
///
/// Calls are made one after the other. A failure in the middle of an exchange leaves the connection unusable,
/// as its answer may still come: see [`ClientBuilder::reconnect`].
///
/// ```no_run
/// use kmip_sdk::Client;
/// use kmip_sdk::types::attribute::{Attribute, Attributes};
/// use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
/// use kmip_sdk::types::operation::{ActivateRequest, CreateRequest};
///
/// let mut client = Client::builder()
///     .address("kmip.example.com")
///     .root_certificates_file("ca.pem")
///     .identity_files("client.pem", "client-key.pem")
///     .connect()?;
/// let attributes = Attributes::new()
///     .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
///     .with(Attribute::CryptographicLength(256));
/// let created = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes))?;
/// client.call(ActivateRequest::new(created.unique_identifier))?;
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
pub struct Client {
    dialer: Dialer,
    connection: Connection,
    session: Session,
    reconnect: bool,
    observer: Option<Observer>,
    deviations: Vec<Deviation>,
}

impl Client {
    /// A client to be configured.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    fn new(
        dialer: Dialer,
        connection: Connection,
        session: Session,
        reconnect: bool,
        observer: Option<Observer>,
    ) -> Self {
        Self { dialer, connection, session, reconnect, observer, deviations: Vec::new() }
    }

    /// The version of the protocol that requests are made in.
    pub fn version(&self) -> ProtocolVersion {
        self.session.version()
    }

    /// The version of TLS that the connection has.
    pub fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        self.connection.tls_version()
    }

    /// The session: the version, what requests say in their header, and how responses are read.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What requests say in their header, to be changed for those that follow.
    pub fn options_mut(&mut self) -> &mut RequestOptions {
        &mut self.session.options
    }

    /// Makes a request, and returns its result.
    ///
    /// # Errors
    /// The [phase](Error::phase) says how far it went: encoding, sending, receiving, decoding, or the
    /// [server's failure](Error::server). [`Error::is_outcome_unknown`] says whether the request may have
    /// taken effect, [`Error::is_retryable`] whether to send it again.
    pub fn call<R: Request>(&mut self, request: R) -> Result<R::Response, Error> {
        let (prepared, handle) = self.session.prepare_one(request)?;
        self.send_prepared(prepared)?.take(handle)
    }

    /// What in the last response that could be decoded was not as the standard has it, and was tolerated.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// An empty batch, to be filled with requests and [sent](Self::send).
    pub fn batch(&self) -> Batch {
        self.session.batch()
    }

    /// Sends the requests of a batch in one message, and returns their results. That one of them failed is
    /// known when its result is taken.
    ///
    /// # Errors
    /// As [`call`](Self::call), where the [server's failure](Error::server) is one of the whole message.
    pub fn send(&mut self, batch: Batch) -> Result<Results, Error> {
        let prepared = self.session.prepare(batch)?;
        self.send_prepared(prepared)
    }

    /// Sends a message in binary TTLV as it is, and returns the response in binary TTLV as it came.
    ///
    /// # Errors
    /// As [`call`](Self::call), of the phases of sending and receiving.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.exchange_bytes(request, false)
    }

    fn send_prepared(&mut self, prepared: Prepared) -> Result<Results, Error> {
        let span = tracing::debug_span!(
            "exchange",
            version = %self.session.version(),
            operations = ?prepared.operations(),
        );
        let _entered = span.enter();
        let response = self.exchange_bytes(prepared.bytes(), prepared.is_repeatable())?;
        let Answer { version, deviations, results } = prepared.answer(&response);
        if version.is_some() {
            self.deviations = deviations;
            if !self.deviations.is_empty() {
                tracing::debug!(deviations = self.deviations.len(), "tolerated");
            }
        }
        // An answer to something else: the next one may be too.
        if results.as_ref().is_err_and(|error| matches!(error.kind(), ErrorKind::Response(_))) {
            self.connection.poison();
        }
        results
    }

    fn exchange_bytes(&mut self, request: &[u8], repeatable: bool) -> Result<Zeroizing<Vec<u8>>, Error> {
        if self.reconnect && !self.connection.is_usable() {
            self.connection = self.dialer.dial()?;
        }
        self.observe(Direction::Request, request);
        let limit = self.session.limits().size;
        let mut response = self.connection.exchange(request, limit, repeatable);
        if let Err(error) = &response {
            // Found closed before anything of the request was sent.
            if self.reconnect && matches!(error.kind(), ErrorKind::Closed) && !error.is_outcome_unknown() {
                self.connection = self.dialer.dial()?;
                response = self.connection.exchange(request, limit, repeatable);
            }
        }
        match &response {
            Ok(response) => {
                tracing::debug!(sent = request.len(), received = response.len(), "answered");
                self.observe(Direction::Response, response);
            }
            Err(error) => tracing::debug!(sent = request.len(), %error, "not answered"),
        }
        response
    }

    fn observe(&self, direction: Direction, message: &[u8]) {
        if let Some(observer) = &self.observer {
            observer(direction, message);
        }
    }
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client")
            .field("session", &self.session)
            .field("tls_version", &self.tls_version())
            .field("is_usable", &self.connection.is_usable())
            .finish_non_exhaustive()
    }
}
