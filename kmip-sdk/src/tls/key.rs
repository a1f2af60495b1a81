//! The client's private key from PEM or DER, decrypted where it is encrypted.

use std::sync::Arc;

use kmip_types::SecretText;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::SigningKey;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

use super::certificate::problem;
use crate::error::{ConfigurationError, EncryptedKeyProblem, PemProblem};
use crate::keys::KeyError;
use crate::keys::encrypted::{decrypt, is_encrypted};
use crate::keys::pem::sections;

/// What is expected.
const PLAIN: &str = "private key";

/// The label of an encrypted key (RFC 7468 section 11).
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// The first private key of the text: PKCS#8, PKCS#1 or SEC1; or encrypted, as PKCS#8. Its bytes are wiped.
///
/// # Errors
/// There is none, it cannot be decrypted, or it is of no kind that TLS takes.
pub(super) fn signing_key_from_pem(
    pem: &[u8],
    password: Option<&SecretText>,
) -> Result<Arc<dyn SigningKey>, ConfigurationError> {
    let failed = |expected, problem| Err(ConfigurationError::Pem { expected, problem });
    let sections = match sections(pem) {
        Ok(sections) => sections,
        Err(KeyError::IsDer) => return failed(PLAIN, PemProblem::Der),
        Err(KeyError::TraditionalEncryption) => {
            return Err(ConfigurationError::EncryptedKey { problem: EncryptedKeyProblem::Traditional });
        }
        Err(KeyError::MalformedPem { label }) if label == ENCRYPTED => {
            return failed("encrypted private key", PemProblem::Malformed);
        }
        Err(KeyError::MalformedPem { .. }) => return failed(PLAIN, PemProblem::Malformed),
        Err(_) => return failed(PLAIN, PemProblem::Missing),
    };
    let plain = sections.iter().find_map(|section| {
        let der = section.der.as_slice();
        Some(match section.label.as_str() {
            "PRIVATE KEY" => PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)),
            "RSA PRIVATE KEY" => PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der)),
            "EC PRIVATE KEY" => PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der)),
            _ => return None,
        })
    });
    if let Some(key) = plain {
        return signing_key(&key);
    }
    match sections.iter().find(|section| section.label == ENCRYPTED) {
        Some(section) if is_encrypted(&section.der) => decrypted(&section.der, password),
        Some(_) => failed("encrypted private key", PemProblem::Malformed),
        None => failed(PLAIN, PemProblem::Missing),
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
        Err(_) => Err(ConfigurationError::Der { expected: PLAIN, problem: problem(der) }),
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
    match decrypt(encrypted, password.map(SecretText::reveal)) {
        Ok(key) => signing_key(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_slice()))),
        Err(problem) => Err(ConfigurationError::EncryptedKey { problem }),
    }
}
