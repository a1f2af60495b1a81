//! A typed KMIP client over TLS and HTTPS, with an embedded server for development and tests.
//!
//! ```toml
//! [dependencies]
//! kmip-sdk = "0.1"
//! ```
//!
//! ```
//! # let server = kmip_sdk::server::EmbeddedServer::start()?;
//! use kmip_sdk::Client;
//!
//! # let folder = tempfile::tempdir()?;
//! # let at = |name: &str| folder.path().join(name);
//! # std::fs::write(at("ca.pem"), server.ca_certificate_pem())?;
//! # std::fs::write(at("client.pem"), server.client_certificate_pem())?;
//! # std::fs::write(at("client-key.pem"), server.client_key_pem())?;
//! # let [ca, certificate, private_key] = ["ca.pem", "client.pem", "client-key.pem"].map(at);
//! # let address = server.address().to_string();
//! let client = Client::builder()
//!     .address(address) // Such as "kmip.example.com".
//!     .root_certificates_file(ca)
//!     .identity_files(certificate, private_key)
//!     .connect()?;
//! let key = client.create_aes(256).name("app").activated().send()?;
//! let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
//! assert_eq!(client.decrypt(&encrypted).send()?.reveal(), b"attack at dawn");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The [`guide`] leads through it, page by page.
//!
//! # What to use
//!
//! | to | use |
//! | --- | --- |
//! | make, find, use, rotate and destroy keys | the [`verbs`] of a [`Client`]: all operations, each with an example |
//! | know what a key may be used for | [`usage`] |
//! | register and get keys as PEM, DER, JWK, PKCS#12; wrap them | [`keys`], [`register_pem`](generic::Client::register_pem), [`get_material`](generic::Client::get_material), [`get_as`](generic::Client::get_as) |
//! | encrypt files by keys of their own | [`seal`](generic::Client::seal), [`keys::envelope`] |
//! | send several requests in one message | [`call_batch`](generic::Client::call_batch), [`Batch`], [`IdPlaceholder`] |
//! | encrypt, sign or hash what is not in memory | [`encrypt_stream`](generic::Client::encrypt_stream) and its like |
//! | give TLS, `rcgen` and whatever takes a `Signer` a private key that stays in the server; decrypt with RSA | [`remote_key`](generic::Client::remote_key), [`signers`] |
//! | say who asks | [`credential`](generic::ClientBuilder::credential), [`Attester`] |
//! | do any of it in an async program | `tokio`, with that feature: `.await` instead of `.send()` |
//! | know what failed, and what to do | [`Error`]: its phase, [`reason`](Error::reason), [`is_retryable`](Error::is_retryable), [`is_outcome_unknown`](Error::is_outcome_unknown) |
//! | trust a server, and show a certificate | [`ClientBuilder`]: certificates, pins, PEM, DER, PKCS#12 |
//! | see what happens | `tracing` (spans `call`), [`layer`], [`status`](generic::Client::status), the feature `metrics` |
//! | find out why a connection does not come up | [`check`] |
//! | reach servers by other ways, or several | [`connect`], [`Selection`] |
//! | answer what a server asks: Notify, Put | [`endpoint`], with [`serve`](generic::Client::serve) or `server::Listener` |
//! | send any request, a vendor's too | [`call`](generic::Client::call), with the types of [`types`]; [`call_any`](generic::Client::call_any), with an item |
//! | have messages without a connection | [`session`], [`framing`] |
//! | test without a server, or with one in the process | `testing`, with the feature `snapshot`; `server`, with that feature |
//!
//! # Features
//!
//! | feature | is on | what it brings |
//! | --- | --- | --- |
//! | `https` | yes | servers at `https://` addresses |
//! | `json`, `xml`, `serde` | yes | the text encodings of messages; `serde` of every type in the JSON form |
//! | `tokio` | no | the async client |
//! | `pkcs12`, `system-roots` | no | the client's certificate from PKCS#12; trust in what the system trusts |
//! | `signature`, `rcgen` | no | keys of the server's as [`signers`] for RustCrypto's `signature` 3 and for `rcgen` 0.14 |
//! | `metrics` | no | counts through the facade `metrics` |
//! | `snapshot`, `dump` | no | what tests and tools want of messages |
//! | `server`, `redb`, `postgres` | no | the embedded server; its store in a file, or in a PostgreSQL database that servers share |
//! | `inspect` | no | a page on loopback that shows what an embedded server, or a proxy, is asked and what it keeps |

