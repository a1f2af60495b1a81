//! The inspector's page, the proxy, and replaying what was recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod browser;
mod door;
mod exchanges;
mod objects;
mod pasting;
mod pictures;
mod proxy;
mod replay;
mod support;
