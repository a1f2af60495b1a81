//! Get: gives the client an object (KMIP 1.4 section 4.11, 2.1 section 6.1.19).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType, ResultReason};
use kmip_types::object::{KeyValue, ManagedObject};
use kmip_types::operation::{GetRequest, GetResponse};

use crate::server::attributes;
use crate::server::context::Context;
use crate::server::crypto::formats;
use crate::server::failure::Failure;

pub(super) fn get(context: &mut Context<'_>, request: GetRequest) -> Result<GetResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    let object = stored.value()?;
    let object_type = stored.object_type;
    if request.key_wrapping_specification.is_some() {
        let message = "the server does not wrap keys";
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    if stored.attributes.sensitive() == Some(true) {
        return Err(Failure::new(ResultReason::Sensitive, "the object is not given out unwrapped"));
    }
    if stored.attributes.extractable() == Some(false) {
        return Err(Failure::new(ResultReason::NotExtractable, "the object is not given out"));
    }
    check_wrapping(object, request.key_wrap_type)?;
    check_compression(object, request.key_compression_type)?;
    let format = match request.key_format_type {
        Some(format) => Some(format),
        None => formats::format_of(object).map(|format| {
            // A format that the version of the request lacks is of no use to the client.
            if format.is_in(context.version) {
                format
            } else {
                formats::default_format(object_type, false, context.version)
            }
        }),
    };
    let object = match format {
        Some(format) => formats::convert(object, format)?,
        None => object.clone(),
    };
    if stored.attributes.fresh() != Some(false) {
        context.change(&identifier, |stored| {
            attributes::set(&mut stored.attributes, Attribute::Fresh(false));
            Ok(())
        })?;
    }
    context.memory.identifier(&identifier);
    Ok(GetResponse { object_type, unique_identifier: identifier.into(), object })
}

/// Refuses to unwrap: a wrapped key is given as it was registered.
fn check_wrapping(object: &ManagedObject, wanted: Option<KeyWrapType>) -> Result<(), Failure> {
    let Some(block) = object.key_block() else { return Ok(()) };
    if block.key_value.is_none() {
        return Err(Failure::new(ResultReason::KeyValueNotPresent, "the server does not have the key value"));
    }
    let is_wrapped = matches!(block.key_value, Some(KeyValue::Wrapped(_)));
    match wanted {
        None | Some(KeyWrapType::AsRegistered) => Ok(()),
        Some(KeyWrapType::NotWrapped) if !is_wrapped => Ok(()),
        Some(_) => {
            let message = "the server gives a key as it was registered";
            Err(Failure::new(ResultReason::KeyWrapTypeNotSupported, message))
        }
    }
}

/// Refuses to compress: points are given as they are, which is uncompressed.
fn check_compression(object: &ManagedObject, wanted: Option<KeyCompressionType>) -> Result<(), Failure> {
    let Some(wanted) = wanted else { return Ok(()) };
    let block = object.key_block();
    let is_ec = block.is_some_and(|block| {
        matches!(object, ManagedObject::PublicKey(_)) && block.key_format_type != KeyFormatType::Pkcs1
    });
    if is_ec && wanted == KeyCompressionType::EcPublicKeyTypeUncompressed {
        return Ok(());
    }
    let message = "the key cannot be had with this compression";
    Err(Failure::new(ResultReason::KeyCompressionTypeNotSupported, message))
}