#![cfg_attr(docsrs, feature(doc_cfg))] // Which feature brings what, on docs.rs.
#![forbid(unsafe_code)]

/// The messages, operations, objects and attributes of KMIP, and the codec: the package `kmip-types`.
pub use kmip_types as types;
#[cfg(feature = "snapshot")]
pub use kmip_types::assert_kmip_snapshot;
pub use kmip_types::{ProtocolVersion, Tag};
/// The TLS library whose types the client's configuration and errors have.
pub use rustls;

/// What most programs need: the types of [`types::prelude`], the client and its errors.
///
/// ```no_run
/// use kmip_sdk::prelude::*;
///
/// let client = Client::builder().address("kmip.example.com").root_certificates_file("ca.pem").connect()?;
/// let named = Attributes::new().with_name(Name::text("a key"));
/// let found: Vec<UniqueIdentifier> = client.call(LocateRequest::new(named)).send()?.unique_identifier;
/// # Ok::<(), Error>(())
/// ```
pub mod prelude {
    pub use kmip_types::prelude::*;

    pub use crate::{Batch, Call, Client, ClientBuilder, Error, ErrorKind, Handle, Phase, Results};
}

mod answer;
pub mod check;
mod client;
pub mod credentials;
pub mod endpoint;
mod engine;
mod error;
mod filling;
pub mod framing;
#[cfg(feature = "server")] // Its examples run against the embedded server.
pub mod guide;
#[cfg(feature = "https")]
mod http;
#[cfg(feature = "inspect")]
pub mod inspect;
pub mod keys;
mod link;
mod observe;
mod random;
#[cfg(feature = "server")]
pub mod server;
mod service;
pub mod session;
pub mod signers;
#[cfg(feature = "snapshot")]
pub mod testing;
mod tls;
pub mod usage;
#[cfg(feature = "server")] // Its example runs against the embedded server.
#[doc = include_str!("vendor.md")]
pub mod vendor {}

pub use client::ask;
pub use client::connect;
pub use client::layer;
#[cfg(feature = "tokio")]
pub use client::tokio;
pub use client::verbs;
pub use client::{
    Attester, Blocking, Call, Capabilities, Detailed, Driver, Encrypted, Pages, Pending, Polled, PoolStatus,
    ServerStatus, Started, Timeouts,
};
pub use engine::{Closed, PoolOptions, RetryPolicy, Selection};
pub use error::{
    Challenge, ConfigurationError, DerProblem, EncryptedKeyProblem, Error, ErrorKind, PemProblem, Phase,
    Pkcs12Problem, ResponseError, ServerError,
};
#[cfg(feature = "https")]
pub use http::Encoding;
pub use observe::Direction;
pub use service::Service;

/// The blocking client.
pub type Client = generic::Client<Blocking>;

/// What a blocking client is to be.
pub type ClientBuilder = generic::ClientBuilder<Blocking>;

/// The client whatever drives it, for code that is written once for both.
pub mod generic {
    pub use crate::client::{Client, ClientBuilder};
}

pub use session::{Batch, Handle, IdPlaceholder, RequestOptions, Requests, Results};

/// The example of the README, compiled and run with the other examples.
#[cfg(all(doctest, feature = "server", feature = "snapshot"))]
#[doc = include_str!("../../README.md")]
struct Readme;
