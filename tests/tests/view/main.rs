//! What messages look like when they are compared: forms, placeholders, secrets, test cases, and what plays them back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod cases;
mod forms;
mod mock;
mod redactions;
mod secrets;
