//! The exchanges that are kept: the newest, within a count and a size.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kmip_types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_types::message;
use kmip_types::ttlv::Mode;
use kmip_types::view::{View, Viewed};
use kmip_types::{DateTime, Item, Tag};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::server::layer::Exchanged;

/// What is said of an exchange without its messages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Summary {
    /// Its number, from 1, in the order in which exchanges were done.
    pub number: u64,
    /// When it was done.
    pub time: DateTime,
    /// The number of the connection, from 0; nothing in process.
    pub connection: Option<u64>,
    /// Whose the connection is, as the client's certificate says.
    pub client: Option<String>,
    /// The user names in the credentials of the request, whether the server took them or not.
    pub users: Vec<String>,
    /// The operations that were asked for, in their order.
    pub operations: Vec<String>,
    /// What became of each: `Success`, another Result Status, or the Result Reason; why there was no response.
    pub results: Vec<String>,
    /// Whether something of it failed, or there was no response.
    pub is_failure: bool,
    /// In how many places the messages are not as the standard has them, or one of them cannot be read.
    pub deviations: usize,
    /// The size of the request in bytes.
    pub request_size: usize,
    /// The size of the response in bytes.
    pub response_size: usize,
    /// How long it took.
    pub took: Duration,
    /// Whether the messages are there: they are not where they are larger than all that is kept together.
    pub is_kept: bool,
}

/// Which exchanges are looked for. By default, all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Those with an operation whose name has this in it, in any case.
    pub operation: String,
    /// Those of a client whose name has this in it, in any case, or a user name in its credentials; or of the connection with this
    /// number.
    pub client: String,
    /// Those only that failed.
    pub failures: bool,
    /// Those only in which something is not as the standard has it.
    pub deviations: bool,
}

impl Filter {
    /// All exchanges.
    pub fn all() -> Self {
        Self::default()
    }

    /// The exchanges with an operation whose name has this in it.
    pub fn of_operation(name: impl Into<String>) -> Self {
        Self { operation: name.into(), ..Self::default() }
    }

    /// Those of them of a client whose name has this in it, or a user name in its credentials; or of the connection with this number.
    #[must_use]
    pub fn of_client(mut self, client: impl Into<String>) -> Self {
        self.client = client.into();
        self
    }

    /// Those of them that failed.
    #[must_use]
    pub fn failures(mut self) -> Self {
        self.failures = true;
        self
    }

    /// Those of them in which something is not as the standard has it.
    #[must_use]
    pub fn deviations(mut self) -> Self {
        self.deviations = true;
        self
    }

    /// Whether an exchange is one of those.
    pub fn matches(&self, summary: &Summary) -> bool {
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let is_of = |client: &str| {
            summary.client.iter().chain(&summary.users).any(|name| has(name, client))
                || summary.connection.is_some_and(|number| number.to_string() == client)
        };
        (self.operation.is_empty() || summary.operations.iter().any(|name| has(name, &self.operation)))
            && (self.client.is_empty() || is_of(&self.client))
            && (!self.failures || summary.is_failure)
            && (!self.deviations || summary.deviations > 0)
    }
}

/// An exchange that is kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) summary: Arc<Summary>,
    pub(super) request: Arc<Zeroizing<Vec<u8>>>,
    pub(super) response: Arc<Zeroizing<Vec<u8>>>,
}

impl Kept {
    fn size(&self) -> usize {
        self.request.len() + self.response.len()
    }
}

/// The request and, if there was one, the response.
impl Viewed for Kept {
    fn to_view(&self) -> View {
        match self.response.is_empty() {
            true => self.request.as_slice().to_view(),
            false => (self.request.as_slice(), self.response.as_slice()).to_view(),
        }
    }
}

/// The newest exchanges.
pub(super) struct Exchanges {
    most: usize,
    most_bytes: usize,
    kept: Mutex<Ring>,
    /// The number of the last one.
    last: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    kept: VecDeque<Kept>,
    bytes: usize,
    last: u64,
}

impl Exchanges {
    pub(super) fn new(most: usize, most_bytes: usize) -> Self {
        Self { most: most.max(1), most_bytes, kept: Mutex::default(), last: watch::Sender::new(0) }
    }

    /// Keeps an exchange, in place of the oldest where there are too many.
    pub(super) fn add(&self, exchanged: &Exchanged<'_>) {
        let mut summary = summary(exchanged);
        let size = exchanged.request.len() + exchanged.response.len();
        summary.is_kept = size <= self.most_bytes;
        let copy = |bytes: &[u8]| {
            Arc::new(Zeroizing::new(if summary.is_kept { bytes.to_vec() } else { Vec::new() }))
        };
        let (request, response) = (copy(exchanged.request), copy(exchanged.response));
        let mut ring = self.lock();
        ring.last += 1;
        let last = ring.last;
        summary.number = last;
        let kept = Kept { summary: Arc::new(summary), request, response };
        ring.bytes += kept.size();
        ring.kept.push_back(kept);
        while ring.kept.len() > self.most || ring.bytes > self.most_bytes {
            let Some(oldest) = ring.kept.pop_front() else { break };
            ring.bytes -= oldest.size();
        }
        // In the order of the numbers: under the lock.
        self.last.send_replace(last);
    }

