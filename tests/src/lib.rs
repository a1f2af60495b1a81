//! What the tests that span packages share: samples of all that the standard has, the vectors made of them, and
//! what `cargo xtask` runs: the conformance check and the execution of test cases.

#![forbid(unsafe_code)]

pub mod conformance;
pub mod counts;
pub mod execute;
pub mod hex;
pub mod samples;
pub mod shapes;
pub mod vectors;
pub mod wire;
pub mod worst;
