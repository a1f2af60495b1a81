//! The embedded server: every operation's success and main failures, batches, malformed input, TLS, and HTTPS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod adjusting;
mod attributes;
mod batches;
mod cryptography;
mod defaults;
mod deriving;
mod https;
mod keys;
mod later;
mod leases;
mod lifecycle;
mod limits;
mod locate;
mod logins;
mod malformed;
mod old_algorithms;
mod parts;
mod pkcs_11;
mod pkcs_12;
mod query;
mod register;
mod replacing;
mod signatures;
mod splitting;
mod support;
mod tls;
mod wrapping;
mod wrapping_methods;
