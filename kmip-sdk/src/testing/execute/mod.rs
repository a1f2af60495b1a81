//! Executing test cases against a server: requests are sent, and responses are held against those of the case.
//!
//! ```
//! use kmip_sdk::server::{Server, ServerOptions};
//! use kmip_sdk::testing::execute::{Execution, Verdict};
//! use kmip_sdk::types::case::Case;
//!
//! let header = r#"<ProtocolVersion><ProtocolVersionMajor type="Integer" value="2"/>
//!     <ProtocolVersionMinor type="Integer" value="1"/></ProtocolVersion>"#;
//! let case = Case::from_xml(&format!(r#"<KMIP>
//!     <RequestMessage>
//!         <RequestHeader>{header}<BatchCount type="Integer" value="1"/></RequestHeader>
//!         <BatchItem><Operation type="Enumeration" value="Destroy"/>
//!             <RequestPayload><UniqueIdentifier type="TextString" value="nobody"/></RequestPayload></BatchItem>
//!     </RequestMessage>
//!     <ResponseMessage>
//!         <ResponseHeader>{header}<TimeStamp type="DateTime" value="$NOW"/>
//!             <BatchCount type="Integer" value="1"/></ResponseHeader>
//!         <BatchItem><Operation type="Enumeration" value="Destroy"/>
//!             <ResultStatus type="Enumeration" value="OperationFailed"/>
//!             <ResultReason type="Enumeration" value="ObjectNotFound"/></BatchItem>
//!     </ResponseMessage>
//! </KMIP>"#))?;
//! let server = Server::new(ServerOptions::default());
//! assert_eq!(Execution::new(&server).run(&case).verdict, Verdict::Whole);
//! # Ok::<(), kmip_sdk::types::case::CaseError>(())
//! ```

mod compare;
mod family;
mod identifiers;
mod remarks;
mod remote;
mod report;
#[cfg(feature = "server")]
mod served;
mod times;
mod variations;

use std::fmt;

use kmip_types::case::{Bindings, Case, CaseMessage};
use kmip_types::enumerations::{Operation, ResultStatus};
use kmip_types::{DateTime, Item, Tag};

use crate::Service;
use compare::Found;
pub use family::{Family, NamedCase};
use identifiers::Identifiers;
use remarks::Sender;
pub use remote::Remote;
pub use report::{Entry, Report};
use times::Times;

/// How often a request is repeated whose answer is that the operation goes on.
const REPEATS: usize = 100;

/// How a test case went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every response was as the case has it, but for what may vary.
    Whole,
    /// Statuses and reasons were the same, and another value was not.
    Differs,
    /// A status or a reason was another one, or there was no answer.
    Failed,
}

impl Verdict {
    /// The verdict in a word: `whole`, `differs` or `failed`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Differs => "differs",
            Self::Failed => "failed",
        }
    }
}

/// The first place where a response was not as the test case has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which exchange of the case it was in, counted from 1.
    pub exchange: usize,
    /// The tags that lead to it.
    pub path: String,
    /// What the case has there.
    pub expected: String,
    /// What the response has there.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exchange, path, expected, found } = self;
        write!(f, "exchange {exchange}, {path}: expected {expected}, found {found}")
    }
}

/// What came of executing a test case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it went.
    pub verdict: Verdict,
    /// The first difference of the kind that decided.
    pub difference: Option<Difference>,
}

/// An exchange of a test case that was just done.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// Which one, counted from 1.
    pub exchange: usize,
    /// How many the case has.
    pub of: usize,
    /// How it went.
    pub verdict: Verdict,
}

/// Test cases that are executed one after another against a server, with what their placeholders stand for.
///
/// What may vary is what the standard says (KMIP Additional Message Encodings 1.0 section 8.4), and no more. Identifiers
/// that a case says without a placeholder stand for the server's, each always for the same one, and dates near the time of
/// its responses for dates as near now.
///
/// Remarks of a case that name Client-A, Client-B and so on say which client asks: [`client`](Self::client). A Poll is
/// repeated until the operation has ended. Where a case lets time pass, which the times of its responses say or the State
/// of an object that it asks for, [`clock`](Self::clock) does.
pub struct Execution<'a> {
    clients: Vec<&'a dyn Service>,
    bindings: Bindings,
    identifiers: Identifiers,
    times: Times,
    clock: Option<Box<dyn FnMut(DateTime) + 'a>>,
    progress: Option<Box<dyn FnMut(Progress) + 'a>>,
}

impl fmt::Debug for Execution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution").finish_non_exhaustive()
    }
}

impl<'a> Execution<'a> {
    /// None yet, against this server; `$NOW` is now.
    pub fn new(service: &'a dyn Service) -> Self {
        Self::at(service, DateTime::now())
    }

    /// None yet, against this server, for which it is this date.
    pub fn at(service: &'a dyn Service, now: DateTime) -> Self {
        Self {
            clients: vec![service],
            bindings: Bindings::at(now),
            identifiers: Identifiers::default(),
            times: Times::at(now),
            clock: None,
            progress: None,
        }
    }

    /// One client more, for cases of several: the way to the server that the next letter has, of Client-A, Client-B and
    /// so on. Without it, the last one asks for the others too.
    #[must_use]
    pub fn client(mut self, service: &'a dyn Service) -> Self {
        self.clients.push(service);
        self
    }

