//! Import: keeps an object that the client has, with all its attributes (KMIP 1.4 section 4.41, 2.1 section 6.1.25).

use std::sync::Arc;

use kmip_types::attribute::{Attribute, Attributes, UniqueIdentifier};
use kmip_types::enumerations::{KeyWrapType, ResultReason};
use kmip_types::operation::{ImportRequest, ImportResponse};

use super::factory::check_constraints;
use super::new_object::{Origin, check_count, check_names, defaults, digests, initial_state};
use super::register::OBJECT_TYPES;
use super::wrapping::{is_wrapped, unwrap};
use crate::answer::Failure;
use crate::server::attributes::{self, Kind};
use crate::server::context::Context;
use crate::server::crypto::formats;
use crate::server::store::StoredObject;

pub(super) fn import(context: &mut Context<'_>, request: ImportRequest) -> Result<ImportResponse, Failure> {
    let UniqueIdentifier::Text(identifier) = request.unique_identifier else {
        return Err(invalid("an object to import has an identifier of its own"));
    };
    let identifier = if identifier.is_empty() { context.new_identifier() } else { identifier };
    let object_type = request.object.object_type().filter(|object_type| OBJECT_TYPES.contains(object_type));
    let object_type = object_type.ok_or_else(|| invalid("the server does not keep objects of this kind"))?;
    if request.object_type.is_some_and(|said| said != object_type) {
        return Err(invalid("the Object Type is not that of the object"));
    }
    let is_there = match context.get_archived(&identifier) {
        Ok(_) => true,
        Err(failure) if failure.reason == ResultReason::ObjectNotFound => false,
        Err(failure) => return Err(failure),
    };
    if is_there && request.replace_existing != Some(true) {
        let message = "an object with this Unique Identifier is there, and is not to be replaced";
        return Err(Failure::new(ResultReason::ObjectAlreadyExists, message));
    }
    let wrapped = request.object.key_block().is_some_and(is_wrapped);
    let object = match request.key_wrap_type {
        Some(KeyWrapType::NotWrapped) if wrapped => unwrap(context, &request.object)?,
        _ => request.object,
    };
    let mut set = supplied(context, &identifier, request.attributes)?;
    check_names(&set, &identifier, context)?;
    attributes::set(&mut set, Attribute::ObjectType(object_type));
    let missing = |set: &Attributes, attribute: &Attribute| {
        attributes::instances(set, &Kind::of(attribute)).next().is_none()
    };
    let block = object.key_block();
    let known = [
        formats::format_of(&object).map(Attribute::KeyFormatType),
        block.and_then(|block| block.cryptographic_algorithm).map(Attribute::CryptographicAlgorithm),
        block.and_then(|block| block.cryptographic_length).map(Attribute::CryptographicLength),
    ];
    for attribute in known.into_iter().flatten() {
        if missing(&set, &attribute) {
            attributes::add(&mut set, attribute);
        }
    }
    if attributes::instances(&set, &Kind::Standard(kmip_types::Tag::DIGEST)).next().is_none() {
        digests(&mut set, &object, object_type, context)?;
    }
    defaults(&mut set, &identifier, Origin::Registered, context);
    if set.state().is_none() {
        let state = initial_state(&set, context.now)?;
        attributes::set(&mut set, Attribute::State(state));
    }
    check_count(context.options, set.len())?;
    check_constraints(context, object_type, &set)?;
    let owner = context.owner();
    let new = StoredObject {
        identifier: identifier.clone(),
        object_type,
        object: Some(Arc::new(object)),
        attributes: set,
        archived: false,
        owner,
    };
    if is_there {
        context.change(&identifier, |stored| {
            *stored = StoredObject { owner: stored.owner.take(), ..new };
            Ok(())
        })?;
    } else {
        if context.store.get(&identifier).is_ok() {
            let message = "the Unique Identifier is taken";
            return Err(Failure::new(ResultReason::ObjectAlreadyExists, message));
        }
        context.insert(new)?;
    }
    context.memory.identifier(&identifier);
    context.memory.place(Some(&identifier));
    Ok(ImportResponse { unique_identifier: identifier.into() })
}

/// The attributes as the client says them: who may set which first is not asked.
fn supplied(context: &Context<'_>, identifier: &str, supplied: Attributes) -> Result<Attributes, Failure> {
    check_count(context.options, supplied.len())?;
    let mut set = Attributes::new();
    attributes::add(&mut set, Attribute::UniqueIdentifier(identifier.into()));
    for attribute in supplied {
        let kind = Kind::of(&attribute);
        if let Attribute::UniqueIdentifier(other) = &attribute {
            if *other != UniqueIdentifier::from(identifier) {
                return Err(invalid("the attribute Unique Identifier is not that of the object"));
            }
            continue;
        }
        kind.check_known(context.version)?;
        if !kind.is_multiple() && attributes::instances(&set, &kind).next().is_some() {
            let message = format!("{kind} is given twice, and there is only one");
            return Err(Failure::new(ResultReason::AttributeSingleValued, message));
        }
        attributes::add(&mut set, context.linked(attribute)?);
    }
    Ok(set)
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}
