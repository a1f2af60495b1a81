//! The certificates of a configuration, which are not checked here.

use rustls_pki_types::CertificateDer;

use crate::error::{ConfigurationError, DerProblem};
use crate::keys::certificate::Parts;
use crate::keys::pem::is_pem;

/// The certificate of these bytes.
///
/// # Errors
/// It is not one in DER.
pub(super) fn certificate(der: &[u8]) -> Result<CertificateDer<'static>, ConfigurationError> {
    match Parts::of(der) {
        Ok(_) => Ok(CertificateDer::from(der.to_vec())),
        Err(_) => Err(ConfigurationError::Der { expected: "certificate", problem: problem(der) }),
    }
}

/// What is wrong with bytes that are not what they should be.
pub(super) fn problem(der: &[u8]) -> DerProblem {
    if is_pem(der) { DerProblem::Pem } else { DerProblem::Malformed }
}
