//! KMIP over HTTPS: what a body holds, for the client and the embedded server alike.
//!
//! What goes over the network is theirs; here are bodies only.

#[cfg(feature = "json")]
pub(crate) mod bare;
mod encoding;

pub use encoding::Encoding;
