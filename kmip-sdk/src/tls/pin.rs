//! Trust in exactly one certificate: who has its key is the server, whoever issued it.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, PeerMisbehaved, SignatureScheme};

use crate::error::NotPinned;
use crate::keys::certificate::Parts;

/// What the server's certificate is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pin {
    /// All of it.
    Certificate(CertificateDer<'static>),
    /// The SHA-256 of it.
    CertificateSha256([u8; 32]),
    /// The SHA-256 of its SubjectPublicKeyInfo (RFC 5280 section 4.1), in DER.
    PublicKeySha256([u8; 32]),
}

/// Accepts the pinned certificate, and that the server has its key; nothing else.
///
/// What else the certificate says does not count: its name, its issuer, when it is valid, whether it is one of
/// an authority, its version. So it is read only as far as its public key.
#[derive(Debug)]
pub(crate) struct PinnedVerifier {
    pin: Pin,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Pin {
    fn fits(&self, certificate: &CertificateDer<'_>) -> Result<bool, Error> {
        let sha256 = |bytes: &[u8]| digest(&SHA256, bytes);
        let is = |pinned: &[u8], found: &[u8]| verify_slices_are_equal(pinned, found).is_ok();
        Ok(match self {
            Self::Certificate(pinned) => is(pinned, certificate),
            Self::CertificateSha256(pinned) => is(pinned, sha256(certificate).as_ref()),
            Self::PublicKeySha256(pinned) => is(pinned, sha256(&public_key(certificate)?).as_ref()),
        })
    }
}

impl PinnedVerifier {
    pub(crate) fn new(pin: Pin, algorithms: WebPkiSupportedAlgorithms) -> Arc<Self> {
        Arc::new(Self { pin, algorithms })
    }
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.pin.fits(end_entity)? {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::Other(OtherError(Arc::new(NotPinned))).into())
    }

    // As rustls verifies it, but by the key alone: its own way reads all of the certificate, and refuses those
    // of X.509 version 1.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = self.algorithms.mapping.iter().find(|(scheme, _)| *scheme == signed.scheme);
        let Some((_, algorithms)) = known else {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        };
        let public_key = public_key(certificate)?;
        let key = webpki::RawPublicKeyEntity::try_from(&public_key)
            .map_err(|_| Error::from(CertificateError::BadEncoding))?;
        // In TLS 1.2 a scheme of ECDSA does not say which curve the key is of.
        for algorithm in *algorithms {
            match key.verify_signature(*algorithm, message, signed.signature()) {
                Ok(()) => return Ok(HandshakeSignatureValid::assertion()),
                Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
                Err(_) => break,
            }
        }
        Err(CertificateError::BadSignature.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature_with_raw_key(message, &public_key(certificate)?, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// The SubjectPublicKeyInfo of a certificate of any version.
fn public_key<'a>(certificate: &'a CertificateDer<'_>) -> Result<SubjectPublicKeyInfoDer<'a>, Error> {
    match Parts::of(certificate) {
        Ok(parts) => Ok(parts.public_key),
        Err(_) => Err(CertificateError::BadEncoding.into()),
    }
}
