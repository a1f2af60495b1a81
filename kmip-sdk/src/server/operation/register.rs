//! Register: keeps an object that the client has (KMIP 1.4 section 4.3, 2.1 section 6.1.43).

use kmip_types::attribute::{Attribute, Attributes, Link};
use kmip_types::enumerations::{self, CryptographicAlgorithm, KeyFormatType, LinkType, ResultReason};
use kmip_types::object::{KeyBlock, KeyMaterial, KeyValue, ManagedObject};
use kmip_types::operation::{RegisterRequest, RegisterResponse};

use super::create_split_key::part_of;
use super::factory::with_defaults;
use super::new_object::{
    NewObject, Origin, algorithm_and_length, check_count, check_storage, check_usage_mask, missing,
};
use super::pkcs_12;
use super::templates;
use crate::answer::Failure;
use crate::keys::{PrivateKey, PublicKey, x509};
use crate::server::context::Context;

pub(super) fn register(
    context: &mut Context<'_>,
    request: RegisterRequest,
) -> Result<RegisterResponse, Failure> {
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let RegisterRequest { object_type, attributes: requested, object, .. } = request;
    let object = object.ok_or_else(|| invalid("there is no object to register"))?;
    if object.object_type() != Some(object_type) {
        let message = "the Object Type is not that of the object";
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    if !object_type.is_in(context.version) {
        let message = format!("KMIP {} has no {object_type}", context.version);
        return Err(Failure::new(ResultReason::InvalidObjectType, message));
    }
    let mut requested = with_defaults(context, object_type, requested)?;
    let held = pkcs_12::open(context, &object, &requested)?;
    let object = held.as_ref().map_or(object, |held| held.object.clone());
    if let ManagedObject::Template(template) = &object {
        templates::check(template)?;
        check_count(context.options, requested.len().saturating_add(template.attributes.len()))?;
        // They are its attributes too: what is changed of them is changed of what it gives.
        requested.extend(template.attributes.iter().cloned());
    }
    let mut known = known(&object, &requested)?;
    if object.key_block().is_some_and(|block| block.key_value.is_none()) {
        known.push(Attribute::KeyValuePresent(false));
    } else if requested.key_value_locations().next().is_some() {
        // Where the value is elsewhere is said where it is not here (KMIP 1.4 section 3.42, 2.1 section 4.27).
        return Err(invalid("there are both a Key Value and a Key Value Location, or there can be none"));
    }
    known.iter_mut().try_for_each(|attribute| context.resolve_link(attribute))?;
    let identifier = context.new_identifier();
    let others = held.as_ref().and_then(|held| pkcs_12::Others::of(context, held));
    known.extend(others.as_ref().map(pkcs_12::Others::link));
    if let Some(name) = held.as_ref().and_then(|held| held.name.clone())
        && requested.pkcs12_friendly_name().is_none()
    {
        known.push(Attribute::Pkcs12FriendlyName(name));
    }
    if let (Some(others), Some(held)) = (others, &held) {
        others.keep(context, &identifier, &held.object, &requested)?;
    }
    let new = NewObject {
        identifier: identifier.clone(),
        object_type,
        object,
        known,
        requested,
        origin: Origin::Registered,
    };
    new.keep(context)?;
    context.memory.identifier(&identifier);
    context.memory.name(enumerations::UniqueIdentifierEnumeration::Register, &identifier);
    context.memory.place(Some(&identifier));
    Ok(RegisterResponse { unique_identifier: identifier.into(), attributes: None })
}

/// What the object says of itself.
fn known(object: &ManagedObject, requested: &Attributes) -> Result<Vec<Attribute>, Failure> {
    match object {
        ManagedObject::SymmetricKey(key) => {
            check_usage_mask(requested)?;
            let bits =
                key.key_block.key_bytes().and_then(|key| i32::try_from(key.len()).ok()?.checked_mul(8));
            let known = key_attributes(&key.key_block, requested, None, bits)?;
            let is_aes = known.contains(&Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes));
            if let Some(bits) = bits
                && is_aes
                && !known.contains(&Attribute::CryptographicLength(bits))
            {
                return Err(invalid("the Cryptographic Length is not that of the key"));
            }
            Ok(known)
        }
        ManagedObject::PrivateKey(key) => {
            check_usage_mask(requested)?;
            let parsed = PrivateKey::from_block(&key.key_block).ok();
            check_pkcs1(&key.key_block, parsed.is_some())?;
            let algorithm = parsed.as_ref().map(PrivateKey::algorithm);
            let bits = parsed.as_ref().and_then(PrivateKey::bits);
            key_attributes(&key.key_block, requested, algorithm, bits)
        }
        ManagedObject::PublicKey(key) => {
            check_usage_mask(requested)?;
            let parsed = PublicKey::from_block(&key.key_block).ok();
            check_pkcs1(&key.key_block, parsed.is_some())?;
            let algorithm = parsed.as_ref().map(PublicKey::algorithm);
            let bits = parsed.as_ref().and_then(PublicKey::bits);
            key_attributes(&key.key_block, requested, algorithm, bits)
        }
        ManagedObject::SecretData(secret) => {
            let block = &secret.key_block;
            let mut known = algorithm_and_length(block.cryptographic_algorithm, block.cryptographic_length);
            known.extend(wrapping_link(block));
            Ok(known)
        }
        ManagedObject::Certificate(value) => {
            x509::attributes(value.certificate_type, &value.certificate_value)
                .map_err(|_| invalid("the Certificate Value is not an X.509 certificate in DER"))
        }
        ManagedObject::OpaqueObject(object) => Ok(vec![Attribute::OpaqueDataType(object.opaque_data_type)]),
        // What a part is of, the client may say only where it is joined.
        ManagedObject::SplitKey(key) => {
            part_of(key)?;
            let block = &key.key_block;
            let mut known = algorithm_and_length(block.cryptographic_algorithm, block.cryptographic_length);
            known.extend(wrapping_link(block));
            Ok(known)
        }
        ManagedObject::PgpKey(key) => {
            let block = &key.key_block;
            let mut known = algorithm_and_length(block.cryptographic_algorithm, block.cryptographic_length);
            known.extend(wrapping_link(block));
            Ok(known)
        }
        ManagedObject::CertificateRequest(_) => Ok(Vec::new()),
        ManagedObject::Template(_) if requested.names().next().is_none() => Err(missing("Name")),
        ManagedObject::Template(_) => Ok(Vec::new()),
        _ => {
            let message = "the server does not keep objects of this Object Type";
            Err(Failure::new(ResultReason::InvalidObjectType, message))
        }
    }
}

