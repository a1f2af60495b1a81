//! The client's side of TLS, from certificates and a key in PEM.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use zeroize::Zeroizing;

use super::{certificates, private_key};
use crate::error::ConfigurationError;

/// Where PEM text comes from.
#[derive(Clone)]
pub(crate) enum PemSource {
    /// The text itself.
    Text(Zeroizing<Vec<u8>>),
    /// A file that holds it.
    File(PathBuf),
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
        let mut roots = RootCertStore::empty();
        for source in &self.roots {
            for certificate in certificates(&source.read()?)? {
                roots.add(certificate).map_err(ConfigurationError::Tls)?;
            }
        }
        if roots.is_empty() {
            return Err(ConfigurationError::NoRootCertificate);
        }
        let versions = if self.tls13_only { &[&TLS13][..] } else { &[&TLS13, &TLS12][..] };
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .map_err(ConfigurationError::Tls)?
            .with_root_certificates(roots);
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder
                .with_client_auth_cert(certificates(&chain.read()?)?, private_key(&key.read()?)?)
                .map_err(ConfigurationError::Tls)?,
        };
        Ok(Arc::new(config))
    }
}
