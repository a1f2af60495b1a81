//! Tests of the KMIP SDK that span its packages, and the conformance check that `cargo xtask` runs.

pub mod conformance;
