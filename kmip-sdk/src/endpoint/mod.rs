//! What an application answers when a server asks it: Notify and Put (KMIP 1.4 chapter 5, 2.1 section 6.2).
//!
//! An [`Endpoint`] holds functions with typed requests. It is a [`Service`], message in and message out, and so can stand
//! where servers reach it:
//!
//! | the server | use |
//! | --- | --- |
//! | connects to the application | `server::Listener`, a port with TLS, with the feature `server` |
//! | has a connection of the application's, and asks there (Set Endpoint Role, since KMIP 2.0) | [`Client::serve`](crate::generic::Client::serve) |
//! | comes by another way | [`Service::exchange`] |
//!
//! ```
//! use kmip_sdk::Client;
//! use kmip_sdk::endpoint::{Endpoint, Failure};
//! use kmip_sdk::types::enumerations::ResultReason;
//! use kmip_sdk::types::operation::NotifyRequest;
//!
//! let endpoint = Endpoint::new()
//!     .on_notify(|notify| {
//!         println!("{} has changed", notify.unique_identifier);
//!         Ok(())
//!     })
//!     .on_put(|_| Err::<(), _>(Failure::new(ResultReason::PermissionDenied, "there is no room for it")));
//!
//! // A server asks by a client as well; this one is in the same process.
//! let server = Client::builder().service(endpoint).connect()?;
//! server.call(NotifyRequest::new("k-1")).send()?;
//! # Ok::<(), kmip_sdk::Error>(())
//! ```

mod query;

use std::fmt;

use kmip_types::enumerations::{
    BatchErrorContinuationOption, Operation, PutFunction, ResultReason, ResultStatus,
};
use kmip_types::message::{RequestBatchItem, ResponseBatchItem};
use kmip_types::operation::{
    NotifyRequest, NotifyResponse, PutRequest, PutResponse, RequestPayload, ResponsePayload,
};
use kmip_types::{DateTime, Limits, ProtocolVersion};

use crate::Service;
pub use crate::answer::Failure;
use crate::answer::{self, Request, Room, Unreadable, common_versions, not_supported, take_role};

/// What answers one kind of request.
type Handler<R> = Box<dyn Fn(R) -> Result<After, Failure> + Send + Sync>;

/// What an application answers when a server asks it.
///
/// Notify and Put go to its functions. Query, Discover Versions and Set Endpoint Role it answers by itself, and says that it has
/// no other operation. What its functions do is not undone: a batch of several requests that is to be (Undo) is refused.
pub struct Endpoint {
    versions: Vec<ProtocolVersion>,
    limits: Limits,
    vendor_identification: String,
    notify: Option<Handler<NotifyRequest>>,
    put: Option<Handler<PutRequest>>,
}

/// What is to be done once a request is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// To answer the next one. `Ok(())` of a function says the same.
    #[default]
    GoOn,
    /// To end [`Client::serve`](crate::generic::Client::serve), and its connection. Elsewhere it says nothing.
    End,
}

impl From<()> for After {
    fn from((): ()) -> Self {
        Self::GoOn
    }
}

/// Why [`Client::serve`](crate::generic::Client::serve) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The server closed the connection.
    Closed,
    /// The server made the client a client again (Set Endpoint Role).
    Role,
    /// A function of the endpoint wanted it ([`After::End`]).
    Handler,
    /// The time of the call was over.
    Time,
}

/// What came of [`Client::serve`](crate::generic::Client::serve).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Served {
    /// How many messages were answered.
    pub messages: u64,
    /// Why it ended.
    pub ending: Ending,
}

