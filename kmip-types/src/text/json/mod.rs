//! The JSON encoding (`kmip-addtl-msg-enc` section 4.1).

mod read;
mod serde;
mod value;
mod write;

pub use self::serde::serialize;
pub(super) use read::read;
pub(super) use value::parse_value;
pub(super) use write::{JsonItem, write};
