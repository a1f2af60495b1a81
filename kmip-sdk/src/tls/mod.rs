//! TLS: the configuration, what it is read from, and trust in one certificate.

mod certificate;
mod config;
mod key;
mod pem;
mod pin;
#[cfg(feature = "pkcs12")]
mod pkcs12;
mod reload;
mod source;
mod spoken;
#[cfg(feature = "system-roots")]
mod system_roots;

pub(crate) use config::{Identity, PinSource, Root, TlsOptions};
pub(crate) use pin::Pin;
pub(crate) use reload::TlsConfigs;
pub(crate) use source::Source;
pub(crate) use spoken::spoken;
