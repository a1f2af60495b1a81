//! What collects exchanges.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use kmip_types::Item;
use kmip_types::case;
use kmip_types::view::{View, ViewError, Viewed};
use zeroize::Zeroizing;

use crate::Direction;

/// A request and, once it is there, its response, as they went by. Both may hold secrets; they are wiped when dropped, and
/// not shown by `Debug`.
#[derive(Clone)]
pub struct Exchange {
    /// The request: one message of binary TTLV.
    pub request: Zeroizing<Vec<u8>>,
    /// The response: one message of binary TTLV.
    pub response: Option<Zeroizing<Vec<u8>>>,
    thread: ThreadId,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.response.as_ref().map(|response| response.len());
        f.debug_struct("Exchange").field("request", &self.request.len()).field("response", &response).finish()
    }
}

/// Collects exchanges from a client or an embedded server, to be compared with a snapshot or saved as a test case.
///
/// Clones collect into the same. Exchanges are in the order of their requests; a response belongs to the request of the
/// same Unique Batch Item ID or, where there is none, to the last one of the same thread.
///
/// ```
/// use kmip_sdk::testing::Recorder;
/// use kmip_sdk::types::operation::PingRequest;
/// use kmip_sdk::{Client, ProtocolVersion, RetryPolicy, assert_kmip_snapshot};
///
/// let recorder = Recorder::new();
/// let client = Client::builder()
///     .service(|_: &[u8]| Vec::new())
///     .version(ProtocolVersion::V2_1)
///     .retries(RetryPolicy::NONE)
///     .observer(recorder.observer())
///     .connect()?;
/// assert!(client.call(PingRequest {}).send().is_err(), "nobody answers");
/// assert_kmip_snapshot!(recorder, @"
/// RequestMessage
/// RequestHeader/ProtocolVersion/ProtocolVersionMajor (Integer): 2
/// RequestHeader/ProtocolVersion/ProtocolVersionMinor (Integer): 1
/// RequestHeader/BatchCount (Integer): 1
/// BatchItem/Operation (Enumeration): Ping (0x0000003b)
/// BatchItem/UniqueBatchItemID (ByteString): 00000001
/// BatchItem/RequestPayload (Structure)
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Exchange>>>);

impl Recorder {
    /// A recorder without exchanges.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is to see the messages: for [`ClientBuilder::observer`](crate::ClientBuilder::observer) and, with the feature
    /// `server`, `ServerOptions::observer`.
    pub fn observer(&self) -> impl Fn(Direction, &[u8]) + Send + Sync + use<> {
        let recorder = self.clone();
        move |direction, message| recorder.record(direction, message)
    }

    fn record(&self, direction: Direction, message: &[u8]) {
        let (thread, message) = (thread::current().id(), Zeroizing::new(message.to_vec()));
        let mut exchanges = self.lock();
        match direction {
            Direction::Request => exchanges.push(Exchange { request: message, response: None, thread }),
            Direction::Response => {
                // A task may go on in another thread: then the Unique Batch Item ID tells, which the client gives once.
                let name = name(&message);
                let is_named =
                    |exchange: &&mut Exchange| name.is_some() && self::name(&exchange.request) == name;
                let answered = match exchanges.iter_mut().rfind(is_named) {
                    Some(exchange) => Some(exchange),
                    None => exchanges.iter_mut().rfind(|exchange| exchange.thread == thread),
                };
                if let Some(exchange) = answered {
                    exchange.response = Some(message);
                }
            }
        }
    }

    /// Adds an exchange that was seen as a whole, such as by a proxy: of several clients at a time, none is taken for another's.
    /// A response of no bytes is none.
    pub fn add(&self, request: &[u8], response: &[u8]) {
        let copy = |message: &[u8]| Zeroizing::new(message.to_vec());
        let response = (!response.is_empty()).then(|| copy(response));
        self.lock().push(Exchange { request: copy(request), response, thread: thread::current().id() });
    }

    /// The exchanges so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().clone()
    }

    /// Forgets the exchanges so far.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The exchanges as a test case in XML, with placeholders for what varies and for secrets:
    /// [`Case`](kmip_types::case::Case) reads it. Other redactions, and secrets, are a matter of a [`View`] of the recorder
    /// and [`case::to_xml`].
    ///
    /// # Errors
    /// As [`View::render`].
    pub fn to_case_xml(&self) -> Result<String, ViewError> {
        case::to_xml(&self.to_view())
    }

    /// Writes the [test case](Self::to_case_xml) to a file.
    ///
    /// # Errors
    /// The exchanges cannot be shown, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, self.to_case_xml().map_err(io::Error::other)?)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The Unique Batch Item ID of the first item of a message, if it has one.
fn name(message: &[u8]) -> Option<Vec<u8>> {
    let message = Item::from_ttlv(message).ok()?;
    let item = message
        .lookup("BatchItem[0]/UniqueBatchItemID")
        .or_else(|_| message.lookup("BatchItem/UniqueBatchItemID"));
    item.ok()?.as_bytes().map(<[u8]>::to_vec)
}

/// The request and, if it is there, the response.
impl Viewed for Exchange {
    fn to_view(&self) -> View {
        match &self.response {
            Some(response) => (self.request.as_slice(), response.as_slice()).to_view(),
            None => self.request.as_slice().to_view(),
        }
    }
}

/// Every exchange.
impl Viewed for Recorder {
    fn to_view(&self) -> View {
        self.lock().as_slice().to_view()
    }
}
