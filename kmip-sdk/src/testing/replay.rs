//! The server's side of what was recorded.

use std::fmt;

use kmip_types::case::{Case, CaseError};

use super::MockServer;
use crate::Service;

/// The server's side of recorded exchanges, for a port or a client: it answers by the first of its test cases that has requests
/// left. Where that has no such request, nothing is answered, which ends the connection, and the reason is told.
///
/// As [`MockServer`], of which it is made, but for the panic.
///
/// ```
/// use kmip_sdk::testing::{Recorder, Replay};
/// use kmip_sdk::testing::execute::{Execution, Remote, Verdict};
/// use kmip_sdk::server::Server;
/// use kmip_sdk::types::case::Case;
/// use kmip_sdk::{Client, ProtocolVersion};
///
/// let recorder = Recorder::new();
/// let builder = || Client::builder().version(ProtocolVersion::V2_1);
/// let client = builder().service(Server::default()).observer(recorder.observer()).connect()?;
/// client.create_aes(256).name("app").send()?;
/// let case = Case::from_xml(&recorder.to_case_xml()?)?;
///
/// // The server's side, for a client.
/// let replay = Replay::of([&case])?;
/// builder().service(replay).connect()?.create_aes(256).name("app").send()?;
/// // The client's side, against a server.
/// let remote = Remote::new(builder().service(Server::default()).connect()?);
/// assert_eq!(Execution::new(&remote).run(&case).verdict, Verdict::Whole);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Replay {
    cases: Vec<MockServer>,
    told: Box<dyn Fn(&str) + Send + Sync>,
}

impl Replay {
    /// The server's side of test cases, one after the other.
    ///
    /// # Errors
    /// The messages of one are not requests, each with its response.
    pub fn of<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Result<Self, CaseError> {
        let cases = cases.into_iter().map(MockServer::from_case).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { cases, told: Box::new(|_| {}) })
    }

    /// The same, taking the requests of a test case in any order, as those of several connections come.
    #[must_use]
    pub fn any_order(mut self) -> Self {
        self.cases = self.cases.into_iter().map(MockServer::any_order).collect();
        self
    }

    /// What is told why a request is not answered.
    #[must_use]
    pub fn on_mismatch(mut self, told: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.told = Box::new(told);
        self
    }

    /// How many of the requests were not made yet.
    pub fn left(&self) -> usize {
        self.cases.iter().map(MockServer::left).sum()
    }
}

impl Service for Replay {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let case = self.cases.iter().find(|case| case.left() > 0).or(self.cases.last());
        case.map_or_else(Vec::new, |case| {
            case.respond(request).unwrap_or_else(|why| {
                (self.told)(&why);
                Vec::new()
            })
        })
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").field("cases", &self.cases).finish_non_exhaustive()
    }
}
