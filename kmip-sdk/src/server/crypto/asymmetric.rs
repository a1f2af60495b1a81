//! Key pairs, and encryption with RSA.

use dsa::KeySize;
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{HashingAlgorithm, MaskGenerator, PaddingMethod, ResultReason};
use rsa::{BoxedUint, Pkcs1v15Encrypt};

use super::random::Generator;
use super::rsa_padding::{self, Hashes};
use super::{cryptographic_failure, rsa_keys};
use crate::answer::Failure;
use crate::keys::{Curve, Group, KeyError, PrivateKey, PublicKey};

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

/// A new DSA key in a group of its own, whose numbers p and q have these lengths in bits, or nothing if the server makes none
/// of these lengths: of those of FIPS 186-4 section 4.2 it makes no p of 3072 bits, so that no request looks for one.
pub(crate) fn generate_dsa(bits: i32, q_bits: Option<i32>) -> Option<Result<PrivateKey, Failure>> {
    #[allow(deprecated, reason = "it is for what is old")]
    let size = match (bits, q_bits) {
        (1024, None | Some(160)) => KeySize::DSA_1024_160,
        (2048, Some(224)) => KeySize::DSA_2048_224,
        (2048, None | Some(256)) => KeySize::DSA_2048_256,
        _ => return None,
    };
    let group =
        dsa::Components::try_generate_from_rng_with_key_size(&mut Generator, size).ok().and_then(|made| {
            let bytes = |number: &BoxedUint| {
                let bytes = number.to_be_bytes();
                let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                bytes[zeros..].to_vec()
            };
            let [p, q, g] = [made.p().as_ref(), made.q().as_ref(), made.g().as_ref()].map(bytes);
            Group::dsa(&p, &q, &g).ok()
        });
    let key = group.and_then(|group| PrivateKey::generate_in(group).ok());
    Some(key.ok_or_else(|| cryptographic_failure("making the key pair")))
}

/// A new key of Diffie-Hellman in the group of RFC 7919 of this length in bits, or nothing if there is none.
pub(crate) fn generate_dh(bits: i32) -> Option<Result<PrivateKey, Failure>> {
    let group = Group::of_length(bits).ok()?;
    Some(PrivateKey::generate_in(group).map_err(|_| cryptographic_failure("making the key pair")))
}

/// How RSA pads what it encrypts.
enum Padding<'a> {
    Pkcs1,
    Oaep { hashes: Hashes, label: &'a [u8] },
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
            Ok(Padding::Oaep { hashes: Hashes { hash, mask_hash }, label })
        }
        other => Err(unsupported(&format!("the padding {other}"))),
    }
}

fn unsupported(what: &str) -> Failure {
    let reason = ResultReason::UnsupportedCryptographicParameters;
    Failure::new(reason, format!("{what} is not supported with RSA"))
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
    match padding {
        Padding::Pkcs1 => {
            let encrypted = key.encrypt(&mut Generator, Pkcs1v15Encrypt, data);
            encrypted.map(SecretBytes::from).map_err(|_| cryptographic_failure("encrypting"))
        }
        Padding::Oaep { hashes, label } => Ok(rsa_padding::encrypt_oaep(&key, hashes, label, data)?.into()),
    }
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
    match padding {
        Padding::Pkcs1 => {
            let decrypted = key.decrypt_blinded(&mut Generator, Pkcs1v15Encrypt, data);
            decrypted.map(SecretBytes::from).map_err(|_| cryptographic_failure("decrypting"))
        }
        Padding::Oaep { hashes, label } => {
            let mut decrypted = rsa_padding::decrypt_oaep(&key, hashes, label, data)?;
            Ok(std::mem::take(&mut *decrypted).into())
        }
    }
}

fn no_encryption() -> Failure {
    let message = "a key of this algorithm does not encrypt";
    Failure::new(ResultReason::UnsupportedCryptographicParameters, message)
}
