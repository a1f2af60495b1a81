//! Any typed value goes through every encoding unchanged, in every version that can carry it; in the others it
//! is refused, by name. What holds a secret never shows it.
//!
//! Values are made of random bytes: see the feature `arbitrary` of kmip-types. `PROPTEST_CASES` says how many of
//! each type.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod encodings;
mod kind;
mod messages;
mod regressions;
mod secrets;
mod structures;
mod text;
