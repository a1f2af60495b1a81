//! What the benchmarks measure: four workloads, and hand-written code on the same bytes to compare with.

#![forbid(unsafe_code)]

pub mod hand;
pub mod rows;
pub mod turns;
pub mod workloads;
