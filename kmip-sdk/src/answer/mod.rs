//! How requests are answered, whoever asks and whoever is asked: what the embedded server and an endpoint have in common.

mod failure;
mod request;
mod response;
mod versions;

pub use failure::Failure;
pub(crate) use request::{Asked, Request, Unreadable};
#[cfg(feature = "server")]
pub(crate) use request::{identifier_of, is_identifier_alone, only_operation};
#[cfg(feature = "server")]
pub(crate) use response::encode_with;
pub(crate) use response::{Room, encode, refuse};
pub(crate) use versions::{common_versions, in_order};

use kmip_types::enumerations::{AsynchronousIndicator, EndpointRole, Operation, ResultReason, ResultStatus};
use kmip_types::message::{RequestHeader, ResponseBatchItem};
use kmip_types::operation::{ResponsePayload, SetEndpointRoleRequest, SetEndpointRoleResponse};

/// That there is no such operation here.
pub(crate) fn not_supported(operation: Operation) -> Failure {
    Failure::new(ResultReason::OperationNotSupported, format!("{operation} is not supported"))
}

/// Refuses what is to be answered later.
pub(crate) fn check_at_once(header: &RequestHeader) -> Result<(), Failure> {
    if header.asynchronous_indicator == Some(AsynchronousIndicator::Mandatory) {
        let message = "answers are given at once only";
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    Ok(())
}

/// Takes a role, for who is a server now: to go on as one always; to be a client where the connection may be turned
/// around (KMIP 2.1 sections 6.1.54 and 6.2.5).
pub(crate) fn take_role(
    request: &SetEndpointRoleRequest,
    may_turn: bool,
) -> Result<SetEndpointRoleResponse, Failure> {
    match request.endpoint_role {
        EndpointRole::Server => {}
        EndpointRole::Client if may_turn => {}
        EndpointRole::Client => {
            let message = "the roles cannot change on this connection";
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
        other => {
            let message = format!("there is no Endpoint Role {other}");
            return Err(Failure::new(ResultReason::InvalidField, message));
        }
    }
    Ok(SetEndpointRoleResponse { endpoint_role: request.endpoint_role })
}

/// Whether the roles on the connection change behind a response with these items: what was said last counts.
pub(crate) fn turns(items: &[ResponseBatchItem]) -> bool {
    let done = items.iter().filter(|item| item.result_status == ResultStatus::Success);
    let mut roles = done.filter_map(|item| match &item.response_payload {
        Some(ResponsePayload::SetEndpointRole(response)) => Some(response.endpoint_role),
        _ => None,
    });
    roles.next_back() == Some(EndpointRole::Client)
}
