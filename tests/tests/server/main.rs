//! The embedded server: every operation's success and main failures, batches, malformed input, TLS, and HTTPS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod adjusting;
mod attributes;
mod batches;
mod building;
mod cryptography;
mod defaults;
mod deriving;
mod deterministic;
mod faults;
mod https;
mod keys;
mod later;
mod leases;
mod lifecycle;
mod limits;
mod locate;
mod logins;
mod malformed;
mod own_operations;
mod parts;
mod pkcs_11;
mod query;
mod register;
mod replacing;
mod signatures;
mod splitting;
mod support;
mod tls;
mod wrapping;
