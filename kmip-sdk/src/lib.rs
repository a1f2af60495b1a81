//! A typed KMIP client over TLS and HTTPS, with an embedded server for development and tests.
//!
//! - [`Client`] connects, agrees on a version of the protocol, and makes typed calls and batches; clones share it. `tokio`,
//!   with that feature, has the same for async programs.
//! - [`connect`] and [`layer`] are what a program puts below and around its calls.
//! - [`keys`] reads and writes keys, certificates and secrets in all their forms, wraps keys, and seals data in envelopes.
//! - [`session`] is the same without the connection: requests to bytes, and bytes to typed results.
//! - `testing`, with the feature `snapshot`, records exchanges, compares them with snapshots, and plays them back.
//! - [`framing`] takes one message from a stream, within bounds.
//! - [`types`] is the package `kmip-types`: the messages, operations, objects and attributes, and the codec.
//!
//! ```no_run
//! use kmip_sdk::Client;
//! use kmip_sdk::types::attribute::{Attributes, Name};
//! use kmip_sdk::types::operation::LocateRequest;
//!
//! let client = Client::builder()
//!     .address("kmip.example.com")
//!     .root_certificates_file("ca.pem")
//!     .identity_files("client.pem", "client-key.pem")
//!     .connect()?;
//! let named = Attributes::new().with_name(Name::text("a key"));
//! for identifier in client.call(LocateRequest::new(named)).send()?.unique_identifier {
//!     println!("{identifier}");
//! }
//! # Ok::<(), kmip_sdk::Error>(())
//! ```

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

mod client;
mod engine;
mod error;
mod filling;
pub mod framing;
#[cfg(feature = "https")]
mod http;
pub mod keys;
mod link;
mod observe;
#[cfg(feature = "server")]
pub mod server;
mod service;
pub mod session;
#[cfg(feature = "snapshot")]
pub mod testing;
mod tls;
#[cfg(feature = "server")] // Its example runs against the embedded server.
#[doc = include_str!("vendor.md")]
pub mod vendor {}

pub use client::connect;
pub use client::layer;
#[cfg(feature = "tokio")]
pub use client::tokio;
pub use client::{
    Blocking, Call, Capabilities, Detailed, Driver, Pending, Polled, PoolStatus, ServerStatus, Started,
    Timeouts,
};
pub use engine::{Closed, PoolOptions, RetryPolicy, Selection};
pub use error::{
    ConfigurationError, DerProblem, EncryptedKeyProblem, Error, ErrorKind, PemProblem, Phase, Pkcs12Problem,
    ResponseError, ServerError,
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

pub use session::{Batch, Handle, RequestOptions, Results};

/// The example of the README, compiled and run with the other examples.
#[cfg(all(doctest, feature = "server", feature = "snapshot"))]
#[doc = include_str!("../../README.md")]
struct Readme;
