//! The server's store: what every backend has to do, and what becomes of what a server was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests.

#[macro_use]
mod places;

mod asked;
mod at_once;
mod authority;
mod backends;
mod checked;
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
mod failover;
mod faults;
mod found;
mod indexed;
mod left;
mod linear;
mod many;
mod migrating;
mod modelled;
mod operations;
mod over;
mod postgres;
mod restart;
mod rotating;
mod said;
mod sealing;
mod secrecy;
mod servers;
mod swept;
mod transfer;
mod users;
