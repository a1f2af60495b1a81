//! Operations that the server's user adds: those of a vendor, or those that the server lacks.

use std::collections::BTreeMap;
use std::sync::Arc;

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::operation::{Request, RequestPayload, ResponsePayload};
use kmip_types::{ProtocolVersion, RawStructure, Tag, ttlv};
use zeroize::Zeroizing;

use crate::answer::Failure;

/// What answers an operation.
type Handler =
    Arc<dyn Fn(&RequestPayload, ProtocolVersion) -> Result<ResponsePayload, Failure> + Send + Sync>;

/// What answers the operations that were added, by their numbers.
#[derive(Clone, Default)]
pub(crate) struct Handlers(BTreeMap<u32, Handler>);

impl Handlers {
    /// Adds what answers a type of request.
    pub(crate) fn add<R: Request>(
        &mut self,
        answer: impl Fn(R) -> Result<R::Response, Failure> + Send + Sync + 'static,
    ) {
        let handler = move |payload: &RequestPayload, version| {
            let request = read(payload, version)?;
            write::<R>(&answer(request)?, version)
        };
        self.0.insert(R::OPERATION.value(), Arc::new(handler));
    }

    /// What answers an operation.
    pub(crate) fn get(&self, operation: Operation) -> Option<&Handler> {
        self.0.get(&operation.value())
    }

    /// The operations that were added, in the order of their numbers.
    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation> {
        self.0.keys().copied().map(Operation::from)
    }
}

/// The payload as the request that the handler takes: one that no type was known for is kept as items.
fn read<R: Request>(payload: &RequestPayload, version: ProtocolVersion) -> Result<R, Failure> {
    let unreadable = |message| Failure::new(ResultReason::InvalidMessage, message);
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, payload, version);
    let bytes = Zeroizing::new(bytes.map_err(|error| unreadable(error.to_string()))?);
    ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes).map_err(|error| unreadable(error.to_string()))
}

fn write<R: Request>(response: &R::Response, version: ProtocolVersion) -> Result<ResponsePayload, Failure> {
    let failed = |what| {
        let message = format!("the response of {} {what}", R::OPERATION);
        Failure::new(ResultReason::GeneralFailure, message)
    };
    let bytes = ttlv::encode(Tag::RESPONSE_PAYLOAD, response, version);
    let bytes = Zeroizing::new(bytes.map_err(|error| failed(format!("cannot be written: {error}")))?);
    let structure: Result<RawStructure, _> = ttlv::decode(Tag::RESPONSE_PAYLOAD, &bytes);
    structure.map(ResponsePayload::Other).map_err(|_| failed("is no structure".to_owned()))
}
