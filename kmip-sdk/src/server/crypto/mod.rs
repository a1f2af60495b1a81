//! Cryptography: what the operations need of a kept library, and the formats of objects.

pub(crate) mod asymmetric;
pub(crate) mod authority;
pub(crate) mod derive;
pub(crate) mod formats;
pub(crate) mod hash;
pub(crate) mod mac;
pub(crate) mod random;
mod rsa_keys;
mod rsa_padding;
pub(crate) mod signature;
pub(crate) mod split;
pub(crate) mod symmetric;

use kmip_types::enumerations::ResultReason;

use crate::answer::Failure;

/// What the cryptographic library refused; it does not say why, so that no one learns from it.
pub(crate) fn cryptographic_failure(what: &str) -> Failure {
    Failure::new(ResultReason::CryptographicFailure, format!("{what} failed"))
}

/// A key that cannot be had in a format.
pub(crate) fn no_such_format(format: kmip_types::enumerations::KeyFormatType) -> Failure {
    let message = format!("the key cannot be had in the format {format}");
    Failure::new(ResultReason::KeyFormatTypeNotSupported, message)
}

/// The SHA-256 hash.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}
