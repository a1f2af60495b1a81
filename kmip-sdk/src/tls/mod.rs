//! TLS: the configuration, what it is read from, trust in one certificate, and a socket with timeouts.

mod bounds;
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
mod timed_stream;

pub(crate) use config::{Identity, PinSource, Root, TlsOptions};
pub(crate) use pin::Pin;
pub(crate) use reload::TlsConfigs;
pub(crate) use source::Source;
#[allow(unused_imports, reason = "what reads from connections is to call it")]
pub(crate) use spoken::spoken;
pub(crate) use timed_stream::TimedStream;
