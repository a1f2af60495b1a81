//! The client's side of TLS, from certificates and a key in PEM.

use std::path::PathBuf;
use std::sync::Arc;

use kmip_types::SecretText;
use rustls::crypto::aws_lc_rs;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use zeroize::Zeroizing;

use super::key::signing_key;
use super::pem::{certificates, first_certificate};
use super::pin::{Pin, PinnedVerifier};
use crate::error::ConfigurationError;

/// Where PEM text comes from.
#[derive(Clone)]
pub(crate) enum PemSource {
    /// The text itself.
    Text(Zeroizing<Vec<u8>>),
    /// A file that holds it.
    File(PathBuf),
}

/// Where a pin comes from.
#[derive(Clone)]
pub(crate) enum PinSource {
    /// It is here.
    Ready(Pin),
    /// It is the first certificate in PEM.
    Pem(PemSource),
}

/// What TLS is to be set up with.
#[derive(Clone, Default)]
pub(crate) struct TlsOptions {
    /// A configuration that is used as it is, whatever else is said.
    pub(crate) ready: Option<Arc<ClientConfig>>,
    /// The certificates to check the server's by.
    pub(crate) roots: Vec<PemSource>,
    /// The client's certificate, with those between it and a root, and its private key.
    pub(crate) identity: Option<(PemSource, PemSource)>,
    /// What the private key is decrypted with.
    pub(crate) password: Option<SecretText>,
    /// The one certificate that the server may have.
    pub(crate) pin: Option<PinSource>,
    /// Whether TLS 1.2 is out.
    pub(crate) tls13_only: bool,
}

impl PemSource {
    fn read(&self) -> Result<Zeroizing<Vec<u8>>, ConfigurationError> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => std::fs::read(path)
                .map(Zeroizing::new)
                .map_err(|source| ConfigurationError::File { path: path.clone(), source }),
        }
    }
}

impl TlsOptions {
    /// The configuration for rustls, with aws-lc-rs for the cryptography.
    ///
    /// # Errors
    /// A file or PEM text cannot be read, or TLS cannot be set up with what it holds.
    pub(crate) fn client_config(&self) -> Result<Arc<ClientConfig>, ConfigurationError> {
        if let Some(ready) = &self.ready {
            return Ok(Arc::clone(ready));
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let versions = if self.tls13_only { &[&TLS13][..] } else { &[&TLS13, &TLS12][..] };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(ConfigurationError::Tls)?;
        let builder = match &self.pin {
            Some(_) if !self.roots.is_empty() => return Err(ConfigurationError::PinnedAndRoots),
            Some(pin) => builder
                .dangerous()
                .with_custom_certificate_verifier(PinnedVerifier::new(pin.read()?, algorithms)),
            None => builder.with_root_certificates(self.root_store()?),
        };
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let key = signing_key(&key.read()?, self.password.as_ref())?;
                let identity = CertifiedKey::new(certificates(&chain.read()?)?, key);
                match identity.keys_match() {
                    // What cannot be told is no mistake.
                    Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {}
                    Err(error) => return Err(ConfigurationError::Tls(error)),
                }
                builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)))
            }
        };
        Ok(Arc::new(config))
    }

    fn root_store(&self) -> Result<RootCertStore, ConfigurationError> {
        let mut roots = RootCertStore::empty();
        for source in &self.roots {
            for certificate in certificates(&source.read()?)? {
                roots.add(certificate).map_err(ConfigurationError::Tls)?;
            }
        }
        if roots.is_empty() {
            return Err(ConfigurationError::NoRootCertificate);
        }
        Ok(roots)
    }
}

impl PinSource {
    fn read(&self) -> Result<Pin, ConfigurationError> {
        match self {
            Self::Ready(pin) => Ok(pin.clone()),
            Self::Pem(source) => Ok(Pin::Certificate(first_certificate(&source.read()?)?)),
        }
    }
}
