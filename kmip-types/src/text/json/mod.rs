//! The JSON encoding (`kmip-addtl-msg-enc` section 4.1).

mod escape;
mod form;
mod read;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "serde")]
mod serialize;
mod value;
mod write;

#[cfg(feature = "serde")]
pub use self::serde::serialize;
pub(super) use read::read;
#[cfg(feature = "serde")]
pub(super) use serialize::JsonItem;
pub(super) use value::parse_value;
pub(super) use write::write;
