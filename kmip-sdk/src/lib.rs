//! A typed KMIP client over TLS, with an embedded server for development and tests.
//!
//! - [`Client`] connects, agrees on a version of the protocol, and makes typed calls and batches.
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
//! let mut client = Client::builder()
//!     .address("kmip.example.com")
//!     .root_certificates_file("ca.pem")
//!     .identity_files("client.pem", "client-key.pem")
//!     .connect()?;
//! let named = Attributes::new().with_name(Name::text("a key"));
//! for identifier in client.call(LocateRequest::new(named))?.unique_identifier {
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
/// let mut client = Client::builder().address("kmip.example.com").root_certificates_file("ca.pem").connect()?;
/// let named = Attributes::new().with_name(Name::text("a key"));
/// let found: Vec<UniqueIdentifier> = client.call(LocateRequest::new(named))?.unique_identifier;
/// # Ok::<(), Error>(())
/// ```
pub mod prelude {
    pub use kmip_types::prelude::*;

    pub use crate::{Batch, Client, ClientBuilder, Error, ErrorKind, Handle, Phase, Results};
}

mod client;
mod error;
mod filling;
pub mod framing;
#[cfg(feature = "https")]
// The bare form's half that is the client's has no user before the client speaks HTTPS.
#[allow(dead_code)]
mod http;
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

pub use client::{Client, ClientBuilder, Timeouts};
pub use error::{
    ConfigurationError, EncryptedKeyProblem, Error, ErrorKind, PemProblem, Phase, ResponseError, ServerError,
};
#[cfg(feature = "https")]
pub use http::Encoding;
pub use observe::Direction;
pub use service::Service;
pub use session::{Batch, Handle, RequestOptions, Results};

/// The example of the README, compiled and run with the other examples.
#[cfg(all(doctest, feature = "server", feature = "snapshot"))]
#[doc = include_str!("../../README.md")]
struct Readme;
