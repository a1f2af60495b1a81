//! An embedded server for development and tests: in process, in memory, with real cryptography.
//!
//! [`EmbeddedServer`] listens on loopback ports with TLS, one of them for HTTPS, and makes its own certificates; its
//! [builder](EmbeddedServer::builder) takes ports and certificates of the user's, and goes on from a server that was
//! [stopped](EmbeddedServer::stop). [`Server`] is the same without a network: bytes of a request in, bytes of a response out. A
//! client that takes its role (Set Endpoint Role) is asked by [`EmbeddedServer::client_endpoint`]. [`Listener`] is a port for
//! anything else that answers.
//!
//! **It is no place for keys that matter**: everything is in memory, and gone when it stops.
//!
//! # For tests
//!
//! | to | use |
//! | --- | --- |
//! | move the time | [`TestClock`], [`ServerOptions::test_clock`] |
//! | have the same answers on every run, byte by byte | [`ServerOptions::deterministic`] |
//! | have it fail, be late, drop the connection, answer garbage | [`layer`], [`ServerOptions::layer`] |
//! | answer a vendor's operation, or wrap one of its own | [`ServerOptions::operation`], [`ServerOptions::operation_with`] |
//! | take versions or operations from it | [`ServerOptions::versions`], [`ServerOptions::operations`], [`ServerOptions::without_operation`] |
//! | say who may ask, and which part of a certificate says so | [`ServerOptions::user`], [`ServerOptions::device`], [`ServerOptions::identity_from`] |
//! | have operations answered later | [`ServerOptions::later`] |
//! | restart it on the same address with the same objects | [`EmbeddedServer::stop`], [`EmbeddedServerBuilder::resume`] |
//!
//! # What it does, and what not
//!
//! - **Operations**: Every operation but Re-Provision; of PKCS#11, what begins and ends its use.
//! - **Objects**: Symmetric, public, private and split keys, secret data, certificates and requests for them, opaque data,
//!   PGP keys. No Templates.
//! - **Attributes**: Those of the standard by its rules, and a vendor's, which clients set and find as they like; an
//!   application that has rules of its own for them wraps the operations that set them.
//! - **Encryption**: AES and 3DES with ECB, CBC, CTR, CFB and OFB; AES with GCM, CCM and XTS too; ChaCha20, with and
//!   without Poly1305; RSA with PKCS#1 v1.5 and OAEP. Data may come in parts.
//! - **Signatures and MACs**: RSA with PKCS#1 v1.5 and PSS, ECDSA, Ed25519; HMAC with every hash, CMAC.
//! - **Wrapping of keys**: By encryption only, not by MAC or signature.
//! - **Certificates**: Those of an authority of its own, one a [`Server`]. No PKCS#12.
//! - **Who may do what**: What somebody makes is there for them only. Who they are, the client's certificate says or,
//!   before that, the credentials of the request: user name and password, a hashed or a one-time password, a device, or a
//!   ticket. What is made through [`Server::handle`] without a name is there for everybody, and who asks so sees
//!   everything. Defaults and constraints of new objects are everybody's, and anybody may set them. No operation policies
//!   of KMIP 1, no attestation.
//! - **Later**: What clients demand to be answered later, or [`ServerOptions::later`] says; kept in memory, for a while.

mod access;
mod attributes;
mod batch;
mod certificates;
mod context;
mod crypto;
mod dispatch;
mod handlers;
mod identities;
mod later;
pub mod layer;
mod lifecycle;
mod listener;
mod matching;
mod operation;
mod options;
mod seeded;
mod shared;
mod store;
mod streams;
mod test_clock;
mod tickets;
mod users;

pub use crate::answer::Failure;
pub(crate) use crypto::random::Generator as SeededGenerator;
pub use dispatch::Server;
pub use handlers::OperationContext;
pub use identities::CertificateIdentity;
pub use later::Later;
pub use listener::{
    ClientEndpoint, EmbeddedServer, EmbeddedServerBuilder, Listener, ListenerBuilder, StartError,
    StoppedServer,
};
pub use options::{SeedUse, ServerOptions};
pub use test_clock::TestClock;
pub use users::OneTimePasswords;
