//! Encrypt: encrypts data with a key of the server's.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::{CryptographicParameters, UniqueIdentifier};
use crate::hex_debug::debug_in_hex;
use crate::operation::Data;

/// The request of Encrypt (KMIP 1.4 section 4.29, 2.1 section 6.1.17). Since KMIP 1.2.
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct EncryptRequest {
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
    /// Data to authenticate that is not encrypted.
    #[ttlv(since = "1.4")]
    pub authenticated_encryption_additional_data: Option<Vec<u8>>,
}

debug_in_hex!(EncryptRequest {
    unique_identifier,
    cryptographic_parameters,
    data,
    iv_counter_nonce,
    correlation_value,
    init_indicator,
    final_indicator,
    authenticated_encryption_additional_data,
});

impl EncryptRequest {
    /// The request for a key and data.
    pub fn new(unique_identifier: impl Into<UniqueIdentifier>, data: impl Into<Data>) -> Self {
        Self { unique_identifier: Some(unique_identifier.into()), data: Some(data.into()), ..Self::default() }
    }
}

/// The response of Encrypt (KMIP 1.4 section 4.29, 2.1 section 6.1.17). Since KMIP 1.2.
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct EncryptResponse {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// The encrypted data. May be omitted in the parts of a stream.
    #[ttlv(required = "..=1.2")]
    pub data: Option<SecretBytes>,
    /// The initialization vector, counter or nonce, if the server made it.
    pub iv_counter_nonce: Option<Vec<u8>>,
    /// Which stream this is a part of.
    #[ttlv(since = "1.3")]
    pub correlation_value: Option<Vec<u8>>,
    /// The tag that authenticates the data.
    #[ttlv(since = "1.4")]
    pub authenticated_encryption_tag: Option<Vec<u8>>,
}

debug_in_hex!(EncryptResponse {
    unique_identifier,
    data,
    iv_counter_nonce,
    correlation_value,
    authenticated_encryption_tag,
});
