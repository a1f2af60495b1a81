//! Create: makes a symmetric key (KMIP 1.4 section 4.1, 2.1 section 6.1.8).

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{self, CryptographicAlgorithm, KeyFormatType, ObjectType, ResultReason};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use kmip_types::operation::{CreateRequest, CreateResponse};

use super::factory::with_defaults;
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage, missing};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::{formats, symmetric};

pub(super) fn create(context: &mut Context<'_>, request: CreateRequest) -> Result<CreateResponse, Failure> {
    if request.object_type != ObjectType::SymmetricKey {
        let message = format!("Create does not make {}", request.object_type);
        return Err(Failure::new(ResultReason::InvalidObjectType, message));
    }
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let mut requested = with_defaults(context, ObjectType::SymmetricKey, request.attributes)?;
    let algorithm = requested.cryptographic_algorithm().ok_or_else(|| missing("CryptographicAlgorithm"))?;
    // Its table has the mask as required; the attribute's says that the server may set it, and test cases leave it out.
    if requested.cryptographic_usage_mask().is_none() {
        requested.push(Attribute::CryptographicUsageMask(usual_mask(algorithm)));
    }
    let wanted = requested.cryptographic_length();
    let (key, length) = symmetric::generate(algorithm, wanted).ok_or_else(|| {
        let message = format!("the server makes no {algorithm} key of this length");
        Failure::new(ResultReason::InvalidAttributeValue, message)
    })??;
    let material = KeyMaterial::Bytes(key);
    let block = KeyBlock::plain(KeyFormatType::Raw, material, algorithm, length);
    let raw = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    let format = requested.key_format_type().unwrap_or(KeyFormatType::Raw);
    let object = formats::convert(&raw, format)
        .map_err(|failure| Failure::new(ResultReason::InvalidAttributeValue, failure.message))?;
    let identifier = context.new_identifier();
    let new = NewObject {
        identifier: identifier.clone(),
        object_type: ObjectType::SymmetricKey,
        object,
        known: algorithm_and_length(Some(algorithm), Some(length)),
        requested,
        origin: Origin::Generated,
    };
    new.keep(context)?;
    context.memory.identifier(&identifier);
    context.memory.name(enumerations::UniqueIdentifierEnumeration::Create, &identifier);
    context.memory.place(Some(&identifier));
    Ok(CreateResponse {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: identifier.into(),
        attributes: None,
    })
}

/// What a key of an algorithm is for, where the client does not say.
fn usual_mask(algorithm: CryptographicAlgorithm) -> CryptographicUsageMask {
    use CryptographicAlgorithm as A;
    match algorithm {
        A::HmacSha1 | A::HmacSha224 | A::HmacSha256 | A::HmacSha384 | A::HmacSha512 | A::HmacMd5 => {
            CryptographicUsageMask::MAC_GENERATE | CryptographicUsageMask::MAC_VERIFY
        }
        _ => CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
    }
}
