//! TLS: the configuration, what is read from PEM, trust in one certificate, and a socket with timeouts.

mod config;
mod key;
mod pem;
mod pin;
mod timed_stream;

pub(crate) use config::{PemSource, PinSource, TlsOptions};

pub(crate) use pin::Pin;
pub(crate) use timed_stream::TimedStream;
