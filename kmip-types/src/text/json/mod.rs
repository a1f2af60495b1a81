//! The JSON encoding (`kmip-addtl-msg-enc` section 4.1).

mod read;
#[cfg(feature = "serde")]
mod serde;
mod value;
mod write;

#[cfg(feature = "serde")]
pub use self::serde::serialize;
pub(super) use read::read;
pub(super) use value::parse_value;
#[cfg(feature = "serde")]
pub(super) use write::JsonItem;
pub(super) use write::write;
