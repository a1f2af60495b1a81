//! What a client's configuration says of TLS.

use std::path::PathBuf;
use std::sync::Arc;

use kmip_types::SecretText;
use rustls::ClientConfig;
use zeroize::Zeroizing;

use super::ClientBuilder;
use crate::tls::{PemSource, Pin, PinSource};

impl ClientBuilder {
    /// Adds the certificates in this PEM text to those that the server's certificate is checked by.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.roots.push(text(pem));
        self
    }

    /// Adds the certificates in this PEM file to those that the server's certificate is checked by.
    pub fn root_certificates_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.roots.push(PemSource::File(path.into()));
        self
    }

    /// Trusts exactly this certificate, the first in this PEM text: no root certificate is to be given then.
    ///
    /// It is for a server whose certificate no authority issued, such as a self-signed one, or one of X.509
    /// version 1. The server must have it and its key. What it says of names, issuers, purposes and times does not
    /// count: that the certificate is the right one is what was found out before it was pinned. Pinning again
    /// replaces the pin.
    pub fn pinned_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.pin = Some(PinSource::Pem(text(pem)));
        self
    }

    /// As [`pinned_certificate_pem`](Self::pinned_certificate_pem), with a PEM file.
    pub fn pinned_certificate_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.pin = Some(PinSource::Pem(PemSource::File(path.into())));
        self
    }

    /// As [`pinned_certificate_pem`](Self::pinned_certificate_pem), with the certificate in DER.
    pub fn pinned_certificate_der(mut self, der: impl Into<Vec<u8>>) -> Self {
        let certificate = rustls_pki_types::CertificateDer::from(der.into());
        self.tls.pin = Some(PinSource::Ready(Pin::Certificate(certificate)));
        self
    }

    /// As [`pinned_certificate_pem`](Self::pinned_certificate_pem), with the SHA-256 of the certificate in DER,
    /// as `openssl x509 -fingerprint -sha256` prints it.
    pub fn pinned_certificate_sha256(mut self, fingerprint: [u8; 32]) -> Self {
        self.tls.pin = Some(PinSource::Ready(Pin::CertificateSha256(fingerprint)));
        self
    }

    /// As [`pinned_certificate_pem`](Self::pinned_certificate_pem), with the SHA-256 of the certificate's public
    /// key, its SubjectPublicKeyInfo in DER: any certificate of the same key is trusted.
    pub fn pinned_public_key_sha256(mut self, fingerprint: [u8; 32]) -> Self {
        self.tls.pin = Some(PinSource::Ready(Pin::PublicKeySha256(fingerprint)));
        self
    }

    /// Sets the client's certificate, followed by those between it and the root, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), both as PEM text.
    pub fn identity_pem(mut self, certificates: impl AsRef<[u8]>, private_key: impl AsRef<[u8]>) -> Self {
        self.tls.identity = Some((text(certificates), text(private_key)));
        self
    }

    /// Sets the client's certificate, followed by those between it and the root, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), both as PEM files.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        private_key: impl Into<PathBuf>,
    ) -> Self {
        let files = (PemSource::File(certificates.into()), PemSource::File(private_key.into()));
        self.tls.identity = Some(files);
        self
    }

    /// Sets the password of the client's private key, if that is an encrypted one in PKCS#8 (`BEGIN ENCRYPTED
    /// PRIVATE KEY`) with AES and PBKDF2 or scrypt, as `openssl pkcs8 -topk8` makes it.
    pub fn identity_password(mut self, password: impl Into<SecretText>) -> Self {
        self.tls.password = Some(password.into());
        self
    }

    /// Takes no TLS but 1.3. Otherwise 1.2 is taken too.
    pub fn tls13_only(mut self) -> Self {
        self.tls.tls13_only = true;
        self
    }

    /// Sets the whole configuration of TLS. The certificates, pins and the key that are set otherwise are
    /// not used.
    pub fn tls_config(mut self, config: Arc<ClientConfig>) -> Self {
        self.tls.ready = Some(config);
        self
    }
}

fn text(pem: impl AsRef<[u8]>) -> PemSource {
    PemSource::Text(Zeroizing::new(pem.as_ref().to_vec()))
}
