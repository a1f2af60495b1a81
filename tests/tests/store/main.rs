//! The server's store: what every backend has to do, and what becomes of what a server was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests.

#[macro_use]
mod places;

mod asked;
mod backends;
mod checked;
mod counted;
mod crash;
mod database;
#[cfg(unix)]
mod database_faults;
mod disk;
mod ends;
mod faults;
mod many;
mod postgres;
mod restart;
mod sealing;
mod servers;
mod swept;
mod transfer;
mod users;
