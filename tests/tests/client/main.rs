//! The client against peers that are made for it: over TLS, with faults, and without a connection.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod asks;
mod cases;
mod credentials;
mod drivers;
mod endpoint;
mod exchange;
mod faults;
mod identity;
mod metrics;
mod names;
mod negotiation;
mod peer;
mod pending;
mod secrecy;
mod serving;
mod session;
mod signers;
mod streams;
mod system_roots;
mod tls;
mod transports;
mod trust;
mod verbs;
mod words;
