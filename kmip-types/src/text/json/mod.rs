//! The JSON encoding (`kmip-addtl-msg-enc` section 4.1).

mod codec;
mod escape;
mod form;
mod options;
mod read;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "serde")]
mod serialize;
mod value;
mod write;

#[cfg(feature = "serde")]
pub use self::serde::serialize;
pub use options::JsonOptions;
use read::read;
#[cfg(feature = "serde")]
pub(super) use serialize::JsonItem;
use value::parse_value;
use write::write;
pub(crate) use write::{head, string, value};
