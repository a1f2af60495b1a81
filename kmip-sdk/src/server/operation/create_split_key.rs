//! Create Split Key: splits a key, which may be a new one, into parts (KMIP 1.4 section 4.38, 2.1 section 6.1.10).

use kmip_types::attribute::{Attribute, Attributes, Link};
use kmip_types::enumerations::{
    CryptographicAlgorithm, KeyFormatType, LinkType, ObjectType, ResultReason, SplitKeyMethod,
    UniqueIdentifierEnumeration,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SplitKey};
use kmip_types::operation::{CreateSplitKeyRequest, CreateSplitKeyResponse};
use kmip_types::{BigInteger, ProtocolVersion};

use super::key_use::{not_usable, wrong_type};
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage, missing};
use super::templates::asked;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::split::{self, Part, Pieces, Polynomial, Prime};
use crate::server::crypto::symmetric;

/// How many products in a field a split may cost, one for each byte of each part and each part that it takes.
const MAXIMUM_WORK: usize = 1 << 28;

/// How many parts a key is split into at most.
pub(super) const MAXIMUM_PARTS: u8 = 255;

pub(super) fn create_split_key(
    context: &mut Context<'_>,
    mut request: CreateSplitKeyRequest,
) -> Result<CreateSplitKeyResponse, Failure> {
    request.attributes = asked(context, request.attributes)?;
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let (parts, threshold) = (request.split_key_parts, request.split_key_threshold);
    let is_xor = request.split_key_method == SplitKeyMethod::Xor;
    if !(1..=i32::from(MAXIMUM_PARTS)).contains(&parts)
        || !(1..=parts).contains(&threshold)
        || (is_xor && threshold != parts)
    {
        let message =
            format!("{threshold} of {parts} parts is no such split; there are up to {MAXIMUM_PARTS} parts");
        return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
    }
    let secret = secret(context, &request)?;
    let (number, needed) = (parts.unsigned_abs(), threshold.unsigned_abs());
    context.check_made(secret.bytes.len().saturating_mul(number as usize))?;
    let work = secret.bytes.len().saturating_mul(number as usize).saturating_mul(needed as usize);
    if !is_xor && work > MAXIMUM_WORK {
        let message = format!("{} bytes are too many for {threshold} of {parts} parts", secret.bytes.len());
        return Err(Failure::new(ResultReason::ServerLimitExceeded, message));
    }
    let split = match request.split_key_method {
        SplitKeyMethod::Xor => split::split_xor(&secret.bytes, number)?,
        SplitKeyMethod::PolynomialSharingGf2_8 => {
            split::split_pieces(Pieces::One, Polynomial::of(context.version), &secret.bytes, number, needed)?
        }
        SplitKeyMethod::PolynomialSharingGf2_16 => {
            split::split_pieces(Pieces::Two, Polynomial::of(context.version), &secret.bytes, number, needed)?
        }
        SplitKeyMethod::PolynomialSharingPrimeField => {
            prime(request.prime_field_size.as_ref())?.split(&secret.bytes, number, needed)?
        }
        other => return Err(no_such_method(other)),
    };
    let mut identifiers = Vec::new();
    for (key_part_identifier, part) in split {
        let identifier = keep(context, &request, &secret, key_part_identifier, part)?;
        identifiers.push(identifier);
    }
    identifiers.iter().for_each(|identifier| context.memory.identifier(identifier));
    if let Some(first) = identifiers.first() {
        context.memory.name(UniqueIdentifierEnumeration::CreateSplitKey, first);
    }
    context.memory.place(identifiers.first().map(String::as_str));
    let has_type = !context.version.is_at_least(ProtocolVersion::V1_3);
    Ok(CreateSplitKeyResponse {
        object_type: has_type.then_some(ObjectType::SplitKey),
        unique_identifier: identifiers.into_iter().map(Into::into).collect(),
        attributes: None,
    })
}

/// What is split.
struct Secret {
    bytes: zeroize::Zeroizing<Vec<u8>>,
    format: KeyFormatType,
    algorithm: Option<CryptographicAlgorithm>,
    length: i32,
    /// The object that it is, if there is one.
    identifier: Option<String>,
    /// How that may be given out, which its parts may not be otherwise.
    guarded: Vec<Attribute>,
}

