//! An embedded server for development and tests: in process, in memory, with real cryptography.
//!
//! [`EmbeddedServer`] listens on loopback ports with TLS, one of them for HTTPS, and makes its own certificates.
//! [`Server`] is the same without a network: bytes of a request in, bytes of a response out.
//!
//! It is no place for keys that matter: everything is gone when it stops, every client with a certificate of
//! its authority may do everything, and the credentials of a request are not looked at.

mod attributes;
mod batch;
mod certificates;
mod context;
mod crypto;
mod dispatch;
mod failure;
mod handlers;
mod lifecycle;
mod listener;
mod matching;
mod operation;
mod options;
mod request;
mod shared;
mod store;

pub use dispatch::Server;
pub use failure::Failure;
pub use listener::{EmbeddedServer, StartError};
pub use options::ServerOptions;
