//! Set Endpoint Role: makes client and server change places. Either side asks. Since KMIP 2.0.

use kmip_derive::Ttlv;

use crate::generated::enumerations::EndpointRole;

/// The request of Set Endpoint Role (KMIP 2.1 sections 6.1.54 and 6.2.5). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct SetEndpointRoleRequest {
    /// What the receiver is to be.
    pub endpoint_role: EndpointRole,
}

/// The response of Set Endpoint Role (KMIP 2.1 sections 6.1.54 and 6.2.5). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct SetEndpointRoleResponse {
    /// What the receiver is from now on.
    pub endpoint_role: EndpointRole,
}