/// The secret: of an object, or a new key.
fn secret(context: &mut Context<'_>, request: &CreateSplitKeyRequest) -> Result<Secret, Failure> {
    if let Some(identifier) = &request.unique_identifier {
        let identifier = context.resolve(Some(identifier))?;
        let stored = context.get(&identifier)?;
        let block = match stored.value()? {
            ManagedObject::SymmetricKey(key) => &key.key_block,
            ManagedObject::PrivateKey(key) => &key.key_block,
            ManagedObject::SecretData(secret) => &secret.key_block,
            _ => return Err(wrong_type(&stored)),
        };
        let bytes = block.key_bytes().ok_or_else(|| not_usable(block))?.to_vec();
        return Ok(Secret {
            length: i32::try_from(bytes.len().saturating_mul(8)).unwrap_or(i32::MAX),
            bytes: bytes.into(),
            format: block.key_format_type,
            algorithm: stored.attributes.cryptographic_algorithm(),
            identifier: Some(identifier),
            guarded: guarded([&stored.attributes]),
        });
    }
    let attributes = &request.attributes;
    let algorithm = attributes.cryptographic_algorithm().ok_or_else(|| missing("CryptographicAlgorithm"))?;
    let made = symmetric::generate(algorithm, attributes.cryptographic_length());
    let (bytes, length) = made.ok_or_else(|| {
        let message = format!("the server makes no {algorithm} key of this length");
        Failure::new(ResultReason::InvalidAttributeValue, message)
    })??;
    let (format, algorithm) = (KeyFormatType::Raw, Some(algorithm));
    let bytes = bytes.reveal().to_vec().into();
    Ok(Secret { bytes, format, algorithm, length, identifier: None, guarded: Vec::new() })
}

/// What keeps an object in, of what it is made of: a way round it is none.
pub(super) fn guarded<'a>(of: impl IntoIterator<Item = &'a Attributes>) -> Vec<Attribute> {
    let (mut is_sensitive, mut is_kept) = (false, false);
    for attributes in of {
        is_sensitive |= attributes.sensitive() == Some(true);
        is_kept |= attributes.extractable() == Some(false);
    }
    let sensitive = is_sensitive.then_some(Attribute::Sensitive(true));
    sensitive.into_iter().chain(is_kept.then_some(Attribute::Extractable(false))).collect()
}

/// Keeps a part.
fn keep(
    context: &mut Context<'_>,
    request: &CreateSplitKeyRequest,
    secret: &Secret,
    key_part_identifier: u32,
    part: zeroize::Zeroizing<Vec<u8>>,
) -> Result<String, Failure> {
    let identifier = context.new_identifier();
    let material = KeyMaterial::Bytes(part.into());
    let key_block = KeyBlock {
        cryptographic_algorithm: secret.algorithm,
        ..KeyBlock::plain(secret.format, material, CryptographicAlgorithm::Aes, secret.length)
    };
    let object = ManagedObject::SplitKey(SplitKey {
        split_key_parts: request.split_key_parts,
        // There are no more than fit.
        key_part_identifier: i32::try_from(key_part_identifier).unwrap_or(i32::MAX),
        split_key_threshold: request.split_key_threshold,
        split_key_method: request.split_key_method,
        prime_field_size: request.prime_field_size.clone(),
        key_block,
    });
    let mut known = algorithm_and_length(secret.algorithm, Some(secret.length));
    known.extend(secret.guarded.iter().cloned());
    if let Some(split) = &secret.identifier
        && context.version.is_at_least(ProtocolVersion::V1_2)
    {
        let linked_object_identifier = split.as_str().into();
        known.push(Attribute::Link(Link { link_type: LinkType::ParentLink, linked_object_identifier }));
    }
    // The attributes of the key count before those of the request.
    let mut requested = Attributes::new();
    for attribute in request.attributes.iter() {
        let is_known = matches!(
            attribute,
            Attribute::CryptographicAlgorithm(_)
                | Attribute::CryptographicLength(_)
                | Attribute::ObjectType(_)
        );
        // A name is that of one object.
        let is_name = matches!(attribute, Attribute::Name(_)) && key_part_identifier != 1;
        if !is_known && !is_name {
            requested = requested.with(attribute.clone());
        }
    }
    if requested.cryptographic_usage_mask().is_none() {
        requested = requested.with(Attribute::CryptographicUsageMask(CryptographicUsageMask::empty()));
    }
    let new = NewObject {
        identifier: identifier.clone(),
        object_type: ObjectType::SplitKey,
        object,
        known,
        requested,
        origin: if secret.identifier.is_some() { Origin::Derived } else { Origin::Generated },
    };
    new.keep(context)?;
    Ok(identifier)
}

/// The field of a Prime Field Size.
pub(super) fn prime(size: Option<&BigInteger>) -> Result<Prime, Failure> {
    let bytes = size.and_then(BigInteger::to_unsigned_bytes);
    let bytes = bytes.ok_or_else(|| {
        let message = "the method needs a Prime Field Size, which is positive";
        Failure::new(ResultReason::BadCryptographicParameters, message)
    })?;
    Prime::new(bytes)
}

/// A method that the server does not have.
pub(super) fn no_such_method(method: SplitKeyMethod) -> Failure {
    let message = format!("the Split Key Method {method} is not supported");
    Failure::new(ResultReason::UnsupportedCryptographicParameters, message)
}

/// A part, of a Split Key object.
pub(super) fn part_of(key: &SplitKey) -> Result<Part, Failure> {
    let bytes = key.key_block.key_bytes().ok_or_else(|| not_usable(&key.key_block))?;
    let number = u32::try_from(key.key_part_identifier).ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| {
        Failure::new(ResultReason::BadCryptographicParameters, "the Key Part Identifier is not positive")
    })?;
    Ok((number, bytes.to_vec().into()))
}
