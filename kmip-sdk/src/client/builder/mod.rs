//! The configuration of a client.

mod tls;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[cfg(feature = "https")]
use kmip_types::TextCodec;
use kmip_types::enumerations::AttestationType;
use kmip_types::message::{Authentication, Credential};
use kmip_types::ttlv::Mode;
use kmip_types::{Limits, ProtocolVersion};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;

use super::attest::Attester;
use super::core::{Core, Servers, Target};
use super::layer::Layer;
use super::{Address, Driver, Timeouts};
use crate::engine::{Engine, PoolOptions, RetryPolicy, Selection, Settings};
use crate::error::{ConfigurationError, Error};
#[cfg(feature = "https")]
use crate::http::Encoding;
#[cfg(feature = "https")]
use crate::link::{Form, Http};
use crate::observe::{Direction, Observer};
use crate::service::Service;
use crate::session::{RequestOptions, Session};
use crate::tls::{TlsConfigs, TlsOptions};

/// How the path ends at which bodies hold one operation without the message around it.
#[cfg(all(feature = "https", feature = "json"))]
const BARE: &str = "/kmip/2_1";

/// What a [`Client`](super::Client) is to be: where its server is, what each trusts the other by, and how long it waits.
///
/// ```no_run
/// use kmip_sdk::Client;
/// let client = Client::builder()
///     .address("kmip.example.com:5696")
///     .root_certificates_file("ca.pem")
///     .identity_files("client.pem", "client-key.pem")
///     .connect()?;
/// println!("KMIP {}", client.connect().send()?);
/// # Ok::<(), kmip_sdk::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder<D: Driver> {
    pub(super) driver: D,
    /// Whether TLS is spoken over the streams.
    pub(super) tls_within: bool,
    addresses: Vec<String>,
    server_name: Option<String>,
    tls: TlsOptions,
    timeouts: Timeouts,
    versions: Vec<ProtocolVersion>,
    pinned: Option<ProtocolVersion>,
    options: RequestOptions,
    mode: Mode,
    limits: Limits,
    unique_batch_item_ids: bool,
    pool: PoolOptions,
    retries: RetryPolicy,
    selection: Selection,
    observer: Option<Observer>,
    layers: Vec<Arc<dyn Layer>>,
    attester: Option<Arc<dyn Attester>>,
    service: Option<Arc<dyn Service>>,
    #[cfg(feature = "https")]
    encoding: Encoding,
    #[cfg(feature = "https")]
    text_codec: Option<TextCodec>,
}

impl<D: Driver + Default> ClientBuilder<D> {
    pub(super) fn new() -> Self {
        Self {
            driver: D::default(),
            tls_within: true,
            addresses: Vec::new(),
            server_name: None,
            tls: TlsOptions::default(),
            timeouts: Timeouts::default(),
            versions: ProtocolVersion::ALL.iter().rev().copied().collect(),
            pinned: None,
            options: RequestOptions::default(),
            mode: Mode::Lenient,
            limits: Limits::default(),
            unique_batch_item_ids: true,
            pool: PoolOptions::default(),
            retries: RetryPolicy::default(),
            selection: Selection::default(),
            observer: None,
            layers: Vec::new(),
            attester: None,
            service: None,
            #[cfg(feature = "https")]
            encoding: Encoding::default(),
            #[cfg(feature = "https")]
            text_codec: None,
        }
    }
}

impl<D: Driver> ClientBuilder<D> {
    /// Takes a service in the same process for the server: no address is connected to, and what is said of TLS and of
    /// timeouts does not count.
    pub fn service(mut self, service: impl Service + 'static) -> Self {
        self.service = Some(Arc::new(service));
        self
    }

