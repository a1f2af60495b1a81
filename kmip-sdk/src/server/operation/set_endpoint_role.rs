//! Set Endpoint Role: says which side of the connection is the server (KMIP 2.1 section 6.1.54).

use kmip_types::enumerations::{EndpointRole, ResultReason};
use kmip_types::operation::{SetEndpointRoleRequest, SetEndpointRoleResponse};

use crate::server::failure::Failure;

/// The server has no requests of its own, so it stays what it is.
pub(super) fn set_endpoint_role(
    request: &SetEndpointRoleRequest,
) -> Result<SetEndpointRoleResponse, Failure> {
    match request.endpoint_role {
        EndpointRole::Server => Ok(SetEndpointRoleResponse { endpoint_role: EndpointRole::Server }),
        _ => {
            let message = "the server sends no requests, so it does not become a client";
            Err(Failure::new(ResultReason::FeatureNotSupported, message))
        }
    }
}
