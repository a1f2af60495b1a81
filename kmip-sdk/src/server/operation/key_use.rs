//! What operations with a key have in common: whether and how it may be used.

use kmip_types::attribute::{Attribute, CryptographicParameters, UsageLimits};
use kmip_types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, HashingAlgorithm, PaddingMethod, ResultReason, UsageLimitsUnit,
};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::{KeyBlock, ManagedObject};
use kmip_types::{DateTime, ProtocolVersion};

use super::parts::Part;
use crate::keys::{PrivateKey, PublicKey, x509};
use crate::server::context::Context;

use crate::answer::Failure;
use crate::server::leniency::Deviation;
use crate::server::lifecycle::{self, Use};
use crate::server::options::ServerOptions;
use crate::server::store::{StoreError, StoredObject};

/// Refuses a use that the object's state, dates or mask do not allow.
pub(super) fn check_allowed(
    stored: &StoredObject,
    bit: CryptographicUsageMask,
    wanted: Use,
    now: DateTime,
) -> Result<(), Failure> {
    stored.value()?;
    let attributes = &stored.attributes;
    let (start, stop) = (attributes.process_start_date(), attributes.protect_stop_date());
    lifecycle::check_use(stored.state(), start, stop, wanted, now)?;
    if !attributes.cryptographic_usage_mask().is_some_and(|mask| mask.contains(bit)) {
        let message = format!("the key's Cryptographic Usage Mask does not have {bit}");
        return Err(Failure::new(ResultReason::IncompatibleCryptographicUsageMask, message));
    }
    Ok(())
}

/// How a key is to be used: as the request says, or else as the object's attribute does.
pub(super) fn parameters(
    requested: Option<Box<CryptographicParameters>>,
    stored: &StoredObject,
) -> CryptographicParameters {
    match requested {
        Some(parameters) => *parameters,
        None => stored.attributes.cryptographic_parameters().next().cloned().unwrap_or_default(),
    }
}

/// How a key is to encrypt or decrypt.
pub(super) fn cipher_parameters(
    requested: Option<Box<CryptographicParameters>>,
    stored: &StoredObject,
    version: ProtocolVersion,
) -> Result<CryptographicParameters, Failure> {
    let mut parameters = parameters(requested, stored);
    let own = stored.attributes.cryptographic_algorithm();
    if parameters.cryptographic_algorithm.is_some_and(|algorithm| own != Some(algorithm)) {
        let message = "the Cryptographic Algorithm is not that of the key";
        return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
    }
    default_mask_hash(&mut parameters, version);
    check_tag_length(&parameters, stored)?;
    Ok(parameters)
}

/// Says the hash of OAEP's mask where nothing does: the default of the standard, since there is a field for another one
/// (KMIP 1.4 section 3.6).
pub(super) fn default_mask_hash(parameters: &mut CryptographicParameters, version: ProtocolVersion) {
    let has_mask = version.is_at_least(ProtocolVersion::V1_4);
    if has_mask && parameters.padding_method == Some(PaddingMethod::Oaep) {
        parameters.mask_generator_hashing_algorithm.get_or_insert(HashingAlgorithm::Sha1);
    }
}

/// Refuses a tag that is shorter than the key's own parameters say, of this mode or of any.
fn check_tag_length(parameters: &CryptographicParameters, stored: &StoredObject) -> Result<(), Failure> {
    let own = stored.attributes.cryptographic_parameters();
    let mut own = own.filter(|own| {
        own.block_cipher_mode.is_none() || own.block_cipher_mode == parameters.block_cipher_mode
    });
    let is_short = |own: &CryptographicParameters| parameters.tag_length < own.tag_length;
    if parameters.tag_length.is_some() && own.any(is_short) {
        let message = "the Tag Length is shorter than the key's Cryptographic Parameters say";
        return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
    }
    Ok(())
}

/// Where the tag of an authenticated mode stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagPlace {
    /// In its own field.
    Field,
    /// Behind the encrypted data, in a version that has no field for it.
    Behind,
}

/// Where the tag of a mode is to stand.
pub(super) fn tag_place(
    parameters: &CryptographicParameters,
    version: ProtocolVersion,
    options: &ServerOptions,
) -> Result<TagPlace, Failure> {
    let has_tag = matches!(
        parameters.block_cipher_mode,
        Some(BlockCipherMode::Gcm | BlockCipherMode::Ccm | BlockCipherMode::Aead)
    );
    if !has_tag || version.is_at_least(ProtocolVersion::V1_4) {
        return Ok(TagPlace::Field);
    }
    if options.leniency.takes(Deviation::AppendedTag, version) {
        return Ok(TagPlace::Behind);
    }
    let message = "before KMIP 1.4 there is no field for the tag of an authenticated mode";
    Err(Failure::new(ResultReason::UnsupportedCryptographicParameters, message))
}

/// The private key that an object is.
pub(super) fn private_key(stored: &StoredObject) -> Result<PrivateKey, Failure> {
    match stored.value()? {
        ManagedObject::PrivateKey(key) => {
            PrivateKey::from_block(&key.key_block).map_err(|_| not_usable(&key.key_block))
        }
        _ => Err(wrong_type(stored)),
    }
}

