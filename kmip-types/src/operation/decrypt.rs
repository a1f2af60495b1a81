//! Decrypt: decrypts data with a key of the server's.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::{CryptographicParameters, UniqueIdentifier};
use crate::hex_debug::debug_in_hex;
use crate::operation::Data;

/// The request of Decrypt (KMIP 1.4 section 4.30, 2.1 section 6.1.11). Since KMIP 1.2.
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DecryptRequest {
    /// The key; the object of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// How to use the key; as its attributes say, if omitted.
    pub cryptographic_parameters: Option<Box<CryptographicParameters>>,
    /// The data. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub data: Option<Data>,
    /// The initialization vector, counter or nonce.
    pub iv_counter_nonce: Option<Vec<u8>>,
    /// Which stream this is a part of, as an earlier response said.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
    /// Whether this is the first part of a stream.
    #[ttlv(since = "1.3")]
    pub init_indicator: Option<bool>,
    /// Whether this is the last part of a stream.
    #[ttlv(since = "1.3")]
    pub final_indicator: Option<bool>,
    /// Data to authenticate that is not decrypted.
    #[ttlv(since = "1.4")]
    pub authenticated_encryption_additional_data: Option<Vec<u8>>,
    /// The tag that authenticates the data.
    #[ttlv(since = "1.4")]
    pub authenticated_encryption_tag: Option<Vec<u8>>,
}

debug_in_hex!(DecryptRequest {
    unique_identifier,
    cryptographic_parameters,
    data,
    iv_counter_nonce,
    correlation_value,
    init_indicator,
    final_indicator,
    authenticated_encryption_additional_data,
    authenticated_encryption_tag,
});

impl DecryptRequest {
    /// The request for a key and data.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>, data: impl Into<Data>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), data: Some(data.into()), ..Self::default() }
    }
}

/// The response of Decrypt (KMIP 1.4 section 4.30, 2.1 section 6.1.11). Since KMIP 1.2.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DecryptResponse {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// The decrypted data. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub data: Option<SecretBytes>,
    /// Which stream this is a part of.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
}

debug_in_hex!(DecryptResponse { unique_identifier, data, correlation_value });
