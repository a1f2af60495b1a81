//! The owned dynamic tree: any item, without a Rust type of its own.
//!
//! It is for what no type is written for: tools, a vendor's data, messages of a later version. [`Item`] goes
//! to and from every encoding, and is the serde form of every other value.

mod build;
mod convert;
mod encodings;
mod lookup;
mod mask;
#[cfg(feature = "serde")]
mod reveal;
#[cfg(feature = "serde")]
mod root;
mod secret_tags;
mod tag_name;
mod value;

pub use build::NameError;
pub use encodings::to_item;
pub use lookup::LookupError;
pub use mask::{MaskError, decode_mask, encode_mask};
pub use secret_tags::is_secret;
pub use tag_name::{TagName, UnknownTagName};
pub use value::{Item, Value};

#[cfg(feature = "serde")]
pub use crate::text::serialize;
#[cfg(feature = "serde")]
pub use reveal::{Revealed, reveal_secrets};
#[cfg(feature = "serde")]
#[doc(hidden)] // For the code of the derive.
pub use root::{deserialize_root, deserialize_tagged, serialize_root, serialize_tagged};

pub(crate) use encodings::{debug_hidden, in_newest};
pub(crate) use lookup::split_path;
#[cfg(feature = "serde")]
pub(crate) use reveal::is_revealing;
pub(crate) use secret_tags::{Secrecy, Siblings, secret_length};
