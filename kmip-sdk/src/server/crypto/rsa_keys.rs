//! RSA keys, as the library that knows every padding takes them.

use kmip_types::SecretBytes;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey};
use rsa::{PrivateKey, PublicKey};

use super::cryptographic_failure;
use super::random::Generator;
use crate::answer::Failure;
use crate::keys;

/// The lengths in bits of the keys that this library makes, where the other one makes none.
pub(super) const LENGTHS: [usize; 2] = [1024, 1536];

/// A new private key of this length in bits.
pub(super) fn generate(bits: usize) -> Result<keys::PrivateKey, Failure> {
    let failed = || cryptographic_failure("making the key pair");
    let key = PrivateKey::new(&mut Generator, bits).map_err(|_| failed())?;
    let pkcs1 = key.to_pkcs1_der().map_err(|_| failed())?;
    keys::PrivateKey::from_pkcs1(pkcs1.as_bytes()).map_err(|_| failed())
}

/// A private key by its PKCS#1 DER.
pub(super) fn private(pkcs1: &SecretBytes) -> Result<PrivateKey, Failure> {
    PrivateKey::from_pkcs1_der(pkcs1.reveal()).map_err(|_| cryptographic_failure("taking the RSA key"))
}

/// A public key by its PKCS#1 DER.
pub(super) fn public(pkcs1: &[u8]) -> Result<PublicKey, Failure> {
    PublicKey::from_pkcs1_der(pkcs1).map_err(|_| cryptographic_failure("taking the RSA key"))
}
