//! Tests of programs that speak KMIP: [`Recorder`] collects what was said, [`MockServer`] says it again,
//! [`Replay`] does so on a port, [`execute`] executes test cases against a server.
//!
//! ```
//! use kmip_sdk::server::{Server, ServerOptions};
//! use kmip_sdk::testing::{MockServer, Recorder};
//! use kmip_sdk::types::operation::QueryRequest;
//! use kmip_sdk::types::enumerations::QueryFunction;
//! use kmip_sdk::types::case::Case;
//! use kmip_sdk::{Client, ProtocolVersion};
//!
//! let recorder = Recorder::new();
//! let client = Client::builder()
//!     .service(Server::new(ServerOptions::default()))
//!     .version(ProtocolVersion::V2_1)
//!     .observer(recorder.observer())
//!     .connect()?;
//! let query = || QueryRequest::new([QueryFunction::QueryOperations]);
//! let operations = client.call(query()).send()?.operation;
//!
//! let mock = MockServer::from_case(&Case::from_xml(&recorder.to_case_xml()?)?)?;
//! let client = Client::builder().service(mock.clone()).version(ProtocolVersion::V2_1).connect()?;
//! assert_eq!(client.call(query()).send()?.operation, operations);
//! mock.assert_finished();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod execute;
mod mock;
mod recorder;
mod replay;

pub use mock::MockServer;
pub use recorder::{Exchange, Recorder};
pub use replay::Replay;