/// The answer to a message.
pub(crate) struct Answered {
    pub(crate) response: Vec<u8>,
    /// Why no other is to be answered, if that is so.
    pub(crate) ending: Option<Ending>,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint {
    /// An endpoint that answers Query, Discover Versions and Set Endpoint Role alone, in every version of the standard.
    pub fn new() -> Self {
        Self {
            versions: ProtocolVersion::ALL.to_vec(),
            limits: Limits::default(),
            vendor_identification: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            notify: None,
            put: None,
        }
    }

    /// Answers Notify: an object's attributes changed.
    ///
    /// The server is told the [`Failure`] by its Result Reason and message.
    #[must_use]
    pub fn on_notify<A: Into<After>>(
        mut self,
        answer: impl Fn(NotifyRequest) -> Result<A, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.notify = Some(Box::new(move |request| answer(request).map(Into::into)));
        self
    }

    /// Answers Put: an object is handed over, as a new one or in place of another. In the latter case the request holds the
    /// Replaced Unique Identifier; an application that has no such object takes the new one all the same.
    ///
    /// The server is told the [`Failure`] by its Result Reason and message.
    #[must_use]
    pub fn on_put<A: Into<After>>(
        mut self,
        answer: impl Fn(PutRequest) -> Result<A, Failure> + Send + Sync + 'static,
    ) -> Self {
        self.put = Some(Box::new(move |request| answer(request).map(Into::into)));
        self
    }

    /// The versions that are answered. Default: every version of the standard.
    #[must_use]
    pub fn versions(mut self, versions: impl IntoIterator<Item = ProtocolVersion>) -> Self {
        self.versions = answer::in_order(versions);
        self
    }

    /// The bounds on a request. Default: [`Limits::default`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The Vendor Identification that Query yields. Default: the name and version of this library.
    #[must_use]
    pub fn vendor_identification(mut self, text: impl Into<String>) -> Self {
        self.vendor_identification = text.into();
        self
    }

    /// How large a request may be, in bytes.
    pub(crate) fn maximum_size(&self) -> usize {
        self.limits.size
    }

    /// The answer to a message, on a connection that may be turned around or not. Whatever the bytes are, there is one.
    pub(crate) fn answer(&self, request: &[u8], may_turn: bool) -> Answered {
        let request = match Request::read(request, &self.versions, self.limits) {
            Ok(request) => request,
            Err(Unreadable { version, failure }) => {
                return Answered { response: self.refuse(version, &failure), ending: None };
            }
        };
        let version = request.header.protocol_version;
        let option = request.header.batch_error_continuation_option;
        if option == Some(BatchErrorContinuationOption::Undo) && request.len() > 1 {
            let message =
                "what is done cannot be undone: the Batch Error Continuation Option may be Stop or Continue";
            let failure = Failure::new(ResultReason::FeatureNotSupported, message);
            return Answered { response: self.refuse(Some(version), &failure), ending: None };
        }
        let mut room = Room::new(&request.header, DateTime::now(), None, Limits::DEFAULT.size);
        let mut items = Vec::new();
        let mut ends = false;
        for number in 0..request.len() {
            let left = request.room_for_refusals_after(number);
            let (asked, item) = request.item(number).split();
            let response = item.and_then(|item| {
                answer::check_at_once(&request.header)?;
                let operation = item.operation;
                let (payload, after) = self.perform(*item, version, may_turn)?;
                ends |= after == After::End;
                Ok(ResponseBatchItem::success(operation, payload))
            });
            let response = room.answer(asked, left, response);
            let failed = response.result_status == ResultStatus::OperationFailed;
            items.push(response);
            if failed && option != Some(BatchErrorContinuationOption::Continue) {
                break;
            }
        }
        let ending = match answer::turns(&items) {
            true => Some(Ending::Role),
            false => ends.then_some(Ending::Handler),
        };
        Answered { response: answer::encode(version, DateTime::now(), items, None), ending }
    }

    /// The answer to what is no request.
    pub(crate) fn refuse(&self, version: Option<ProtocolVersion>, failure: &Failure) -> Vec<u8> {
        answer::refuse(&self.versions, version, failure, DateTime::now())
    }

    /// Does what one item asks for.
    fn perform(
        &self,
        item: RequestBatchItem,
        version: ProtocolVersion,
        may_turn: bool,
    ) -> Result<(ResponsePayload, After), Failure> {
        let by_itself = |payload: ResponsePayload| (payload, After::GoOn);
        match (item.request_payload, &self.notify, &self.put) {
            (RequestPayload::Notify(request), Some(answer), _) => {
                answer(request).map(|after| (NotifyResponse {}.into(), after))
            }
            (RequestPayload::Put(request), _, Some(answer)) => {
                if request.put_function == PutFunction::Replace
                    && request.replaced_unique_identifier.is_none()
                {
                    let message = "the Put Function is Replace, and there is no Replaced Unique Identifier";
                    return Err(Failure::new(ResultReason::InvalidMessage, message));
                }
                answer(*request).map(|after| (PutResponse {}.into(), after))
            }
            (RequestPayload::Query(request), ..) => {
                self.query(&request, version).map(|response| by_itself(response.into()))
            }
            (RequestPayload::DiscoverVersions(request), ..) => {
                Ok(by_itself(common_versions(&self.versions, &request).into()))
            }
            (RequestPayload::SetEndpointRole(request), ..) => {
                take_role(&request, may_turn).map(|response| by_itself(response.into()))
            }
            _ => Err(not_supported(item.operation)),
        }
    }

    /// Every operation that is answered in a version, in the order of their numbers.
    fn operations(&self, version: ProtocolVersion) -> Vec<Operation> {
        let operations = [
            Some(Operation::Query),
            Some(Operation::DiscoverVersions),
            self.notify.as_ref().map(|_| Operation::Notify),
            self.put.as_ref().map(|_| Operation::Put),
            Some(Operation::SetEndpointRole),
        ];
        operations.into_iter().flatten().filter(|operation| operation.is_in(version)).collect()
    }
}

impl Service for Endpoint {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        self.answer(request, false).response
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("versions", &self.versions)
            .field("limits", &self.limits)
            .field("vendor_identification", &self.vendor_identification)
            .field("notify", &self.notify.is_some())
            .field("put", &self.put.is_some())
            .finish_non_exhaustive()
    }
}
