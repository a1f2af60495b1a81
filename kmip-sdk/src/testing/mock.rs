//! What says again what was said.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kmip_types::case::{Bindings, Case, CaseError, CaseMessage, Matching};
use kmip_types::enumerations::Operation;
use kmip_types::message::{Message, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage};
use kmip_types::operation::DiscoverVersionsResponse;
use kmip_types::{DateTime, Item, ProtocolVersion, Tag, Value};

use crate::Service;

/// A server that answers as a test case has it, without a network: for tests of what a program asks for.
///
/// ```
/// use kmip_sdk::Client;
/// use kmip_sdk::testing::MockServer;
/// use kmip_sdk::types::case::Case;
/// use kmip_sdk::types::operation::DestroyRequest;
///
/// let header = r#"<ProtocolVersion><ProtocolVersionMajor type="Integer" value="2"/>
///     <ProtocolVersionMinor type="Integer" value="1"/></ProtocolVersion>"#;
/// let case = Case::from_xml(&format!(r#"<KMIP>
///     <RequestMessage>
///         <RequestHeader>{header}<BatchCount type="Integer" value="1"/></RequestHeader>
///         <BatchItem><Operation type="Enumeration" value="Destroy"/>
///             <RequestPayload><UniqueIdentifier type="TextString" value="$KEY"/></RequestPayload></BatchItem>
///     </RequestMessage>
///     <ResponseMessage>
///         <ResponseHeader>{header}<TimeStamp type="DateTime" value="$NOW"/>
///             <BatchCount type="Integer" value="1"/></ResponseHeader>
///         <BatchItem><Operation type="Enumeration" value="Destroy"/>
///             <ResultStatus type="Enumeration" value="Success"/>
///             <ResponsePayload><UniqueIdentifier type="TextString" value="$KEY"/></ResponsePayload></BatchItem>
///     </ResponseMessage>
/// </KMIP>"#))?;
/// let server = MockServer::from_case(&case)?;
/// let client = Client::builder().service(server.clone()).connect()?;
/// let destroyed = client.call(DestroyRequest::new("k-7")).send()?;
/// assert_eq!(destroyed.unique_identifier.to_string(), "k-7");
/// server.assert_finished();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A client that finds out the version is told that of the test case, unless the test case does so itself.
///
/// # Panics
/// Where the client says something else than the test case has, the call that does so panics with the difference.
#[derive(Clone)]
pub struct MockServer {
    state: Arc<Mutex<State>>,
    version: ProtocolVersion,
    matching: Matching,
    any_order: bool,
}

struct State {
    /// The exchanges that are left, in their order.
    left: Vec<(CaseMessage, CaseMessage)>,
    bindings: Bindings,
}

impl MockServer {
    /// A server that answers each request of a test case once, in their order, and takes what may
    /// [vary](Matching::Variations).
    ///
    /// # Errors
    /// The messages are not requests, each with its response.
    pub fn from_case(case: &Case) -> Result<Self, CaseError> {
        let exchanges = case.exchanges()?;
        let version = exchanges.first().and_then(|(request, _)| version(request.item()));
        let left = exchanges.into_iter().map(|(request, response)| (request.clone(), response.clone()));
        let state = State { left: left.collect(), bindings: Bindings::new() };
        Ok(Self {
            state: Arc::new(Mutex::new(state)),
            version: version.unwrap_or(ProtocolVersion::NEWEST),
            matching: Matching::default(),
            any_order: false,
        })
    }

    /// The server, taking more or less of what is not as the test case has it.
    #[must_use]
    pub fn matching(mut self, matching: Matching) -> Self {
        self.matching = matching;
        self
    }

