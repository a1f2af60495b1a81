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
    #[error("no root certificate is given, and no certificate is pinned")]
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
    /// The private key is encrypted, and was not decrypted.
    #[error("the private key is encrypted{problem}")]
    EncryptedKey {
        /// Why not, and what to do.
        problem: EncryptedKeyProblem,
    },
    /// A certificate is pinned, and root certificates are given too: the pinned one needs none.
    #[error("a certificate is pinned, so no root certificate is to be given")]
    PinnedAndRoots,
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

/// Why an encrypted private key was not decrypted. The text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptedKeyProblem {
    /// There is no password.
    #[error(
        ": give its password with `identity_password`, or decrypt it with `openssl pkcs8 -in KEY -out NEW`"
    )]
    NoPassword,
    /// The password does not decrypt it, or the key is damaged.
    #[error(", and the password does not decrypt it")]
    WrongPassword,
    /// The form is the traditional one of PEM, which has the header `Proc-Type: 4,ENCRYPTED`.
    #[error(
        " in the traditional form of PEM: convert it to PKCS#8 with \
        `openssl pkcs8 -topk8 -v2 aes256 -in KEY -out NEW`, and give its password with `identity_password`"
    )]
    Traditional,
    /// The algorithm is none of AES with PBKDF2 or scrypt (PBES2, RFC 8018).
    #[error(
        " by an algorithm that is not supported: convert it with \
        `openssl pkcs8 -topk8 -v2 aes256 -in KEY -out NEW`"
    )]
    UnsupportedAlgorithm,
}
