//! Agreeing on a version of the protocol: Discover Versions, and what to do where a server lacks it.

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{QueryFunction, ResultReason};
use kmip_types::operation::{DiscoverVersionsRequest, QueryRequest};

use super::{Handle, Prepared, Session};
use crate::error::{ConfigurationError, Error, ErrorKind, Phase};

/// A dialogue that finds the best version that both sides have.
///
/// It asks by Discover Versions in the best wanted version. Where the server refuses that, it asks in the next
/// one, or in the one that the refusal's header states. KMIP 1.0 has no Discover Versions: a server that
/// answers Query in 1.0 has 1.0.
///
/// It does no I/O: [`request`](Self::request) gives what to send, [`answered`](Self::answered) takes the
/// answer, until there is a version.
#[derive(Debug)]
pub struct Negotiation {
    wanted: Vec<ProtocolVersion>,
    session: Session,
    /// The versions to ask in that have not been tried, the next one last.
    untried: Vec<ProtocolVersion>,
    asked: Option<Asked>,
    /// The last refusal: what to report, if nothing else works.
    refusal: Option<Error>,
}

#[derive(Debug)]
struct Asked {
    version: ProtocolVersion,
    question: Question,
}

#[derive(Debug)]
enum Question {
    DiscoverVersions(Prepared, Handle<DiscoverVersionsRequest>),
    Query(Prepared, Handle<QueryRequest>),
}

impl Negotiation {
    /// A dialogue about these versions, best first, with the options and limits of a session in whichever version.
    ///
    /// # Errors
    /// [`ConfigurationError::NoVersion`].
    pub fn new(wanted: &[ProtocolVersion], session: &Session) -> Result<Self, Error> {
        if wanted.is_empty() {
            return Err(Error::configuration(ConfigurationError::NoVersion));
        }
        let mut untried = wanted.to_vec();
        untried.reverse();
        Ok(Self {
            wanted: wanted.to_vec(),
            session: session.clone().with_options(session.options.of_any_version()),
            untried,
            asked: None,
            refusal: None,
        })
    }

    /// The message to send next. The same again, if the last one has not been answered.
    ///
    /// # Errors
    /// The server has none of the wanted versions; or the last refusal, if there was any.
    pub fn request(&mut self) -> Result<&[u8], Error> {
        let asked = match self.asked.take() {
            Some(asked) => asked,
            None => self.next_question()?,
        };
        let asked = self.asked.insert(asked);
        match &asked.question {
            Question::DiscoverVersions(prepared, _) => Ok(prepared.bytes()),
            Question::Query(prepared, _) => Ok(prepared.bytes()),
        }
    }

    fn next_question(&mut self) -> Result<Asked, Error> {
        while let Some(version) = self.untried.pop() {
            match self.question(version) {
                Ok(question) => return Ok(Asked { version, question }),
                // The options have no form in this version, so no request would.
                Err(error) => self.refusal = Some(error),
            }
        }
        Err(self.refusal.take().unwrap_or_else(|| self.no_common_version()))
    }

    fn question(&self, version: ProtocolVersion) -> Result<Question, Error> {
        let session = self.session.in_version(version);
        if version.is_at_least(ProtocolVersion::V1_1) {
            let request = DiscoverVersionsRequest { protocol_version: self.wanted.clone() };
            let (prepared, handle) = session.prepare_one(request)?;
            Ok(Question::DiscoverVersions(prepared, handle))
        } else {
            let (prepared, handle) =
                session.prepare_one(QueryRequest::new([QueryFunction::QueryOperations]))?;
            Ok(Question::Query(prepared, handle))
        }
    }

    /// Takes the server's answer. `None` says that there is another request to send.
    ///
    /// # Errors
    /// The answer is no response; the server has none of the wanted versions; or it does not know the client.
    pub fn answered(&mut self, response: &[u8]) -> Result<Option<ProtocolVersion>, Error> {
        let Some(Asked { version, question }) = self.asked.take() else { return Ok(None) };
        let (stated, answer) = match question {
            Question::DiscoverVersions(prepared, handle) => {
                let answer = prepared.answer(response);
                let discovered = answer.results.and_then(|mut results| results.take(handle));
                (answer.version, discovered.map(|discovered| self.best_of(&discovered.protocol_version)))
            }
            Question::Query(prepared, handle) => {
                let answer = prepared.answer(response);
                let known = answer.results.and_then(|mut results| results.take(handle));
                (answer.version, known.map(|_| Some(version)))
            }
        };
        match answer {
            Ok(Some(agreed)) => Ok(Some(agreed)),
            Ok(None) => Err(self.no_common_version()),
            Err(error) => self.refused(version, error, stated),
        }
    }

    /// Takes note that the server closed the connection instead of answering, as some do when they do not
    /// know a version: the next request goes over a new connection.
    pub fn closed(&mut self, error: Error) {
        self.asked = None;
        self.refusal = Some(error);
    }

    /// The best wanted version among those that the server has.
    fn best_of(&self, offered: &[ProtocolVersion]) -> Option<ProtocolVersion> {
        self.wanted.iter().copied().find(|wanted| offered.contains(wanted))
    }

    fn refused(
        &mut self,
        asked: ProtocolVersion,
        error: Error,
        stated: Option<ProtocolVersion>,
    ) -> Result<Option<ProtocolVersion>, Error> {
        let Some(server) = error.server() else {
            // An answer in another version than the question: the version says which one to ask in.
            return match error.kind() {
                ErrorKind::Response(crate::ResponseError::Version { found, .. }) => {
                    self.follow(*found);
                    self.refusal = Some(error);
                    Ok(None)
                }
                _ => Err(error),
            };
        };
        match server.result_reason {
            // Another version would not change who asks.
            Some(ResultReason::AuthenticationNotSuccessful | ResultReason::NotAuthorised) => Err(error),
            // It understood the message, so it has the version.
            Some(ResultReason::OperationNotSupported) if stated == Some(asked) => Ok(Some(asked)),
            Some(ResultReason::PermissionDenied) if stated == Some(asked) => Ok(Some(asked)),
            _ => {
                if let Some(stated) = stated {
                    self.follow(stated);
                }
                self.refusal = Some(error);
                Ok(None)
            }
        }
    }

    /// Goes on with the version that a refusal's header states, if it is an earlier one.
    ///
    /// A refusal in 1.0 says nothing: servers use it for messages that they cannot read at all.
    fn follow(&mut self, stated: ProtocolVersion) {
        if stated.is_at_least(ProtocolVersion::V1_1) && self.untried.contains(&stated) {
            let later = |version: &ProtocolVersion| *version > stated;
            self.untried.retain(|version| !later(version));
        }
    }

    fn no_common_version(&self) -> Error {
        Error::new(Phase::Negotiate, ErrorKind::NoCommonVersion { wanted: self.wanted.clone() })
    }
}
