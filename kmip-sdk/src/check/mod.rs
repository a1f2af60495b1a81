//! What is wrong with a connection, found out step by step: name, TCP, TLS, certificates, version, what the server says.
//!
//! ```
//! # let server = kmip_sdk::server::EmbeddedServer::start()?;
//! use kmip_sdk::Client;
//! use kmip_sdk::check::Verdict;
//!
//! # let (address, ca) = (server.address().to_string(), server.ca_certificate_pem());
//! # let (certificate, key) = (server.client_certificate_pem(), server.client_key_pem());
//! let report = Client::builder().address(address).root_certificates_pem(ca).identity_pem(certificate, key).check();
//! for step in &report.steps {
//!     println!("{}: {:?} {}", step.kind, step.verdict, step.found.join(", "));
//! }
//! assert!(report.is_well());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod chain;
mod probe;
mod steps;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use kmip_types::ttlv::Deviation;
use kmip_types::{DateTime, ProtocolVersion};

use crate::client::{Blocking, Capabilities, ClientBuilder};
pub use advice::advice;

/// What was found of a connection.
///
/// Texts are the peer's where it sends them: [`Escaped`](kmip_types::escape::Escaped) shows them on a terminal.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The address that was checked, as `HOST:PORT`.
    pub address: String,
    /// What the host's name stands for.
    pub resolved: Vec<SocketAddr>,
    /// Of these, what takes TCP connections.
    pub reachable: Vec<SocketAddr>,
    /// The versions of TLS that the server takes, each with its cipher suites, of those that this library knows.
    pub tls: Vec<TlsOffer>,
    /// The certificates that the server shows, its own first.
    pub chain: Vec<CertificateFacts>,
    /// Whether the server asks for a certificate of the client's; none, if it came to no handshake.
    pub asks_for_certificate: Option<bool>,
    /// The version of KMIP that was agreed on.
    pub version: Option<ProtocolVersion>,
    /// What the server says of itself.
    pub capabilities: Option<Arc<Capabilities>>,
    /// What of its answers was not as the standard has it.
    pub deviations: Vec<Deviation>,
    /// The steps, in their order, to the last.
    pub steps: Vec<Step>,
}

impl Report {
    /// Whether no step failed.
    pub fn is_well(&self) -> bool {
        self.failure().is_none()
    }

    /// The first step that failed, which the others hang on.
    pub fn failure(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.verdict == Verdict::Failed)
    }
}

/// A version of TLS that a server takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsOffer {
    /// The version.
    pub version: rustls::ProtocolVersion,
    /// The cipher suites, the one that the server chooses first at the beginning.
    pub suites: Vec<rustls::CipherSuite>,
}

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateFacts {
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The names and IP addresses that it is for: its subjectAltName.
    pub names: Vec<String>,
    /// When it begins to be valid.
    pub not_before: DateTime,
    /// When it ends to be valid.
    pub not_after: DateTime,
    /// The SHA-256 of it in DER, as [`pinned_certificate_sha256`](crate::ClientBuilder::pinned_certificate_sha256) takes it.
    pub sha256: [u8; 32],
}

/// One of the steps of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What was looked at.
    pub kind: StepKind,
    /// How it is.
    pub verdict: Verdict,
    /// What was found, a fact each, in words.
    pub found: Vec<String>,
    /// What is wrong, if anything is, in a sentence.
    pub problem: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepKind {
    /// Whether the client is set up: its address, its certificates and its key.
    Configuration,
    /// Whether the host's name has addresses.
    Name,
    /// Whether these take TCP connections.
    Tcp,
    /// Whether the server speaks TLS there, and which.
    Tls,
    /// Whether its certificate is trusted.
    Certificate,
    /// Whether it takes the client's certificate.
    ClientCertificate,
    /// Whether it speaks KMIP, and which version.
    Version,
    /// What it says of itself.
    Query,
    /// Whether its answers are as the standard has them.
    Quirks,
}

impl StepKind {
    /// All, in their order.
    pub const ALL: [Self; 9] = [
        Self::Configuration,
        Self::Name,
        Self::Tcp,
        Self::Tls,
        Self::Certificate,
        Self::ClientCertificate,
        Self::Version,
        Self::Query,
        Self::Quirks,
    ];
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Configuration => "configuration",
            Self::Name => "name",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::Certificate => "certificate",
            Self::ClientCertificate => "client certificate",
            Self::Version => "KMIP version",
            Self::Query => "server",
            Self::Quirks => "quirks",
        })
    }
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// As it should be.
    Passed,
    /// It works, and something is to be looked at.
    Noted,
    /// It does not work.
    Failed,
    /// Not looked at, as an earlier step failed.
    Skipped,
}

impl ClientBuilder<Blocking> {
    /// Finds out what is wrong with the connection to the server, in steps of which each is looked at if those before it
    /// went well. Of several addresses it is the first; a connector and a service are not asked.
    ///
    /// It makes about a dozen connections: for each version of TLS one for each cipher suite, as a server tells only which it
    /// chooses. These trust any certificate, and nothing is sent over them. Each step has the
    /// [time](ClientBuilder::timeouts) of the client, or ten seconds where that has no end.
    pub fn check(self) -> Report {
        self.check_with(|_| {})
    }

    /// As [`check`](Self::check), and tells a function of each step once it is done.
    pub fn check_with(self, mut seen: impl FnMut(&Step)) -> Report {
        steps::check(self, &mut seen)
    }
}
