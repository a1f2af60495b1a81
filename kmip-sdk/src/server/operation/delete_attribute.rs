//! Delete Attribute: takes an attribute from an object (KMIP 1.4 section 4.16, 2.1 section 6.1.13).

use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{DeleteAttributeRequest, DeleteAttributeResponse};

use super::add_attribute::{change, check_names_owner, shown};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;

pub(super) fn delete_attribute(
    context: &mut Context<'_>,
    request: DeleteAttributeRequest,
) -> Result<DeleteAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    let mut current = request.current_attribute.map(|current| current.0.attribute);
    current.iter_mut().try_for_each(|current| context.resolve_link(current))?;
    let kind = match (&current, &request.attribute_reference) {
        (Some(current), _) => Kind::of(current),
        (None, Some(reference)) => Kind::referred_by(reference),
        (None, None) => {
            let message = "neither an attribute nor a reference to one is there";
            return Err(Failure::new(ResultReason::InvalidMessage, message));
        }
    };
    kind.check_known(context.version)?;
    kind.check_deletable(context.subject(&stored))?;
    check_names_owner(context, &kind, &stored)?;
    let set = &stored.attributes;
    let positions = attributes::positions(set, &kind);
    if positions.is_empty() {
        let message = format!("the object has no {kind}");
        return Err(Failure::new(ResultReason::AttributeNotFound, message));
    }
    let entry = |at: &usize| &set.entries()[*at];
    let by_tag = context.version.has_attributes_by_tag();
    let chosen: Vec<usize> = match &current {
        Some(current) => positions.into_iter().filter(|at| entry(at).attribute == *current).take(1).collect(),
        None if by_tag => positions,
        None => {
            let index = Some(request.attribute_index.unwrap_or(0));
            positions.into_iter().filter(|at| entry(at).index == index).collect()
        }
    };
    let Some(first) = chosen.first() else {
        let message = format!("the object has no such value of {kind}");
        return Err(Failure::new(ResultReason::AttributeInstanceNotFound, message));
    };
    let shown = shown(context.version, entry(first).clone());
    change(context, &identifier, |set| attributes::remove_at(set, &chosen))?;
    context.memory.identifier(&identifier);
    Ok(DeleteAttributeResponse { unique_identifier: identifier.into(), attribute: shown })
}
