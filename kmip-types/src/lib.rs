//! KMIP types, the TTLV codec and its JSON, XML and text encodings.
//!
//! An application that talks to a server wants the package `kmip-sdk`, which has all of this as `kmip_sdk::types`. This one
//! is for messages by themselves: for servers, proxies, tools and tests.
//!
//! ```toml
//! [dependencies]
//! kmip-types = "0.1"
//! ```
//!
//! ```
//! use kmip_types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage};
//! use kmip_types::operation::GetRequest;
//! use kmip_types::prelude::*;
//!
//! let header = RequestHeader::new(ProtocolVersion::V2_1, 1);
//! let item = RequestBatchItem::new(Operation::Get, GetRequest::new("k-1").into());
//! let bytes = RequestMessage::new(header, [item]).to_ttlv()?;
//! let request = RequestMessage::from_ttlv(&bytes)?;
//! assert_eq!(request.batch_item[0].operation, Operation::Get);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | build and read messages | [`message`], [`operation`], [`attribute`], [`object`]; [`prelude`] has most of it |
//! | write and read binary TTLV, strictly or leniently | [`ttlv`]: the canonical form of a message |
//! | write and read JSON, XML and text | [`text`], [`TextCodec`] |
//! | look at messages whose types are not known | [`Item`] |
//! | define a vendor's structures, enumerations and masks | [`derive`](mod@derive), [`Ttlv`] |
//! | know what the standard says of a name or a number | [`explain`], [`tables`], [`schemas`] |
//! | show a message, and keep secrets hidden | [`view`] |
//! | read test cases of OASIS, and dumps of packets | `case`, with the feature `xml`; `dump`, with that feature |
//! | know what was wrong, and where | [`DecodeError`], [`EncodeError`], [`TextError`]: a kind, a path and a place |
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

#![cfg_attr(docsrs, feature(doc_cfg))] // Which feature brings what, on docs.rs.
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
