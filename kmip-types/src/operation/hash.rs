//! Hash: hashes data. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::CryptographicParameters;
use crate::hex_debug::debug_in_hex;
use crate::operation::Data;

/// The request of Hash (KMIP 1.4 section 4.37, 2.1 section 6.1.24). Since KMIP 1.2.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct HashRequest {
    /// The hash.
    pub cryptographic_parameters: CryptographicParameters,
    /// The data. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub data: Option<Data>,
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

debug_in_hex!(HashRequest {
    cryptographic_parameters,
    data,
    correlation_value,
    init_indicator,
    final_indicator,
});

/// The response of Hash (KMIP 1.4 section 4.37, 2.1 section 6.1.24). Since KMIP 1.2.
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct HashResponse {
    /// The hash value. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub data: Option<SecretBytes>,
    /// Which stream this is a part of.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
}

debug_in_hex!(HashResponse { data, correlation_value });
