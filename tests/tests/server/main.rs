//! The embedded server: every operation's success and main failures, batches, malformed input, TLS, and HTTPS.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod adjusting;
mod attesting;
mod attributes;
mod batches;
mod building;
mod cryptography;
mod defaults;
mod deriving;
mod deterministic;
mod door;
mod faults;
mod guessing;
mod https;
mod keys;
mod later;
mod leases;
mod leniency;
mod lifecycle;
mod limits;
mod locate;
mod logins;
mod malformed;
mod measured;
mod objects;
mod own_operations;
mod parts;
mod pkcs_11;
mod pkcs_12;
mod policies;
mod provisioning;
mod query;
mod reasons;
mod register;
mod replacing;
mod rotation;
mod rules;
mod signatures;
mod splitting;
mod standard_cases;
mod support;
mod templates;
mod tls;
mod wrapping;
mod wrapping_methods;
