//! Operations that the server's user adds: those of a vendor, those that the server lacks, or others in place of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::operation::{Request, RequestPayload, Response, ResponsePayload};
use kmip_types::{DateTime, ProtocolVersion, RawStructure, Tag, ttlv};
use zeroize::Zeroizing;

use super::context::Context;
use super::operation::perform_own;
use crate::answer::Failure;

/// What answers an operation.
type Handler =
    Arc<dyn Fn(&RequestPayload, &mut Context<'_>) -> Result<ResponsePayload, Failure> + Send + Sync>;

/// What answers the operations that were added, by their numbers.
#[derive(Clone, Default)]
pub(crate) struct Handlers(BTreeMap<u32, Handler>);

/// What an operation of an application's works with: who asks, in which version, when, and the server's own operations.
///
/// Objects are reached by the server's own operations, so that ownership, states and the rules of attributes hold for the
/// application as for the client. What they change is part of the item: it is undone where the item fails, or its batch.
/// Where somebody else changed the same objects meanwhile the item is done again, and the application's function is called
/// again with it.
pub struct OperationContext<'a, 'b> {
    context: &'a mut Context<'b>,
}

impl OperationContext<'_, '_> {
    /// The version of the request.
    pub fn version(&self) -> ProtocolVersion {
        self.context.version
    }

    /// Who asks; nothing is the application itself, in process and without a name, for whom every object is there.
    pub fn identity(&self) -> Option<&str> {
        self.context.caller.identity.as_deref()
    }

    /// The time of the request, by the server's clock.
    pub fn now(&self) -> DateTime {
        self.context.now
    }

    /// Does an operation of the server's own for who asks, never one of the application's: that is how one that was
    /// replaced is wrapped. What it found or made is there for what follows in the batch (ID Placeholder). A ticket gives the
    /// right to it or not, as if the client had asked.
    ///
    /// # Errors
    /// Why it is not done. What it changed until then is taken back with the item if that fails too; an application that goes
    /// on makes it final.
    pub fn run<R: Request>(&mut self, request: R) -> Result<R::Response, Failure> {
        let version = self.context.version;
        let payload = request.into_payload(version);
        let payload =
            payload.map_err(|error| Failure::new(ResultReason::InvalidMessage, error.to_string()))?;
        let operation = self.context.operation;
        let answered = perform_own(self.context, R::OPERATION, payload);
        self.context.operation = operation;
        let failed = |what: String| Failure::new(ResultReason::GeneralFailure, what);
        let response = R::Response::from_payload(answered?, version);
        let response = response.map_err(|error| failed(error.to_string()))?;
        response.ok_or_else(|| failed(format!("the response of {} is another operation's", R::OPERATION)))
    }
}

impl fmt::Debug for OperationContext<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationContext")
            .field("version", &self.version())
            .field("identity", &self.identity())
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

impl Handlers {
    /// Adds what answers a type of request.
    pub(crate) fn add<R: Request>(
        &mut self,
        answer: impl Fn(R, &mut OperationContext<'_, '_>) -> Result<R::Response, Failure> + Send + Sync + 'static,
    ) {
        let handler = move |payload: &RequestPayload, context: &mut Context<'_>| {
            let version = context.version;
            let request = read(payload, version)?;
            write::<R>(&answer(request, &mut OperationContext { context })?, version)
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