    /// The summaries behind a number, of those that are looked for, and the number of the last one that was looked at.
    pub(super) fn since(&self, number: u64, filter: &Filter) -> (Vec<Arc<Summary>>, u64) {
        let ring = self.lock();
        let newer = ring.kept.iter().map(|kept| &kept.summary).filter(|summary| summary.number > number);
        (newer.filter(|summary| filter.matches(summary)).cloned().collect(), ring.last)
    }

    /// The exchange with a number, if it is kept still.
    pub(super) fn get(&self, number: u64) -> Option<Kept> {
        let ring = self.lock();
        let place = ring.kept.binary_search_by_key(&number, |kept| kept.summary.number).ok()?;
        ring.kept.get(place).cloned()
    }

    /// What says that there are more.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn summary(exchanged: &Exchanged<'_>) -> Summary {
    let read = |bytes| Item::from_ttlv(bytes).ok().map(|message| Zeroizing::new(vec![message]));
    let (request, response) = (read(exchanged.request), read(exchanged.response));
    let items = |message: &Option<Zeroizing<Vec<Item>>>, each: &dyn Fn(&Item) -> Option<String>| {
        let message = message.iter().flat_map(|message| message.iter());
        message.flat_map(|message| message.children(Tag::BATCH_ITEM)).filter_map(each).collect::<Vec<_>>()
    };
    let mut results = items(&response, &result);
    let is_success = |result: &String| result == SUCCESS || result == PENDING;
    if let Some(failure) = exchanged.failure {
        results.push(failure.to_owned());
    } else if exchanged.response.is_empty() {
        results.push("no response".to_owned());
    } else if response.is_none() {
        results.push("a response that cannot be read".to_owned());
    }
    Summary {
        number: 0,
        time: DateTime::now(),
        connection: exchanged.connection,
        client: exchanged.client.map(ToOwned::to_owned),
        users: request.iter().flat_map(|message| message.iter()).flat_map(users).collect(),
        operations: items(&request, &|item| name(item, Tag::OPERATION, &operation)),
        is_failure: !results.iter().all(is_success),
        results,
        deviations: deviations(exchanged.request) + deviations(exchanged.response),
        request_size: exchanged.request.len(),
        response_size: exchanged.response.len(),
        took: exchanged.took,
        is_kept: true,
    }
}

/// The user names in the credentials of a request.
fn users(request: &Item) -> Vec<String> {
    let header = request.children(Tag::REQUEST_HEADER);
    let credentials = header.flat_map(|header| header.children(Tag::AUTHENTICATION));
    let credentials = credentials.flat_map(|authentication| authentication.children(Tag::CREDENTIAL));
    let values = credentials.flat_map(|credential| credential.children(Tag::CREDENTIAL_VALUE));
    let names = values.flat_map(|value| value.children(Tag::USERNAME));
    names.filter_map(|name| name.as_text().map(ToOwned::to_owned)).collect()
}

const SUCCESS: &str = "Success";
const PENDING: &str = "OperationPending";

/// What became of an item: its reason where there is one, or else its status.
fn result(item: &Item) -> Option<String> {
    let reason = name(item, Tag::RESULT_REASON, &|value| ResultReason::from(value).to_string());
    reason.or_else(|| name(item, Tag::RESULT_STATUS, &|value| ResultStatus::from(value).to_string()))
}

fn operation(value: u32) -> String {
    Operation::from(value).to_string()
}

fn name(item: &Item, tag: Tag, name: &dyn Fn(u32) -> String) -> Option<String> {
    item.children(tag).next()?.as_enumeration().map(name)
}

/// In how many places a message is not as the standard has it.
fn deviations(bytes: &[u8]) -> usize {
    match bytes.first_chunk::<3>() {
        None if bytes.is_empty() => 0,
        Some([a, b, c]) if is_message(Tag::from_raw(u32::from_be_bytes([0, *a, *b, *c]))) => {
            message::check(bytes, Mode::Lenient).map_or(1, |deviations| deviations.len())
        }
        // It is neither a request nor a response.
        _ => 1,
    }
}

fn is_message(tag: Tag) -> bool {
    tag == Tag::REQUEST_MESSAGE || tag == Tag::RESPONSE_MESSAGE
}
