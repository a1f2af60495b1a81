//! RNG Seed: gives the server's random number generator a seed. Since KMIP 1.2.

use kmip_derive::Ttlv;

use crate::operation::Data;

/// The request of RNG Seed (KMIP 1.4 section 4.36, 2.1 section 6.1.50). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct RngSeedRequest {
    /// The seed.
    pub data: Data,
}

/// The response of RNG Seed (KMIP 1.4 section 4.36, 2.1 section 6.1.50). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct RngSeedResponse {
    /// How many bytes of the seed were used.
    pub data_length: i32,
}
