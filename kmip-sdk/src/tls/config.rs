//! The client's side of TLS, from certificates and a key.

use std::path::Path;
use std::sync::Arc;

use kmip_types::SecretText;
use rustls::client::{ResolvesClientCert, WantsClientCert};
use rustls::crypto::aws_lc_rs;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::certificate::certificate;
use super::key::{signing_key_from_der, signing_key_from_pem};
use super::pem::{certificates, first_certificate};
use super::pin::{Pin, PinnedVerifier};
use super::source::Source;
use crate::error::{ConfigurationError, DerProblem};
use crate::keys::certificate::Parts;

/// Certificates to check the server's by.
#[derive(Clone)]
pub(crate) enum Root {
    /// All that are in PEM.
    Pem(Source),
    /// One in DER.
    Der(Vec<u8>),
}

/// Where a pin comes from.
#[derive(Clone)]
pub(crate) enum PinSource {
    /// It is here.
    Ready(Pin),
    /// It is the first certificate in PEM.
    Pem(Source),
}

/// The client's certificate, with those between it and a root, and its private key.
#[derive(Clone)]
pub(crate) enum Identity {
    /// Both in PEM.
    Pem {
        /// The certificates, the client's first.
        certificates: Source,
        /// The key.
        key: Source,
    },
    /// Both in DER.
    Der {
        /// The certificates, the client's first.
        certificates: Vec<Vec<u8>>,
        /// The key.
        key: Zeroizing<Vec<u8>>,
    },
    /// Both in one file of PKCS#12.
    #[cfg(feature = "pkcs12")]
    Pkcs12(Source),
    /// What finds them when the server asks.
    Resolver(Arc<dyn ResolvesClientCert>),
}

/// What TLS is to be set up with.
#[derive(Clone, Default)]
pub(crate) struct TlsOptions {
    /// A configuration that is used as it is, whatever else is said.
    pub(crate) ready: Option<Arc<ClientConfig>>,
    /// The certificates to check the server's by.
    pub(crate) roots: Vec<Root>,
    /// Whether those of the system count too.
    #[cfg(feature = "system-roots")]
    pub(crate) system_roots: bool,
    /// What the client shows, if the server asks.
    pub(crate) identity: Option<Identity>,
    /// What the private key, or the file that it is in, is decrypted with.
    pub(crate) password: Option<SecretText>,
    /// The one certificate that the server may have.
    pub(crate) pin: Option<PinSource>,
    /// Whether TLS 1.2 is out.
    pub(crate) tls13_only: bool,
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
        let provider = aws_lc_rs::default_provider();
        let algorithms = provider.signature_verification_algorithms;
        let versions = if self.tls13_only { &[&TLS13][..] } else { &[&TLS13, &TLS12][..] };
        let builder = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(versions)
            .map_err(ConfigurationError::Tls)?;
        let builder = match &self.pin {
            Some(_) if self.has_roots() => return Err(ConfigurationError::PinnedAndRoots),
            Some(pin) => builder
                .dangerous()
                .with_custom_certificate_verifier(PinnedVerifier::new(pin.read()?, algorithms)),
            None => self.with_roots(builder)?,
        };
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => builder.with_client_cert_resolver(identity.resolver(self.password.as_ref())?),
        };
        Ok(Arc::new(config))
    }

    /// What a server shows, and the certificates that its clients are verified by.
    ///
    /// # Errors
    /// A file or PEM text cannot be read, there is nothing to show, or TLS cannot be set up with it.
    #[cfg(feature = "server")]
    pub(crate) fn of_server(&self) -> Result<(CertifiedKey, RootCertStore), ConfigurationError> {
        let Some(identity) = &self.identity else { return Err(ConfigurationError::NoServerCertificate) };
        let shown = identity.certified_key(self.password.as_ref())?;
        let mut roots = RootCertStore::empty();
        for certificate in self.given_roots()? {
            roots.add(certificate).map_err(ConfigurationError::Tls)?;
        }
        Ok((shown, roots))
    }

    /// The files that the configuration is made of.
    pub(super) fn files(&self) -> Vec<&Path> {
        let roots = self.roots.iter().map(|root| match root {
            Root::Pem(source) => source.file(),
            Root::Der(_) => None,
        });
        let pin = match &self.pin {
            Some(PinSource::Pem(source)) => source.file(),
            _ => None,
        };
        let identity = match &self.identity {
            Some(Identity::Pem { certificates, key }) => [certificates.file(), key.file()],
            #[cfg(feature = "pkcs12")]
            Some(Identity::Pkcs12(source)) => [source.file(), None],
            _ => [None, None],
        };
        match self.ready {
            Some(_) => Vec::new(),
            None => roots.chain([pin]).chain(identity).flatten().collect(),
        }
    }

    fn has_roots(&self) -> bool {
        !self.roots.is_empty() || self.wants_system_roots()
    }

    #[cfg(feature = "system-roots")]
    fn wants_system_roots(&self) -> bool {
        self.system_roots
    }

    #[cfg(not(feature = "system-roots"))]
    fn wants_system_roots(&self) -> bool {
        false
    }

    /// What checks the server's certificate by roots.
    fn with_roots(
        &self,
        builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, ConfigurationError> {
        let given = self.given_roots()?;
        #[cfg(feature = "system-roots")]
        if self.system_roots {
            let provider = Arc::clone(builder.crypto_provider());
            let verifier = super::system_roots::verifier(given, provider)?;
            return Ok(builder.dangerous().with_custom_certificate_verifier(verifier));
        }
        let mut roots = RootCertStore::empty();
        for certificate in given {
            roots.add(certificate).map_err(ConfigurationError::Tls)?;
        }
        if roots.is_empty() {
            return Err(ConfigurationError::NoRootCertificate);
        }
        Ok(builder.with_root_certificates(roots))
    }

    pub(crate) fn given_roots(&self) -> Result<Vec<CertificateDer<'static>>, ConfigurationError> {
        let mut given = Vec::new();
        for root in &self.roots {
            match root {
                Root::Pem(source) => given.extend(certificates(&source.read()?)?),
                Root::Der(der) => given.push(certificate(der)?),
            }
        }
        Ok(given)
    }
}

