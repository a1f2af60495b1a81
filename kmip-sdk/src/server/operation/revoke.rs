//! Revoke: ends the use of an object (KMIP 1.4 section 4.20, 2.1 section 6.1.44).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{ResultReason, RevocationReasonCode};
use kmip_types::operation::{RevokeRequest, RevokeResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::lifecycle;

pub(super) fn revoke(context: &mut Context<'_>, request: RevokeRequest) -> Result<RevokeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let now = context.now;
    // What is not there is said first.
    context.get(&identifier)?;
    let code = request.revocation_reason.revocation_reason_code;
    if let RevocationReasonCode::Other(_) = code {
        let message = "the Revocation Reason Code is not known";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    let is_compromise = lifecycle::is_compromise(code);
    if !is_compromise && request.compromise_occurrence_date.is_some() {
        let message = "a Compromise Occurrence Date goes with a compromise only";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    context.change(&identifier, |stored| {
        let state = lifecycle::revoke(stored.state(), code)?;
        stored.change(Attribute::State(state), now);
        stored.change(Attribute::RevocationReason(request.revocation_reason), now);
        if is_compromise {
            let initial = stored.attributes.initial_date().unwrap_or(now);
            let occurrence = request.compromise_occurrence_date.unwrap_or(initial);
            stored.change(Attribute::CompromiseDate(now), now);
            stored.change(Attribute::CompromiseOccurrenceDate(occurrence), now);
        } else {
            stored.change(Attribute::DeactivationDate(now), now);
        }
        Ok(())
    })?;
    context.memory.identifier(&identifier);
    Ok(RevokeResponse { unique_identifier: identifier.into() })
}
