//! Modify Attribute: changes an attribute of an object (KMIP 1.4 section 4.15, 2.1 section 6.1.34).

use kmip_types::attribute::{AttributeEntry, SingleAttribute};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{ModifyAttributeRequest, ModifyAttributeResponse};

use super::add_attribute::{change, check_name, shown};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::rules::accepted;

pub(super) fn modify_attribute(
    context: &mut Context<'_>,
    request: ModifyAttributeRequest,
) -> Result<ModifyAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let SingleAttribute(AttributeEntry { index, attribute }) = request.new_attribute;
    let stored = context.get(&identifier)?;
    let kind = Kind::of(&attribute);
    kind.check_known(context.version)?;
    kind.check_modifiable(context.subject(&stored))?;
    let attribute = accepted(context.linked(attribute)?, false)?;
    let set = &stored.attributes;
    let positions = attributes::positions(set, &kind);
    if positions.is_empty() {
        let message = format!("the object has no {kind}");
        return Err(Failure::new(ResultReason::AttributeNotFound, message));
    }
    let entry = |at: usize| &set.entries()[at];
    let chosen = match (&request.current_attribute, positions.as_slice()) {
        (Some(current), _) => positions.iter().find(|at| entry(**at).attribute == *current.attribute()),
        (None, _) if !context.version.has_attributes_by_tag() => {
            positions.iter().find(|at| entry(**at).index == Some(index.unwrap_or(0)))
        }
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some(chosen) = chosen.copied() else {
        let message = format!("the object has no such value of {kind}, or several to choose from");
        return Err(Failure::new(ResultReason::AttributeInstanceNotFound, message));
    };
    check_name(context, &attribute, &identifier)?;
    let is_elsewhere = positions.iter().any(|at| *at != chosen && entry(*at).attribute == attribute);
    if kind == Kind::Standard(kmip_types::Tag::NAME) && is_elsewhere {
        return Err(Failure::new(ResultReason::NonUniqueNameAttribute, "the object has this Name already"));
    }
    let index = entry(chosen).index;
    change(context, &identifier, |set| attributes::replace_at(set, chosen, attribute.clone()))?;
    context.memory.identifier(&identifier);
    let shown = shown(context.version, AttributeEntry { index, attribute });
    Ok(ModifyAttributeResponse { unique_identifier: identifier.into(), attribute: shown })
}
