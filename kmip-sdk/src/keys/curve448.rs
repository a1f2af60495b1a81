//! Curve448: signatures (RFC 8032 section 5.2) and key agreement (RFC 7748 section 5), which the library that does the other
//! curves has not.

use ed448_goldilocks_plus::x448::{X448_BASEPOINT_BYTES, X448_LENGTH, x448};
use ed448_goldilocks_plus::{PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, Signature, SigningKey, VerifyingKey};
use kmip_types::SecretBytes;
use zeroize::Zeroizing;

/// The bit of a point's last byte that says which x it has.
const SIGN_OF_X: u8 = 0x80;

/// The public key of a seed.
pub(super) fn public_key(seed: &SecretBytes) -> Option<Vec<u8>> {
    let key = SigningKey::try_from(seed.reveal()).ok()?;
    Some(key.verifying_key().to_bytes().to_vec())
}

/// The signature of a message.
pub(crate) fn sign(seed: &SecretBytes, message: &[u8]) -> Option<Vec<u8>> {
    let key = SigningKey::try_from(seed.reveal()).ok()?;
    Some(key.sign_raw(message).to_bytes().to_vec())
}

/// Whether a signature is that of a message. The library does not look at the bits of a point's last byte that are not used,
/// which must be zero.
pub(crate) fn is_signature(public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let is_point = |bytes: &[u8]| bytes.get(PUBLIC_KEY_LENGTH - 1).is_some_and(|last| last & !SIGN_OF_X == 0);
    let verified = || {
        let key = VerifyingKey::from_bytes(public_key.first_chunk::<PUBLIC_KEY_LENGTH>()?).ok()?;
        let signature = Signature::from_bytes(signature.first_chunk::<SIGNATURE_LENGTH>()?).ok()?;
        key.verify_raw(&signature, message).ok()
    };
    let fits = public_key.len() == PUBLIC_KEY_LENGTH && signature.len() == SIGNATURE_LENGTH;
    fits && is_point(public_key) && is_point(signature) && verified().is_some()
}

/// The public key of a private one for key agreement.
pub(super) fn public_point(private: &SecretBytes) -> Option<Vec<u8>> {
    Some(x448(scalar(private)?, X448_BASEPOINT_BYTES).to_vec())
}

/// What a private and a public key agree on; nothing where that says nothing of the private key, as it is zero
/// (RFC 7748 section 6.2).
pub(crate) fn agree(private: &SecretBytes, public: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let public: [u8; X448_LENGTH] = public.try_into().ok()?;
    let secret = Zeroizing::new(x448(scalar(private)?, public));
    let bits = secret.iter().fold(0, |bits, byte| bits | byte);
    (bits != 0).then(|| Zeroizing::new(secret.to_vec()))
}

fn scalar(private: &SecretBytes) -> Option<[u8; X448_LENGTH]> {
    private.reveal().try_into().ok()
}
