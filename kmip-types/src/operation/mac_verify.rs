//! MAC Verify: checks a message authentication code with a key of the server's. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::{CryptographicParameters, UniqueIdentifier};
use crate::generated::enumerations::ValidityIndicator;
use crate::hex_debug::debug_in_hex;
use crate::operation::Data;

/// The request of MAC Verify (KMIP 1.4 section 4.34, 2.1 section 6.1.33). Since KMIP 1.2.
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct MacVerifyRequest {
    /// The key; the object of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How to use the key; as its attributes say, if omitted.
    pub cryptographic_parameters: Option<Box<CryptographicParameters>>,
    /// The data. May be omitted in the parts of a stream.
    pub data: Option<Data>,
    /// The code. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub mac_data: Option<SecretBytes>,
    /// Which stream this is a part of, as an earlier response said.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
    /// Whether this is the first part of a stream.
    #[ttlv(since = "1.3")]
    pub init_indicator: Option<bool>,
    /// Whether this is the last part of a stream.
    #[ttlv(since = "1.3")]
    pub final_indicator: Option<bool>,
}

debug_in_hex!(MacVerifyRequest {
    unique_identifier,
    cryptographic_parameters,
    data,
    mac_data,
    correlation_value,
    init_indicator,
    final_indicator,
});

/// The response of MAC Verify (KMIP 1.4 section 4.34, 2.1 section 6.1.33). Since KMIP 1.2.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct MacVerifyResponse {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// Whether the code is right.
    #[ttlv(required = "..=1.2")]
    pub validity_indicator: Option<ValidityIndicator>,
    /// Which stream this is a part of.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
}

debug_in_hex!(MacVerifyResponse { unique_identifier, validity_indicator, correlation_value });
