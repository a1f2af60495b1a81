//! Destroy: deletes an object and keeps its attributes (KMIP 1.4 section 4.21, 2.1 section 6.1.15).

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::ObjectType;
use kmip_types::operation::{DestroyRequest, DestroyResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::lifecycle;

pub(super) fn destroy(
    context: &mut Context<'_>,
    request: DestroyRequest,
) -> Result<DestroyResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let now = context.now;
    context.change(&identifier, |stored| {
        if stored.object_type == ObjectType::Template {
            // Nothing is left of it.
            stored.value()?;
            stored.object = None;
            stored.attributes = Attributes::new();
            return Ok(());
        }
        let state = lifecycle::destroy(stored.state())?;
        stored.object = None;
        stored.change(Attribute::State(state), now);
        stored.change(Attribute::DestroyDate(now), now);
        Ok(())
    })?;
    context.memory.identifier(&identifier);
    Ok(DestroyResponse { unique_identifier: identifier.into() })
}
