//! What a server is made with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kmip_types::enumerations::{AttestationType, Operation};
use kmip_types::message::{AttestationCredential, DeviceCredential};
use kmip_types::operation::Request;
use kmip_types::{DateTime, Interval, Limits, ProtocolVersion};

use super::attestation::Attestation;
use super::handlers::{Handlers, OperationContext};
use super::identities::{CertificateIdentity, Identify};
use super::later::Later;
use super::layer::Layer;
use super::leniency::Leniency;
use super::operation::SUPPORTED;
use super::policy::{Access, Policy, Verdict};
use super::store::{MasterKeys, Store, StoreError};
use super::test_clock::TestClock;
use super::users::{Known, OneTimePasswords};
use super::vendor_rules::VendorAttributeRules;
use crate::answer::{self, Failure};
use crate::observe::{Direction, Observer};

/// Where the server has the time from.
pub(crate) type Clock = Arc<dyn Fn() -> DateTime + Send + Sync>;

/// Where the server has Unique Identifiers from.
pub(crate) type Identifiers = Arc<dyn Fn() -> String + Send + Sync>;

/// What the server does with what clients seed its random number generator with (RNG Seed).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedUse {
    /// All of it counts.
    #[default]
    Whole,
    /// So many bytes of it count, the first ones.
    AtMost(usize),
    /// None of it counts, and the client is told so.
    Ignored,
    /// It is refused: Permission Denied.
    Denied,
}

/// Which objects of a group are its default (Locate with the Object Group Member Default), which the standard leaves to the
/// server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupDefault {
    /// All of them.
    #[default]
    All,
    /// One, by turns: after the one that Get gave last it is the next newer one's turn, and after the newest the oldest
    /// one's.
    ByTurns,
}

/// What a [`Server`](super::Server) and an [`EmbeddedServer`](super::EmbeddedServer) are made with.
///
/// ```
/// use kmip_sdk::server::ServerOptions;
/// use kmip_sdk::types::{DateTime, ProtocolVersion};
///
/// let options = ServerOptions::default()
///     .versions([ProtocolVersion::V1_4, ProtocolVersion::V2_1])
///     .clock(|| DateTime::from_seconds(1_700_000_000));
/// # let _ = options;
/// ```
#[derive(Clone)]
pub struct ServerOptions {
    pub(crate) versions: Vec<ProtocolVersion>,
    pub(crate) clock: Clock,
    /// Whether the time is another than the system's.
    pub(crate) has_own_clock: bool,
    pub(crate) identifiers: Identifiers,
    pub(crate) limits: Limits,
    pub(crate) store: Option<Store>,
    pub(crate) maximum_objects: Option<usize>,
    pub(crate) maximum_bytes: Option<u64>,
    pub(crate) maximum_attributes: usize,
    pub(crate) maximum_streams: usize,
    pub(crate) stream_idle: Interval,
    pub(crate) lease_time: Interval,
    pub(crate) leniency: Leniency,
    pub(crate) policy: Option<Policy>,
    pub(crate) seed_use: SeedUse,
    pub(crate) group_default: GroupDefault,
    pub(crate) denials_told: bool,
    pub(crate) vendor_attributes: Vec<VendorAttributeRules>,
    pub(crate) users: Known,
    pub(crate) ticket_time: Interval,
    pub(crate) attestation: Option<Attestation>,
    pub(crate) attested_operations: Option<Vec<Operation>>,
    pub(crate) nonce_time: Interval,
    pub(crate) later: Vec<(Operation, Later)>,
    pub(crate) maximum_later: usize,
    pub(crate) later_bytes: (usize, u64),
    pub(crate) keep_results: Interval,
    pub(crate) maximum_response: usize,
    pub(crate) request_time: Duration,
    pub(crate) failed_credentials: (u32, Interval),
    pub(crate) maximum_connections: usize,
    pub(crate) maximum_handshakes: usize,
    pub(crate) handshake_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) message_timeout: Duration,
    pub(crate) handlers: Handlers,
    pub(crate) identify: Identify,
    pub(crate) layers: Vec<Arc<dyn Layer>>,
    pub(crate) seed: Option<u64>,
    pub(crate) operations: Option<Vec<Operation>>,
    pub(crate) observer: Option<Observer>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            versions: ProtocolVersion::ALL.to_vec(),
            clock: Arc::new(DateTime::now),
            has_own_clock: false,
            identifiers: Arc::new(random_identifier),
            limits: Limits::default(),
            store: None,
            maximum_objects: None,
            maximum_bytes: None,
            maximum_attributes: 1_000,
            maximum_streams: 32,
            stream_idle: Interval::from_seconds(600),
            lease_time: Interval::from_seconds(3600),
            leniency: Leniency::default(),
            policy: None,
            seed_use: SeedUse::default(),
            group_default: GroupDefault::default(),
            denials_told: false,
            vendor_attributes: Vec::new(),
            users: Known::default(),
            ticket_time: Interval::from_seconds(3600),
            attestation: None,
            attested_operations: None,
            nonce_time: Interval::from_seconds(300),
            later: Vec::new(),
            maximum_later: 32,
            later_bytes: (32 << 20, 256 << 20),
            keep_results: Interval::from_seconds(600),
            maximum_response: Limits::DEFAULT.size,
            request_time: Duration::from_secs(60),
            failed_credentials: (10, Interval::from_seconds(10)),
            maximum_connections: 64,
            maximum_handshakes: 64,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(300),
            message_timeout: Duration::from_secs(30),
            handlers: Handlers::default(),
            identify: Identify::default(),
            layers: Vec::new(),
            seed: None,
            operations: None,
            observer: None,
        }
    }
}

