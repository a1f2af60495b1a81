//! The server's store: what every backend has to do, and what becomes of what a server was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests.

#[macro_use]
mod places;

mod asked;
mod at_once;
mod authority;
mod backends;
mod counted;
mod crash;
mod database;
#[cfg(unix)]
mod database_faults;
mod disk;
mod ends;
mod failover;
mod faults;
mod found;
mod many;
mod modelled;
mod over;
mod postgres;
mod restart;
mod sealing;
mod secrecy;
mod servers;
mod swept;
mod transfer;
mod users;
