//! Errors of the client: in which phase, what, and whether the request may have taken effect.

use core::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use kmip_types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_types::{DecodeError, EncodeError, ProtocolVersion};

use crate::framing::FramingError;

/// Why a call, a batch or a connection failed.
///
/// It never holds a message's bytes; [`ServerError::result_message`] is the server's own text.
///
/// ```
/// use kmip_sdk::{Client, Phase};
/// let error = Client::builder().connect().unwrap_err();
/// assert_eq!(error.phase(), Phase::Configure);
/// assert!(!error.is_retryable() && !error.is_outcome_unknown());
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    phase: Phase,
    kind: ErrorKind,
    address: Option<String>,
    effect: Effect,
}

/// What a call was doing when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Making sense of the client's configuration.
    Configure,
    /// Looking up the server's address and connecting to it.
    Connect,
    /// Agreeing on TLS: the handshake, certificates included.
    Tls,
    /// Agreeing on a version of the protocol.
    Negotiate,
    /// Encoding the request.
    Encode,
    /// Sending the request.
    Send,
    /// Receiving the response.
    Receive,
    /// Decoding the response.
    Decode,
    /// Taking the result from the response: what the server answered.
    Result,
}

/// What failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's configuration cannot be used.
    #[error(transparent)]
    Configuration(ConfigurationError),
    /// The system reported a failure.
    #[error("the system reported a failure")]
    Io(#[source] io::Error),
    /// Connecting, or the TLS handshake, took longer than its timeout.
    #[error("timed out after {} s", timeout.as_secs_f64())]
    TimedOut {
        /// The timeout.
        timeout: Duration,
    },
    /// The server, or the client, refused the other's TLS.
    #[error("TLS failed")]
    Tls(#[source] rustls::Error),
    /// No whole message went over the connection.
    #[error(transparent)]
    Framing(FramingError),
    /// The server closed the connection instead of answering.
    #[error("the server closed the connection")]
    Closed,
    /// An earlier call left the connection in the middle of an exchange; connect again.
    #[error("the connection cannot be used after an earlier failure")]
    Poisoned,
    /// The server has none of the versions that the client wants.
    #[error("the server has none of the wanted versions ({})", Versions(wanted))]
    NoCommonVersion {
        /// The versions that the client wants, best first.
        wanted: Vec<ProtocolVersion>,
    },
    /// The request cannot be written in the negotiated version.
    #[error("the request cannot be encoded")]
    Encode(#[source] EncodeError),
    /// The response is not a valid message.
    #[error("the response cannot be decoded")]
    Decode(#[source] DecodeError),
    /// The response is a valid message, but not an answer to the request.
    #[error(transparent)]
    Response(ResponseError),
    /// The server answered that the operation failed.
    #[error(transparent)]
    Server(ServerError),
    /// The operation was not done: an earlier one of its batch failed, and the batch stopped there.
    #[error("not done, as item {failed} of the batch failed")]
    NotDone {
        /// Which item failed, from 0.
        failed: usize,
    },
    /// The batch has no items.
    #[error("the batch has no items")]
    EmptyBatch,
    /// A handle was used with the results of another batch.
    #[error("the handle belongs to another batch")]
    ForeignHandle,
}

/// What cannot be used in a client's configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// No address was given.
    #[error("no address of a server is given")]
    NoAddress,
    /// The address is not `HOST` or `HOST:PORT`.
    #[error("`{address}` is not HOST or HOST:PORT")]
    InvalidAddress {
        /// The address.
        address: String,
    },
    /// The name is neither a DNS name nor an IP address.
    #[error("`{name}` is neither a DNS name nor an IP address")]
    InvalidServerName {
        /// The name.
        name: String,
    },
    /// No certificate was given to check the server's by.
    #[error("no root certificate is given")]
    NoRootCertificate,
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// PEM text holds no such thing, or a malformed one.
    #[error("no valid {expected} in the PEM text: {problem}")]
    Pem {
        /// What should be there.
        expected: &'static str,
        /// What is wrong with it. It never tells of a key's content.
        problem: PemProblem,
    },
    /// TLS cannot be set up with the certificates, the key or the protocol versions.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// No version of the protocol is wanted.
    #[error("no version of the protocol is wanted")]
    NoVersion,
}

/// What is wrong with PEM text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemProblem {
    /// There is no section of the right label.
    #[error("there is none")]
    Missing,
    /// A section is not well-formed, or not Base64.
    #[error("it is malformed")]
    Malformed,
}

/// Why a response is not an answer to its request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The response is in another version of the protocol.
    #[error("expected KMIP {expected}, found {found} in the response header")]
    Version {
        /// The version of the request.
        expected: ProtocolVersion,
        /// The version in the response header.
        found: ProtocolVersion,
    },
    /// The response header counts other batch items than there are.
    #[error("the response header counts {declared} batch items, found {found}")]
    BatchCount {
        /// Batch Count of the response header.
        declared: i32,
        /// How many batch items there are.
        found: usize,
    },
    /// There are more or fewer batch items than the request calls for.
    #[error("expected {expected} batch items, found {found}")]
    ItemCount {
        /// How many batch items the request has.
        expected: usize,
        /// How many batch items the response has.
        found: usize,
    },
    /// A Unique Batch Item ID is not one of the request's, occurs again, or is absent.
    #[error("batch item {item}: the Unique Batch Item ID is {}", found.as_ref().map_or("absent", |_| "not one that is awaited"))]
    UniqueBatchItemId {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The Unique Batch Item ID, if there is one.
        found: Option<Vec<u8>>,
    },
    /// A batch item answers another operation.
    #[error("batch item {item}: expected an answer to {expected}, found {}", Found(found))]
    Operation {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The operation that was asked for.
        expected: Operation,
        /// The operation of the batch item, if there is one.
        found: Option<Operation>,
    },
    /// An operation succeeded, but what it yields is not there.
    #[error("batch item {item}: {operation} succeeded, but has no Response Payload")]
    NoPayload {
        /// Which batch item of the response, from 0.
        item: usize,
        /// The operation.
        operation: Operation,
    },
}

