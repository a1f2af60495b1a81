//! The owned dynamic tree: any item, without a Rust type of its own.
//!
//! It is for what no type is written for: tools, a vendor's data, messages of a later version. [`Item`] goes
//! to and from every encoding, and is the serde form of every other value ([`to_item`], [`serialize`]).

mod build;
mod convert;
mod encodings;
mod lookup;
mod mask;
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

pub use crate::text::serialize;

pub(crate) use secret_tags::{Secrecy, secrecy};
