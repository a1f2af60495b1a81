//! Export: gives the client an object with all its attributes (KMIP 1.4 section 4.40, 2.1 section 6.1.18).

use kmip_types::attribute::Attributes;
use kmip_types::enumerations::{KeyFormatType, ObjectType, ResultReason};
use kmip_types::object::{KeyBlock, ManagedObject, PrivateKey, PublicKey, SymmetricKey};
use kmip_types::operation::{ExportRequest, ExportResponse};

use super::get::{Form, give};
use crate::answer::Failure;
use crate::server::attributes;
use crate::server::context::Context;
use crate::server::store::StoredObject;

pub(super) fn export(context: &mut Context<'_>, request: ExportRequest) -> Result<ExportResponse, Failure> {
    let identifier = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&identifier)?;
    let object = if stored.object.is_none() {
        without_material(&stored)?
    } else {
        let form = Form {
            format: request.key_format_type,
            wrap_type: request.key_wrap_type,
            compression: request.key_compression_type,
            specification: request.key_wrapping_specification,
        };
        give(context, &stored, form)?
    };
    let mut given = Attributes::new();
    for entry in context.get(&identifier)?.attributes.entries() {
        if let Some(entry) = attributes::in_version(entry, context.version) {
            given.push(entry);
        }
    }
    context.memory.identifier(&identifier);
    context.memory.place(Some(&identifier));
    Ok(ExportResponse {
        object_type: stored.object_type,
        unique_identifier: identifier.into(),
        attributes: given,
        object,
    })
}

/// What is left of an object that was destroyed: what its attributes say of the key, without the key.
fn without_material(stored: &StoredObject) -> Result<ManagedObject, Failure> {
    let attributes = &stored.attributes;
    let key_block = KeyBlock {
        key_format_type: attributes.key_format_type().unwrap_or(KeyFormatType::Raw),
        key_compression_type: None,
        key_value: None,
        cryptographic_algorithm: attributes.cryptographic_algorithm(),
        cryptographic_length: attributes.cryptographic_length(),
        key_wrapping_data: None,
    };
    match stored.object_type {
        ObjectType::SymmetricKey => Ok(ManagedObject::SymmetricKey(SymmetricKey { key_block })),
        ObjectType::PublicKey => Ok(ManagedObject::PublicKey(PublicKey { key_block })),
        ObjectType::PrivateKey => Ok(ManagedObject::PrivateKey(PrivateKey { key_block })),
        _ => Err(Failure::new(ResultReason::ObjectDestroyed, "the object was destroyed")),
    }
}
