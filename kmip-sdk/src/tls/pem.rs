//! Certificates from PEM text.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{Error, PemObject};

use crate::error::{ConfigurationError, PemProblem};

/// All certificates of the text, in their order.
///
/// # Errors
/// There is none, or one is malformed.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigurationError> {
    const EXPECTED: &str = "certificate";
    let certificates: Result<Vec<_>, Error> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| failed(EXPECTED, pem, &error))?;
    if certificates.is_empty() {
        return Err(failed(EXPECTED, pem, &Error::NoItemsFound));
    }
    Ok(certificates)
}

/// The first certificate of the text.
///
/// # Errors
/// There is none, or it is malformed.
pub(super) fn first_certificate(pem: &[u8]) -> Result<CertificateDer<'static>, ConfigurationError> {
    CertificateDer::from_pem_slice(pem).map_err(|error| failed("certificate", pem, &error))
}

/// The parser's error may quote a line, which may be one of a key: only its kind goes on.
fn failed(expected: &'static str, pem: &[u8], error: &Error) -> ConfigurationError {
    /// How DER of what is wanted here begins: a sequence.
    const SEQUENCE: u8 = 0x30;
    let problem = match error {
        Error::NoItemsFound if pem.first() == Some(&SEQUENCE) => PemProblem::Der,
        Error::NoItemsFound => PemProblem::Missing,
        _ => PemProblem::Malformed,
    };
    ConfigurationError::Pem { expected, problem }
}
