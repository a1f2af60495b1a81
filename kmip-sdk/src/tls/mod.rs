//! TLS: the configuration, what is read from PEM, trust in one certificate, and a socket with timeouts.

mod config;
mod key;
mod pem;
mod pin;

pub(crate) use config::{PemSource, PinSource, TlsOptions};

pub(crate) use pin::Pin;

/// STUB until the tls branch lands.
pub(crate) struct TlsConfigs(std::sync::Arc<rustls::ClientConfig>);
impl TlsConfigs {
    pub(crate) fn new(options: TlsOptions) -> Result<Self, crate::error::ConfigurationError> {
        options.client_config().map(Self)
    }
    pub(crate) fn current(&self) -> std::sync::Arc<rustls::ClientConfig> {
        std::sync::Arc::clone(&self.0)
    }
}
pub(crate) fn spoken(_: &[u8]) -> Option<&'static str> {
    None
}
