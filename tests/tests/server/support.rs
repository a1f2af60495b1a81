//! A server without a network, whose clock and identifiers the tests set, asked through a strict session.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use kmip_sdk::server::store::{MasterKey, Redb, Store};
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType, ResultReason, State};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{Message, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{CreateRequest, GetAttributesRequest, Request, RequestPayload};
use kmip_sdk::types::ttlv::Mode;
use kmip_sdk::types::{DateTime, ProtocolVersion};

/// The time at which a test starts, in seconds.
pub(crate) const START: i64 = 1_700_000_000;

/// Versions that differ in what the tests are about.
pub(crate) const VERSIONS: [ProtocolVersion; 4] =
    [ProtocolVersion::V1_0, ProtocolVersion::V1_2, ProtocolVersion::V1_4, ProtocolVersion::V2_1];

/// A server and the version in which it is asked.
pub(crate) struct Peer {
    pub(crate) server: Arc<Server>,
    pub(crate) version: ProtocolVersion,
    clock: Arc<AtomicI64>,
}

impl Peer {
    pub(crate) fn new(version: ProtocolVersion) -> Self {
        Self::with(version, ServerOptions::default())
    }

    pub(crate) fn with(version: ProtocolVersion, options: ServerOptions) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let time = Arc::clone(&clock);
        let next = AtomicUsize::new(0);
        let options = in_store(options)
            .clock(move || DateTime::from_seconds(time.load(Ordering::SeqCst)))
            .identifiers(move || format!("k-{}", next.fetch_add(1, Ordering::SeqCst)));
        Self { server: Arc::new(Server::new(options)), version, clock }
    }

    /// A server that is there, whose clock and identifiers are its own.
    pub(crate) fn of(version: ProtocolVersion, server: Server) -> Self {
        Self { server: Arc::new(server), version, clock: Arc::default() }
    }

    /// The same server, asked in another version.
    pub(crate) fn in_version(&self, version: ProtocolVersion) -> Self {
        Self { server: Arc::clone(&self.server), version, clock: Arc::clone(&self.clock) }
    }

    pub(crate) fn now(&self) -> DateTime {
        DateTime::from_seconds(self.clock.load(Ordering::SeqCst))
    }

    /// Lets time pass, in seconds.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Makes a request, whose response must be exactly as the standard has it.
    pub(crate) fn call<R: Request>(&self, request: R) -> Result<R::Response, ResultReason> {
        self.exchange(request, |bytes| self.server.handle(bytes))
    }

    /// The same for somebody, as by their certificate.
    pub(crate) fn call_as<R: Request>(&self, name: &str, request: R) -> Result<R::Response, ResultReason> {
        self.exchange(request, |bytes| self.server.handle_as(name, bytes))
    }

    fn exchange<R: Request>(
        &self,
        request: R,
        answer: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Result<R::Response, ResultReason> {
        let session = Session::new(self.version).with_mode(Mode::Strict);
        let (prepared, handle) = session.prepare_one(request).unwrap();
        let response = answer(prepared.bytes());
        let mut results = prepared.complete(&response).unwrap();
        results.take(handle).map_err(|error| {
            let failure = error.server().unwrap_or_else(|| panic!("{error:?}"));
            assert!(failure.result_message.is_some(), "a failure says why");
            failure.result_reason.unwrap()
        })
    }

    /// Sends payloads in one message, whose header may be changed.
    pub(crate) fn send(
        &self,
        payloads: Vec<RequestPayload>,
        change: impl FnOnce(&mut RequestMessage),
    ) -> ResponseMessage {
        let count = i32::try_from(payloads.len()).unwrap();
        let batch_item = payloads
            .into_iter()
            .map(|payload| {
                let operation = payload.operation().unwrap();
                kmip_sdk::types::message::RequestBatchItem::new(operation, payload)
            })
            .collect();
        let mut message =
            RequestMessage { request_header: RequestHeader::new(self.version, count), batch_item };
        if count > 1 {
            for (number, item) in (0_u32..).zip(&mut message.batch_item) {
                item.unique_batch_item_id = Some(number.to_be_bytes().to_vec());
            }
        }
        change(&mut message);
        ResponseMessage::from_ttlv(&self.server.handle(&message.to_ttlv().unwrap())).unwrap()
    }

    /// A new AES key that encrypts and decrypts, with more attributes.
    pub(crate) fn create(&self, more: impl IntoIterator<Item = Attribute>) -> UniqueIdentifier {
        self.call(create_aes(more)).unwrap().unique_identifier
    }

    /// All attributes of an object.
    pub(crate) fn attributes(&self, identifier: &UniqueIdentifier) -> Attributes {
        self.call(GetAttributesRequest::all(identifier.clone())).unwrap().attributes
    }

    pub(crate) fn state(&self, identifier: &UniqueIdentifier) -> State {
        self.attributes(identifier).state().unwrap()
    }
}

/// With the store that the environment variable `KMIP_STORE` asks for: `redb`, in memory. Default: the server's own.
fn in_store(options: ServerOptions) -> ServerOptions {
    match std::env::var("KMIP_STORE").as_deref() {
        Ok("redb") => {
            let backend = Redb::on(|| Ok(redb::backends::InMemoryBackend::new())).unwrap();
            options.store(Store::sealed(Box::new(backend), MasterKey::new([1; 32])).unwrap())
        }
        Ok(other) => panic!("there is no store {other}"),
        Err(_) => options,
    }
}

/// The request for an AES key that encrypts and decrypts.
pub(crate) fn create_aes(more: impl IntoIterator<Item = Attribute>) -> CreateRequest {
    let mut attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(
            CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
        ));
    attributes.extend(more);
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

/// The names of Templates, and no attributes.
pub(crate) fn by_name(names: &[&str]) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.template_names = names.iter().map(|name| Name::text(*name)).collect();
    attributes
}

/// A reason by the version: that of KMIP 2, or that of KMIP 1.
pub(crate) fn reason(version: ProtocolVersion, since_2: ResultReason, before: ResultReason) -> ResultReason {
    if version.is_at_least(ProtocolVersion::V2_0) { since_2 } else { before }
}
