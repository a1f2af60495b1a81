//! The embedded server: every operation's success and main failures, batches, malformed input, and TLS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod attributes;
mod batches;
mod cryptography;
mod keys;
mod lifecycle;
mod limits;
mod locate;
mod malformed;
mod query;
mod register;
mod support;
mod tls;
