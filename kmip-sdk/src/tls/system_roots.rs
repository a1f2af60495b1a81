//! Trust in what the operating system trusts.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use crate::error::ConfigurationError;

/// What checks the server's certificate by the system's roots, and by these.
///
/// # Errors
/// The system has none, or one of these is not a certificate.
pub(super) fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ConfigurationError> {
    // Android's takes no others.
    #[cfg(target_os = "android")]
    if !roots.is_empty() {
        return Err(ConfigurationError::SystemAndOtherRoots);
    }
    #[cfg(target_os = "android")]
    let verifier = Verifier::new(provider);
    #[cfg(not(target_os = "android"))]
    let verifier = Verifier::new_with_extra_roots(roots, provider);
    Ok(Arc::new(verifier.map_err(ConfigurationError::SystemRoots)?))
}