/// The algorithm and length of a key: what its block, its attributes or its material say.
fn key_attributes(
    block: &KeyBlock,
    requested: &Attributes,
    algorithm: Option<CryptographicAlgorithm>,
    length: Option<i32>,
) -> Result<Vec<Attribute>, Failure> {
    let algorithm = block
        .cryptographic_algorithm
        .or(requested.cryptographic_algorithm())
        .or(algorithm)
        .ok_or_else(|| missing("CryptographicAlgorithm"))?;
    let length = block
        .cryptographic_length
        .or(requested.cryptographic_length())
        .or(length)
        .ok_or_else(|| missing("CryptographicLength"))?;
    if length <= 0 {
        return Err(invalid("the Cryptographic Length is not positive"));
    }
    let (has_data, value) = (block.key_wrapping_data.is_some(), block.key_value.as_ref());
    let is_consistent = match value {
        Some(KeyValue::Wrapped(_)) => has_data,
        // Bytes in a structure may be wrapped ones.
        Some(KeyValue::Plain(value)) => !has_data || matches!(value.key_material, KeyMaterial::Bytes(_)),
        None => !has_data,
    };
    if !is_consistent {
        return Err(invalid("the Key Value is wrapped without Key Wrapping Data, or the other way round"));
    }
    let mut known = algorithm_and_length(Some(algorithm), Some(length));
    known.extend(wrapping_link(block));
    Ok(known)
}

/// The link to the key that wraps a wrapped one.
fn wrapping_link(block: &KeyBlock) -> Option<Attribute> {
    let data = block.key_wrapping_data.as_ref()?;
    let by = data.encryption_key_information.as_ref().map(|information| &information.unique_identifier);
    // What is not encrypted is wrapped by the key of its MAC or signature.
    let linked_object_identifier = match (by, &data.mac_signature_key_information) {
        (Some(by), _) => by.clone(),
        (None, information) => information.as_ref()?.unique_identifier.clone(),
    };
    Some(Attribute::Link(Link { link_type: LinkType::WrappingKeyLink, linked_object_identifier }))
}

/// Refuses an RSA key whose DER does not read. Keys of other kinds may be on a curve that is not known here.
fn check_pkcs1(block: &KeyBlock, reads: bool) -> Result<(), Failure> {
    let plain = block.key_material().is_some();
    if plain && block.key_format_type == KeyFormatType::Pkcs1 && !reads {
        return Err(invalid("the Key Material is not PKCS#1 in DER"));
    }
    Ok(())
}

fn invalid(message: &str) -> Failure {
    Failure::new(ResultReason::InvalidField, message)
}
