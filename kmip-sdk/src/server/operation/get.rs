//! Get: gives the client an object (KMIP 1.4 section 4.11, 2.1 section 6.1.19).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType, ResultReason};
use kmip_types::object::{KeyWrappingSpecification, ManagedObject};
use kmip_types::operation::{GetRequest, GetResponse};

use super::pkcs_12;
use super::templates;
use super::wrapping::{encrypts, is_encrypted, is_wrapped, unwrap, wrap};
use crate::answer::Failure;
use crate::server::attributes;
use crate::server::context::Context;
use crate::server::crypto::formats;
use crate::server::groups;
use crate::server::store::StoredObject;

pub(super) fn get(context: &mut Context<'_>, request: GetRequest) -> Result<GetResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    let form = Form {
        format: request.key_format_type,
        wrap_type: request.key_wrap_type,
        compression: request.key_compression_type,
        specification: request.key_wrapping_specification,
    };
    let object = give(context, &stored, form)?;
    groups::given(&mut context.store, context.options.group_default, &stored)?;
    context.memory.identifier(&identifier);
    let object_type = stored.object_type;
    Ok(GetResponse { object_type, unique_identifier: identifier.into(), object })
}

/// How an object is wanted.
pub(super) struct Form {
    pub(super) format: Option<KeyFormatType>,
    pub(super) wrap_type: Option<KeyWrapType>,
    pub(super) compression: Option<KeyCompressionType>,
    pub(super) specification: Option<Box<KeyWrappingSpecification>>,
}

/// An object as it is wanted, which is fresh no more.
pub(super) fn give(
    context: &mut Context<'_>,
    stored: &StoredObject,
    form: Form,
) -> Result<ManagedObject, Failure> {
    let object = stored.value()?;
    if let ManagedObject::Template(_) = object {
        return give_template(context, stored, &form);
    }
    // What is to be wrapped with a key that the client names is not left in what it was registered in.
    let rewrapped = form.specification.is_some().then_some(KeyWrapType::NotWrapped);
    let wrap_type = form.wrap_type.or(rewrapped);
    let stays_encrypted =
        object.key_block().is_some_and(is_encrypted) && wrap_type != Some(KeyWrapType::NotWrapped);
    let is_to_be_encrypted = form.specification.as_ref().is_some_and(|form| encrypts(form.wrapping_method));
    check_given(stored, is_to_be_encrypted || stays_encrypted)?;
    let unwrapped = unwrapped(context, object, wrap_type)?;
    let object = unwrapped.as_ref().unwrap_or(object);
    let format = match form.format {
        Some(format) => Some(format),
        None => formats::format_of(object).map(|format| {
            // A format that the version of the request lacks is of no use to the client.
            if format.is_in(context.version) {
                format
            } else {
                formats::default_format(
                    stored.object_type,
                    stored.attributes.cryptographic_algorithm(),
                    context.version,
                )
            }
        }),
    };
    let object = match format {
        Some(KeyFormatType::Pkcs12) => pkcs_12::give(context, stored)?,
        Some(format) if Some(format) != formats::format_of(object) => formats::convert(object, format)?,
        _ => object.clone(),
    };
    let object = match form.compression {
        Some(compression) => formats::with_point(&object, compression)?,
        None => object,
    };
    let object = match form.specification {
        Some(specification) => wrap(context, &object, &stored.attributes, *specification)?,
        None => object,
    };
    if stored.attributes.fresh() != Some(false) {
        context.store.note_on(&stored.identifier, |stored| {
            attributes::set(&mut stored.attributes, Attribute::Fresh(false));
            Ok(())
        })?;
    }
    Ok(object)
}

/// Refuses to give out what is not to be, encrypted or not.
pub(super) fn check_given(stored: &StoredObject, encrypted: bool) -> Result<(), Failure> {
    if !encrypted && stored.attributes.sensitive() == Some(true) {
        return Err(Failure::new(ResultReason::Sensitive, "the object is not given out unwrapped"));
    }
    if stored.attributes.extractable() == Some(false) {
        return Err(Failure::new(ResultReason::NotExtractable, "the object is not given out"));
    }
    Ok(())
}

/// A Template, which is neither wrapped nor has a format (KMIP 1.4 section 4.11).
fn give_template(
    context: &Context<'_>,
    stored: &StoredObject,
    form: &Form,
) -> Result<ManagedObject, Failure> {
    let refused = |reason| Err(Failure::new(reason, "a Template is given as it is"));
    match form {
        Form { specification: Some(_), .. } => refused(ResultReason::IllegalOperation),
        Form { format: Some(_), .. } => refused(ResultReason::KeyFormatTypeNotSupported),
        Form { compression: Some(_), .. } => refused(ResultReason::KeyCompressionTypeNotSupported),
        _ => Ok(templates::given(stored, context)),
    }
}

/// The object unwrapped, if it is wrapped and wanted so: else it is given as it was registered.
fn unwrapped(
    context: &mut Context<'_>,
    object: &ManagedObject,
    wanted: Option<KeyWrapType>,
) -> Result<Option<ManagedObject>, Failure> {
    let Some(block) = object.key_block() else { return Ok(None) };
    match wanted {
        // Of a key whose value is elsewhere, there is the rest; unwrapped it cannot be had.
        Some(KeyWrapType::NotWrapped) if block.key_value.is_none() => {
            Err(Failure::new(ResultReason::KeyValueNotPresent, "the server does not have the key value"))
        }

        None | Some(KeyWrapType::AsRegistered) => Ok(None),
        Some(KeyWrapType::NotWrapped) if is_wrapped(block) => unwrap(context, object).map(Some),
        Some(KeyWrapType::NotWrapped) => Ok(None),
        Some(other) => {
            let message = format!("the Key Wrap Type {other} is not supported");
            Err(Failure::new(ResultReason::KeyWrapTypeNotSupported, message))
        }
    }
}
