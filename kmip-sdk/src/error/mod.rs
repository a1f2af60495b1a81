//! Errors of the client: in which phase, what, and whether the request may have taken effect.

mod configuration;
mod response;
mod tls;

use core::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{Operation, ResultReason, ValidityIndicator};
use kmip_types::escape::Escaped;
use kmip_types::ttlv::Deviation;
use kmip_types::{DecodeError, EncodeError, ProtocolVersion};

use crate::framing::FramingError;
use crate::keys::KeyError;
use crate::keys::envelope::EnvelopeError;
use crate::signers::SignerError;

pub use configuration::{ConfigurationError, DerProblem, EncryptedKeyProblem, PemProblem, Pkcs12Problem};
pub use response::{Challenge, ResponseError, ServerError};
pub(crate) use tls::NotPinned;

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
///
/// It is cheap to clone: what several calls waited for fails for each of them.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    phase: Phase,
    kind: Arc<ErrorKind>,
    address: Option<String>,
    effect: Effect,
    deviations: Vec<Deviation>,
}

/// What a call was doing when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Making sense of the client's configuration.
    Configure,
    /// Waiting for a connection of the pool's.
    Wait,
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
    #[error(transparent)]
    Io(io::Error),
    /// Waiting for a connection, connecting, the TLS handshake or the whole call took longer than its timeout.
    #[error("timed out after {} s", timeout.as_secs_f64())]
    TimedOut {
        /// The timeout.
        timeout: Duration,
    },
    /// The server, or the client, refused the other's TLS.
    #[error("TLS failed{}", tls::Words(.0))]
    Tls(#[source] rustls::Error),
    /// No whole message went over the connection.
    #[error(transparent)]
    Framing(FramingError),
    /// The server closed the connection instead of answering.
    #[error("the server closed the connection")]
    Closed,
    /// Bytes came that belong to no response, so that it cannot be told what answers which request. The
    /// connection is closed.
    ///
    /// In [`Phase::Receive`] they were there behind the response when that was read; the response is not used,
    /// and the outcome of the request is unknown. In [`Phase::Send`] they came between two calls, and nothing
    /// of the request was sent.
    #[error("{bytes} bytes followed the response")]
    StrayBytes {
        /// How many there were. More than 64 KiB are not counted.
        bytes: usize,
    },
    /// What answers on the port is no KMIP server over TLS.
    #[error(
        "the server speaks {spoken} on this port, not {expected}: most servers have KMIP over TLS on port 5696"
    )]
    OtherProtocol {
        /// What it speaks.
        spoken: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// The server answered with an HTTP status other than 200.
    #[error("HTTP status {status}: {}", Escaped(text))]
    HttpStatus {
        /// The status.
        status: u16,
        /// What the server says with it: the body, or at least its beginning.
        text: String,
        /// After how long it may be asked again (Retry-After); zero, if it says a date. With the status 503 it says that nothing
        /// was done, as there was no room for the request.
        retry_after: Option<Duration>,
    },
    /// What came is not HTTP, or no message is in it.
    #[error("{reason}")]
    Http {
        /// What is wrong with it.
        reason: String,
    },
    /// The request cannot be sent over this transport.
    #[error("{reason}")]
    Transport {
        /// Why not.
        reason: String,
    },
    /// A layer refused the call.
    #[error("refused before it was sent: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// The server has none of the versions that the client wants.
    #[error("the server has none of the wanted versions ({})", Versions(wanted))]
    NoCommonVersion {
        /// The versions that the client wants, best first.
        wanted: Vec<ProtocolVersion>,
    },
    /// The request cannot be written in the negotiated version.
    #[error("the request cannot be encoded: {0}")]
    Encode(EncodeError),
    /// An item is no payload of a request of the operation, in any version.
    #[error("this is no payload of a request of {operation}: {error}")]
    NoPayload {
        /// The operation.
        operation: Operation,
        /// Why, in the newest version.
        error: DecodeError,
    },
    /// The response is not a valid message.
    #[error("the response cannot be decoded: {0}")]
    Decode(DecodeError),
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
    /// The server wants an attestation, and it could not be made.
    #[error("the attestation could not be made: {0}")]
    Attestation(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data of a stream could not be read, or its output not be written.
    #[error("the data of the stream: {0}")]
    Stream(io::Error),
    /// A stream was given up, as whoever was told of its progress wanted that.
    #[error("the stream was given up after {bytes} bytes")]
    Aborted {
        /// How many bytes were read by then.
        bytes: u64,
    },
    /// The server, or the version of the protocol, has no streams, and the data is more than one request has room for.
    #[error("the server takes no stream, and the data is more than the {room} bytes that a request has room for{}", Because(refused.as_deref()))]
    NoStreams {
        /// How much data a request has room for, in bytes.
        room: usize,
        /// What the server answered to the beginning of a stream.
        refused: Option<Box<Error>>,
    },
    /// A key, a certificate or a secret is not what it should be, or cannot be had in the form that is wanted.
    #[error(transparent)]
    Key(KeyError),
    /// An envelope could not be made, or is none.
    #[error(transparent)]
    Envelope(EnvelopeError),
    /// The links from an object to those that took its place do not end.
    #[error("more than {most} objects took the place of each other")]
    Replacements {
        /// How many were followed.
        most: usize,
    },
    /// Objects were made, but not all of them activated.
    #[error("{} was made, but not activated: {error}", Listed(made))]
    NotActivated {
        /// The objects, which are there.
        made: Vec<UniqueIdentifier>,
        /// Why one was not activated.
        error: Box<Error>,
    },
    /// The signature, the message authentication code or the certificates are not valid, as the server says.
    #[error("the server says {validity_indicator}")]
    NotValid {
        /// Validity Indicator: Invalid, or Unknown.
        validity_indicator: ValidityIndicator,
    },
    /// What the call was given cannot be sent.
    #[error("{what} is {found}, which is more than KMIP has room for ({most})")]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// What it was given.
        found: u64,
        /// The most that it can be.
        most: u64,
    },
    /// The batch has no items.
    #[error("the batch has no items")]
    EmptyBatch,
    /// A request of the batch is for the ID Placeholder of a request that is not the last one to set it, or is of another
    /// batch: the server would do it to another object.
    #[error("a request of the batch is for an ID Placeholder that is another object by then")]
    Misplaced,
    /// The operation was done and then undone: another one of its batch failed, and the batch was to be undone then.
    #[error("undone, as another item of the batch failed: {0}")]
    Undone(ServerError),
    /// A key of the server's cannot be used as it is wanted.
    #[error(transparent)]
    Signer(SignerError),
    /// A handle was used with the results of another batch.
    #[error("the handle belongs to another batch")]
    ForeignHandle,
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
        let kind = Arc::new(kind);
        Self(Box::new(Inner { phase, kind, address: None, effect: Effect::None, deviations: Vec::new() }))
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

    /// The error with what in the response was tolerated.
    pub(crate) fn with_deviations(mut self, deviations: Vec<Deviation>) -> Self {
        self.0.deviations = deviations;
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
        match &*self.0.kind {
            ErrorKind::Server(error) | ErrorKind::Undone(error) => Some(error),
            ErrorKind::NotActivated { error, .. } => error.server(),
            _ => None,
        }
    }

    /// Result Reason, if the server reported a failure and says why.
    pub fn reason(&self) -> Option<ResultReason> {
        self.server()?.result_reason
    }

    /// Whether the server has no such object: Item Not Found, which is Object Not Found since KMIP 2.0.
    pub fn is_not_found(&self) -> bool {
        matches!(self.reason(), Some(ResultReason::ItemNotFound | ResultReason::ObjectNotFound))
    }

    /// Whether the server does not let the client do this: Permission Denied, which is Not Authorised too since
    /// KMIP 2.0.
    pub fn is_permission_denied(&self) -> bool {
        matches!(self.reason(), Some(ResultReason::PermissionDenied | ResultReason::NotAuthorised))
    }

    /// Whether the operation was not done for what became of another of its batch: it was never tried, or it was undone.
    pub fn is_not_done(&self) -> bool {
        matches!(*self.0.kind, ErrorKind::NotDone { .. } | ErrorKind::Undone(_))
    }

    /// What in the response was not as the standard has it, and was tolerated.
    pub fn deviations(&self) -> &[Deviation] {
        &self.0.deviations
    }

    /// Whether a timeout passed.
    pub fn is_timeout(&self) -> bool {
        matches!(*self.0.kind, ErrorKind::TimedOut { .. } | ErrorKind::Framing(FramingError::TimedOut { .. }))
    }

    /// Whether the request may have taken effect: it was sent, at least in part, and no answer that can be
    /// understood came back. The client has not sent it again, and whoever does guesses.
    ///
    /// To find out, look at the server's objects: at the state of the one that was to change, by Get Attributes; at
    /// whether there is one of the name that was given to a new one, by Locate; or at the server's log, by the Client
    /// Correlation Value of the call.
    ///
    /// ```
    /// use kmip_sdk::prelude::*;
    ///
    /// /// Makes a key of this name, once, whatever becomes of answers.
    /// fn make(client: &Client, name: &str) -> Result<UniqueIdentifier, Error> {
    ///     let attributes = Attributes::new()
    ///         .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
    ///         .with_cryptographic_length(256)
    ///         .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT)
    ///         .with_name(Name::text(name));
    ///     match client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send() {
    ///         Err(error) if error.is_outcome_unknown() => {
    ///             let named = LocateRequest::new(Attributes::new().with_name(Name::text(name)));
    ///             let found = client.call(named).send()?.unique_identifier;
    ///             found.into_iter().next().ok_or(error)
    ///         }
    ///         made => Ok(made?.unique_identifier),
    ///     }
    /// }
    /// ```
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
    pub(crate) fn is_transient(&self) -> bool {
        match &*self.0.kind {
            ErrorKind::Io(_)
            | ErrorKind::TimedOut { .. }
            | ErrorKind::Closed
            | ErrorKind::NotDone { .. }
            | ErrorKind::StrayBytes { .. }
            // Over another connection the answer may be that to the request.
            | ErrorKind::Response(ResponseError::UniqueBatchItemId { found: Some(_), .. } | ResponseError::UniqueIdentifier { .. }) => true,
            ErrorKind::Framing(error) => matches!(
                error,
                FramingError::Io(_) | FramingError::TimedOut { .. } | FramingError::Truncated { .. }
            ),
            // The standard: "at this time". The other reasons need another request, or another server.
            ErrorKind::Server(error) => error.result_reason == Some(ResultReason::InternalServerError),
            // Too many requests, and what stands before the server.
            ErrorKind::HttpStatus { status, .. } => matches!(status, 408 | 425 | 429 | 502..=504),
            // What a server says that has no room, or that failed before it looked at the client.
            ErrorKind::Tls(rustls::Error::AlertReceived(rustls::AlertDescription::InternalError)) => true,
            _ => false,
        }
    }
}

/// Identifiers, with words between them.
struct Listed<'a>(&'a [UniqueIdentifier]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, identifier) in self.0.iter().enumerate() {
            write!(f, "{}{}", if number == 0 { "" } else { " with " }, Escaped(&identifier.to_string()))?;
        }
        Ok(())
    }
}

/// The error behind another, if there is one.
struct Because<'a>(Option<&'a Error>);

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |error| write!(f, ": {error}"))
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
        std::error::Error::source(&*self.0.kind)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configure => "configuring the client",
            Self::Wait => "waiting for a connection to",
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
