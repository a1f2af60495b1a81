//! What Encrypt and Decrypt have in common: whether and how a key may be used.

use kmip_types::attribute::{Attribute, CryptographicParameters};
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, ResultReason, UsageLimitsUnit};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::object::KeyBlock;
use kmip_types::{DateTime, ProtocolVersion};

use crate::server::failure::Failure;
use crate::server::lifecycle::{self, Use};
use crate::server::store::StoredObject;

/// Refuses a part of a stream: operations are done at once.
pub(super) fn check_single_part(
    correlation_value: Option<&[u8]>,
    init: Option<bool>,
    last: Option<bool>,
) -> Result<(), Failure> {
    if correlation_value.is_some() {
        let message = "there is no stream with this Correlation Value";
        return Err(Failure::new(ResultReason::InvalidCorrelationValue, message));
    }
    if init.unwrap_or(false) != last.unwrap_or(false) {
        let message = "the server does not encrypt or decrypt in parts";
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    Ok(())
}

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
    version: ProtocolVersion,
) -> Result<CryptographicParameters, Failure> {
    let parameters = match requested {
        Some(parameters) => parameters,
        None => Box::new(stored.attributes.cryptographic_parameters().next().cloned().unwrap_or_default()),
    };
    let gcm = parameters.block_cipher_mode == Some(BlockCipherMode::Gcm);
    if gcm && !version.is_at_least(ProtocolVersion::V1_4) {
        let message = "before KMIP 1.4 there is no field for the tag of GCM";
        return Err(Failure::new(ResultReason::UnsupportedCryptographicParameters, message));
    }
    let own = stored.attributes.cryptographic_algorithm();
    if parameters.cryptographic_algorithm.is_some_and(|algorithm| own != Some(algorithm)) {
        let message = "the Cryptographic Algorithm is not that of the key";
        return Err(Failure::new(ResultReason::BadCryptographicParameters, message));
    }
    Ok(*parameters)
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

/// The Usage Limits with an allocation taken from them (KMIP 2.1 section 4.59), if there are any.
pub(super) fn allocate(stored: &StoredObject, bytes: usize) -> Result<Option<Attribute>, Failure> {
    let Some(mut limits) = stored.attributes.usage_limits().cloned() else { return Ok(None) };
    let amount = match limits.usage_limits_unit {
        UsageLimitsUnit::Byte => i64::try_from(bytes).unwrap_or(i64::MAX),
        _ => 1,
    };
    let left = limits.usage_limits_count.unwrap_or(limits.usage_limits_total);
    match left.checked_sub(amount).filter(|left| *left >= 0) {
        Some(left) => limits.usage_limits_count = Some(left),
        None => {
            // The text of the operation says this reason; Usage Limit Exceeded is in its table only.
            let message = "the Usage Limits leave no more use";
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
    }
    Ok(Some(Attribute::UsageLimits(limits)))
}
