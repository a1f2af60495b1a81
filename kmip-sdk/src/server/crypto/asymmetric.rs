//! Key pairs, and encryption with RSA.

use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{HashingAlgorithm, KeyFormatType, MaskGenerator, PaddingMethod, ResultReason};
use kmip_types::object::KeyMaterial;
use zeroize::Zeroizing;

use super::cryptographic_failure;
use crate::keys::{Curve, KeyError, PrivateKey, PublicKey};
use crate::server::failure::Failure;

/// A new RSA key, or nothing if the server makes none of this length in bits.
pub(crate) fn generate_rsa(bits: i32) -> Option<Result<PrivateKey, Failure>> {
    match PrivateKey::generate_rsa(bits) {
        Err(KeyError::Length { .. }) => None,
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
    Oaep(&'static OaepAlgorithm, Option<&'a [u8]>),
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
            // The library has one hash for both. The standard's default for the mask generator, SHA-1, only
            // counts where the version can say another.
            let mask_hash = parameters.mask_generator_hashing_algorithm.unwrap_or(hash);
            if mask_hash != hash {
                return Err(unsupported("a mask generator with a hash of its own"));
            }
            let algorithm = match hash {
                HashingAlgorithm::Sha1 => &OAEP_SHA1_MGF1SHA1,
                HashingAlgorithm::Sha256 => &OAEP_SHA256_MGF1SHA256,
                HashingAlgorithm::Sha384 => &OAEP_SHA384_MGF1SHA384,
                HashingAlgorithm::Sha512 => &OAEP_SHA512_MGF1SHA512,
                _ => return Err(unsupported("the hash of OAEP")),
            };
            Ok(Padding::Oaep(algorithm, parameters.p_source.as_deref()))
        }
        _ => Err(unsupported("the Padding Method")),
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
    let failed = || cryptographic_failure("encrypting");
    let PublicKey::Rsa(_) = key else { return Err(no_encryption()) };
    let padding = padding(parameters)?;
    let der = key.to_spki().ok_or_else(failed)?;
    let key = PublicEncryptingKey::from_der(&der).map_err(|_| failed())?;
    let mut output = vec![0; key.key_size_bytes()];
    let length = match padding {
        Padding::Pkcs1 => Pkcs1PublicEncryptingKey::new(key)
            .and_then(|key| key.encrypt(data, &mut output).map(|output| output.len())),
        Padding::Oaep(algorithm, label) => OaepPublicEncryptingKey::new(key)
            .and_then(|key| key.encrypt(algorithm, data, &mut output, label).map(|output| output.len())),
    };
    output.truncate(length.map_err(|_| failed())?);
    Ok(output.into())
}

/// Decrypts with an RSA private key.
pub(crate) fn decrypt(
    key: &PrivateKey,
    parameters: &CryptographicParameters,
    data: &[u8],
) -> Result<SecretBytes, Failure> {
    let failed = || cryptographic_failure("decrypting");
    let PrivateKey::Rsa(_) = key else { return Err(no_encryption()) };
    let padding = padding(parameters)?;
    let Some(KeyMaterial::Bytes(der)) = key.to_material(KeyFormatType::Pkcs8) else { return Err(failed()) };
    let key = PrivateDecryptingKey::from_pkcs8(der.reveal()).map_err(|_| failed())?;
    let mut output = Zeroizing::new(vec![0; key.key_size_bytes()]);
    let length = match padding {
        Padding::Pkcs1 => Pkcs1PrivateDecryptingKey::new(key)
            .and_then(|key| key.decrypt(data, &mut output).map(|output| output.len())),
        Padding::Oaep(algorithm, label) => OaepPrivateDecryptingKey::new(key)
            .and_then(|key| key.decrypt(algorithm, data, &mut output, label).map(|output| output.len())),
    };
    output.truncate(length.map_err(|_| failed())?);
    Ok(output.into())
}

fn no_encryption() -> Failure {
    let message = "a key of this algorithm does not encrypt";
    Failure::new(ResultReason::UnsupportedCryptographicParameters, message)
}
