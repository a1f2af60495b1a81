//! Activate: moves an object from Pre-Active to Active (KMIP 1.4 section 4.19, 2.1 section 6.1.1).

use kmip_types::attribute::Attribute;
use kmip_types::operation::{ActivateRequest, ActivateResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::lifecycle;

pub(super) fn activate(
    context: &mut Context<'_>,
    request: ActivateRequest,
) -> Result<ActivateResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let now = context.now;
    context.change(&identifier, |stored| {
        let state = lifecycle::activate(stored.state())?;
        stored.change(Attribute::State(state), now);
        stored.change(Attribute::ActivationDate(now), now);
        // Its Deactivation Date may have come before.
        stored.advance(now);
        Ok(())
    })?;
    context.memory.identifier(&identifier);
    Ok(ActivateResponse { unique_identifier: identifier.into() })
}
