//! Re-key: makes a symmetric key in place of another (KMIP 1.4 section 4.4, 2.1 section 6.1.46).

use kmip_types::enumerations::{KeyFormatType, ObjectType, ResultReason, UniqueIdentifierEnumeration};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::operation::{ReKeyRequest, ReKeyResponse};

use super::key_use::{not_usable, wrong_type};
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage, missing};
use super::replacing::{check_same, give_up_names, in_place_of, link_replacement, replaced, taken_over};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::{formats, symmetric};

pub(super) fn re_key(context: &mut Context<'_>, request: ReKeyRequest) -> Result<ReKeyResponse, Failure> {
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let existing = context.resolve(request.unique_identifier.as_ref())?;
    let stored = context.get(&existing)?;
    let ManagedObject::SymmetricKey(key) = stored.value()? else { return Err(wrong_type(&stored)) };
    if key.key_block.key_value.is_none() {
        return Err(not_usable(&key.key_block));
    }
    let requested = asked_if_any(context, request.attributes)?;
    check_same(&stored, &requested)?;
    let mut known = taken_over(&stored, request.offset, &requested, context)?;
    let algorithm = stored.attributes.cryptographic_algorithm();
    let algorithm = algorithm.ok_or_else(|| missing("CryptographicAlgorithm"))?;
    let made = symmetric::generate(algorithm, stored.attributes.cryptographic_length());
    let (bytes, length) = made.ok_or_else(|| {
        let message = format!("the server makes no {algorithm} key of this length");
        Failure::new(ResultReason::InvalidField, message)
    })??;
    let block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::Bytes(bytes), algorithm, length);
    let raw = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    let format = requested.key_format_type().unwrap_or(key.key_block.key_format_type);
    let object = formats::convert(&raw, format)?;

    let identifier = context.new_identifier();
    known.extend(algorithm_and_length(Some(algorithm), Some(length)));
    known.push(replaced(&existing));
    give_up_names(context, &stored, &requested)?;
    let new = NewObject {
        identifier: identifier.clone(),
        object_type: ObjectType::SymmetricKey,
        object,
        known,
        requested,
        origin: Origin::Generated,
    };
    in_place_of(context, &stored, |context| new.keep(context))?;
    link_replacement(context, &existing, &identifier)?;
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::ReKey, &identifier);
    context.memory.place(Some(&identifier));
    Ok(ReKeyResponse { unique_identifier: identifier.into(), attributes: None })
}
