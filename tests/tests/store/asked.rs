//! A server on a store, asked without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kmip_sdk::server::store::Store;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::{Attribute, Attributes, Name};
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, CryptographicAlgorithm, ObjectType, ResultReason,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{
    Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseMessage,
};
use kmip_sdk::types::operation::{
    CreateRequest, GetAttributesRequest, LocateRequest, LocateResponse, Request, RequestPayload,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

/// The time at which a test starts, in seconds.
pub(crate) const START: i64 = 1_700_000_000;

/// A server that is asked as somebody.
pub(crate) struct Asked {
    pub(crate) server: Server,
    pub(crate) identity: Option<&'static str>,
    pub(crate) clock: Arc<AtomicI64>,
}

impl Asked {
    pub(crate) fn on(store: Store) -> Self {
        Self::with(ServerOptions::default().store(store))
    }

    pub(crate) fn with(options: ServerOptions) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let time = Arc::clone(&clock);
        let options = options.clock(move || DateTime::from_seconds(time.load(Ordering::SeqCst)));
        Self { server: Server::new(options), identity: None, clock }
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn handle(&self, request: &[u8]) -> Vec<u8> {
        match self.identity {
            Some(identity) => self.server.handle_as(identity, request),
            None => self.server.handle(request),
        }
    }

    pub(crate) fn call<R: Request>(&self, request: R) -> Result<R::Response, ResultReason> {
        let (prepared, handle) = Session::new(ProtocolVersion::V2_1).prepare_one(request).unwrap();
        let response = self.handle(prepared.bytes());
        let mut results = prepared.complete(&response).unwrap();
        results.take(handle).map_err(|error| error.server().unwrap().result_reason.unwrap())
    }

    /// The answer to one operation, in a message whose header may be changed.
    pub(crate) fn send(
        &self,
        payload: impl Into<RequestPayload>,
        change: impl FnOnce(&mut RequestHeader),
    ) -> ResponseBatchItem {
        let response = self.handle(&message(payload, change));
        ResponseMessage::from_ttlv(&response).unwrap().batch_item.remove(0)
    }

    pub(crate) fn later(&self, payload: impl Into<RequestPayload>) -> ResponseBatchItem {
        self.send(payload, |header| header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory))
    }

    pub(crate) fn create(&self, more: impl IntoIterator<Item = Attribute>) -> String {
        let response = self.call(create(more)).unwrap();
        response.unique_identifier.as_text().unwrap().to_owned()
    }

    pub(crate) fn attributes(&self, identifier: &str) -> Attributes {
        self.call(GetAttributesRequest::all(identifier)).unwrap().attributes
    }

    /// What Locate finds by attributes.
    pub(crate) fn locate(&self, attributes: impl IntoIterator<Item = Attribute>) -> Vec<String> {
        identifiers(&self.call(LocateRequest::new(attributes.into_iter().collect::<Attributes>())).unwrap())
    }
}

/// A message of one operation, whose header may be changed.
pub(crate) fn message(
    payload: impl Into<RequestPayload>,
    change: impl FnOnce(&mut RequestHeader),
) -> Vec<u8> {
    let payload = payload.into();
    let item = RequestBatchItem::new(payload.operation().unwrap(), payload);
    let mut request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
    change(&mut request_header);
    RequestMessage { request_header, batch_item: vec![item] }.to_ttlv().unwrap()
}

pub(crate) fn identifiers(response: &LocateResponse) -> Vec<String> {
    let identifiers = response.unique_identifier.iter();
    identifiers.map(|identifier| identifier.as_text().unwrap().to_owned()).collect()
}

pub(crate) fn create(more: impl IntoIterator<Item = Attribute>) -> CreateRequest {
    let mask = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
    let mut attributes = Attributes::new()
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(256)
        .with_cryptographic_usage_mask(mask);
    attributes.extend(more);
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

pub(crate) fn name(text: &str) -> Attribute {
    Attribute::Name(Name::text(text))
}
