//! What the tests that span packages share: samples of all that the standard has, the vectors made of them,
//! what `cargo xtask` runs (the conformance check and the execution of test cases), and what tests have in common.

#![forbid(unsafe_code)]

pub mod conformance;
pub mod counts;
pub mod execute;
pub mod hex;
pub mod nowhere;
pub mod patience;
pub mod samples;
pub mod shapes;
pub mod traced;
pub mod vectors;
pub mod watched;
pub mod wire;
pub mod worst;
