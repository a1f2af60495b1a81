//! Log: writes text to the server's log. Since KMIP 2.0.

use kmip_derive::Ttlv;

/// The request of Log (KMIP 2.1 section 6.1.29). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct LogRequest {
    /// The text.
    pub log_message: String,
}

/// The response of Log (KMIP 2.1 section 6.1.29). Since KMIP 2.0. It has no fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct LogResponse {}
