//! The configuration of a client.

mod tls;

use std::sync::Arc;
use std::time::Duration;

use kmip_types::ttlv::Mode;
use kmip_types::{Limits, ProtocolVersion};

use super::dialer::{Addresses, Dialer};
use super::{Client, Timeouts};
use crate::error::Error;
use crate::observe::{Direction, Observer};
use crate::service::Service;
use crate::session::{RequestOptions, Session};
use crate::tls::{TlsConfigs, TlsOptions};

/// What a [`Client`] is to be: where its server is, what each trusts the other by, and how long it waits.
///
/// ```no_run
/// use kmip_sdk::Client;
/// let client = Client::builder()
///     .address("kmip.example.com:5696")
///     .root_certificates_file("ca.pem")
///     .identity_files("client.pem", "client-key.pem")
///     .connect()?;
/// println!("KMIP {}", client.version());
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    addresses: Vec<String>,
    server_name: Option<String>,
    tls: TlsOptions,
    timeouts: Timeouts,
    versions: Vec<ProtocolVersion>,
    pinned: Option<ProtocolVersion>,
    options: RequestOptions,
    mode: Mode,
    limits: Limits,
    reconnect: bool,
    observer: Option<Observer>,
    service: Option<Arc<dyn Service>>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            addresses: Vec::new(),
            server_name: None,
            tls: TlsOptions::default(),
            timeouts: Timeouts::default(),
            versions: ProtocolVersion::ALL.iter().rev().copied().collect(),
            pinned: None,
            options: RequestOptions::default(),
            mode: Mode::Lenient,
            limits: Limits::default(),
            reconnect: false,
            observer: None,
            service: None,
        }
    }

    /// Takes a service in the same process for the server: no address is connected to, and what is said of TLS and of
    /// timeouts does not count.
    pub fn service(mut self, service: impl Service + 'static) -> Self {
        self.service = Some(Arc::new(service));
        self
    }

    /// Adds an address: `HOST` or `HOST:PORT`, where the host is a name or an IP address (one of IPv6 in
    /// brackets), and the port is 5696 if it is left out. Of several, the first that connects is taken.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.addresses.push(address.into());
        self
    }

    /// Sets the name that the server's certificate must be for: the host of the address, if it is not said.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Sets all timeouts.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets [`Timeouts::connect`].
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeouts.connect = timeout.into();
        self
    }

    /// Sets [`Timeouts::read`].
    pub fn read_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeouts.read = timeout.into();
        self
    }

    /// Sets [`Timeouts::write`].
    pub fn write_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeouts.write = timeout.into();
        self
    }

    /// Sets [`Timeouts::overall`].
    pub fn overall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeouts.overall = timeout.into();
        self
    }

    /// Sets the versions of the protocol to agree on one of, best first: all of the standard's, newest first,
    /// if it is not said.
    pub fn versions(mut self, versions: impl IntoIterator<Item = ProtocolVersion>) -> Self {
        self.versions = versions.into_iter().collect();
        self
    }

    /// Sets the version of the protocol, without asking the server.
    pub fn version(mut self, version: ProtocolVersion) -> Self {
        self.pinned = Some(version);
        self
    }

    /// Sets what every request says in its header.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    /// Makes every deviation of a response from the standard an error. Otherwise what can be is tolerated.
    pub fn strict(mut self) -> Self {
        self.mode = Mode::Strict;
        self
    }

    /// Sets the bounds on messages. [`Limits::size`] is checked before a response is received.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Says whether a request is to go over a new connection, if the one before cannot be used any more
    /// because an earlier call failed or the server closed it. The failed call itself is not made again. If
    /// it is not said, the client stays unusable: [`ErrorKind::Poisoned`](crate::ErrorKind::Poisoned).
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// Sets what is to see each message, in binary TTLV, just before it is sent and just after it was
    /// received, those that find out the version included.
    ///
    /// **The messages carry secrets**: keys, passwords, plaintext. This is for development and tests.
    pub fn observer(mut self, observer: impl Fn(Direction, &[u8]) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Connects, completes the TLS handshake, and agrees with the server on a version of the protocol.
    ///
    /// # Errors
    /// - [`Phase::Configure`](crate::Phase::Configure): no address, or nothing to trust the server by; or
    ///   something that is not what it should be.
    /// - [`Phase::Connect`](crate::Phase::Connect), [`Phase::Tls`](crate::Phase::Tls): of several addresses,
    ///   the failure of the last.
    /// - [`Phase::Negotiate`](crate::Phase::Negotiate): the server has none of the versions, or does not
    ///   answer.
    pub fn connect(self) -> Result<Client, Error> {
        let dialer = match self.service {
            Some(service) => Dialer::Within(service),
            None => Dialer::Secured(Addresses::new(
                &self.addresses,
                self.server_name.as_deref(),
                TlsConfigs::new(self.tls),
                self.timeouts.usable(),
            )?),
        };
        let session = |version| {
            Session::new(version)
                .with_options(self.options.clone())
                .with_mode(self.mode)
                .with_limits(self.limits)
        };
        match self.pinned {
            Some(version) => {
                let connection = dialer.dial()?;
                Ok(Client::new(dialer, connection, session(version), self.reconnect, self.observer))
            }
            None => {
                let observer = self.observer.as_ref();
                let (connection, version) =
                    super::negotiate::negotiate(&dialer, &self.versions, &session, observer)?;
                Ok(Client::new(dialer, connection, session(version), self.reconnect, self.observer))
            }
        }
    }
}

impl core::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("addresses", &self.addresses)
            .field("server_name", &self.server_name)
            .field("timeouts", &self.timeouts)
            .field("versions", &self.versions)
            .field("pinned", &self.pinned)
            .finish_non_exhaustive()
    }
}
