//! A typed KMIP client over TLS, with an embedded server for development and tests.
//!
//! - [`framing`] takes one message from a stream, within bounds.
//! - [`types`] is the package `kmip-types`: the messages, operations, objects and attributes, and the codec.

/// The messages, operations, objects and attributes of KMIP, and the codec: the package `kmip-types`.
pub use kmip_types as types;
pub use kmip_types::{ProtocolVersion, Tag};

mod error;
pub mod framing;
#[cfg(feature = "server")]
pub mod server;

pub use error::{
    ConfigurationError, Error, ErrorKind, PemProblem, Phase, ResponseError, ServerError,
};
