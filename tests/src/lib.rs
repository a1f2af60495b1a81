//! What the tests that span packages share: samples of all that the standard has, the vectors made of them, and
//! the conformance check that `cargo xtask` runs.

#![forbid(unsafe_code)]

pub mod conformance;
pub mod hex;
pub mod samples;
pub mod shapes;
pub mod vectors;
pub mod wire;
pub mod worst;
