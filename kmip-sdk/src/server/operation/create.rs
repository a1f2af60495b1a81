//! Create: makes a symmetric key or secret data (KMIP 1.4 section 4.1, 2.1 section 6.1.8).

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{
    self, CryptographicAlgorithm, KeyFormatType, ObjectType, ResultReason, SecretDataType,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SecretData, SymmetricKey};
use kmip_types::operation::{CreateRequest, CreateResponse};

use super::factory::{usual, with_defaults};
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage, missing};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::random::random;
use crate::server::crypto::{formats, symmetric};

/// How many bits secret data has of which the client says no length.
const SECRET_BITS: i32 = 256;
/// How many bits secret data has at most.
const MAXIMUM_SECRET_BITS: i32 = 8 * 65_536;

pub(super) fn create(context: &mut Context<'_>, request: CreateRequest) -> Result<CreateResponse, Failure> {
    let object_type = request.object_type;
    if !matches!(object_type, ObjectType::SymmetricKey | ObjectType::SecretData) {
        let message = format!("Create does not make {object_type}");
        return Err(Failure::new(ResultReason::InvalidObjectType, message));
    }
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let mut requested = with_defaults(context, object_type, request.attributes)?;
    let (raw, known) = match object_type {
        ObjectType::SymmetricKey => key(&mut requested, context.version)?,
        _ => secret(&mut requested)?,
    };
    let format = requested.key_format_type().unwrap_or(KeyFormatType::Raw);
    let object = formats::convert(&raw, format)
        .map_err(|failure| Failure::new(ResultReason::InvalidAttributeValue, failure.message))?;
    let identifier = context.new_identifier();
    let new = NewObject {
        identifier: identifier.clone(),
        object_type,
        object,
        known,
        requested,
        origin: Origin::Generated,
    };
    new.keep(context)?;
    context.memory.identifier(&identifier);
    context.memory.name(enumerations::UniqueIdentifierEnumeration::Create, &identifier);
    context.memory.place(Some(&identifier));
    Ok(CreateResponse { object_type, unique_identifier: identifier.into(), attributes: None })
}

/// A new symmetric key, and what is known of it.
fn key(
    requested: &mut Attributes,
    version: ProtocolVersion,
) -> Result<(ManagedObject, Vec<Attribute>), Failure> {
    // Since KMIP 2.0 the server has one of its own (2.1 chapter 4, table 28).
    let own = || {
        usual(ObjectType::SymmetricKey).cryptographic_algorithm().filter(|_| version.has_attributes_by_tag())
    };
    let algorithm =
        requested.cryptographic_algorithm().or_else(own).ok_or_else(|| missing("CryptographicAlgorithm"))?;
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
    Ok((raw, algorithm_and_length(Some(algorithm), Some(length))))
}

/// New secret data, and what is known of it. It has no algorithm (KMIP 2.1 section 4.15), but a client may say one.
fn secret(requested: &mut Attributes) -> Result<(ManagedObject, Vec<Attribute>), Failure> {
    if requested.cryptographic_usage_mask().is_none() {
        requested.push(Attribute::CryptographicUsageMask(CryptographicUsageMask::DERIVE_KEY));
    }
    let bits = requested.cryptographic_length().unwrap_or(SECRET_BITS);
    if bits <= 0 || bits > MAXIMUM_SECRET_BITS || bits % 8 != 0 {
        let message = format!("secret data has 8 to {MAXIMUM_SECRET_BITS} bits, and whole bytes");
        return Err(Failure::new(ResultReason::InvalidAttributeValue, message));
    }
    let material = KeyMaterial::Bytes(random(usize::try_from(bits / 8).unwrap_or_default())?);
    let algorithm = requested.cryptographic_algorithm();
    let key_block = KeyBlock {
        cryptographic_algorithm: algorithm,
        // The one stands with the other only (KMIP 2.1 section 3.1).
        cryptographic_length: algorithm.map(|_| bits),
        ..KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, bits)
    };
    let data = SecretData { secret_data_type: SecretDataType::Seed, key_block };
    Ok((ManagedObject::SecretData(data), algorithm_and_length(algorithm, Some(bits))))
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
