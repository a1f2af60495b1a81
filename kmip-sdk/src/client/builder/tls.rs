//! What a client's configuration says of TLS.

use std::path::PathBuf;
use std::sync::Arc;

use kmip_types::SecretText;
use rustls::ClientConfig;
use rustls::client::ResolvesClientCert;
use zeroize::Zeroizing;

use super::super::Driver;
use super::ClientBuilder;
use crate::tls::{Identity, Pin, PinSource, Root, Source};

impl<D: Driver> ClientBuilder<D> {
    /// Adds the certificates in this PEM text to those that the server's certificate is checked by.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.roots.push(Root::Pem(Source::copied(pem)));
        self
    }

    /// Adds the certificates in this PEM file to those that the server's certificate is checked by.
    pub fn root_certificates_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.roots.push(Root::Pem(Source::File(path.into())));
        self
    }

    /// Adds this certificate, in DER, to those that the server's certificate is checked by.
    pub fn root_certificates_der(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.tls.roots.push(Root::Der(der.into()));
        self
    }

    /// Checks the server's certificate by what the operating system trusts, and by the root certificates that
    /// are given.
    ///
    /// On Windows, macOS and iOS the system itself checks, so that what is set there for revocation or by an
    /// administrator counts. On Linux and the BSDs its certificates are read when the client is made, or those
    /// that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Android takes no root certificates beside its own.
    #[cfg(feature = "system-roots")]
    pub fn system_roots(mut self) -> Self {
        self.tls.system_roots = true;
        self
    }

    /// Trusts exactly this certificate, the first in this PEM text: no root certificate is to be given then.
    ///
    /// It is for a server whose certificate no authority issued, such as a self-signed one, or one of X.509
    /// version 1. The server must have it and its key. What it says of names, issuers, purposes and times does not
    /// count: that the certificate is the right one is what was found out before it was pinned. Pinning again
    /// replaces the pin.
    pub fn pinned_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.pin = Some(PinSource::Pem(Source::copied(pem)));
        self
    }

    /// As [`pinned_certificate_pem`](Self::pinned_certificate_pem), with a PEM file.
    pub fn pinned_certificate_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.pin = Some(PinSource::Pem(Source::File(path.into())));
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
        self.tls.identity = Some(Identity::Pem {
            certificates: Source::copied(certificates),
            key: Source::copied(private_key),
        });
        self
    }

    /// Sets the client's certificate, followed by those between it and the root, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), both as PEM files.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        private_key: impl Into<PathBuf>,
    ) -> Self {
        let (certificates, key) = (certificates.into(), private_key.into());
        self.tls.identity =
            Some(Identity::Pem { certificates: Source::File(certificates), key: Source::File(key) });
        self
    }

    /// Sets the client's certificate, followed by those between it and the root, and its private key (PKCS#8,
    /// also encrypted, PKCS#1 or SEC1), each in DER.
    pub fn identity_der<C: Into<Vec<u8>>>(
        mut self,
        certificates: impl IntoIterator<Item = C>,
        private_key: impl Into<Vec<u8>>,
    ) -> Self {
        let certificates = certificates.into_iter().map(Into::into).collect();
        self.tls.identity = Some(Identity::Der { certificates, key: Zeroizing::new(private_key.into()) });
        self
    }

    /// Sets the client's certificate and private key, both in PKCS#12 (`.p12`, `.pfx`), with the password that
    /// [`identity_password`](Self::identity_password) says; if it says none, the empty one.
    ///
    /// The first key that has its certificate there is taken, and those that issued the certificate go with it.
    /// What is protected with AES (PBES2), or with 3DES or RC2 and SHA-1 as older tools do it, is read.
    #[cfg(feature = "pkcs12")]
    pub fn identity_pkcs12(mut self, pkcs12: impl AsRef<[u8]>) -> Self {
        self.tls.identity = Some(Identity::Pkcs12(Source::copied(pkcs12)));
        self
    }

    /// As [`identity_pkcs12`](Self::identity_pkcs12), with a file.
    #[cfg(feature = "pkcs12")]
    pub fn identity_pkcs12_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.identity = Some(Identity::Pkcs12(Source::File(path.into())));
        self
    }

    /// Sets what finds the client's certificate and key when a server asks for them: for a key that does not
    /// leave its device, or another one for each server.
    pub fn identity_resolver(mut self, resolver: Arc<dyn ResolvesClientCert>) -> Self {
        self.tls.identity = Some(Identity::Resolver(resolver));
        self
    }

    /// Sets the password of the client's private key, if that is an encrypted one in PKCS#8 (`BEGIN ENCRYPTED
    /// PRIVATE KEY`) with AES and PBKDF2 or scrypt, as `openssl pkcs8 -topk8` makes it; or of its file, if that
    /// is one of PKCS#12.
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