impl Identity {
    /// What rustls asks for the certificate and the key.
    fn resolver(
        &self,
        password: Option<&SecretText>,
    ) -> Result<Arc<dyn ResolvesClientCert>, ConfigurationError> {
        match self {
            Self::Resolver(resolver) => Ok(Arc::clone(resolver)),
            _ => Ok(Arc::new(SingleCertAndKey::from(self.certified_key(password)?))),
        }
    }

    /// The certificate and the key themselves.
    fn certified_key(&self, password: Option<&SecretText>) -> Result<CertifiedKey, ConfigurationError> {
        let (chain, key) = match self {
            Self::Pem { certificates: chain, key } => {
                (certificates(&chain.read()?)?, signing_key_from_pem(&key.read()?, password)?)
            }
            Self::Der { certificates: chain, key } => {
                let chain: Result<Vec<_>, _> = chain.iter().map(|der| certificate(der)).collect();
                (chain?, signing_key_from_der(key, password)?)
            }
            #[cfg(feature = "pkcs12")]
            Self::Pkcs12(source) => super::pkcs12::identity(&source.read()?, password)?,
            Self::Resolver(_) => return Err(ConfigurationError::NoServerCertificate),
        };
        let Some(first) = chain.first() else { return Err(ConfigurationError::NoClientCertificate) };
        if !belongs(&*key, first)? {
            return Err(ConfigurationError::KeyMismatch);
        }
        Ok(CertifiedKey::new(chain, key))
    }
}

/// Whether the certificate is of this key. What cannot be told is no mistake.
///
/// # Errors
/// This is no certificate.
pub(super) fn belongs(
    key: &dyn SigningKey,
    certificate: &CertificateDer<'_>,
) -> Result<bool, ConfigurationError> {
    let Ok(parts) = Parts::of(certificate) else {
        return Err(ConfigurationError::Der { expected: "certificate", problem: DerProblem::Malformed });
    };
    Ok(key.public_key().is_none_or(|public_key| public_key == parts.public_key))
}

impl PinSource {
    fn read(&self) -> Result<Pin, ConfigurationError> {
        match self {
            Self::Ready(pin) => Ok(pin.clone()),
            Self::Pem(source) => Ok(Pin::Certificate(first_certificate(&source.read()?)?)),
        }
    }
}
