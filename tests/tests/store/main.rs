//! The server's store: what every backend has to do, and what becomes of what a server was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests.

#[macro_use]
mod places;

mod backends;
mod crash;
mod faults;
mod restart;
mod sealing;
mod servers;
mod shared;
#[path = "../server/support.rs"]
#[allow(dead_code)] // It is the server's tests' too.
mod support;
