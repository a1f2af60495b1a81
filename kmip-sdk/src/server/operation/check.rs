//! Check: says whether an object may be used so (KMIP 1.4 section 4.10, 2.1 section 6.1.7).

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{CheckRequest, CheckResponse};

use crate::answer::Failure;
use crate::server::context::Context;

pub(super) fn check(context: &mut Context<'_>, request: CheckRequest) -> Result<CheckResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    stored.value()?;
    let attributes = &stored.attributes;
    if request.usage_limits_count.is_some_and(|count| count < 0) {
        return Err(Failure::new(ResultReason::InvalidField, "the Usage Limits Count is negative"));
    }
    let left = attributes
        .usage_limits()
        .map(|limits| limits.usage_limits_count.unwrap_or(limits.usage_limits_total));
    let lease = attributes.lease_time().filter(|lease| lease.seconds() > 0);
    // What is asked for and cannot be had, and nothing else.
    let refused = CheckResponse {
        unique_identifier: None,
        usage_limits_count: request.usage_limits_count.filter(|count| left.is_some_and(|left| *count > left)),
        cryptographic_usage_mask: request.cryptographic_usage_mask.filter(|wanted| {
            !attributes.cryptographic_usage_mask().is_some_and(|mask| mask.contains(*wanted))
        }),
        lease_time: request.lease_time.filter(|wanted| {
            // A wish for no limit is one for the longest lease.
            lease.is_some_and(|lease| wanted.seconds() == 0 || *wanted > lease)
        }),
    };
    let reason = if refused.cryptographic_usage_mask.is_some() {
        ResultReason::IncompatibleCryptographicUsageMask
    } else if refused.usage_limits_count.is_some() {
        ResultReason::UsageLimitExceeded
    } else if refused.lease_time.is_some() {
        ResultReason::PermissionDenied
    } else {
        context.memory.identifier(&identifier);
        context.memory.place(Some(&identifier));
        return Ok(CheckResponse { unique_identifier: Some(identifier.into()), ..CheckResponse::default() });
    };
    context.empties_placeholder = true;
    // KMIP 1.0 has no response without an identifier, and the standard's test cases of KMIP 2.1 none that failed.
    let version = context.version;
    let is_said = version.is_at_least(ProtocolVersion::V1_1) && !version.is_at_least(ProtocolVersion::V2_0);
    context.refused = is_said.then(|| refused.into());
    Err(Failure::new(reason, "the object may not be used so"))
}
