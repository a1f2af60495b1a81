//! Join Split Key: makes a key of its parts (KMIP 1.4 section 4.39, 2.1 section 6.1.27).

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{
    CryptographicAlgorithm, ObjectType, ResultReason, SecretDataType, SplitKeyMethod,
    UniqueIdentifierEnumeration,
};
use kmip_types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PrivateKey, SecretData, SplitKey, SymmetricKey,
};
use kmip_types::operation::{JoinSplitKeyRequest, JoinSplitKeyResponse};
use zeroize::Zeroizing;

use super::create_split_key::{MAXIMUM_PARTS, guarded, no_such_method, part_of, prime};
use super::key_use::wrong_type;
use super::new_object::{NewObject, Origin, algorithm_and_length, check_storage};
use super::templates::asked_if_any;
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::crypto::split::{self, Part, Pieces, Polynomial};

pub(super) fn join_split_key(
    context: &mut Context<'_>,
    request: JoinSplitKeyRequest,
) -> Result<JoinSplitKeyResponse, Failure> {
    check_storage(request.protection_storage_masks.as_ref(), ResultReason::ProtectionStorageUnavailable)?;
    let object_type = request.object_type;
    let requested = asked_if_any(context, request.attributes)?;
    let (mut keys, mut parts): (Vec<SplitKey>, Vec<_>) = (Vec::new(), Vec::new());
    if request.unique_identifier.len() > usize::from(MAXIMUM_PARTS) {
        return Err(bad("there are more parts than a key has here"));
    }
    let mut size = 0_usize;
    for identifier in &request.unique_identifier {
        let identifier = context.resolve(Some(identifier))?;
        let stored = context.get(&identifier)?;
        let ManagedObject::SplitKey(key) = stored.value()? else { return Err(wrong_type(&stored)) };
        size = size.saturating_add(key.key_block.key_bytes().map_or(0, <[u8]>::len));
        context.check_made(size)?;
        keys.push(key.clone());
        parts.push(stored);
    }
    let Some(first) = keys.first() else { return Err(bad("there are no parts")) };
    let polynomials: Vec<_> = parts.iter().map(|part| part.polynomial).collect();
    let bytes = join(&keys, &polynomials)?;
    // The parts of a piecewise method are as long as whole pieces; the key is as long as it was.
    let length = first.key_block.cryptographic_length.and_then(|bits| usize::try_from(bits / 8).ok());
    let length = length.filter(|length| *length <= bytes.len()).unwrap_or(bytes.len());
    let material = KeyMaterial::bytes(&bytes[bytes.len() - length..]);
    let bits = i32::try_from(length.saturating_mul(8)).unwrap_or(i32::MAX);
    let algorithm = first.key_block.cryptographic_algorithm;
    let key_block = KeyBlock {
        cryptographic_algorithm: algorithm,
        ..KeyBlock::plain(first.key_block.key_format_type, material, CryptographicAlgorithm::Aes, bits)
    };
    let object = match object_type {
        ObjectType::SymmetricKey => ManagedObject::SymmetricKey(SymmetricKey { key_block }),
        ObjectType::PrivateKey => ManagedObject::PrivateKey(PrivateKey { key_block }),
        ObjectType::SecretData => ManagedObject::SecretData(SecretData {
            secret_data_type: request.secret_data_type.unwrap_or(SecretDataType::Seed),
            key_block,
        }),
        _ => {
            let message = format!("parts of keys do not make {object_type}");
            return Err(Failure::new(ResultReason::InvalidObjectType, message));
        }
    };
    let mut known = algorithm_and_length(algorithm, Some(bits));
    known.extend(guarded(parts.iter().map(|part| &part.attributes)));
    let identifier = context.new_identifier();
    let new = NewObject {
        identifier: identifier.clone(),
        object_type,
        object,
        known,
        requested,
        origin: Origin::Derived,
    };
    new.keep(context)?;
    context.memory.identifier(&identifier);
    context.memory.name(UniqueIdentifierEnumeration::JoinSplitKey, &identifier);
    context.memory.place(Some(&identifier));
    let has_type = !context.version.is_at_least(ProtocolVersion::V1_3);
    Ok(JoinSplitKeyResponse {
        object_type: has_type.then_some(object_type),
        unique_identifier: identifier.into(),
        attributes: None,
    })
}

/// The secret of which these are parts, each split over a polynomial if its method has one.
fn join(keys: &[SplitKey], polynomials: &[Option<Polynomial>]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let Some(first) = keys.first() else { return Err(bad("there are no parts")) };
    let is_one = |key: &SplitKey| {
        key.split_key_parts == first.split_key_parts
            && key.split_key_threshold == first.split_key_threshold
            && key.split_key_method == first.split_key_method
            && key.prime_field_size == first.prime_field_size
    };
    if !keys.iter().all(is_one) {
        return Err(bad("the parts are not those of one secret"));
    }
    let needed = usize::try_from(first.split_key_threshold).unwrap_or(usize::MAX);
    if keys.len() < needed {
        let message = "there are fewer parts than the Split Key Threshold";
        return Err(Failure::new(ResultReason::CryptographicFailure, message));
    }
    let parts: Vec<Part> = keys.iter().map(part_of).collect::<Result<_, _>>()?;
    let mut numbers: Vec<u32> = parts.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(bad("one part is there twice"));
    }
    match first.split_key_method {
        SplitKeyMethod::Xor => split::join_xor(&parts),
        SplitKeyMethod::PolynomialSharingGf2_8 => {
            split::join_pieces(Pieces::One, polynomial(polynomials)?, &parts)
        }
        SplitKeyMethod::PolynomialSharingGf2_16 => {
            split::join_pieces(Pieces::Two, polynomial(polynomials)?, &parts)
        }
        SplitKeyMethod::PolynomialSharingPrimeField => prime(first.prime_field_size.as_ref())?.join(&parts),
        other => Err(no_such_method(other)),
    }
}

/// The polynomial that all parts are split over. Over another they would give a key, and a wrong one.
fn polynomial(polynomials: &[Option<Polynomial>]) -> Result<Polynomial, Failure> {
    let mut polynomials = polynomials.iter();
    let first = polynomials.next().copied().flatten();
    let first = first.ok_or_else(|| bad("it is not known in which version of KMIP the parts were made"))?;
    if polynomials.any(|polynomial| *polynomial != Some(first)) {
        return Err(bad("some parts were made in KMIP 1.x and some in 2.x, whose fields are not the same"));
    }
    Ok(first)
}

fn bad(message: &str) -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, message)
}
