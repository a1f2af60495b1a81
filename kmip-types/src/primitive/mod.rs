//! Rust types of the primitive item types that Rust has no type for.

mod big_integer;
mod date_time;
mod interval;
mod secret;

pub use big_integer::BigInteger;
pub use date_time::{DateTime, DateTimeExtended, DateTimeRangeError};
pub use interval::{Interval, IntervalRangeError};
pub use secret::{SecretBigInteger, SecretBytes, SecretText};
