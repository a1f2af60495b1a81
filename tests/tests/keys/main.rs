//! Keys, certificates and secrets: every form there and back, wrapped, in envelopes, and at the server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod envelope;
mod errors;
mod forms;
mod groups;
mod hostile;
mod made;
mod objects;
mod other_libraries;
mod registered;
mod rsa_numbers;
mod wrap;
