//! KMIP types, the TTLV codec and its JSON, XML and text encodings.
//!
//! The binary TTLV encoding ([`ttlv`]) is the canonical form of a message.
//!
//! Features, of which those of the first two lines are on by default:
//!
//! - `json`, `xml`: these [text encodings](text). Without them, neither `serde_json` nor `quick-xml` is built.
//! - `serde`: `Serialize` and `Deserialize` in the JSON form, for items and for every type with a tag of its own; with it
//!   comes `json`.
//! - `dump`: reading [dumps](dump) of messages, in hex and other forms, for tools; with it come `json` and `xml`.
//! - `arbitrary`: `arbitrary::Arbitrary` for every typed value.
//! - `snapshot`: [`assert_kmip_snapshot!`](assert_kmip_snapshot), which compares a [view] of a value with a snapshot of
//!   insta.

#![forbid(unsafe_code)]

// The derive's output names this crate by its path, here as everywhere.
#[allow(unused_extern_crates)]
extern crate self as kmip_types;

#[macro_use]
mod open_enum;

#[cfg(feature = "arbitrary")]
mod arbitrary;
pub mod attribute;
#[cfg(feature = "xml")]
pub mod case;
pub mod derive;
#[cfg(feature = "dump")]
pub mod dump;
mod error;
pub mod escape;
pub mod explain;
pub mod generated;
mod hex_debug;
pub mod item;
mod item_type;
mod limits;
mod mask;
pub mod message;
mod name_index;
mod nearest;
pub mod object;
pub mod operation;
mod path;
pub mod prelude;
pub mod primitive;
mod raw_structure;
pub mod schemas;
pub mod tables;
mod tag;
pub mod text;
pub mod ttlv;
mod version;
pub mod view;
mod wipe;

pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Found};
pub use generated::{enumerations, masks};
pub use item::{Item, Value};
pub use item_type::{ItemType, ItemTypes};
pub use kmip_derive::{Ttlv, TtlvEnum, TtlvMask};
pub use limits::Limits;
pub use mask::{Mask, MaskBit, UnknownMaskName};
pub use path::{PathSegment, TagPath};
pub use primitive::{
    BigInteger, DateTime, DateTimeExtended, Interval, SecretBigInteger, SecretBytes, SecretText,
};
pub use raw_structure::RawStructure;
pub use tag::Tag;
pub use text::{TextCodec, TextError, TextErrorKind};
pub use version::{ParseVersionError, ProtocolVersion};