/// An operation that did not succeed, as the server reports it (KMIP 1.4 sections 6.9 to 6.11,
/// 2.1 sections 9.17 to 9.19).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// The operation; of the request, if the response does not say it and the request has only one.
    pub operation: Option<Operation>,
    /// Result Status: Operation Failed, Operation Pending or Operation Undone.
    pub result_status: ResultStatus,
    /// Result Reason: why, if the server says so.
    pub result_reason: Option<ResultReason>,
    /// Result Message: why, in the server's words.
    pub result_message: Option<String>,
    /// The Unique Batch Item ID, if the request item had one.
    pub unique_batch_item_id: Option<Vec<u8>>,
    /// What to ask for the result with, if the operation is pending.
    pub asynchronous_correlation_value: Option<Vec<u8>>,
}

/// Whether a request may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing of it was sent, or the server answered that it did nothing.
    None,
    /// It was sent, at least in part, and there is no answer that can be understood.
    Unknown {
        /// Whether the request changes nothing, so that it can be repeated anyway.
        repeatable: bool,
    },
}

impl Error {
    pub(crate) fn new(phase: Phase, kind: ErrorKind) -> Self {
        Self(Box::new(Inner { phase, kind, address: None, effect: Effect::None }))
    }

    pub(crate) fn configuration(error: ConfigurationError) -> Self {
        Self::new(Phase::Configure, ErrorKind::Configuration(error))
    }

    /// The error with the address of the server.
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.0.address.get_or_insert_with(|| address.to_owned());
        self
    }

    /// The error with what is known of the request's effect.
    pub(crate) fn with_effect(mut self, effect: Effect) -> Self {
        self.0.effect = effect;
        self
    }

    /// The error as one of another phase.
    pub(crate) fn in_phase(mut self, phase: Phase) -> Self {
        self.0.phase = phase;
        self
    }

    /// What the call was doing.
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// What failed.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The address of the server, if the failure is one of the connection.
    pub fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// What the server reported, if it reported a failure.
    pub fn server(&self) -> Option<&ServerError> {
        match &self.0.kind {
            ErrorKind::Server(error) => Some(error),
            _ => None,
        }
    }

    /// Whether a timeout passed.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TimedOut { .. } | ErrorKind::Framing(FramingError::TimedOut { .. }))
    }

    /// Whether the request may have taken effect: it was sent, at least in part, and no answer that can be
    /// understood came back. For a request that changes something, look at the server's objects before
    /// sending it again.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self.0.effect, Effect::Unknown { .. })
    }

    /// Whether it is safe to send the same request again, and worth it: the cause may pass, and the request
    /// did not take effect, or is of operations that change nothing (such as Get, Locate or Query). After a
    /// failure of the connection, send it over a new one.
    pub fn is_retryable(&self) -> bool {
        if let Effect::Unknown { repeatable } = self.0.effect {
            return repeatable && self.is_transient();
        }
        self.is_transient()
    }

    /// Whether the cause may pass without a change of the request or the configuration.
    fn is_transient(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Io(_)
            | ErrorKind::TimedOut { .. }
            | ErrorKind::Closed
            | ErrorKind::Poisoned
            | ErrorKind::NotDone { .. } => true,
            ErrorKind::Framing(error) => matches!(
                error,
                FramingError::Io(_) | FramingError::TimedOut { .. } | FramingError::Truncated { .. }
            ),
            // The standard: "at this time". The other reasons need another request, or another server.
            ErrorKind::Server(error) => error.result_reason == Some(ResultReason::InternalServerError),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.phase)?;
        if let Some(address) = &self.0.address {
            write!(f, " {address}")?;
        }
        write!(f, ": {}", self.0.kind)?;
        if self.is_outcome_unknown() {
            f.write_str(" (whether the request took effect is unknown)")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("phase", &self.0.phase)
            .field("kind", &self.0.kind)
            .field("address", &self.0.address)
            .field("effect", &self.0.effect)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The kind is part of this error's own text, so the chain goes on behind it.
        std::error::Error::source(&self.0.kind)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configure => "configuring the client",
            Self::Connect => "connecting",
            Self::Tls => "securing the connection",
            Self::Negotiate => "negotiating the protocol version",
            Self::Encode => "encoding the request",
            Self::Send => "sending the request",
            Self::Receive => "receiving the response",
            Self::Decode => "decoding the response",
            Self::Result => "the result",
        })
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operation {
            Some(operation) => write!(f, "{operation}: {}", self.result_status)?,
            None => write!(f, "the request as a whole: {}", self.result_status)?,
        }
        if let Some(reason) = self.result_reason {
            write!(f, ", {reason}")?;
        }
        if let Some(message) = &self.result_message {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServerError {}

/// Versions with commas between them.
struct Versions<'a>(&'a [ProtocolVersion]);

impl fmt::Display for Versions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, version) in self.0.iter().enumerate() {
            write!(f, "{}{version}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// An operation that may be absent.
struct Found<'a>(&'a Option<Operation>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(operation) => write!(f, "one to {operation}"),
            None => f.write_str("no operation"),
        }
    }
}
