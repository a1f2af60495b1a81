//! The client's private key from PEM or DER, decrypted where it is encrypted.

use std::sync::Arc;

use der::{Reader as _, SliceReader};
use kmip_types::SecretText;
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::SigningKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use super::bounds::is_bounded;
use super::certificate::problem;
use super::pem::private_key;
use crate::error::{ConfigurationError, EncryptedKeyProblem, PemProblem};

/// The label of an encrypted key (RFC 7468 section 11).
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY-----";

/// The first private key of the text: PKCS#8, PKCS#1 or SEC1; or encrypted, as PKCS#8. Its bytes are wiped.
///
/// # Errors
/// There is none, it cannot be decrypted, or it is of no kind that TLS takes.
pub(super) fn signing_key_from_pem(
    pem: &[u8],
    password: Option<&SecretText>,
) -> Result<Arc<dyn SigningKey>, ConfigurationError> {
    match private_key(pem) {
        Ok(key) => signing_key(&Zeroizing::new(key)),
        Err(ConfigurationError::Pem { problem: PemProblem::Missing, .. }) if is_labelled(pem) => {
            let malformed = || ConfigurationError::Pem {
                expected: "encrypted private key",
                problem: PemProblem::Malformed,
            };
            // The reader of PEM does not know the label, but reads what is under it as it does a plain key.
            let relabelled = String::from_utf8_lossy(pem).replace(ENCRYPTED, "PRIVATE KEY-----");
            let encrypted =
                PrivatePkcs8KeyDer::from_pem_slice(relabelled.as_bytes()).map_err(|_| malformed())?;
            let encrypted = encrypted.secret_pkcs8_der();
            if !is_encrypted(encrypted) {
                return Err(malformed());
            }
            decrypted(encrypted, password)
        }
        Err(ConfigurationError::Pem { .. }) if is_traditional(pem) => {
            Err(ConfigurationError::EncryptedKey { problem: EncryptedKeyProblem::Traditional })
        }
        Err(error) => Err(error),
    }
}

/// The private key of these bytes: PKCS#8, PKCS#1 or SEC1; or encrypted, as PKCS#8.
///
/// # Errors
/// It is none, it cannot be decrypted, or it is of no kind that TLS takes.
pub(super) fn signing_key_from_der(
    der: &[u8],
    password: Option<&SecretText>,
) -> Result<Arc<dyn SigningKey>, ConfigurationError> {
    if is_encrypted(der) {
        return decrypted(der, password);
    }
    match PrivateKeyDer::try_from(der) {
        Ok(key) => signing_key(&key),
        Err(_) => Err(ConfigurationError::Der { expected: "private key", problem: problem(der) }),
    }
}

/// What signs with the key.
///
/// # Errors
/// The key is of no kind that TLS takes.
pub(super) fn signing_key(key: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, ConfigurationError> {
    any_supported_type(key).map_err(ConfigurationError::UnsupportedKey)
}

/// The key of an EncryptedPrivateKeyInfo.
fn decrypted(
    encrypted: &[u8],
    password: Option<&SecretText>,
) -> Result<Arc<dyn SigningKey>, ConfigurationError> {
    let failed = |problem| Err(ConfigurationError::EncryptedKey { problem });
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(encrypted) else {
        return failed(EncryptedKeyProblem::UnsupportedAlgorithm);
    };
    if !is_bounded(&info.encryption_algorithm) {
        return failed(EncryptedKeyProblem::UnsupportedAlgorithm);
    }
    let Some(password) = password else { return failed(EncryptedKeyProblem::NoPassword) };
    match info.decrypt(password.reveal()) {
        Ok(key) => signing_key(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_bytes()))),
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::NoPbes1CryptSupport
            | pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs8::pkcs5::Error::AlgorithmParametersInvalid { .. },
        )) => failed(EncryptedKeyProblem::UnsupportedAlgorithm),
        // Padding that is wrong, or content that is no key: the one mistake looks like the other.
        Err(_) => failed(EncryptedKeyProblem::WrongPassword),
    }
}

/// Whether the text has a section of an encrypted key in PKCS#8.
fn is_labelled(pem: &[u8]) -> bool {
    lines(pem)
        .any(|line| line.strip_prefix(b"-----BEGIN ").is_some_and(|label| label == ENCRYPTED.as_bytes()))
}

/// Whether a section has the header of an encrypted one (RFC 1421 section 4.6.1.1).
fn is_traditional(pem: &[u8]) -> bool {
    lines(pem).any(|line| line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED"))
}

fn lines(pem: &[u8]) -> impl Iterator<Item = &[u8]> {
    pem.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii)
}

/// Whether this is an EncryptedPrivateKeyInfo, by whatever algorithm (RFC 5958 section 3).
fn is_encrypted(bytes: &[u8]) -> bool {
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
            info.decode::<&der::asn1::OctetStringRef>().map(drop)
        })
    };
    read().is_ok()
}