impl ServerOptions {
    /// The versions that the server answers. Default: every version of the standard.
    #[must_use]
    pub fn versions(mut self, versions: impl IntoIterator<Item = ProtocolVersion>) -> Self {
        self.versions = answer::in_order(versions);
        self
    }

    /// Where the time comes from. Default: the system.
    ///
    /// By another clock, what is due, such as a rotation, is done before the next request is answered, so that a test sees it; by
    /// the system's, an [`EmbeddedServer`](super::EmbeddedServer) does it within a second, and no request waits for it.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> DateTime + Send + Sync + 'static) -> Self {
        (self.clock, self.has_own_clock) = (Arc::new(clock), true);
        self
    }

    /// The clock that a test moves, in place of the system's.
    #[must_use]
    pub fn test_clock(self, clock: &TestClock) -> Self {
        let clock = clock.clone();
        self.clock(move || clock.now())
    }

    /// Answers the same to the same requests on every run: keys, vectors, identifiers and all else that is random come from
    /// this seed, and the time stands still at [`TestClock::default`].
    ///
    /// **Every key is known to whoever knows the seed.** This is for tests, and nothing that is to stay secret may reach such a
    /// server. RSA keys are found by another library than otherwise, and take longer.
    ///
    /// What clients say of the time is theirs: where a client's `activated` says the real time, a key is active at once only by
    /// its `activate`, and only so is the exchange the same.
    ///
    /// A clock, or identifiers, that are set after it are taken instead. What a request gets depends on the seed and on how
    /// many came before it, so requests of several threads are the same only in the same order.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::server::{Server, ServerOptions};
    ///
    /// let made = || {
    ///     let server = Server::new(ServerOptions::default().deterministic(7));
    ///     let client = Client::builder().service(server).connect()?;
    ///     client.create_aes(256).name("app").send()
    /// };
    /// assert_eq!(made()?.unique_identifier, made()?.unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn deterministic(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self.identifiers = Arc::new(random_identifier);
        self.test_clock(&TestClock::default())
    }

    /// Puts something in front of the server, behind what was put there before: it sees each request and may answer itself,
    /// late, wrongly or not at all. Default: nothing.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer + 'static) -> Self {
        self.layers.push(Arc::new(layer));
        self
    }

    /// The operations that the server has of its own; others are refused as unsupported, whatever their payload, and Query does
    /// not list them. Those that are added ([`ServerOptions::operation`]) come on top. Default: all that it can.
    ///
    /// ```
    /// use kmip_sdk::server::ServerOptions;
    /// use kmip_sdk::types::enumerations::Operation;
    ///
    /// let options = ServerOptions::default().operations([Operation::Query, Operation::Locate, Operation::Get]);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn operations(mut self, operations: impl IntoIterator<Item = Operation>) -> Self {
        self.operations = Some(operations.into_iter().collect());
        self
    }

    /// Takes an operation of its own from the server, as by [`ServerOptions::operations`].
    #[must_use]
    pub fn without_operation(mut self, operation: Operation) -> Self {
        let had = self.operations.get_or_insert_with(|| SUPPORTED.to_vec());
        had.retain(|other| *other != operation);
        self
    }

    /// Where Unique Identifiers come from; each must be new, and one that can be guessed lets clients
    /// try whether there is such an object. Default: random UUIDs (version 4).
    #[must_use]
    pub fn identifiers(mut self, identifiers: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.identifiers = Arc::new(identifiers);
        self
    }

    /// What is to see each request, in binary TTLV, just before it is done, and each response just after. Default: nothing.
    ///
    /// **The messages carry secrets**: keys, passwords, plaintext. This is for development and tests.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(Direction, &[u8]) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The bounds on a request. Default: [`Limits::default`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Answers an operation: a vendor's, or one that the server lacks; one that it has is replaced.
    ///
    /// ```
    /// use kmip_sdk::server::{Failure, ServerOptions};
    /// use kmip_sdk::types::Ttlv;
    /// use kmip_sdk::types::enumerations::{Operation, ResultReason};
    /// use kmip_sdk::types::operation::{Request, Response};
    ///
    /// #[derive(Ttlv)]
    /// struct HalveRequest {
    ///     #[ttlv(tag = 0x540001)]
    ///     number: i32,
    /// }
    ///
    /// #[derive(Ttlv)]
    /// struct HalveResponse {
    ///     #[ttlv(tag = 0x540001)]
    ///     number: i32,
    /// }
    ///
    /// impl Request for HalveRequest {
    ///     const OPERATION: Operation = Operation::Other(0x8000_0001);
    ///     type Response = HalveResponse;
    /// }
    ///
    /// impl Response for HalveResponse {}
    ///
    /// let options = ServerOptions::default().operation(|request: HalveRequest| match request.number % 2 {
    ///     0 => Ok(HalveResponse::new(request.number / 2)),
    ///     _ => Err(Failure::new(ResultReason::InvalidField, "the number is odd")),
    /// });
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn operation<R: Request>(
        self,
        answer: impl Fn(R) -> Result<R::Response, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.operation_with(move |request, _| answer(request))
    }

    /// As [`operation`](Self::operation), with what the operation works with: who asks, the version, the time, and the
    /// server's own operations, by which objects are reached and a built-in operation is wrapped.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::server::{Failure, OperationContext, Server, ServerOptions};
    /// use kmip_sdk::types::enumerations::ResultReason;
    /// use kmip_sdk::types::operation::{DestroyRequest, GetAttributesRequest};
    ///
    /// // Nothing that has a name is destroyed.
    /// let destroy = |request: DestroyRequest, context: &mut OperationContext<'_, '_>| {
    ///     let identifier = request.unique_identifier.clone();
    ///     let found = context.run(GetAttributesRequest { unique_identifier: identifier, ..Default::default() })?;
    ///     if found.attributes.names().next().is_some() {
    ///         return Err(Failure::new(ResultReason::PermissionDenied, "it has a name"));
    ///     }
    ///     context.run(request)
    /// };
    /// let server = Server::new(ServerOptions::default().operation_with(destroy));
    /// let client = Client::builder().service(server).connect()?;
    /// let (named, other) = (client.create_aes(256).name("app").send()?, client.create_aes(256).send()?);
    /// assert!(client.destroy(&named).send().is_err());
    /// client.destroy(&other).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn operation_with<R: Request>(
        mut self,
        answer: impl Fn(R, &mut OperationContext<'_, '_>) -> Result<R::Response, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.handlers.add(answer);
        self
    }

    /// How many objects the server keeps, destroyed ones included. Default 100,000 in memory, so that clients do not take all of
    /// it; in a store that is kept elsewhere, as many as the disk or the database has room for.
    #[must_use]
    pub fn maximum_objects(mut self, objects: usize) -> Self {
        self.maximum_objects = Some(objects);
        self
    }

    /// How many bytes the objects may have together, in the form in which the store keeps them, with their attributes. Default
    /// 1 GiB in memory; in a store that is kept elsewhere, as many as the disk or the database has room for.
    #[must_use]
    pub fn maximum_bytes(mut self, bytes: u64) -> Self {
        self.maximum_bytes = Some(bytes);
        self
    }

    /// Where the server keeps what it is given. Default: in memory, each server by itself. A server that is made with a
    /// clone of these options then has the same store.
    ///
    /// ```
    /// use kmip_sdk::server::ServerOptions;
    /// use kmip_sdk::server::store::Store;
    ///
    /// let options = ServerOptions::default().store(Store::memory());
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.store = Some(store);
        self
    }

    /// Where the server keeps what it is given, as a URL, and the master key that it is sealed with: see
    /// [`Store::open_sealed`].
    ///
    /// # Errors
    /// [`StoreError`], if the store does not open: so before anything is served.
    pub fn store_url(self, url: &str, keys: impl Into<MasterKeys>) -> Result<Self, StoreError> {
        Ok(self.store(Store::open_sealed(url, keys)?))
    }

    /// How many attributes an object may have, those that the server sets and every one of several values
    /// included. Default 1,000.
    #[must_use]
    pub fn maximum_attributes(mut self, attributes: usize) -> Self {
        self.maximum_attributes = attributes;
        self
    }

    /// How many operations in parts (Init Indicator, Correlation Value) a client may have open. Default 32.
    #[must_use]
    pub fn maximum_streams(mut self, streams: usize) -> Self {
        self.maximum_streams = streams;
        self
    }

    /// How long, by the server's clock, the next part of an operation in parts may take to come, to the second. Default ten
    /// minutes.
    #[must_use]
    pub fn stream_idle(mut self, idle: Interval) -> Self {
        self.stream_idle = idle;
        self
    }

    /// The Lease Time of new objects, to the second; zero where no lease is wanted. Default one hour.
    #[must_use]
    pub fn lease_time(mut self, lease_time: Interval) -> Self {
        self.lease_time = lease_time;
        self
    }

    /// Whether, before KMIP 1.4, whose messages have no field for it, the tag of an authenticated mode stands behind the
    /// encrypted data, as by [`Leniency::appended_tag`]. Default yes; such a mode is refused there if not.
    #[must_use]
    pub fn appended_tag(mut self, appended: bool) -> Self {
        self.leniency = self.leniency.appended_tag(appended);
        self
    }

    /// Which deviations from KMIP 1.x are taken from clients in use. Default: all that [`Leniency`] has.
    #[must_use]
    pub fn leniency(mut self, leniency: Leniency) -> Self {
        self.leniency = leniency;
        self
    }

    /// What decides who may do what with an object, besides the owner and the operation policies of KMIP 1.x. Default: nothing
    /// else does.
    ///
    /// It is asked once or more for each object that an operation is about, made ones included, and must say the same each
    /// time. The rights of a ticket (Delegated Login) limit what it allows. The names of an object are for its owner to change
    /// in any case; what takes its place, by Re-key, Re-key Key Pair or Re-certify, is its owner's, whoever asks for it.
    ///
    /// ```
    /// use kmip_sdk::server::{ServerOptions, Verdict};
    /// use kmip_sdk::types::enumerations::Operation;
    ///
    /// // What is in the group "shared", everybody may locate and get.
    /// let options = ServerOptions::default().policy(|access| {
    ///     let is_shared = access.attributes().object_groups().any(|group| group == "shared");
    ///     match access.operation() {
    ///         Operation::Locate | Operation::Get if is_shared => Verdict::Allow,
    ///         _ => Verdict::Usual,
    ///     }
    /// });
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn policy(mut self, policy: impl Fn(&Access<'_>) -> Verdict + Send + Sync + 'static) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }

    /// Whether a client who asks for an object that is not for them is answered with Permission Denied, as the error tables have
    /// it (KMIP 1.4 section 11.1), so that they learn that it exists. Default: no, it is answered as if there were no such object, and
    /// Import keeps no identifier of a client's that is shorter than 32 characters, as that could be guessed, but assigns another.
    #[must_use]
    pub fn tell_denials(mut self, tell: bool) -> Self {
        self.denials_told = tell;
        self
    }

    /// The rules of a vendor's attribute; of several for one attribute the last counts. They hold for clients: what is made
    /// through [`Server::handle`](super::Server::handle) without a name is the application's own, which sets, changes and deletes
    /// as it likes. Default: none, so that clients do too.
    ///
    /// ```
    /// use kmip_sdk::server::{ServerOptions, VendorAttributeRules};
    /// use kmip_sdk::types::enumerations::ObjectType;
    ///
    /// // Said once, when a key is made.
    /// let stage = VendorAttributeRules::new("acme", "stage")
    ///     .modifiable_by_client(false)
    ///     .deletable_by_client(false)
    ///     .multiple(false)
    ///     .object_types([ObjectType::SymmetricKey]);
    /// let options = ServerOptions::default().vendor_attribute(stage);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn vendor_attribute(mut self, rules: VendorAttributeRules) -> Self {
        self.vendor_attributes.push(rules);
        self
    }

    /// Which objects of a group are its default. Default: all.
    #[must_use]
    pub fn group_default(mut self, group_default: GroupDefault) -> Self {
        self.group_default = group_default;
        self
    }

    /// What is done with the seeds of clients. Default: all of a seed counts.
    #[must_use]
    pub fn seed_use(mut self, seed_use: SeedUse) -> Self {
        self.seed_use = seed_use;
        self
    }

    /// Somebody who may ask with a user name and a password in the request. What they make is there for them only; what is
    /// made without a name, in process, is there for everybody. Default: nobody. Of the password, a hash is kept.
    ///
    /// The store may have [users](Store::users) too, whom every server on it knows; of those who have a name that the options
    /// have, nothing counts.
    ///
    /// ```
    /// use kmip_sdk::server::ServerOptions;
    ///
    /// let options = ServerOptions::default().user("alice", "secret");
    /// assert!(!format!("{options:?}").contains("secret"));
    /// ```
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, password: &str) -> Self {
        self.users.change(name.into(), |user| user.password(password));
        self
    }

    /// The one-time passwords of a user, who may have a password too ([`ServerOptions::user`]) and then has to give both.
    #[must_use]
    pub fn one_time_passwords(mut self, name: impl Into<String>, passwords: OneTimePasswords) -> Self {
        self.users.change(name.into(), |user| user.one_time_passwords(passwords));
        self
    }

    /// A device that may ask, under this name, with a credential whose fields are these. Default: none.
    #[must_use]
    pub fn device(mut self, name: impl Into<String>, device: DeviceCredential) -> Self {
        self.users.change(name.into(), |user| user.device(device));
        self
    }

    /// Which part of a client's certificate says who it is. Default: the Common Name.
    #[must_use]
    pub fn identity_from(mut self, part: CertificateIdentity) -> Self {
        self.identify = Identify::Part(part);
        self
    }

    /// Who a client is by its certificate, in DER, which the authority has vouched for. One that is nobody is known by the
    /// fingerprint of its certificate.
    #[must_use]
    pub fn identity_by(mut self, identify: impl Fn(&[u8]) -> Option<String> + Send + Sync + 'static) -> Self {
        self.identify = Identify::Function(Arc::new(identify));
        self
    }

    /// How long a ticket holds (Login, Delegated Login) where the client does not say. Default one hour.
    #[must_use]
    pub fn ticket_time(mut self, time: Interval) -> Self {
        self.ticket_time = time;
        self
    }

    /// Has clients attest their state: of these kinds, which `verifier` verifies. That the attestation is made with a random
    /// value of the server's, which was given to who asks, is verified before; the verifier may block. Default: nothing is
    /// attested. Since KMIP 1.2.
    ///
    /// An operation without it is refused: with Attestation Required and a Nonce in the response's header where the client
    /// says that it can attest, with Permission Denied where not. An attestation that does not hold is refused with all of the
    /// request.
    ///
    /// ```
    /// use kmip_sdk::server::ServerOptions;
    /// use kmip_sdk::types::enumerations::AttestationType;
    ///
    /// let options = ServerOptions::default().attestation([AttestationType::TpmQuote], |attestation| {
    ///     // Here a quote would be verified, over the nonce.
    ///     attestation.attestation_measurement.is_some()
    /// });
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn attestation(
        mut self,
        kinds: impl IntoIterator<Item = AttestationType>,
        verifier: impl Fn(&AttestationCredential) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.attestation = Some(Attestation::new(kinds, verifier));
        self
    }

    /// Which operations are for who attests only, where there is an [attestation](ServerOptions::attestation). Default: all but
    /// Query and Discover Versions.
    #[must_use]
    pub fn attested_operations(mut self, operations: impl IntoIterator<Item = Operation>) -> Self {
        self.attested_operations = Some(operations.into_iter().collect());
        self
    }

    /// How long, by the server's clock, a random value to attest with holds, to the second. Default five minutes.
    #[must_use]
    pub fn nonce_time(mut self, time: Interval) -> Self {
        self.nonce_time = time;
        self
    }

    /// An operation that is answered later where the client takes that: with Pending, and then by Poll. Default: none, unless
    /// the client demands it of all (the Asynchronous Indicator Mandatory); then the first Poll has the result.
    ///
    /// ```
    /// use kmip_sdk::server::{Later, ServerOptions};
    /// use kmip_sdk::types::enumerations::Operation;
    ///
    /// let options = ServerOptions::default().later(Operation::Recover, Later::Polls(2));
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn later(mut self, operation: Operation, later: Later) -> Self {
        self.later.retain(|(other, _)| *other != operation);
        self.later.push((operation, later));
        self
    }

    /// How many operations that are answered later a client may have, those with kept results included. Default 32.
    #[must_use]
    pub fn maximum_later(mut self, operations: usize) -> Self {
        self.maximum_later = operations;
        self
    }

    /// How many bytes there may be of operations that are answered later, of what is asked for and then of results: of one
    /// client, and of all together. An operation that would exceed it is refused; one whose result would has not been done,
    /// and the result says so. Default 32 MiB and 256 MiB.
    #[must_use]
    pub fn maximum_later_bytes(mut self, of_a_client: usize, of_all: u64) -> Self {
        self.later_bytes = (of_a_client, of_all);
        self
    }

    /// How long, by the server's clock, a result is kept for Poll, to the second. Default ten minutes.
    #[must_use]
    pub fn keep_results(mut self, keep: Interval) -> Self {
        self.keep_results = keep;
        self
    }

    /// How many bytes of a response there may be, and of the outputs that a batch keeps for its later items. What would exceed
    /// that fails alone, with Response Too Large. A batch that could not be refused item by item in it is refused as a whole.
    /// One request costs memory in proportion to this and to [`limits`](Self::limits). Default and most
    /// [`Limits::DEFAULT`]'s `size`, 16 MiB.
    #[must_use]
    pub fn maximum_response(mut self, bytes: usize) -> Self {
        self.maximum_response = bytes.min(Limits::DEFAULT.size);
        self
    }

    /// How long the items of a request may take together before what follows fails, with Server Limit Exceeded: a further item is
    /// not begun, and a Locate looks at no further object. So no request keeps the server busy for long, however many items
    /// it has. Default one minute.
    #[must_use]
    pub fn request_time(mut self, time: Duration) -> Self {
        self.request_time = time;
        self
    }

    /// How often credentials may be wrong before more are refused unseen, and after how long, by the server's clock, to the
    /// second, one more may be; an interval of zero refuses none. It counts for each user, and for the Common Name of the
    /// connection's certificate, which gets one more after six times as long. Users over a certificate with which they
    /// proved who they are before have a count of their own, so that nobody else's guesses lock them out. Default 10, and
    /// 10 s.
    #[must_use]
    pub fn failed_credentials(mut self, failures: u32, interval: Interval) -> Self {
        self.failed_credentials = (failures, interval);
        self
    }

    /// How many connections there may be at a time, on all ports together, those not counted that are at their handshake. More
    /// are refused: over TTLV by the alert `internal_error` of TLS, over HTTPS by the status 503 with Retry-After. Default 64.
    #[must_use]
    pub fn maximum_connections(mut self, connections: usize) -> Self {
        self.maximum_connections = connections;
        self
    }

    /// How many connections may be at their TLS handshake, or be told that there is no room for them. Where there are more,
    /// the oldest of these ends, so that peers that say nothing shut nobody out. Default 64.
    #[must_use]
    pub fn maximum_handshakes(mut self, handshakes: usize) -> Self {
        self.maximum_handshakes = handshakes;
        self
    }

    /// How long the TLS handshake may take, which is no longer than a message may. Default 10 s.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// How long a connection may be without a request before it is closed. Default five minutes.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How long a request once it has begun, and a response, may each take. Default 30 s.
    #[must_use]
    pub fn message_timeout(mut self, timeout: Duration) -> Self {
        self.message_timeout = timeout;
        self
    }
}

