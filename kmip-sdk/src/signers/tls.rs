//! TLS with a key that stays in the server: as a key of rustls's.

use std::sync::Arc;

use kmip_types::enumerations::HashingAlgorithm;
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use rustls::{OtherError, SignatureAlgorithm, SignatureScheme};

use super::scheme::curve_of;
use super::{RemoteKey, RemoteSigner, Scheme, SignerError};
use crate::client::Blocking;
use crate::keys::{Curve, Material};

impl RemoteKey<Blocking> {
    /// The key with its certificate, followed by those between it and the root, for a server or a client of TLS: what finds
    /// a certificate in rustls's configuration of servers, and in [`identity_resolver`] of this client's own.
    ///
    /// In each handshake one signature is asked of the key server. If there is none in
    /// [time](Self::with_timeout), or the key server refuses, the handshake fails with [`rustls::Error::Other`], which holds
    /// the [`Error`](crate::Error); the other side sees the connection end.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::rustls::ServerConfig;
    /// # use kmip_sdk::rustls::crypto::aws_lc_rs::default_provider;
    /// # use kmip_sdk::rustls::pki_types::CertificateDer;
    /// # fn configure(client: &Client, certificate: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = client.remote_key("k-1").send()?;
    /// let identity = key.tls_identity([CertificateDer::from(certificate)])?;
    ///
    /// // A server whose key never leaves the key server…
    /// let provider = std::sync::Arc::new(default_provider());
    /// let config = ServerConfig::builder_with_provider(provider)
    ///     .with_safe_default_protocol_versions()?
    ///     .with_no_client_auth()
    ///     .with_cert_resolver(identity.clone());
    /// // … and a client of another key server that shows who it is by the same key.
    /// let other = Client::builder().address("kmip.example.com").identity_resolver(identity);
    /// # let _ = (config, other);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As of [`tls_certified_key`](Self::tls_certified_key).
    ///
    /// [`identity_resolver`]: crate::generic::ClientBuilder::identity_resolver
    pub fn tls_identity(
        &self,
        certificates: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Arc<SingleCertAndKey>, SignerError> {
        Ok(Arc::new(SingleCertAndKey::from(self.tls_certified_key(certificates)?)))
    }

    /// The key with its certificate, followed by those between it and the root, for what finds certificates itself, such as
    /// by the name that a client asks for.
    ///
    /// # Errors
    /// TLS has no signatures with a key of this kind that the version of the protocol has; or the first certificate is not
    /// one of the key.
    pub fn tls_certified_key(
        &self,
        certificates: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Arc<CertifiedKey>, SignerError> {
        let public_key = || self.public_key().to_string();
        if self.tls_schemes().next().is_none() {
            return Err(SignerError::NotForTls { public_key: public_key() });
        }
        let certified = CertifiedKey::new(certificates.into_iter().collect(), Arc::new(self.clone()));
        match certified.keys_match() {
            Ok(()) => Ok(Arc::new(certified)),
            Err(error) => {
                let reason = error.to_string();
                Err(SignerError::OtherCertificate { public_key: public_key(), reason })
            }
        }
    }

    /// The schemes that TLS has of those of the key, and how it calls them.
    fn tls_schemes(&self) -> impl Iterator<Item = (Scheme, SignatureScheme)> {
        let schemes = self.schemes().into_iter();
        schemes.filter_map(|scheme| Some((scheme, tls_scheme(scheme, self.public_key())?)))
    }
}

/// How TLS calls a scheme. Its ECDSA is with the hash that suits the curve, as TLS 1.3 has it.
fn tls_scheme(scheme: Scheme, key: &Material) -> Option<SignatureScheme> {
    use HashingAlgorithm as H;
    Some(match (scheme, curve_of(key)) {
        (Scheme::RsaPss(H::Sha256), _) => SignatureScheme::RSA_PSS_SHA256,
        (Scheme::RsaPss(H::Sha384), _) => SignatureScheme::RSA_PSS_SHA384,
        (Scheme::RsaPss(H::Sha512), _) => SignatureScheme::RSA_PSS_SHA512,
        (Scheme::RsaPkcs1V1_5(H::Sha256), _) => SignatureScheme::RSA_PKCS1_SHA256,
        (Scheme::RsaPkcs1V1_5(H::Sha384), _) => SignatureScheme::RSA_PKCS1_SHA384,
        (Scheme::RsaPkcs1V1_5(H::Sha512), _) => SignatureScheme::RSA_PKCS1_SHA512,
        (Scheme::Ecdsa(H::Sha256), Some(Curve::P256)) => SignatureScheme::ECDSA_NISTP256_SHA256,
        (Scheme::Ecdsa(H::Sha384), Some(Curve::P384)) => SignatureScheme::ECDSA_NISTP384_SHA384,
        (Scheme::Ecdsa(H::Sha512), Some(Curve::P521)) => SignatureScheme::ECDSA_NISTP521_SHA512,
        (Scheme::Ed25519, _) => SignatureScheme::ED25519,
        _ => return None,
    })
}

impl SigningKey for RemoteKey<Blocking> {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let (scheme, name) = self.tls_schemes().find(|(_, name)| offered.contains(name))?;
        let signer = self.signer(scheme).ok()?;
        Some(Box::new(TlsSigner { signer, name }))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(SubjectPublicKeyInfoDer::from(self.spki()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match curve_of(self.public_key()) {
            Some(Curve::Ed25519) => SignatureAlgorithm::ED25519,
            Some(_) => SignatureAlgorithm::ECDSA,
            None => SignatureAlgorithm::RSA,
        }
    }
}

/// What makes the signature of one handshake.
#[derive(Debug)]
struct TlsSigner {
    signer: RemoteSigner<Blocking>,
    name: SignatureScheme,
}

impl Signer for TlsSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        match self.signer.signature_of(message).send() {
            Ok(signature) => Ok(signature.into_vec()),
            Err(error) => Err(OtherError(Arc::new(error)).into()),
        }
    }

    fn scheme(&self) -> SignatureScheme {
        self.name
    }
}