    /// The server, taking the requests of the test case in any order.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.any_order = true;
        self
    }

    /// The server with a value for a placeholder of the test case, without its `$`, such as a key of the right length for
    /// `KEY_MATERIAL_0`. What has none is made up: sixteen bytes, a text, a number.
    #[must_use]
    pub fn bind(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.lock().bindings.bind(name, value.into());
        self
    }

    /// The value that a placeholder of the test case, without its `$`, was bound to.
    pub fn bound(&self, name: &str) -> Option<Value> {
        self.lock().bindings.get(name).cloned()
    }

    /// Asserts that every request of the test case was made.
    ///
    /// # Panics
    /// One was not.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion panics")]
    pub fn assert_finished(&self) {
        let left = self.lock().left.len();
        if left > 0 {
            panic!("{left} of the requests of the test case were not made");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of the test case to a request, or what is wrong with the request.
    fn answer(&self, said: &Item) -> Result<Item, String> {
        let state = &mut *self.lock();
        let candidates = if self.any_order { state.left.len() } else { 1.min(state.left.len()) };
        for position in 0..candidates {
            let mut bindings = state.bindings.clone();
            if state.left[position].0.is(said, self.matching, &mut bindings) {
                state.bindings = bindings;
                let (request, response) = state.left.remove(position);
                let mut answer = response.fill(&mut state.bindings);
                if self.matching != Matching::Exact {
                    repeat_identifiers(said, (request.item(), response.item()), &mut answer);
                }
                return Ok(answer);
            }
        }
        // The one that asks for the same is most likely the one that was meant.
        let asks_the_same = |(request, _): &&(CaseMessage, CaseMessage)| {
            request.is(said, Matching::Operations, &mut Bindings::new())
        };
        let left = &state.left[..candidates];
        match left.iter().find(asks_the_same).or(left.first()) {
            Some((request, _)) => Err(request.mismatch(said, &state.bindings).to_string()),
            None => Err("the test case has no more requests".to_owned()),
        }
    }

    /// The answer to a question for versions that the test case does not ask.
    fn discovered(&self, said: &[u8]) -> Option<Vec<u8>> {
        let request = RequestMessage::from_ttlv(said).ok()?;
        let asks =
            |item: &kmip_types::message::RequestBatchItem| item.operation == Operation::DiscoverVersions;
        if !request.batch_item.iter().all(asks) {
            return None;
        }
        let asked = |(request, _): &(CaseMessage, CaseMessage)| {
            let operation = request.item().lookup("BatchItem/Operation");
            operation.is_ok_and(|item| item.as_enumeration() == Some(Operation::DiscoverVersions.value()))
        };
        let state = self.lock();
        if state.left.iter().take(if self.any_order { usize::MAX } else { 1 }).any(asked) {
            return None;
        }
        drop(state);
        let response = DiscoverVersionsResponse { protocol_version: vec![self.version] };
        let item = ResponseBatchItem::success(Operation::DiscoverVersions, response.into());
        let header = ResponseHeader::new(request.request_header.protocol_version, DateTime::now(), 1);
        ResponseMessage { response_header: header, batch_item: vec![item] }.to_ttlv().ok()
    }
}

impl MockServer {
    /// The response to a request, as [`Service::exchange`] gives it, but without a panic where there is none.
    ///
    /// # Errors
    /// Why there is none, in words: what differs from the request of the test case, or that it has no more.
    pub fn respond(&self, request: &[u8]) -> Result<Vec<u8>, String> {
        if let Some(response) = self.discovered(request) {
            return Ok(response);
        }
        let said =
            Item::from_ttlv(request).map_err(|error| format!("the request cannot be read: {error}"))?;
        let response = self.answer(&said)?.to_ttlv();
        response.map_err(|error| format!("the response of the test case cannot be written: {error}"))
    }

    /// How many of the requests of the test case were not made yet.
    pub fn left(&self) -> usize {
        self.lock().left.len()
    }
}

impl Service for MockServer {
    #[allow(clippy::panic, reason = "the test fails there")]
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        match self.respond(request) {
            Ok(response) => response,
            Err(fault) => panic!("{fault}"),
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("left", &self.lock().left.len())
            .field("matching", &self.matching)
            .field("any_order", &self.any_order)
            .finish()
    }
}

/// The version in the header of a message.
fn version(message: &Item) -> Option<ProtocolVersion> {
    let version = message.fields().first()?.children(Tag::PROTOCOL_VERSION).next()?;
    let number = |tag| version.children(tag).next().and_then(Item::as_integer);
    Some(ProtocolVersion::new(number(Tag::PROTOCOL_VERSION_MAJOR)?, number(Tag::PROTOCOL_VERSION_MINOR)?))
}

/// Gives each item of a response the Unique Batch Item ID of the request's, and the Unique Identifier that was asked for
/// where that of the test case repeats the one that is asked for there.
fn repeat_identifiers(said: &Item, case: (&Item, &Item), response: &mut Item) {
    let (asked, answered) =
        (identifiers(case.0, Tag::REQUEST_PAYLOAD), identifiers(case.1, Tag::RESPONSE_PAYLOAD));
    let repeats = asked.zip(answered).map(|(asked, answered)| asked.is_some() && asked == answered);
    let repeats: Vec<bool> = repeats.collect();
    let wanted: Vec<Option<Item>> =
        identifiers(said, Tag::REQUEST_PAYLOAD).map(Option::<&Item>::cloned).collect();
    let named =
        said.children(Tag::BATCH_ITEM).map(|item| item.children(Tag::UNIQUE_BATCH_ITEM_ID).next().cloned());
    let Value::Structure(fields) = &mut response.value else { return };
    let items = fields.iter_mut().filter(|field| field.tag == Tag::BATCH_ITEM);
    for (number, (item, identifier)) in items.zip(named).enumerate() {
        let Value::Structure(fields) = &mut item.value else { continue };
        fields.retain(|field| field.tag != Tag::UNIQUE_BATCH_ITEM_ID);
        if let Some(identifier) = identifier {
            let behind = fields.iter().position(|field| field.tag == Tag::OPERATION).map_or(0, |at| at + 1);
            fields.insert(behind, identifier);
        }
        let payload = fields.iter_mut().find(|field| field.tag == Tag::RESPONSE_PAYLOAD);
        if let Some(Value::Structure(fields)) = payload.map(|payload| &mut payload.value)
            && repeats.get(number) == Some(&true)
            && let Some(Some(wanted)) = wanted.get(number)
            && let Some(identifier) = fields.iter_mut().find(|field| field.tag == Tag::UNIQUE_IDENTIFIER)
        {
            *identifier = wanted.clone();
        }
    }
}

/// The Unique Identifier in the payload of each item of a message.
fn identifiers(message: &Item, payload: Tag) -> impl Iterator<Item = Option<&Item>> {
    message
        .children(Tag::BATCH_ITEM)
        .map(move |item| item.children(payload).next()?.children(Tag::UNIQUE_IDENTIFIER).next())
}