    /// What lets time pass for the server until a date, by its clock or by waiting. Without it none passes.
    #[must_use]
    pub fn clock(mut self, clock: impl FnMut(DateTime) + 'a) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// What is told of each exchange.
    #[must_use]
    pub fn progress(mut self, progress: impl FnMut(Progress) + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Executes a test case, which may go on from the ones before it.
    pub fn run(&mut self, case: &Case) -> Outcome {
        let exchanges = match case.exchanges() {
            Ok(exchanges) => exchanges,
            Err(error) => return failed(0, unreadable("", "requests with their responses", &error)),
        };
        self.times.enter(&exchanges);
        let of = exchanges.len();
        let mut outcome = Outcome { verdict: Verdict::Whole, difference: None };
        let mut sender = Sender::default();
        for (number, (request, response)) in exchanges.into_iter().enumerate() {
            // After what the server asks, it is a client's turn again.
            sender = match (Sender::of(request), sender) {
                (Some(sender), _) => sender,
                (None, Sender::Server) => Sender::default(),
                (None, sender) => sender,
            };
            let exchange = number + 1;
            let (found, goes_on) = match self.exchange(sender, request, response) {
                Ok(found) => (found, true),
                Err(found) => (Some(found), false),
            };
            let verdict = found.as_ref().map_or(Verdict::Whole, |found| found.verdict);
            if let Some(progress) = &mut self.progress {
                progress(Progress { exchange, of, verdict });
            }
            if let Some(found) = found
                && found.verdict > outcome.verdict
            {
                outcome = failed(exchange, found);
            }
            if !goes_on {
                break;
            }
        }
        outcome
    }

    /// Does an exchange: what is not as the case has it, or the reason for which the case cannot go on.
    fn exchange(
        &mut self,
        sender: Sender,
        request: &CaseMessage,
        response: &CaseMessage,
    ) -> Result<Option<Found>, Found> {
        let Sender::Client(number) = sender else {
            let error = "a server does so of its own accord, if at all";
            return Ok(Some(unreadable("RequestMessage", "the server to ask this of the client", &error)));
        };
        self.identifiers.bind(request, &mut self.bindings);
        let mut asked = request.fill(&mut self.bindings);
        self.identifiers.put_in(&mut asked);
        self.times.shift(&mut asked);
        self.times.note(&asked);
        let until = self.times.said(response);
        self.pass(until);
        let before = (self.bindings.clone(), self.identifiers.clone());
        let mut found = self.ask(number, &asked, response)?;
        // Time passes where nothing but the State of an object is not yet as it will be.
        while found.as_ref().is_some_and(|found| found.is_state) && only_reads(&asked) && self.clock.is_some()
        {
            let Some(date) = self.times.next() else { break };
            self.pass(Some(date));
            (self.bindings, self.identifiers) = before.clone();
            found = self.ask(number, &asked, response)?;
        }
        Ok(found)
    }

    /// Lets time pass until a date.
    fn pass(&mut self, date: Option<DateTime>) {
        if let (Some(date), Some(clock)) = (date, &mut self.clock) {
            clock(date);
            self.times.pass(date);
        }
    }

    /// Sends a request, until the operation has ended if the case has it so, and compares.
    fn ask(&mut self, client: usize, asked: &Item, response: &CaseMessage) -> Result<Option<Found>, Found> {
        let unwritable = |error| unreadable("RequestMessage", "a request", &error);
        let sent = asked.to_ttlv().map_err(unwritable)?;
        let Some(service) = self.clients.get(client).or_else(|| self.clients.last()).copied() else {
            return Ok(None);
        };
        let polls = has_operation(asked, Operation::Poll) && !is_pending(response.item());
        let mut repeats = 0;
        let answer = loop {
            let bytes = service.exchange(&sent);
            let no_answer = |error| unreadable("ResponseMessage", "a response", &error);
            let answer = Item::from_ttlv(&bytes).map_err(no_answer)?;
            if !(polls && is_pending(&answer) && repeats < REPEATS) {
                break answer;
            }
            repeats += 1;
            let until = self.times.later(1);
            self.pass(until);
        };
        self.identifiers.learn(asked, &answer);
        Ok(compare::compare(response, asked, &answer, &mut self.bindings, &mut self.identifiers, &self.times))
    }
}

/// Whether a message has an operation of this kind.
fn has_operation(message: &Item, operation: Operation) -> bool {
    operations(message).any(|found| found == Some(operation.value()))
}

/// The operations of a message.
fn operations(message: &Item) -> impl Iterator<Item = Option<u32>> {
    let items = message.children(Tag::BATCH_ITEM);
    items.map(|item| item.children(Tag::OPERATION).next().and_then(Item::as_enumeration))
}

/// Whether a response says that an operation goes on.
fn is_pending(response: &Item) -> bool {
    let items = response.children(Tag::BATCH_ITEM);
    let mut states =
        items.flat_map(|item| item.children(Tag::RESULT_STATUS)).filter_map(Item::as_enumeration);
    states.any(|status| status == ResultStatus::OperationPending.value())
}

/// Whether a request changes nothing, so that it may be sent again.
fn only_reads(request: &Item) -> bool {
    const READING: [Operation; 5] = [
        Operation::GetAttributes,
        Operation::GetAttributeList,
        Operation::Locate,
        Operation::Check,
        Operation::Query,
    ];
    operations(request).all(|found| READING.iter().any(|operation| found == Some(operation.value())))
}

fn failed(exchange: usize, found: Found) -> Outcome {
    let Found { verdict, path, expected, found, .. } = found;
    Outcome { verdict, difference: Some(Difference { exchange, path, expected, found }) }
}

fn unreadable(path: &str, expected: &str, error: &dyn fmt::Display) -> Found {
    Found {
        verdict: Verdict::Failed,
        path: path.to_owned(),
        expected: expected.to_owned(),
        found: error.to_string(),
        is_state: false,
    }
}