    /// Adds the address of a server: `HOST`, `HOST:PORT`, `kmip://HOST:PORT`, or `https://HOST:PORT/PATH` for KMIP's
    /// HTTPS profile, where the host is a name or an IP address (one of IPv6 in brackets). The port is 5696 if it is left
    /// out, that of HTTPS 9998, and the path is `/kmip`.
    ///
    /// Several addresses are servers that stand for each other: see [`selection`](Self::selection).
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.addresses.push(address.into());
        self
    }

    /// Sets how messages are written in the bodies of HTTPS. If it is not said: in binary TTLV.
    ///
    /// At an address whose path ends in `/kmip/2_1` bodies are always the JSON of one operation of KMIP 2.1 without the
    /// message around it, as some servers take it: there are no batches, and no credentials beside the certificate.
    #[cfg(feature = "https")]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets what JSON and XML are written and read by: with names of a vendor's tags, or as a server's variant wants it. If it
    /// is not said, the standard's names are written, and read [leniently](kmip_types::text::TextMode::Lenient) unless the
    /// client is [`strict`](Self::strict).
    #[cfg(feature = "https")]
    pub fn text_codec(mut self, codec: TextCodec) -> Self {
        self.text_codec = Some(codec);
        self
    }

    /// Sets which of several servers is taken: if it is not said, the first that can be reached.
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Sets how many connections there are to a server, and how long each is kept.
    pub fn pool(mut self, pool: PoolOptions) -> Self {
        self.pool = pool;
        self
    }

    /// Sets [`PoolOptions::maximum`].
    pub fn maximum_connections(mut self, connections: usize) -> Self {
        self.pool.maximum = connections;
        self
    }

    /// Sets when a request is made again.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.retries = policy;
        self
    }

    /// Adds what stands around each call.
    pub fn layer(mut self, layer: impl Layer + 'static) -> Self {
        self.layers.push(Arc::new(layer));
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

    /// Sets [`Timeouts::tls`].
    pub fn tls_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeouts.tls = timeout.into();
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

    /// Adds a credential to those that every request has: a user's name and password, a one-time password, a device, a
    /// ticket. A call may have [others](crate::Call::credential).
    ///
    /// ```no_run
    /// use kmip_sdk::Client;
    /// use kmip_sdk::types::message::Credential;
    ///
    /// let client = Client::builder()
    ///     .address("kmip.example.com")
    ///     .root_certificates_file("ca.pem")
    ///     .credential(Credential::username_and_password("alice", "secret"))
    ///     .connect()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    pub fn credential(mut self, credential: impl Into<Credential>) -> Self {
        let authentication =
            self.options.authentication.get_or_insert_with(|| Authentication { credential: Vec::new() });
        authentication.credential.push(credential.into());
        self
    }

    /// Says that the client can make attestations of these kinds, and how: where a server wants one first, the request is
    /// made once more with it. Since KMIP 1.2.
    pub fn attester(
        mut self,
        kinds: impl IntoIterator<Item = AttestationType>,
        attester: impl Attester,
    ) -> Self {
        self.options.attestation_capable_indicator = Some(true);
        self.options.attestation_type = kinds.into_iter().collect();
        self.attester = Some(Arc::new(attester));
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

    /// Says whether each batch item carries a Unique Batch Item ID, by which an answer to another request is found out.
    /// They do, if it is not said.
    pub fn unique_batch_item_ids(mut self, carried: bool) -> Self {
        self.unique_batch_item_ids = carried;
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

    /// What all calls of the client share, and its driver.
    pub(super) fn into_core(self) -> Result<(Core<D::Carrier>, D), Error> {
        let servers = match &self.service {
            Some(service) => Servers::Within(Arc::clone(service)),
            None => self.remote().map_err(Error::configuration)?,
        };
        if self.versions.is_empty() && self.pinned.is_none() {
            return Err(Error::configuration(ConfigurationError::NoVersion));
        }
        let settings = Settings {
            servers: match &servers {
                Servers::Remote { targets, .. } => targets.len(),
                Servers::Within(_) => 1,
            },
            selection: self.selection,
            pool: self.pool,
            retries: self.retries,
            version: self.pinned,
            seed: seed(),
        };
        let newest =
            self.pinned.or_else(|| self.versions.first().copied()).unwrap_or(ProtocolVersion::NEWEST);
        let core = Core {
            engine: Mutex::new(Engine::new(settings)),
            servers,
            session: Session::new(newest)
                .with_options(self.options)
                .with_mode(self.mode)
                .with_limits(self.limits)
                .with_unique_batch_item_ids(self.unique_batch_item_ids),
            versions: self.versions,
            timeouts: self.timeouts,
            observer: self.observer,
            layers: self.layers,
            attester: self.attester,
            tls_version: Mutex::default(),
            capabilities: Mutex::default(),
            next_connection: AtomicU64::new(1),
        };
        Ok((core, self.driver))
    }

    /// The servers behind the addresses.
    /// The address that is tried first, with the name that the certificate there must be for.
    pub(crate) fn first_server(&self) -> Result<(Address, ServerName<'static>), ConfigurationError> {
        let target = self.target(self.addresses.first().ok_or(ConfigurationError::NoAddress)?)?;
        Ok((target.address, target.server_name))
    }

    /// The configuration of TLS, from what the files hold now.
    pub(crate) fn tls_config_now(&self) -> Result<Arc<ClientConfig>, ConfigurationError> {
        self.tls.client_config()
    }

    /// How long connecting and the handshake may take.
    pub(crate) fn patience(&self) -> (Option<Duration>, Option<Duration>) {
        (self.timeouts.connect, self.timeouts.tls)
    }

    fn remote(&self) -> Result<Servers, ConfigurationError> {
        let targets: Vec<_> =
            self.addresses.iter().map(|text| self.target(text).map(Arc::new)).collect::<Result<_, _>>()?;
        if targets.is_empty() {
            return Err(ConfigurationError::NoAddress);
        }
        let tls = self.tls_within.then(|| TlsConfigs::new(self.tls.clone())).transpose()?;
        Ok(Servers::Remote { targets, tls })
    }

    fn target(&self, text: &str) -> Result<Target, ConfigurationError> {
        let address = Address::new(text)?;
        let server_name = address.server_name(self.server_name.as_deref())?;
        #[cfg(feature = "https")]
        let http = address.path().map(|path| {
            let form = match path {
                #[cfg(feature = "json")]
                path if path.ends_with(BARE) => Form::Bare,
                _ => Form::Message(self.encoding),
            };
            let codec = self.text_codec.clone().unwrap_or_else(|| texts(self.mode));
            Arc::new(Http::new(&address.to_string(), path, form, codec))
        });
        #[cfg(not(feature = "https"))]
        if address.path().is_some() {
            return Err(ConfigurationError::NoHttps { address: text.to_owned() });
        }
        Ok(Target {
            address,
            server_name,
            #[cfg(feature = "https")]
            http,
        })
    }
}

/// What texts are written and read by, if nothing is said of it.
#[cfg(all(feature = "https", any(feature = "json", feature = "xml")))]
fn texts(mode: Mode) -> TextCodec {
    match mode {
        Mode::Strict => TextCodec::new(),
        _ => TextCodec::new().mode(kmip_types::text::TextMode::Lenient),
    }
}

/// Without texts, there is nothing to be said of them.
#[cfg(all(feature = "https", not(any(feature = "json", feature = "xml"))))]
fn texts(_: Mode) -> TextCodec {
    TextCodec::new()
}

/// Where the jitter of pauses starts from: two clients that fail at the same time do not come again at the same time.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0)
}

impl<D: Driver> core::fmt::Debug for ClientBuilder<D> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("addresses", &self.addresses)
            .field("server_name", &self.server_name)
            .field("timeouts", &self.timeouts)
            .field("versions", &self.versions)
            .field("pinned", &self.pinned)
            .field("pool", &self.pool)
            .field("retries", &self.retries)
            .field("selection", &self.selection)
            .finish_non_exhaustive()
    }
}
