//! What cannot be used in a client's configuration.

use std::io;
use std::path::PathBuf;

/// What cannot be used in a client's configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// No address was given.
    #[error("no address of a server is given")]
    NoAddress,
    /// The address is not `HOST` or `HOST:PORT`.
    #[error("`{address}` is not HOST or HOST:PORT")]
    InvalidAddress {
        /// The address.
        address: String,
    },
    /// The name is neither a DNS name nor an IP address.
    #[error("`{name}` is neither a DNS name nor an IP address")]
    InvalidServerName {
        /// The name.
        name: String,
    },
    /// No certificate was given to check the server's by.
    #[error("no root certificate is given")]
    NoRootCertificate,
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// PEM text holds no such thing, or a malformed one.
    #[error("no valid {expected} in the PEM text: {problem}")]
    Pem {
        /// What should be there.
        expected: &'static str,
        /// What is wrong with it. It never tells of a key's content.
        problem: PemProblem,
    },
    /// TLS cannot be set up with the certificates, the key or the protocol versions.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// No version of the protocol is wanted.
    #[error("no version of the protocol is wanted")]
    NoVersion,
}

/// What is wrong with PEM text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemProblem {
    /// There is no section of the right label.
    #[error("there is none")]
    Missing,
    /// A section is not well-formed, or not Base64.
    #[error("it is malformed")]
    Malformed,
}
