//! The client's certificate and key from a file of PKCS#12.

use std::sync::Arc;

use kmip_types::SecretText;
use rustls::sign::SigningKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::config::belongs;
use super::key::signing_key;
use crate::error::{ConfigurationError, Pkcs12Problem};
use crate::keys::certificate::chain;
use crate::keys::pkcs12::Bags;

/// The first key of the file that has its certificate there, and that certificate, followed by those that issued it.
///
/// # Errors
/// The file cannot be read, or the password does not fit; there is no key or no certificate, or none that belong
/// together; or no key is of a kind that TLS takes.
pub(super) fn identity(
    file: &[u8],
    password: Option<&SecretText>,
) -> Result<(Vec<CertificateDer<'static>>, Arc<dyn SigningKey>), ConfigurationError> {
    let bags = Bags::read(file, password.map(SecretText::reveal))
        .map_err(|problem| ConfigurationError::Pkcs12 { problem })?;
    let failed = |problem| Err(ConfigurationError::Pkcs12 { problem });
    if bags.certificates.is_empty() {
        return failed(Pkcs12Problem::NoCertificate);
    }
    let mut unusable = None;
    let mut usable = false;
    for key in &bags.keys {
        match signing_key(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_slice()))) {
            Ok(key) => {
                usable = true;
                for certificate in &bags.certificates {
                    if belongs(&*key, certificate)? {
                        return Ok((chain(certificate, &bags.certificates), key));
                    }
                }
            }
            Err(error) => unusable = Some(error),
        }
    }
    match unusable {
        _ if usable => Err(ConfigurationError::KeyMismatch),
        Some(error) => Err(error),
        None => failed(Pkcs12Problem::NoKey),
    }
}
