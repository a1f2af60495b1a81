//! Lenient reading: what the field sends costs itself, not the message around it, and each loss is listed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod cases;
mod one_item;
mod other_versions;
mod place;
mod presence;
mod wrapped_keys;
