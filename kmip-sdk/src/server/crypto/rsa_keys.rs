//! RSA keys, as the library that knows every padding takes them.

use kmip_types::SecretBytes;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::{PrivateKey, PublicKey};

use super::cryptographic_failure;
use crate::answer::Failure;

/// A private key by its PKCS#1 DER.
pub(super) fn private(pkcs1: &SecretBytes) -> Result<PrivateKey, Failure> {
    PrivateKey::from_pkcs1_der(pkcs1.reveal()).map_err(|_| cryptographic_failure("taking the RSA key"))
}

/// A public key by its PKCS#1 DER.
pub(super) fn public(pkcs1: &[u8]) -> Result<PublicKey, Failure> {
    PublicKey::from_pkcs1_der(pkcs1).map_err(|_| cryptographic_failure("taking the RSA key"))
}
