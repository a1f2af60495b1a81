//! What every request of a session says in its header.

use kmip_types::DateTime;
use kmip_types::enumerations::{AsynchronousIndicator, AttestationType};
use kmip_types::message::{Authentication, RequestHeader};

/// What every request says in its header, apart from what the session and the batch say themselves
/// (KMIP 1.4 section 7.2, 2.1 section 8.2).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestOptions {
    /// The most bytes that a response may have. The client reads no more than its own limits in any case.
    pub maximum_response_size: Option<i32>,
    /// Text for the server's log. Since KMIP 1.4.
    pub client_correlation_value: Option<String>,
    /// Text that an earlier response gave, for the server's log. Since KMIP 1.4.
    pub server_correlation_value: Option<String>,
    /// Whether the server may, must or must not answer later. That it must, only since KMIP 2.0.
    pub asynchronous_indicator: Option<AsynchronousIndicator>,
    /// Whether the client can make an attestation. Since KMIP 1.2.
    pub attestation_capable_indicator: Option<bool>,
    /// The kinds of attestation that the client can make. Since KMIP 1.2.
    pub attestation_type: Vec<AttestationType>,
    /// Who asks, besides whom the client's certificate names.
    pub authentication: Option<Authentication>,
    /// When the request was made. Servers may refuse a time that is not theirs; set it before each request.
    pub time_stamp: Option<DateTime>,
}

impl RequestOptions {
    /// Puts the options into a header.
    pub(super) fn apply(&self, header: &mut RequestHeader) {
        let options = self.clone();
        header.maximum_response_size = options.maximum_response_size;
        header.client_correlation_value = options.client_correlation_value;
        header.server_correlation_value = options.server_correlation_value;
        header.asynchronous_indicator = options.asynchronous_indicator;
        header.attestation_capable_indicator = options.attestation_capable_indicator;
        header.attestation_type = options.attestation_type;
        header.authentication = options.authentication;
        header.time_stamp = options.time_stamp;
    }

    /// The options that any version of the protocol has: those for finding out the version.
    pub(super) fn of_any_version(&self) -> Self {
        Self {
            maximum_response_size: self.maximum_response_size,
            authentication: self.authentication.clone(),
            time_stamp: self.time_stamp,
            ..Self::default()
        }
    }
}