/// The public key that an object is, or that a certificate is about.
pub(super) fn public_key(stored: &StoredObject) -> Result<PublicKey, Failure> {
    match stored.value()? {
        ManagedObject::PublicKey(key) => {
            PublicKey::from_block(&key.key_block).map_err(|_| not_usable(&key.key_block))
        }
        ManagedObject::Certificate(value) => {
            x509::public_key(&value.certificate_value).ok_or_else(|| wrong_type(stored))
        }
        _ => Err(wrong_type(stored)),
    }
}

/// The bytes of a symmetric key, with its algorithm.
pub(super) fn symmetric_key<'a>(
    block: &'a KeyBlock,
    stored: &StoredObject,
) -> Result<(CryptographicAlgorithm, &'a [u8]), Failure> {
    let algorithm = stored.attributes.cryptographic_algorithm();
    match (algorithm, block.key_bytes()) {
        (Some(algorithm), Some(bytes)) => Ok((algorithm, bytes)),
        _ => Err(not_usable(block)),
    }
}

/// A key that the server has, but cannot use.
pub(super) fn not_usable(block: &KeyBlock) -> Failure {
    if block.key_value.is_none() {
        return Failure::new(ResultReason::KeyValueNotPresent, "the server does not have the key value");
    }
    Failure::new(
        ResultReason::FeatureNotSupported,
        "the key is wrapped, or in a form that the server cannot use",
    )
}

/// An object that does not encrypt or decrypt.
pub(super) fn wrong_type(stored: &StoredObject) -> Failure {
    let message = format!("{} is not what the operation works with", stored.object_type);
    Failure::new(ResultReason::InvalidObjectType, message)
}

/// Takes an allocation from the Usage Limits of an object (KMIP 2.1 section 4.59), if it has any, for a use.
fn take_allocation(context: &mut Context<'_>, stored: &StoredObject, bytes: usize) -> Result<(), Failure> {
    let Some(limits) = stored.attributes.usage_limits() else { return Ok(()) };
    let amount = match limits.usage_limits_unit {
        UsageLimitsUnit::Byte => i64::try_from(bytes).unwrap_or(i64::MAX),
        _ => 1,
    };
    // The text of the operations says this reason; Usage Limit Exceeded is in their tables only.
    take(context, stored, amount, ResultReason::PermissionDenied)
}

/// Takes an amount from the Usage Limits of an object that has some.
pub(super) fn take(
    context: &mut Context<'_>,
    stored: &StoredObject,
    amount: i64,
    reason: ResultReason,
) -> Result<(), Failure> {
    let Some(limits) = left_by(stored, amount, reason)? else { return Ok(()) };
    let now = context.now;
    context.change(&stored.identifier, |stored| {
        stored.change(Attribute::UsageLimits(limits), now);
        Ok(())
    })
}

/// The Usage Limits of an object, if it has some, that are left where an amount is taken.
fn left_by(stored: &StoredObject, amount: i64, reason: ResultReason) -> Result<Option<UsageLimits>, Failure> {
    let Some(mut limits) = stored.attributes.usage_limits().cloned() else { return Ok(None) };
    let left = limits.usage_limits_count.unwrap_or(limits.usage_limits_total);
    let Some(left) = left.checked_sub(amount).filter(|left| *left >= 0) else {
        return Err(Failure::new(reason, "the Usage Limits leave no more use"));
    };
    limits.usage_limits_count = Some(left);
    Ok(Some(limits))
}

/// Takes an allocation for a part of an operation: where uses count, for the first part; where bytes do, for each.
///
/// What a part was added to cannot be had back. So that of a later part is taken, and final, before it is added: were it in
/// somebody's way afterwards, the part would be added twice.
pub(super) fn take_for_part(
    context: &mut Context<'_>,
    stored: &StoredObject,
    part: &Part,
    bit: CryptographicUsageMask,
    bytes: usize,
) -> Result<(), Failure> {
    if part.is_first() || context.undo {
        return match part.is_first() || counts_bytes(stored) {
            true => take_allocation(context, stored, bytes),
            false => Ok(()),
        };
    }
    if !counts_bytes(stored) {
        return Ok(());
    }
    part.check_open(context, Some(&stored.identifier))?;
    let amount = i64::try_from(bytes).unwrap_or(i64::MAX);
    loop {
        let mut transaction = context.shared.begin(context.now);
        let stored = transaction.get(&stored.identifier)?;
        check_allowed(&stored, bit, Use::Protect, context.now)?;
        let Some(limits) = left_by(&stored, amount, ResultReason::PermissionDenied)? else { return Ok(()) };
        transaction.change(&stored.identifier, |stored| {
            stored.change(Attribute::UsageLimits(limits), context.now);
            Ok(())
        })?;
        match transaction.commit() {
            Err(StoreError::Conflict) => {}
            result => return result.map_err(Failure::from),
        }
    }
}

/// Whether the Usage Limits of an object count bytes.
fn counts_bytes(stored: &StoredObject) -> bool {
    stored.attributes.usage_limits().is_some_and(|limits| limits.usage_limits_unit == UsageLimitsUnit::Byte)
}

/// Refuses a part of an operation with a key that takes all of its data at once.
pub(super) fn check_only(part: &Part) -> Result<(), Failure> {
    match part {
        Part::Only => Ok(()),
        _ => {
            let message = "a key of this kind takes all of the data at once";
            Err(Failure::new(ResultReason::FeatureNotSupported, message))
        }
    }
}
