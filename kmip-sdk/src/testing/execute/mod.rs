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
mod identifiers;
mod variations;

use std::fmt;

use kmip_types::case::{Bindings, Case};
use kmip_types::{DateTime, Item};

use crate::Service;
use identifiers::Identifiers;

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

/// Test cases that are executed one after another against a server, with what their placeholders stand for.
///
/// What may vary is what the standard says (KMIP Additional Message Encodings 1.0 section 8.4), and no more.
pub struct Execution<'a> {
    service: &'a dyn Service,
    bindings: Bindings,
    identifiers: Identifiers,
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
        Self { service, bindings: Bindings::at(now), identifiers: Identifiers::default() }
    }

    /// Executes a test case, which may go on from the ones before it.
    pub fn run(&mut self, case: &Case) -> Outcome {
        let exchanges = match case.exchanges() {
            Ok(exchanges) => exchanges,
            Err(error) => return failed(0, "", "requests with their responses", &error),
        };
        let mut outcome = Outcome { verdict: Verdict::Whole, difference: None };
        for (number, (request, response)) in exchanges.into_iter().enumerate() {
            let exchange = number + 1;
            self.identifiers.bind(request, &mut self.bindings);
            let mut asked = request.fill(&mut self.bindings);
            self.identifiers.put_in(&mut asked);
            let sent = match asked.to_ttlv() {
                Ok(sent) => sent,
                Err(error) => return failed(exchange, "RequestMessage", "a request", &error),
            };
            let answer = match Item::from_ttlv(&self.service.exchange(&sent)) {
                Ok(answer) => answer,
                Err(error) => return failed(exchange, "ResponseMessage", "a response", &error),
            };
            self.identifiers.learn(&asked, &answer);
            let found =
                compare::compare(response, &asked, &answer, &mut self.bindings, &mut self.identifiers);
            if let Some(found) = found
                && found.verdict > outcome.verdict
            {
                let difference =
                    Difference { exchange, path: found.path, expected: found.expected, found: found.found };
                outcome = Outcome { verdict: found.verdict, difference: Some(difference) };
            }
        }
        outcome
    }
}

fn failed(exchange: usize, path: &str, expected: &str, error: &dyn fmt::Display) -> Outcome {
    let difference = Difference {
        exchange,
        path: path.to_owned(),
        expected: expected.to_owned(),
        found: error.to_string(),
    };
    Outcome { verdict: Verdict::Failed, difference: Some(difference) }
}
