//! An embedded server for development and tests: in process, in memory, with real cryptography.
//!
//! [`EmbeddedServer`] listens on loopback ports with TLS, one of them for HTTPS, and makes its own certificates.
//! [`Server`] is the same without a network: bytes of a request in, bytes of a response out. A client that takes its role
//! (Set Endpoint Role) is asked by [`EmbeddedServer::client_endpoint`].
//!
//! [`Listener`] is a port for anything else that answers.
//!
//! What it has: every operation but, of PKCS#11, all but what begins and ends its use. Certificates are
//! those of an authority of its own, one a [`Server`]. AES and 3DES with the modes ECB, CBC, CTR, CFB and OFB, AES with GCM,
//! CCM, XTS and CMAC too; ChaCha20, with and without Poly1305; RSA with PKCS#1 v1.5, OAEP and PSS; ECDSA and Ed25519; HMAC
//! with every hash. Data may come in parts. What is answered later, [`ServerOptions::later`] says.
//!
//! What somebody makes is there for them only, but for whom its Operation Policy Name (KMIP 1.x) or
//! [`ServerOptions::policy`] lets: who they are, the client's certificate says or, before that, the credentials
//! of the request: user name and password, a hashed or a one-time password, a device, or a ticket. What is made through
//! [`Server::handle`] without a name is there for everybody, and who asks so sees everything. Defaults and constraints of new
//! objects are everybody's, and anybody may set them.
//!
//! It has room for [so many connections](ServerOptions::maximum_connections), and says so to one too many; answers within
//! [a size](ServerOptions::maximum_response), beyond which an item of a batch fails alone; and looks at credentials only so
//! often [where they are wrong](ServerOptions::failed_credentials). `GET /live` and `GET /ready` on the port for HTTPS tell how
//! it is. It ends between two items of a batch when it is dropped, and in order by [`EmbeddedServer::shutdown`].
//!
//! # Traces and metrics
//!
//! Through the crate `tracing`, at the level `debug`: the spans `kmip_connection` and `kmip_request`, and in them what became of
//! each connection and of each item of a batch, with who asked; as a warning, a credential that was not looked at. No payload
//! is in them. With the feature `metrics`, through the crate of that name:
//!
//! | name | what | labels |
//! | --- | --- | --- |
//! | `kmip_server_calls_total` | operations that were answered, each item of a batch | `operation`: its name, `unknown` if the server lacks it; `result`: the Result Reason, or `success`, `pending` |
//! | `kmip_server_call_seconds` | how long each took, as a histogram | `operation` |
//! | `kmip_server_messages_refused_total` | messages that could not be answered item by item | `reason`: the Result Reason |
//! | `kmip_server_credentials_held_total` | credentials that were not looked at, as too many were wrong | |
//! | `kmip_server_connections` | connections that are served | `port`: `ttlv` or `https` |
//! | `kmip_server_connections_opened_total` | connections that were opened | `port` |
//! | `kmip_server_connections_refused_total` | connections that were not | `port`; `why`: `connections` or `handshakes`, of which there were too many; `handshake_timeout`; `tls` |
//! | `kmip_server_received_bytes_total` | bytes of requests, those of HTTP included | |
//! | `kmip_server_sent_bytes_total` | bytes of responses, those of HTTP included | |
//!
//! # What it is not
//!
//! It is no place for keys that matter: everything is gone when it stops.

mod access;
mod attestation;
mod attributes;
mod batch;
mod certificates;
mod context;
mod crypto;
mod discovery;
mod dispatch;
mod groups;
mod handlers;
mod later;
mod leniency;
mod lifecycle;
mod listener;
mod matching;
mod metrics;
mod operation;
mod operation_policy;
mod options;
mod policy;
mod profiles;
mod provisioned;
mod reordered;
mod rotation;
mod rules;
mod seeded;
mod shared;
pub mod store;
mod streams;
mod throttle;
mod tickets;
mod users;

pub use crate::answer::Failure;
pub use dispatch::Server;
pub use later::Later;
pub use leniency::Leniency;
pub use listener::{ClientEndpoint, EmbeddedServer, Listener, ListenerBuilder, StartError};
pub use options::{GroupDefault, SeedUse, ServerOptions};
pub use policy::{Access, Verdict};
pub use users::OneTimePasswords;
