//! Key pairs, and encryption with RSA.

use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{HashingAlgorithm, MaskGenerator, PaddingMethod, ResultReason};
use rsa::{Oaep, Pkcs1v15Encrypt};

use super::random::Generator;
use super::{cryptographic_failure, rsa_keys};
use crate::answer::Failure;
use crate::keys::{Curve, KeyError, PrivateKey, PublicKey};

/// A new RSA key, or nothing if the server makes none of this length in bits. Keys shorter than 2048 bits are for what is
/// old.
pub(crate) fn generate_rsa(bits: i32) -> Option<Result<PrivateKey, Failure>> {
    match PrivateKey::generate_rsa(bits) {
        Err(KeyError::Length { found, .. }) => {
            rsa_keys::LENGTHS.contains(&found).then(|| rsa_keys::generate(found))
        }
        generated => Some(generated.map_err(|_| cryptographic_failure("making the key pair"))),
    }
}

/// A new key on a curve.
pub(crate) fn generate_ec(curve: Curve) -> Result<PrivateKey, Failure> {
    PrivateKey::generate_on(curve).map_err(|_| cryptographic_failure("making the key pair"))
}

/// How RSA pads what it encrypts.
enum Padding<'a> {
    Pkcs1,
    Oaep { hash: HashingAlgorithm, mask_hash: HashingAlgorithm, label: &'a [u8] },
}

fn padding(parameters: &CryptographicParameters) -> Result<Padding<'_>, Failure> {
    let method = parameters.padding_method.ok_or_else(|| {
        Failure::new(ResultReason::BadCryptographicParameters, "RSA needs a Padding Method")
    })?;
    match method {
        PaddingMethod::Pkcs1V1_5 => Ok(Padding::Pkcs1),
        PaddingMethod::Oaep => {
            if parameters.mask_generator.is_some_and(|generator| generator != MaskGenerator::Mgf1) {
                return Err(unsupported("the mask generator"));
            }
            let hash = parameters.hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
            let mask_hash = parameters.mask_generator_hashing_algorithm.unwrap_or(hash);
            let label = parameters.p_source.as_deref().unwrap_or_default();
            Ok(Padding::Oaep { hash, mask_hash, label })
        }
        _ => Err(unsupported("the Padding Method")),
    }
}

fn unsupported(what: &str) -> Failure {
    let reason = ResultReason::UnsupportedCryptographicParameters;
    Failure::new(reason, format!("{what} is not supported with RSA"))
}

/// Does something with OAEP by its two hashes; nothing if the server has not both.
macro_rules! with_oaep {
    ($hash:expr, $mask_hash:expr, $label:expr, $padding:ident => $do:expr) => {{
        macro_rules! with {
            ($digest:ty, $mask_digest:ty) => {{
                let $padding = Oaep::<$digest, $mask_digest>::new_with_mgf_hash_and_label($label);
                Some($do)
            }};
        }
        macro_rules! by_mask {
            ($digest:ty) => {
                match $mask_hash {
                    HashingAlgorithm::Sha1 => with!($digest, sha1::Sha1),
                    HashingAlgorithm::Sha224 => with!($digest, sha2::Sha224),
                    HashingAlgorithm::Sha256 => with!($digest, sha2::Sha256),
                    HashingAlgorithm::Sha384 => with!($digest, sha2::Sha384),
                    HashingAlgorithm::Sha512 => with!($digest, sha2::Sha512),
                    _ => None,
                }
            };
        }
        match $hash {
            HashingAlgorithm::Sha1 => by_mask!(sha1::Sha1),
            HashingAlgorithm::Sha224 => by_mask!(sha2::Sha224),
            HashingAlgorithm::Sha256 => by_mask!(sha2::Sha256),
            HashingAlgorithm::Sha384 => by_mask!(sha2::Sha384),
            HashingAlgorithm::Sha512 => by_mask!(sha2::Sha512),
            _ => None,
        }
    }};
}

/// Encrypts with an RSA public key.
pub(crate) fn encrypt(
    key: &PublicKey,
    parameters: &CryptographicParameters,
    data: &[u8],
) -> Result<SecretBytes, Failure> {
    let PublicKey::Rsa(pkcs1) = key else { return Err(no_encryption()) };
    let padding = padding(parameters)?;
    let key = rsa_keys::public(pkcs1)?;
    let encrypted = match padding {
        Padding::Pkcs1 => Some(key.encrypt(&mut Generator, Pkcs1v15Encrypt, data)),
        Padding::Oaep { hash, mask_hash, label } => {
            with_oaep!(hash, mask_hash, label, padding => key.encrypt(&mut Generator, padding, data))
        }
    };
    let encrypted = encrypted.ok_or_else(|| unsupported("the hash of OAEP"))?;
    encrypted.map(SecretBytes::from).map_err(|_| cryptographic_failure("encrypting"))
}

/// Decrypts with an RSA private key.
pub(crate) fn decrypt(
    key: &PrivateKey,
    parameters: &CryptographicParameters,
    data: &[u8],
) -> Result<SecretBytes, Failure> {
    let PrivateKey::Rsa(pkcs1) = key else { return Err(no_encryption()) };
    let padding = padding(parameters)?;
    let key = rsa_keys::private(pkcs1)?;
    let decrypted = match padding {
        Padding::Pkcs1 => Some(key.decrypt_blinded(&mut Generator, Pkcs1v15Encrypt, data)),
        Padding::Oaep { hash, mask_hash, label } => {
            rsa_keys::check_first_byte(&key, data)?;
            with_oaep!(hash, mask_hash, label, padding => key.decrypt_blinded(&mut Generator, padding, data))
        }
    };
    let decrypted = decrypted.ok_or_else(|| unsupported("the hash of OAEP"))?;
    decrypted.map(SecretBytes::from).map_err(|_| cryptographic_failure("decrypting"))
}

fn no_encryption() -> Failure {
    let message = "a key of this algorithm does not encrypt";
    Failure::new(ResultReason::UnsupportedCryptographicParameters, message)
}
