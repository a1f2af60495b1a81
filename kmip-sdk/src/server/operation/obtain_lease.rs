//! Obtain Lease: says for how long an object may be used without asking again (KMIP 1.4 section 4.17, 2.1 section 6.1.35).

use kmip_types::enumerations::{ResultReason, State};
use kmip_types::operation::{ObtainLeaseRequest, ObtainLeaseResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn obtain_lease(
    context: &mut Context<'_>,
    request: ObtainLeaseRequest,
) -> Result<ObtainLeaseResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    stored.value()?;
    if stored.state() == State::Compromised {
        let message = "the object is compromised, and no lease is given for it";
        return Err(Failure::new(ResultReason::PermissionDenied, message));
    }
    let attributes = &stored.attributes;
    let lease_time = attributes.lease_time().unwrap_or(context.options.lease_time);
    let last_change_date = attributes.last_change_date().unwrap_or(context.now);
    context.memory.identifier(&identifier);
    Ok(ObtainLeaseResponse { unique_identifier: identifier.into(), lease_time, last_change_date })
}
