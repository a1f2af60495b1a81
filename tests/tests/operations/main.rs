//! Every operation, object and attribute, typed: written and read in the oldest and the newest version that has it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod attributes;
mod fields;
mod forms;
mod messages;
mod objects;
mod presence;
mod round_trips;
mod rules;
mod versions;
