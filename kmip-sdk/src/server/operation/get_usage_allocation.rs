//! Get Usage Allocation: takes from what an object may be used for (KMIP 1.4 section 4.18, 2.1 section 6.1.23).

use kmip_types::enumerations::{ObjectType, ResultReason};
use kmip_types::operation::{GetUsageAllocationRequest, GetUsageAllocationResponse};

use super::key_use::{take, wrong_type};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::lifecycle::{self, Use};

pub(super) fn get_usage_allocation(
    context: &mut Context<'_>,
    request: GetUsageAllocationRequest,
) -> Result<GetUsageAllocationResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    stored.value()?;
    let protects = matches!(
        stored.object_type,
        ObjectType::SymmetricKey | ObjectType::PrivateKey | ObjectType::PublicKey | ObjectType::Certificate
    );
    if !protects {
        return Err(wrong_type(&stored));
    }
    let attributes = &stored.attributes;
    if attributes.usage_limits().is_none() {
        return Err(Failure::new(ResultReason::AttributeNotFound, "the object has no Usage Limits"));
    }
    let (start, stop) = (attributes.process_start_date(), attributes.protect_stop_date());
    lifecycle::check_use(stored.state(), start, stop, Use::Protect, context.now)?;
    if request.usage_limits_count < 0 {
        return Err(Failure::new(ResultReason::InvalidField, "the Usage Limits Count is negative"));
    }
    take(context, &stored, request.usage_limits_count, ResultReason::UsageLimitExceeded)?;
    context.memory.identifier(&identifier);
    Ok(GetUsageAllocationResponse { unique_identifier: identifier.into() })
}
