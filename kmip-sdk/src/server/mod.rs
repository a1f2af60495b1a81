//! An embedded server for development and tests: in process, with real cryptography; it keeps what it is given in memory, in a file or in a
//! database.
//!
//! [`EmbeddedServer`] listens on loopback ports with TLS, one of them for HTTPS, and makes its own certificates; its
//! [builder](EmbeddedServer::builder) takes ports and certificates of the user's, and goes on from a server that was
//! [stopped](EmbeddedServer::stop). [`Server`] is the same without a network: bytes of a request in, bytes of a response out. A
//! client that takes its role (Set Endpoint Role) is asked by [`EmbeddedServer::client_endpoint`]. [`Listener`] is a port for
//! anything else that answers, and [`Proxy`] one that stands between a client and a server.
//!
//! **It is for development and tests.** Unless it is given a [store] that lasts, everything is in memory, and gone when it
//! stops.
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
//! - **Operations**: every one of the standard. Interop Reset takes what is the client's own, and the settings that all share;
//!   what others have made stays, but where the application itself asks. Of PKCS#11, what tells of the one slot, sessions,
//!   finding, making, describing and destroying objects, random numbers, and encryption, digests and signatures at once.
//!   Nobody logs in to the token, as the connection or the request says who asks. Other functions are refused as not
//!   supported.
//! - **Objects**: symmetric, public, private and split keys, secret data, certificates and requests for them, opaque data, PGP
//!   keys, and before KMIP 2.0 Templates. Keys whose value is elsewhere (Key Value Location). Every key format that the
//!   standard has for the kind of key, PKCS#12 included.
//! - **Attributes**: those of the standard by the tables of each version, and a vendor's, which clients set and find as they
//!   like, or by [rules](ServerOptions::vendor_attribute) of the application's. Dates, leases, usage windows
//!   and rotation go by the [clock](ServerOptions::clock): what has Rotate Automatic and a Rotate Interval is replaced by the
//!   server, as by Re-key, Re-key Key Pair or Re-certify, within a second of its time or, where nothing is listened on or the
//!   clock is not the system's, with the first request after it.
//! - **Encryption**: AES and 3DES with ECB, CBC, CTR, CFB and OFB; AES with GCM, CCM and XTS too; ChaCha20, with and
//!   without Poly1305; RSA with PKCS#1 v1.5 and OAEP. Data may come in parts, and of GCM and ChaCha20-Poly1305 each part is
//!   decrypted as it comes: that the tag is right is known with the last part only, and what came before is not to be trusted
//!   until then. CCM and XTS give nothing before all of the data is there.
//! - **Signatures and MACs**: RSA with PKCS#1 v1.5, PSS and X9.31, ECDSA, DSA, Ed25519, Ed448; HMAC with every hash that an algorithm of the
//!   standard names, CMAC. OAEP and PSS take any two hashes, MD5, SHA-1, SHA-2, SHA-3 and RIPEMD-160.
//! - **Key pairs** that it makes: RSA from 1024 bits, on P-256, P-384, P-521, secp256k1, Curve25519 and Curve448, DSA of 1024 and 2048
//!   bits, Diffie-Hellman in the groups of RFC 7919. Points of public keys are given compressed where that is asked for.
//! - **Split keys**: by XOR, and over a prime field, GF(2^8) and GF(2^16), which before KMIP 2.0 are built on another
//!   polynomial than since: parts are joined over the one that they were split over, those that are registered over that of
//!   the version in which they came.
//! - **Wrapping of keys**: by encryption (AES key wrap with and without padding, GCM, RSA), by MAC or signature, and by both. No
//!   TR-31.
//! - **Certificates**: those of an authority of its own, one a store.
//! - **Who may do what**: what somebody makes is there for them only, but for whom its Operation Policy Name (KMIP 1.x) or
//!   [`ServerOptions::policy`] lets. Who they are, the client's certificate says or, before that, the credentials of the
//!   request: user name and password, a hashed or a one-time password, a device, or a ticket; an
//!   [attestation](ServerOptions::attestation) may be wanted besides. What is made through [`Server::handle`] without a name is
//!   there for everybody, and who asks so sees everything. Defaults and constraints of new objects are everybody's, and
//!   anybody may set them.
//! - **Locate**: by every attribute, and by patterns: in a text of up to 256 bytes that is looked for, `*` stands for any
//!   characters and `?` for one, which KMIP 1.x leaves to the server (1.4 section 4.9). A value is matched as a whole, in the
//!   case that it has, and is found by itself too, whatever is in it; one of more than 4,096 bytes is found by itself only.
//!   One request may have sixteen patterns.
//! - **Later**: what clients demand to be answered later, or [`ServerOptions::later`] says; kept for a while.
//! - **Objects are kept** in a [`store`]: in memory, unless the options say another. A Unique Identifier that the client
//!   chooses (Import) has up to 1,024 bytes.
//!
//! It has room for [so many connections](ServerOptions::maximum_connections), and says so to one too many; answers within
//! [a size](ServerOptions::maximum_response), beyond which an item of a batch fails alone; and looks at credentials only so
//! often [where they are wrong](ServerOptions::failed_credentials). No request costs minutes or much memory: there are bounds
//! for [its time](ServerOptions::request_time), for iterations of passwords, for what is derived, split and looked for, and
//! for salts. `GET /live` and `GET /ready` on the port for HTTPS tell how it is. It ends between two items of a batch when it
//! is dropped, and in order by [`EmbeddedServer::shutdown`].
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
//! | `kmip_server_objects` | objects in the stores that are open, destroyed ones included; they are counted when a server begins, and then as this process changes them; where other processes may, also anew each minute, for which the database goes through as many entries of an index as there are objects | `state` |
//! | `kmip_server_store_seconds` | how long the backend of a store took, as a histogram | `operation`: `get`, `find`, `list`, `keys`, `count`, `due`, `totals`, `page`, `scan`, `commit`, `clear` |
//! | `kmip_server_received_bytes_total` | bytes of requests, those of HTTP included | |
//! | `kmip_server_sent_bytes_total` | bytes of responses, those of HTTP included | |

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
mod identities;
mod later;
pub mod layer;
mod leniency;
mod lifecycle;
mod listener;
#[cfg(feature = "inspect")]
mod looking;
mod matching;
mod metrics;
mod operation;
mod operation_policy;
mod options;
mod pattern;
mod policy;
mod profiles;
mod provisioned;
mod reordered;
mod rotation;
mod rules;
mod seeded;
mod shared;
mod shares;
pub mod store;
mod streams;
mod test_clock;
mod throttle;
mod tickets;
mod users;
mod vendor_rules;

pub use crate::answer::Failure;
pub(crate) use crypto::random::Generator as SeededGenerator;
pub use dispatch::Server;
pub use handlers::OperationContext;
pub use identities::CertificateIdentity;
pub use later::Later;
pub use leniency::Leniency;
pub use listener::{
    ClientEndpoint, EmbeddedServer, EmbeddedServerBuilder, Listener, ListenerBuilder, Proxy, ProxyBuilder,
    StartError, StoppedServer,
};
#[cfg(feature = "inspect")]
pub(crate) use listener::{Phase, http};
pub use options::{GroupDefault, SeedUse, ServerOptions};
pub use policy::{Access, Verdict};
pub use test_clock::TestClock;
pub use users::{OneTimePasswords, User};
pub use vendor_rules::VendorAttributeRules;
