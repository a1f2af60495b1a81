//! TLS: the configuration, what is read from PEM, and a socket with timeouts.

mod config;
mod pem;
mod timed_stream;

pub(crate) use config::{PemSource, TlsOptions};
pub(crate) use pem::{certificates, private_key};
pub(crate) use timed_stream::TimedStream;
