//! Discover Versions: finds a protocol version that both sides have. Since KMIP 1.1.

use kmip_derive::Ttlv;

use crate::ProtocolVersion;

/// The request of Discover Versions (KMIP 1.4 sections 4.26 and 5.3, 2.1 sections 6.1.16 and 6.2.1).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct DiscoverVersionsRequest {
    /// The versions that the client has, best first; all of the server's are wanted, if none is named.
    pub protocol_version: Vec<ProtocolVersion>,
}

/// The response of Discover Versions (KMIP 1.4 sections 4.26 and 5.3, 2.1 sections 6.1.16 and 6.2.1).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct DiscoverVersionsResponse {
    /// The versions that both have, best first.
    pub protocol_version: Vec<ProtocolVersion>,
}
