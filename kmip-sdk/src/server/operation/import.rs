//! Import: keeps an object that the client has, with all its attributes (KMIP 1.4 section 4.41, 2.1 section 6.1.25).

use std::sync::Arc;

use kmip_types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_types::enumerations::{KeyWrapType, ObjectType, ResultReason, UniqueIdentifierEnumeration};
use kmip_types::object::ManagedObject;
use kmip_types::operation::{ImportRequest, ImportResponse};

use super::factory::check_constraints;
use super::new_object::{Origin, check_count, check_names, defaults, digests, initial_state};
use super::pkcs_12;
use super::templates;
use super::wrapping::{is_wrapped, unwrap};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::crypto::formats;
use crate::server::crypto::split::Polynomial;
use crate::server::store::OBJECT_TYPES;
use crate::server::store::StoredObject;

/// How many bytes a Unique Identifier may have that the client chooses. The standard has no bound; an index of a store has.
const MAXIMUM_IDENTIFIER: usize = 1024;

pub(super) fn import(context: &mut Context<'_>, request: ImportRequest) -> Result<ImportResponse, Failure> {
    let UniqueIdentifier::Text(wanted) = request.unique_identifier else {
        return Err(invalid("an object to import has an identifier of its own"));
    };
    if wanted.len() > MAXIMUM_IDENTIFIER {
        let message = format!("a Unique Identifier has no more than {MAXIMUM_IDENTIFIER} bytes here");
        return Err(invalid(&message));
    }
    let is_there = match context.get_archived(&wanted) {
        Ok(stored) if stored.owner.is_some() && !context.caller.owns(&stored) => {
            let message = "an object is for its owner to replace";
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
        Ok(_) => true,
        Err(failure) if failure.reason == ResultReason::ObjectNotFound => false,
        Err(failure) => return Err(failure),
    };
    let identifier = if is_there { wanted.clone() } else { assigned(context, &wanted)? };
    let object_type = request.object.object_type().filter(|object_type| OBJECT_TYPES.contains(object_type));
    let object_type = object_type.ok_or_else(|| invalid("the server does not keep objects of this kind"))?;
    if request.object_type.is_some_and(|said| said != object_type) {
        return Err(invalid("the Object Type is not that of the object"));
    }
    if is_there && request.replace_existing != Some(true) {
        let message = "an object with this Unique Identifier is there, and is not to be replaced";
        return Err(Failure::new(ResultReason::ObjectAlreadyExists, message));
    }
    let wrapped = request.object.key_block().is_some_and(is_wrapped);
    let object = match request.key_wrap_type {
        Some(KeyWrapType::NotWrapped) if wrapped => unwrap(context, &request.object)?,
        _ => request.object,
    };
    let mut set = supplied(context, &wanted, (&identifier, object_type), request.attributes)?;
    let object = pkcs_12::open(context, &object, &set)?.map_or(object, |held| held.object);
    let owner = if is_there { context.store.get(&identifier)?.owner.clone() } else { context.owner() };
    check_names(&set, &identifier, owner.as_deref(), context)?;
    attributes::set(&mut set, Attribute::ObjectType(object_type));
    if let ManagedObject::Template(template) = &object {
        templates::check(template)?;
        template.attributes.iter().for_each(|attribute| {
            attributes::add(&mut set, attribute.clone());
        });
    }
    let missing = |set: &Attributes, attribute: &Attribute| {
        attributes::instances(set, &Kind::of(attribute)).next().is_none()
    };
    let block = object.key_block();
    let known = [
        formats::format_of(&object).map(Attribute::KeyFormatType),
        block.and_then(|block| block.cryptographic_algorithm).map(Attribute::CryptographicAlgorithm),
        block.and_then(|block| block.cryptographic_length).map(Attribute::CryptographicLength),
        block.filter(|block| block.key_value.is_none()).map(|_| Attribute::KeyValuePresent(false)),
    ];
    for attribute in known.into_iter().flatten() {
        if missing(&set, &attribute) {
            attributes::add(&mut set, attribute);
        }
    }
    let is_template = object_type == ObjectType::Template;
    if !is_template && attributes::instances(&set, &Kind::Standard(kmip_types::Tag::DIGEST)).next().is_none()
    {
        digests(&mut set, &object, object_type, context)?;
    }
    if !is_template {
        defaults(&mut set, &identifier, Origin::Registered, context);
    }
    if !is_template && set.state().is_none() {
        let state = initial_state(&set, context.now)?;
        attributes::set(&mut set, Attribute::State(state));
    }
    check_count(context.options, set.len())?;
    check_constraints(context, object_type, &set)?;
    let new = StoredObject {
        polynomial: Polynomial::of_part(&object, context.version),
        identifier: identifier.clone(),
        object_type,
        object: Some(Arc::new(object)),
        attributes: set,
        archived: false,
        owner,
    };
    if is_there {
        context.change(&identifier, |stored| {
            *stored = new;
            Ok(())
        })?;
    } else {
        context.insert(new)?;
    }
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::Import, &identifier);
    context.memory.place(Some(&identifier));
    Ok(ImportResponse { unique_identifier: identifier.into() })
}

/// How many characters an identifier has at least of which it cannot be guessed that an object has it: those of a UUID without
/// its hyphens.
const UNGUESSABLE: usize = 32;

/// The identifier of an imported object in whose place there is none that the client has. Identifiers are everybody's, and one
/// that the client cannot have is no answer that may tell so: it gets another, as the response may say one that the server
/// assigned. A short one, of which a client could try all that come to mind, it gets never, be it taken or not, unless clients
/// are told what there is anyway.
fn assigned(context: &mut Context<'_>, wanted: &str) -> Result<String, Failure> {
    let is_hidden = context.caller.identity.is_some() && !context.caller.is_told;
    let is_short = wanted.is_empty() || is_hidden && wanted.chars().count() < UNGUESSABLE;
    let is_free = !is_short && context.store.value::<StoredObject>(wanted.as_bytes())?.is_none();
    Ok(if is_free { wanted.to_owned() } else { context.new_identifier() })
}

/// The attributes as the client says them: who may set which first is not asked.
fn supplied(
    context: &Context<'_>,
    wanted: &str,
    (identifier, object_type): (&str, ObjectType),
    supplied: Attributes,
) -> Result<Attributes, Failure> {
    check_count(context.options, supplied.len())?;
    let supplied = context.resolve_links(supplied)?;
    let mut set = Attributes::new();
    attributes::add(&mut set, Attribute::UniqueIdentifier(identifier.into()));
    for attribute in supplied {
        let kind = Kind::of(&attribute);
        if let Attribute::UniqueIdentifier(other) = &attribute {
            if *other != UniqueIdentifier::from(wanted) {
                return Err(invalid("the attribute Unique Identifier is not that of the object"));
            }
            continue;
        }
        kind.check_known(context.version)?;
        if kind.info().is_none() {
            kind.check_for(object_type, context.version, context.vendor_rules())?;
        }
        if !context.vendor_rules().is_multiple(&kind) && attributes::instances(&set, &kind).next().is_some() {
            let message = format!("{kind} is given twice, and there is only one");
            return Err(Failure::new(ResultReason::AttributeSingleValued, message));
        }
        attributes::add(&mut set, attribute);
    }
    Ok(set)
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}
