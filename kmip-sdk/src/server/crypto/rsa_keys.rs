//! RSA keys, as the library that knows every padding takes them.

use kmip_types::SecretBytes;
use rsa::hazmat::rsa_decrypt;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PrivateKey, PublicKey};
use zeroize::Zeroizing;

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

/// Refuses what decrypts to a number as long as the modulus: the first byte of OAEP is 0 (RFC 8017 section 7.1.2), which the
/// library does not look at.
pub(super) fn check_first_byte(key: &PrivateKey, data: &[u8]) -> Result<(), Failure> {
    let failed = || cryptographic_failure("decrypting");
    let size = key.size();
    if data.len() != size {
        return Err(failed());
    }
    let number = BoxedUint::from_be_slice(data, key.n().bits_precision()).map_err(|_| failed())?;
    let decrypted = Zeroizing::new(rsa_decrypt(Some(&mut Generator), key, &number).map_err(|_| failed())?);
    let is_short = usize::try_from(decrypted.bit_width()).is_ok_and(|bits| bits <= (size - 1) * 8);
    if is_short { Ok(()) } else { Err(failed()) }
}
