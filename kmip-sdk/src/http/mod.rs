//! KMIP over HTTPS: what a body holds, for the client and the embedded server alike.
//!
//! What goes over the network is theirs; here are bodies only.

#[cfg(feature = "json")]
#[cfg_attr(not(feature = "server"), allow(dead_code))] // What the server alone reads and writes.
pub(crate) mod bare;
mod encoding;

pub use encoding::Encoding;
