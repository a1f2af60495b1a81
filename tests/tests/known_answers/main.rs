//! Known answers through the server's operations: the vectors of Wycheproof, which hold those of NIST and the RFCs and what
//! attackers send. What they call invalid is refused; what they leave open is not asked about.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "they are tests"
)]

mod agreement;
mod asks;
mod ciphers;
mod client_wrapping;
mod codes;
mod derivation;
mod hashes;
mod rsa_encryption;
mod signatures;
mod splitting;
#[path = "../server/support.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod support;
mod wrapping;
mod x9_31;
