//! Private keys that are encrypted by a password: EncryptedPrivateKeyInfo (RFC 5958 section 3).

use der::asn1::OctetStringRef;
use der::{Encode, Reader as _, SliceReader};
use kmip_types::SecretBytes;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Parameters, Pbkdf2Params, Pbkdf2Prf, Salt};
use zeroize::Zeroizing;

use super::KeyError;
use super::bounds::is_bounded;
use crate::error::EncryptedKeyProblem;

/// How often PBKDF2 hashes a password for a key that is written: what OWASP asks for with HMAC-SHA-256.
pub(super) const ITERATIONS: u32 = 600_000;

/// Whether this is an EncryptedPrivateKeyInfo, by whatever algorithm.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    let read = || -> der::Result<()> {
        let mut reader = SliceReader::new(bytes)?;
        reader.sequence(|info| {
            info.sequence(|algorithm| {
                algorithm.decode::<der::asn1::ObjectIdentifier>()?;
                while !algorithm.is_finished() {
                    algorithm.tlv_bytes()?;
                }
                der::Result::Ok(())
            })?;
            info.decode::<&OctetStringRef>().map(drop)
        })
    };
    read().is_ok()
}

/// The PKCS#8 in an EncryptedPrivateKeyInfo.
///
/// # Errors
/// The password is not there or does not fit, or the algorithm is not supported.
pub(crate) fn decrypt(
    encrypted: &[u8],
    password: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, EncryptedKeyProblem> {
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(encrypted) else {
        return Err(EncryptedKeyProblem::UnsupportedAlgorithm);
    };
    if !is_bounded(&info.encryption_algorithm) {
        return Err(EncryptedKeyProblem::UnsupportedAlgorithm);
    }
    let Some(password) = password else { return Err(EncryptedKeyProblem::NoPassword) };
    match info.decrypt(password) {
        Ok(key) => Ok(Zeroizing::new(key.as_bytes().to_vec())),
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::NoPbes1CryptSupport
            | pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs8::pkcs5::Error::AlgorithmParametersInvalid { .. },
        )) => Err(EncryptedKeyProblem::UnsupportedAlgorithm),
        // Padding that is wrong, or content that is no key: the one mistake looks like the other.
        Err(_) => Err(EncryptedKeyProblem::WrongPassword),
    }
}

/// The EncryptedPrivateKeyInfo of a PKCS#8: AES-256-CBC with a key by so many iterations of PBKDF2 and HMAC-SHA-256, which
/// all tools read.
///
/// # Errors
/// The system has no random numbers.
pub(super) fn encrypt(pkcs8: &[u8], password: &str, iterations: u32) -> Result<SecretBytes, KeyError> {
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    let filled = crate::random::fill(&mut salt).and_then(|()| crate::random::fill(&mut iv));
    filled.map_err(|_| KeyError::Cryptography)?;
    let write = || {
        let salt = Salt::new(salt).ok()?;
        let prf = Pbkdf2Prf::HmacWithSha256;
        let kdf = Pbkdf2Params { salt, iteration_count: iterations, key_length: None, prf }.into();
        let scheme: EncryptionScheme =
            Parameters { kdf, encryption: pbes2::EncryptionScheme::Aes256Cbc { iv } }.into();
        let encrypted = scheme.encrypt(password, pkcs8).ok()?;
        let data = OctetStringRef::new(&encrypted).ok()?;
        EncryptedPrivateKeyInfoRef { encryption_algorithm: scheme, encrypted_data: data }.to_der().ok()
    };
    write().map(SecretBytes::from).ok_or(KeyError::Cryptography)
}
