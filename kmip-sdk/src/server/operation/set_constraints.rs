//! Set Constraints: says what new objects have to be like (KMIP 2.1 section 6.1.52).

use kmip_types::attribute::Attributes;
use kmip_types::operation::{SetConstraintsRequest, SetConstraintsResponse};

use super::factory::check_number;
use super::new_object::check_count;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::matching::Filter;
use crate::server::shared::Setting;

pub(super) fn set_constraints(
    context: &mut Context<'_>,
    request: SetConstraintsRequest,
) -> Result<SetConstraintsResponse, Failure> {
    context.caller.check_for_all(context.operation)?;
    let constraints = request.constraints.constraint;
    check_number(constraints.len())?;
    let attributes = || constraints.iter().filter_map(|constraint| constraint.attributes.as_ref());
    // Each new object is compared with all of them.
    check_count(context.options, attributes().map(Attributes::len).sum())?;
    for attributes in attributes() {
        Filter::new(attributes, context.version)?;
    }
    context.store.put(Setting::Constraints(constraints))?;
    Ok(SetConstraintsResponse {})
}
