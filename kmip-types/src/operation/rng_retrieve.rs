//! RNG Retrieve: gives the client random bytes. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::SecretBytes;

/// The request of RNG Retrieve (KMIP 1.4 section 4.35, 2.1 section 6.1.49). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct RngRetrieveRequest {
    /// How many bytes.
    pub data_length: i32,
}

/// The response of RNG Retrieve (KMIP 1.4 section 4.35, 2.1 section 6.1.49). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct RngRetrieveResponse {
    /// The bytes.
    pub data: SecretBytes,
}