impl fmt::Debug for ServerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerOptions")
            .field("versions", &self.versions)
            .field("limits", &self.limits)
            .field("store", &self.store)
            .field("maximum_objects", &self.maximum_objects)
            .field("maximum_bytes", &self.maximum_bytes)
            .field("maximum_attributes", &self.maximum_attributes)
            .field("maximum_streams", &self.maximum_streams)
            .field("stream_idle", &self.stream_idle)
            .field("lease_time", &self.lease_time)
            .field("leniency", &self.leniency)
            .field("seed_use", &self.seed_use)
            .field("group_default", &self.group_default)
            .field("denials_told", &self.denials_told)
            .field("vendor_attributes", &self.vendor_attributes)
            .field("users", &self.users)
            .field("ticket_time", &self.ticket_time)
            .field("attestation", &self.attestation)
            .field("attested_operations", &self.attested_operations)
            .field("nonce_time", &self.nonce_time)
            .field("later", &self.later)
            .field("maximum_later", &self.maximum_later)
            .field("later_bytes", &self.later_bytes)
            .field("keep_results", &self.keep_results)
            .field("maximum_response", &self.maximum_response)
            .field("request_time", &self.request_time)
            .field("failed_credentials", &self.failed_credentials)
            .field("maximum_connections", &self.maximum_connections)
            .field("maximum_handshakes", &self.maximum_handshakes)
            .field("handshake_timeout", &self.handshake_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("message_timeout", &self.message_timeout)
            .field("identify", &self.identify)
            .field("layers", &self.layers.len())
            .field("is_deterministic", &self.seed.is_some())
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

/// A random UUID (RFC 9562, version 4).
fn random_identifier() -> String {
    let mut bytes = [0; 16];
    // Without randomness the identifier is not new, which the store refuses.
    let _ = crate::random::fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_random_uuids() {
        let (one, other) = (random_identifier(), random_identifier());
        assert_ne!(one, other);
        assert_eq!(one.len(), 36);
        assert_eq!(&one[14..15], "4");
        assert!(matches!(&one[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn versions_are_kept_in_order_and_once() {
        let options =
            ServerOptions::default().versions(["2.1", "1.0", "2.1"].map(|text| text.parse().unwrap()));
        assert_eq!(options.versions, [ProtocolVersion::V1_0, ProtocolVersion::V2_1]);
    }
}
