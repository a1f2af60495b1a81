//! Request Header and Response Header.

use kmip_derive::Ttlv;

use crate::generated::enumerations::{AsynchronousIndicator, AttestationType, BatchErrorContinuationOption};
use crate::message::{Authentication, Nonce, asynchronous_indicator};
use crate::{DateTime, ProtocolVersion, SecretBytes};

/// What a request says of itself (KMIP 1.4 section 7.2, 2.1 section 8.2).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestHeader", version = "protocol_version")]
pub struct RequestHeader {
    /// The version of the protocol that the message is in.
    #[ttlv(version)]
    pub protocol_version: ProtocolVersion,
    /// The most bytes that the response may have.
    pub maximum_response_size: Option<i32>,
    /// Text for the server's log.
    #[ttlv(since = "1.4")]
    pub client_correlation_value: Option<String>,
    /// Text that an earlier response gave, for the server's log.
    #[ttlv(since = "1.4")]
    pub server_correlation_value: Option<String>,
    /// Whether the server may, must or must not answer later; not, if omitted. That it must, only since KMIP 2.0.
    #[ttlv(with = "asynchronous_indicator")]
    pub asynchronous_indicator: Option<AsynchronousIndicator>,
    /// Whether the client can make an attestation; not, if omitted.
    #[ttlv(since = "1.2")]
    pub attestation_capable_indicator: Option<bool>,
    /// The kinds of attestation that the client can make.
    #[ttlv(since = "1.2")]
    pub attestation_type: Vec<AttestationType>,
    /// Who asks.
    pub authentication: Option<Authentication>,
    /// What to do after an operation that failed; stop, if omitted.
    pub batch_error_continuation_option: Option<BatchErrorContinuationOption>,
    /// Whether the operations are to be done in their order. If omitted: not, before 2.0; yes, since.
    pub batch_order_option: Option<bool>,
    /// When the request was made.
    pub time_stamp: Option<DateTime>,
    /// How many batch items follow.
    pub batch_count: i32,
}

/// What a response says of itself (KMIP 1.4 section 7.2, 2.1 section 8.5).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponseHeader", version = "protocol_version")]
pub struct ResponseHeader {
    /// The version of the protocol that the message is in.
    #[ttlv(version)]
    pub protocol_version: ProtocolVersion,
    /// When the response was made.
    pub time_stamp: DateTime,
    /// A random value for the client to attest with.
    #[ttlv(since = "1.2")]
    pub nonce: Option<Nonce>,
    /// The server's proof that it knows a hashed password.
    #[ttlv(since = "2.0")]
    pub server_hashed_password: Option<SecretBytes>,
    /// The kinds of attestation that the server takes.
    #[ttlv(since = "1.2")]
    pub attestation_type: Vec<AttestationType>,
    /// The request's Client Correlation Value.
    #[ttlv(since = "1.4")]
    pub client_correlation_value: Option<String>,
    /// Text under which the server logs the request.
    #[ttlv(since = "1.4")]
    pub server_correlation_value: Option<String>,
    /// How many batch items follow.
    pub batch_count: i32,
}
