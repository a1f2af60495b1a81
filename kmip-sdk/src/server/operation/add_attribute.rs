//! Add Attribute: gives an object one more attribute (KMIP 1.4 section 4.14, 2.1 section 6.1.2).

use kmip_types::attribute::{Attribute, AttributeEntry, Attributes, SingleAttribute};
use kmip_types::enumerations::ResultReason;
use kmip_types::operation::{AddAttributeRequest, AddAttributeResponse};
use kmip_types::{DateTime, ProtocolVersion, Tag};

use super::new_object::{check_count, check_dates};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::leniency::Deviation;
use crate::server::rules::accepted;
use crate::server::store::StoredObject;

pub(super) fn add_attribute(
    context: &mut Context<'_>,
    request: AddAttributeRequest,
) -> Result<AddAttributeResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let SingleAttribute(AttributeEntry { index, mut attribute }) = request.new_attribute;
    context.resolve_link(&mut attribute)?;
    if let Attribute::UsageLimits(limits) = &mut attribute
        && limits.usage_limits_count.is_none()
    {
        limits.usage_limits_count = Some(limits.usage_limits_total);
    }
    let stored = context.get(&identifier)?;
    let kind = Kind::of(&attribute);
    let is_tolerated = || {
        let leniency = context.options.leniency;
        index == Some(0) && leniency.takes(Deviation::IndexZero, context.version)
    };
    if index.is_some() && !is_tolerated() {
        let message = "the Attribute Index of a new attribute is for the server to give";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    kind.check_known(context.version)?;
    kind.check_addable(context.subject(&stored))?;
    let attribute = accepted(attribute, false)?;
    let is_there = attributes::instances(&stored.attributes, &kind).next().is_some();
    if is_there && !context.vendor_rules().is_multiple(&kind) {
        let message = format!("the object has a {kind}, and there is only one");
        return Err(Failure::new(ResultReason::AttributeSingleValued, message));
    }
    // The object's own names count too.
    check_name(context, &attribute, &stored, "")?;
    let index = change(context, &identifier, |set| attributes::add(set, attribute.clone()))?;
    context.memory.identifier(&identifier);
    let shown = shown(context.version, AttributeEntry { index: Some(index), attribute });
    Ok(AddAttributeResponse { unique_identifier: identifier.into(), attribute: shown })
}

/// Refuses a name that an object other than `identifier` has, of the same owner as the one that is to have it. The names of
/// what is somebody else's are not to be found out, nor to be taken.
pub(super) fn check_name(
    context: &Context<'_>,
    attribute: &Attribute,
    stored: &StoredObject,
    identifier: &str,
) -> Result<(), Failure> {
    let Attribute::Name(name) = attribute else { return Ok(()) };
    check_names_owner(context, &Kind::of(attribute), stored)?;
    if context.has_name(stored.owner.as_deref(), name, identifier) {
        return Err(Failure::new(ResultReason::NonUniqueNameAttribute, "an object has this Name already"));
    }
    Ok(())
}

/// Refuses to change the names of what is somebody else's.
pub(super) fn check_names_owner(
    context: &Context<'_>,
    kind: &Kind,
    stored: &StoredObject,
) -> Result<(), Failure> {
    if *kind != Kind::Standard(Tag::NAME) || stored.owner.is_none() || context.caller.owns(stored) {
        return Ok(());
    }
    let message = "the names of an object are for its owner to change";
    Err(Failure::new(ResultReason::PermissionDenied, message))
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
