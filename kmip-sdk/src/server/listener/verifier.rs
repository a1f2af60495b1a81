//! What clients' certificates are verified by: the authorities, and what the server itself gave to clients.

use std::fmt;
use std::sync::Arc;

use kmip_types::DateTime;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::super::crypto::authority::Link;
use super::super::dispatch::Server;

/// What comes of something that may wait for the store, on a thread of the listener's that does not hold up others meanwhile.
fn blocking<T>(wait: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Handle::try_current();
    match runtime.map(|runtime| runtime.runtime_flavor()) {
        Ok(tokio::runtime::RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        _ => wait(),
    }
}

/// The verifier by authorities, but for the certificates that the server gave (Re-Provision), which it knows by themselves.
pub(super) struct Verifier {
    pub(super) by_authorities: Arc<dyn ClientCertVerifier>,
    pub(super) server: Arc<Server>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl ClientCertVerifier for Verifier {
    /// None: a client's own authority need not be one of these.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let by_authorities = self.by_authorities.verify_client_cert(end_entity, intermediates, now);
        // The store is asked only for who is not trusted anyway.
        if by_authorities.is_ok() || !blocking(|| self.server.has_given(end_entity)) {
            return by_authorities;
        }
        let now = DateTime::from_seconds(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        match Link::new(end_entity) {
            Some(link) if link.is_valid_on(now) => Ok(ClientCertVerified::assertion()),
            Some(_) => Err(CertificateError::Expired.into()),
            None => Err(CertificateError::BadEncoding.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authorities.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authorities.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.by_authorities.supported_verify_schemes()
    }
}
