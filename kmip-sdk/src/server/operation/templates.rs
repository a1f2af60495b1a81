//! Templates: attributes under a name, which requests take by that name (KMIP 1.4 sections 2.1.8, 2.2.6 and chapter 4).

use kmip_types::attribute::{Attribute, AttributeEntry, Attributes};
use kmip_types::enumerations::ResultReason;
use kmip_types::object::{ManagedObject, Template};
use kmip_types::{ProtocolVersion, Tag};

use super::new_object::check_count;
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::store::StoredObject;
use crate::server::vendor_rules::VendorRules;

/// How many Templates a structure of attributes may name.
const MAXIMUM_NAMES: usize = 16;

/// What a client asks of a new object: with the attributes of the Templates that it names, and the identifiers of what its
/// Links lead to.
///
/// What the request says itself goes before what Templates say, and a later Template before an earlier one. Of an attribute of
/// several values all count, in the order in which they are named: those of the Templates, then those of the request.
pub(super) fn asked(context: &mut Context<'_>, mut requested: Attributes) -> Result<Attributes, Failure> {
    let names = std::mem::take(&mut requested.template_names);
    check_count(context.options, requested.len())?;
    if names.len() > MAXIMUM_NAMES {
        let message = format!("a request names no more than {MAXIMUM_NAMES} Templates at a time here");
        return Err(Failure::new(ResultReason::ServerLimitExceeded, message));
    }
    for name in names.iter().rev() {
        let template = context.template(name)?;
        let mut taken = Attributes::new();
        for entry in content(&template) {
            let kind = Kind::of(&entry.attribute);
            let mut there = attributes::instances(&requested, &kind);
            let is_there = match context.vendor_rules().is_multiple(&kind) {
                true => there.any(|other| other.attribute == entry.attribute),
                false => there.next().is_some(),
            };
            // The Template may be of a later version.
            if !is_there && let Some(entry) = attributes::in_version(entry, context.version) {
                taken.push(entry);
            }
        }
        let own = taken.entries().iter().map(|entry| AttributeEntry { index: None, ..entry.clone() });
        let mut before: Attributes = Attributes::new();
        own.chain(requested.entries().iter().cloned()).for_each(|entry| before.push(entry));
        requested = before;
        check_count(context.options, requested.len())?;
    }
    context.resolve_links(requested)
}

/// The same, where there may be no attributes.
pub(super) fn asked_if_any(
    context: &mut Context<'_>,
    requested: Option<Attributes>,
) -> Result<Attributes, Failure> {
    asked(context, requested.unwrap_or_default())
}

/// Refuses a Template that holds no attributes, or what no attribute of other objects is.
pub(super) fn check(template: &Template) -> Result<(), Failure> {
    let invalid = |message: &str| Err(Failure::new(ResultReason::InvalidField, message));
    if template.attributes.is_empty() {
        return invalid("a Template without attributes is none");
    }
    // Its name stands in the Template-Attribute (KMIP 1.4 section 11.4).
    if template.attributes.names().next().is_some() {
        return invalid("the Name of a Template stands outside it");
    }
    if !template.attributes.iter().all(is_content) {
        return invalid("a Template holds what clients give to new objects, and nothing else");
    }
    Ok(())
}

/// The Template, with its attributes as they are now.
pub(super) fn given(stored: &StoredObject, context: &Context<'_>) -> ManagedObject {
    let mut content = Attributes::new();
    for entry in self::content(stored) {
        if let Some(entry) = attributes::in_version(entry, context.version) {
            content.push(entry);
        }
    }
    ManagedObject::Template(Template { attributes: content })
}

/// What a Template gives to objects: its attributes, but for those that are its own.
fn content(stored: &StoredObject) -> impl Iterator<Item = &AttributeEntry> {
    stored.attributes.entries().iter().filter(|entry| is_content(&entry.attribute))
}

/// An attribute of a Template is either its own or its content, never both (KMIP 1.0 section 2.2.6): its own are these, and all
/// else that clients set is for what is made with it, be it changed by Modify Attribute later. A Name is never content (KMIP 1.4
/// section 11.4).
fn is_content(attribute: &Attribute) -> bool {
    let kind = Kind::of(attribute);
    let own = [Tag::UNIQUE_IDENTIFIER, Tag::OBJECT_TYPE, Tag::NAME, Tag::ARCHIVE_DATE];
    // Who may set a vendor's is asked where an object gets it.
    kind.check_initial(ProtocolVersion::V1_4, VendorRules::default()).is_ok()
        && !own.iter().any(|tag| kind == Kind::Standard(*tag))
}
