//! The server's store: what every backend has to do, and what becomes of what a server was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests.

#[macro_use]
mod places;

mod asked;
mod backends;
mod counted;
mod crash;
mod damaged;
mod database;
#[cfg(unix)]
mod database_faults;
mod disk;
mod due;
mod ends;
mod failing;
mod faults;
mod left;
mod linear;
mod many;
mod migrating;
mod operations;
mod postgres;
mod restart;
mod rotating;
mod said;
mod sealing;
mod servers;
mod swept;
mod transfer;
mod users;
