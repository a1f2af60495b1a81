//! An embedded server for development and tests: in process, in memory, with real cryptography.
//!
//! [`EmbeddedServer`] listens on loopback ports with TLS, one of them for HTTPS, and makes its own certificates.
//! [`Server`] is the same without a network: bytes of a request in, bytes of a response out. A client that takes its role
//! (Set Endpoint Role) is asked by [`EmbeddedServer::client_endpoint`].
//!
//! [`Listener`] is a port for anything else that answers.
//!
//! What it has: every operation but Re-Provision and, of PKCS#11, all but what begins and ends its use. Certificates are
//! those of an authority of its own, one a [`Server`]. AES and 3DES with the modes ECB, CBC, CTR, CFB and OFB, AES with GCM,
//! CCM, XTS and CMAC too; ChaCha20, with and without Poly1305; RSA with PKCS#1 v1.5, OAEP and PSS; ECDSA and Ed25519; HMAC
//! with every hash. Data may come in parts. What is answered later, [`ServerOptions::later`] says.
//!
//! Who sets, changes and deletes an attribute, the standard's table of the request's version says. What has Rotate Automatic
//! and a Rotate Interval is replaced by the server, as by Re-key, Re-key Key Pair or Re-certify, with the first request
//! after its time has come.
//!
//! What somebody makes is there for them only: who they are, the client's certificate says or, before that, the credentials
//! of the request: user name and password, a hashed or a one-time password, a device, or a ticket. What is made through
//! [`Server::handle`] without a name is there for everybody, and who asks so sees everything. Defaults and constraints of new
//! objects are everybody's, and anybody may set them.
//!
//! It is no place for keys that matter: everything is gone when it stops. It takes no attestation, has none of the operation
//! policies of KMIP 1 and no Templates, wraps keys by encryption only, writes no PKCS#12.

mod access;
mod attributes;
mod batch;
mod certificates;
mod context;
mod crypto;
mod dispatch;
mod handlers;
mod later;
mod lifecycle;
mod listener;
mod matching;
mod operation;
mod options;
mod profiles;
mod rotation;
mod rules;
mod seeded;
mod shared;
mod store;
mod streams;
mod tickets;
mod users;

pub use crate::answer::Failure;
pub use dispatch::Server;
pub use later::Later;
pub use listener::{ClientEndpoint, EmbeddedServer, Listener, ListenerBuilder, StartError};
pub use options::{SeedUse, ServerOptions};
pub use users::OneTimePasswords;
