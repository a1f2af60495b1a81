//! Add Attribute: gives an object one more attribute (KMIP 1.4 section 4.14, 2.1 section 6.1.2).

use kmip_types::attribute::{Attribute, AttributeEntry, Attributes, SingleAttribute};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{AddAttributeRequest, AddAttributeResponse};
use kmip_types::{DateTime, ProtocolVersion};

use super::new_object::{check_count, check_dates};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::rules::accepted;

pub(super) fn add_attribute(
    context: &mut Context<'_>,
    request: AddAttributeRequest,
) -> Result<AddAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let SingleAttribute(AttributeEntry { index, attribute }) = request.new_attribute;
    let attribute = context.linked(attribute)?;
    let stored = context.get(&identifier)?;
    let kind = Kind::of(&attribute);
    if index.is_some() {
        let message = "the Attribute Index of a new attribute is for the server to give";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    kind.check_known(context.version)?;
    kind.check_addable(context.subject(&stored))?;
    let attribute = accepted(attribute, false)?;
    let is_there = attributes::instances(&stored.attributes, &kind).next().is_some();
    if is_there && !kind.is_multiple() {
        let message = format!("the object has a {kind}, and there is only one");
        return Err(Failure::new(ResultReason::AttributeSingleValued, message));
    }
    // The object's own names count too.
    check_name(context, &attribute, "")?;
    let index = change(context, &identifier, |set| attributes::add(set, attribute.clone()))?;
    context.memory.identifier(&identifier);
    let shown = shown(context.version, AttributeEntry { index: Some(index), attribute });
    Ok(AddAttributeResponse { unique_identifier: identifier.into(), attribute: shown })
}

/// Refuses a name that an object other than `identifier` has.
pub(super) fn check_name(
    context: &Context<'_>,
    attribute: &Attribute,
    identifier: &str,
) -> Result<(), Failure> {
    if let Attribute::Name(name) = attribute
        && context.has_name(name, identifier)
    {
        return Err(Failure::new(ResultReason::NonUniqueNameAttribute, "an object has this Name already"));
    }
    Ok(())
}

/// Changes the attributes of an object, and what follows from the change.
pub(super) fn change<T>(
    context: &mut Context<'_>,
    identifier: &str,
    map: impl FnOnce(&mut Attributes) -> T,
) -> Result<T, Failure> {
    let (now, options) = (context.now, context.options);
    context.change(identifier, |stored| {
        let value = map(&mut stored.attributes);
        check_count(options, stored.attributes.len())?;
        check_dates(&stored.attributes)?;
        follow(&mut stored.attributes, now);
        // A date may have been set that is reached already.
        stored.advance(now);
        Ok(value)
    })
}

/// What other attributes follow from a change.
fn follow(set: &mut Attributes, now: DateTime) {
    attributes::set(set, Attribute::LastChangeDate(now));
    if set.sensitive() == Some(false) {
        attributes::set(set, Attribute::AlwaysSensitive(false));
    }
    if set.extractable() == Some(true) {
        attributes::set(set, Attribute::NeverExtractable(false));
    }
}

/// An attribute as a response says it, which it does before KMIP 2.0 only.
pub(super) fn shown(version: ProtocolVersion, entry: AttributeEntry) -> Option<SingleAttribute> {
    if version.has_attributes_by_tag() {
        return None;
    }
    attributes::in_version(&entry, version).map(SingleAttribute)
}
