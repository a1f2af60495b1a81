//! Checks files of messages: each must survive every way through the codec.
//!
//! A message goes from its text to TTLV, to the typed value, back to TTLV (equal byte for byte), back to the
//! same text (equal as data), to the other text encoding and back to TTLV (equal byte for byte). Files that
//! differ only in their ending hold the same messages, so their TTLV must be equal.

mod check;
mod compare;
mod files;
mod hex;
mod json;
mod placeholders;
mod report;
mod source;
mod xml;

pub use check::{Passed, check};
pub use files::{collect, read};
pub use report::{Report, run};
pub use source::{Encoding, Message};
