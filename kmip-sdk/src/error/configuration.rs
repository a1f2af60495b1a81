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
    /// The address is to be spoken to over HTTPS, which this build of the client cannot.
    #[error("`{address}` needs the feature `https` of kmip-sdk")]
    NoHttps {
        /// The address.
        address: String,
    },
    /// The address is not `HOST`, `HOST:PORT`, `kmip://HOST:PORT` or `https://HOST:PORT/PATH`.
    #[error("`{address}` is not HOST, HOST:PORT, kmip://HOST:PORT or https://HOST:PORT/PATH")]
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
    #[error(
        "no root certificate is given, and no certificate is pinned: give that of the server's issuer with \
        `root_certificates_pem`, or the server's own with `pinned_certificate_pem`"
    )]
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
    /// Bytes that should be DER (ITU-T X.690) are none, or no such thing.
    #[error("no valid {expected} in DER: {problem}")]
    Der {
        /// What should be there.
        expected: &'static str,
        /// What is wrong with it. It never tells of a key's content.
        problem: DerProblem,
    },
    /// A file of PKCS#12 cannot be used.
    #[error("the PKCS#12 file cannot be used: {problem}")]
    Pkcs12 {
        /// Why not, and what to do.
        problem: Pkcs12Problem,
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
    /// The system's root certificates cannot be used.
    #[error(
        "the system's root certificates cannot be used: give that of the server's issuer with \
        `root_certificates_pem`"
    )]
    SystemRoots(#[source] rustls::Error),
    /// Root certificates are given beside the system's, which this system does not take.
    #[error("this system takes no root certificates beside its own: give either them or `system_roots`")]
    SystemAndOtherRoots,
    /// A listener has no certificate to show.
    #[error(
        "there is no certificate to show to clients: give it and its private key with `identity_pem` or `identity_files`"
    )]
    NoServerCertificate,
    /// The client has a private key and no certificate.
    #[error("the client has a private key, and no certificate to show: give the one that it was issued for")]
    NoClientCertificate,
    /// The client's certificate is not of the private key.
    #[error(
        "the certificate and the private key do not belong together: give the key that the certificate was issued \
        for, and of several certificates the one of the key first"
    )]
    KeyMismatch,
    /// The private key is of no kind that TLS takes, or damaged.
    #[error(
        "the private key cannot be used for TLS: it must be RSA of 2048 to 8192 bits, ECDSA on P-256, P-384 or \
        P-521, or Ed25519"
    )]
    UnsupportedKey(#[source] rustls::Error),
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
    /// It is no text, and looks like DER.
    #[error("it is DER, which the method of the name with `_der` takes")]
    Der,
    /// A section is not well-formed, or not Base64.
    #[error("it is malformed")]
    Malformed,
}

/// What is wrong with bytes that should be DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerProblem {
    /// They are PEM text.
    #[error("it is PEM text, which the method of the name with `_pem` takes")]
    Pem,
    /// They are not well-formed, or something else.
    #[error("it is malformed, or something else")]
    Malformed,
}

/// Why a file of PKCS#12 cannot be used. The text says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Pkcs12Problem {
    /// It is none, or not in DER.
    #[error(
        "it is none, it is damaged, or it is not in DER: write it anew with `openssl pkcs12 -in FILE -out PEM` and \
        `openssl pkcs12 -export -in PEM -out NEW`"
    )]
    Malformed,
    /// It has a password, and none is given.
    #[error("it has a password: give it with `identity_password`")]
    NoPassword,
    /// The password is not the one that it was written with, or it is damaged.
    #[error("the password does not fit, or it is damaged")]
    WrongPassword,
    /// It is protected by an algorithm that is not read, or that asks for more work than is done.
    #[error(
        "it is protected by an algorithm that is not supported: write it anew with `openssl pkcs12 -in FILE -out PEM` \
        and `openssl pkcs12 -export -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg SHA256 -in PEM -out NEW`"
    )]
    UnsupportedAlgorithm,
    /// There is no private key in it.
    #[error("there is no private key in it: export the certificate with its key")]
    NoKey,
    /// There is no certificate in it.
    #[error("there is no certificate in it: export the key with its certificate")]
    NoCertificate,
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
    /// The algorithm is none of AES with PBKDF2 or scrypt (PBES2, RFC 8018), or asks for more work than is done.
    #[error(
        " by an algorithm that is not supported: convert it with \
        `openssl pkcs8 -topk8 -v2 aes256 -in KEY -out NEW`"
    )]
    UnsupportedAlgorithm,
}
