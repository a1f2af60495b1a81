//! The reference of the derives: [`Ttlv`](macro@crate::Ttlv), [`TtlvEnum`](macro@crate::TtlvEnum) and
//! [`TtlvMask`](macro@crate::TtlvMask), with an example of every attribute.
//!
//! Enumerations, masks, operations and attributes of a vendor are in [`extensions`]. What the derives refuse, and
//! what they say to it, is in [`refusals`]; what they check by is in the tables of the standard, of all its
//! versions at once.
//!
//! # Structures
//!
//! A struct with named fields is a structure: its fields are the structure's items, in their order. A field's
//! tag is its name in CamelCase. `Option<T>` may be absent, `Vec<T>` is repeated; `Vec<u8>` is one Byte String.
//! A field that the standard gives to some versions only is written in no other: that is an error, which names
//! the field and the version.
//!
//! ```
//! use kmip_types::enumerations::{NameType, ObjectType};
//! use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};
//!
//! #[derive(Clone, Debug, PartialEq, Ttlv)]
//! struct Payload {
//!     object_type: ObjectType,
//!     unique_identifier: Option<String>,
//!     name: Vec<Name>,
//! }
//!
//! #[derive(Clone, Debug, PartialEq, Ttlv)]
//! struct Name {
//!     name_value: String,
//!     name_type: NameType,
//! }
//!
//! let name = Name::new("a", NameType::Uri);
//! let payload = Payload::new(ObjectType::SymmetricKey).with_unique_identifier("id").with_name([name]);
//! let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, ProtocolVersion::V1_0)?;
//! assert_eq!(ttlv::decode::<Payload>(Tag::REQUEST_PAYLOAD, &bytes)?, payload);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## What a struct gets
//!
//! - [`Encode`](crate::ttlv::Encode) and [`Decode`](crate::ttlv::Decode); the constant
//!   [`Structure::SCHEMA`](crate::ttlv::Structure), which says what its fields are.
//! - `new`, which takes what is required, in the order of the fields, if anything is: of a `Vec` that is `required` in
//!   every version, its values. Text, bytes, dates and big numbers are taken as `impl Into<T>`.
//! - `with_…` for each field that is not required: it takes the value of an `Option`, the values of a `Vec`.
//! - With `tag`, or as a choice by tag: with the feature `serde`, `Serialize` and `Deserialize` as the standard's
//!   JSON, in the form of the newest version that has one for the value. What a selector decides is only
//!   written. With `tag`: also [`Root`](crate::ttlv::Root). Who writes serde otherwise leaves `tag` out.
//! - With a `secret`: `Debug` and `Drop`.
//!
//! ## On the struct
//!
//! **`tag = "…"`**: the tag that a value has by itself. **`version = "…"`**: the field that says in which
//! version's form it then is.
//!
//! ```
//! use kmip_types::ttlv::Root;
//! use kmip_types::{ProtocolVersion, Tag, Ttlv};
//!
//! #[derive(Ttlv)]
//! #[ttlv(tag = "RequestMessage", version = "request_header.protocol_version")]
//! struct Ping {
//!     request_header: Header,
//! }
//!
//! #[derive(Ttlv)]
//! struct Header {
//!     protocol_version: ProtocolVersion,
//!     batch_count: i32,
//! }
//!
//! let ping = Ping::new(Header::new(ProtocolVersion::V1_2, 0));
//! assert_eq!((Ping::TAG, ping.protocol_version()), (Tag::REQUEST_MESSAGE, ProtocolVersion::V1_2));
//! # #[cfg(feature = "serde")]
//! assert_eq!(serde_json::to_value(&ping).unwrap()["tag"], "RequestMessage");
//! ```
//!
//! **`no_new`**: the type has a `new` of its own. The setters stay.
//!
//! ```
//! # use kmip_types::Ttlv;
//! #[derive(Ttlv)]
//! #[ttlv(no_new)]
//! struct Payload {
//!     batch_count: i32,
//!     comment: Option<String>,
//! }
//!
//! impl Payload {
//!     fn new() -> Self {
//!         Self { batch_count: 1, comment: None }
//!     }
//! }
//!
//! assert_eq!(Payload::new().with_comment("text").comment.as_deref(), Some("text"));
//! ```
//!
//! **`crate = "…"`**: where the types are. The derives find `kmip-types` or `kmip-sdk` in the package's manifest,
//! also under another name there; this is for who has them from a third package, or `kmip-types` for tests only.
//!
//! ```
//! mod renamed {
//!     pub extern crate kmip_types as types;
//! }
//!
//! #[derive(renamed::types::Ttlv)]
//! #[ttlv(crate = "renamed::types")]
//! struct Payload {
//!     batch_count: i32,
//! }
//! ```
//!
//! **`selector = "Type"`**: see [choices](#choices).
//!
//! ## On a field
//!
//! **`tag`**: the tag by its wire name or, a vendor's (`0x540000` to `0x54FFFF`), by number.
//!
//! **`since`, `until`**: the first and the last version that has the field, where those are not the tag's.
//!
//! **`formerly`, `renamed`**: the field's tag before a version, and the first version that has the new one.
//!
//! **`default`**: absent reads as the default of the type.
//!
//! ```
//! use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};
//!
//! #[derive(Ttlv)]
//! struct Payload {
//!     #[ttlv(tag = "BatchCount", default)]
//!     count: i32,
//!     #[ttlv(tag = 0x540001)]
//!     color: Option<String>,
//!     #[ttlv(tag = "Comment", since = "1.4")]
//!     remark: Option<String>,
//!     #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
//!     attributes: Option<Empty>,
//! }
//!
//! #[derive(Ttlv)]
//! struct Empty {}
//!
//! let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &Empty {}, ProtocolVersion::V1_0)?;
//! let payload: Payload = ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes)?;
//! assert_eq!(payload.count, 0);
//! let payload = payload.with_remark("late");
//! let error = ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, ProtocolVersion::V1_3).unwrap_err();
//! assert_eq!(error.to_string(), "RequestPayload/Comment: Comment is not in KMIP 1.3, but in 1.4 and later");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **`required`**: at least one of a `Vec<T>` has to be there. **`required = "..=1.2"`**: an `Option<T>` or at least one
//! of a `Vec<T>` has to be there, in these versions. **`once = "..=1.1"`**: these versions allow no second one of a
//! `Vec<T>`. A range is `"..=1.2"`, `"1.3.."`, `"1.1..=1.3"`, or `"1.2"` for that version alone. Writing and strict
//! reading hold it, lenient reading lists it.
//!
//! **`essential`**: leniently, an `Option<T>` or a `Vec<T>` of which one does not read fails the whole, where it would be
//! set aside otherwise.
//!
//! **`version`**: the field, a [`ProtocolVersion`](crate::ProtocolVersion), states the version that all that follows is
//! read in, as that of a header does.
//!
//! ```
//! use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};
//!
//! #[derive(Ttlv)]
//! struct Payload {
//!     #[ttlv(required = "..=1.2")]
//!     data: Option<Vec<u8>>,
//!     #[ttlv(tag = "Comment", required, once = "..=1.4")]
//!     remarks: Vec<String>,
//! }
//!
//! let written = |remarks: &[&str], version| {
//!     let payload = Payload::new(remarks.iter().copied());
//!     ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, version).map_err(|error| error.kind().to_string())
//! };
//! assert!(written(&["one", "two"], ProtocolVersion::V2_0).is_ok());
//! for (remarks, version, expected) in [
//!     (&["one"][..], ProtocolVersion::V1_2, "Data is required in KMIP 1.2"),
//!     (&["one", "two"], ProtocolVersion::V1_4, "Comment occurs 2 times, but once at most in KMIP 1.4"),
//!     (&[], ProtocolVersion::V2_0, "Comment is required in KMIP 2.0"),
//! ] {
//!     assert_eq!(written(remarks, version), Err(expected.to_owned()));
//! }
//! ```
//!
//! **`flatten`**: the fields of another struct stand here, without a structure around them.
//!
//! ```
//! use kmip_types::{Item, ProtocolVersion, Tag, Ttlv, item};
//!
//! #[derive(Ttlv)]
//! struct Payload {
//!     unique_identifier: String,
//!     #[ttlv(flatten)]
//!     common: Common,
//! }
//!
//! #[derive(Ttlv)]
//! struct Common {
//!     #[ttlv(tag = 0x540001)]
//!     speed: i32,
//! }
//!
//! let payload = Payload::new("id", Common::new(3));
//! let item = item::to_item(Tag::REQUEST_PAYLOAD, &payload, ProtocolVersion::V2_1)?;
//! assert_eq!(item.lookup("0x540001")?, &Item::integer(Tag::from_raw(0x540001), 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **`secret`**: the derive writes `Debug`, which shows `(secret)`, and a `Drop` that wipes the value: nothing
//! can be moved out of the struct any more. It takes what implements `zeroize::Zeroize`. The types
//! [`SecretBytes`](crate::SecretBytes) and [`SecretText`](crate::SecretText) do not need it. It also stands on
//! the field of a new type, and on a variant of a choice.
//!
//! ```
//! # use kmip_types::Ttlv;
//! #[derive(Ttlv)]
//! struct Login {
//!     username: String,
//!     #[ttlv(secret)]
//!     password: String,
//! }
//!
//! #[derive(Ttlv)]
//! struct Pin(#[ttlv(secret)] String);
//!
//! let shown = format!("{:?}", Login::new("alice", "hunter2"));
//! assert_eq!(shown, r#"Login { username: "alice", password: (secret) }"#);
//! ```
//!
//! **`with = "module"`**: functions `encode` and `decode` of a module, and its constant `FIELDS`, stand in for
//! the field. **`catch_all`**: the last field, `Vec<Item>`, takes every item that the others do not.
//!
//! ```
//! use kmip_types::{Item, Ttlv};
//!
//! #[derive(Ttlv)]
//! struct Payload {
//!     #[ttlv(with = "upper")]
//!     name: String,
//!     #[ttlv(catch_all)]
//!     rest: Vec<Item>,
//! }
//!
//! mod upper {
//!     use kmip_types::ttlv::{Field, Reader, Structure, Writer};
//!     use kmip_types::{DecodeError, EncodeError, Tag};
//!
//!     pub const FIELDS: &[Field] = &[Field::optional(Tag::DESCRIPTION).of::<String>()];
//!
//!     pub fn encode(value: &str, writer: &mut Writer) -> Result<(), EncodeError> {
//!         writer.required(&FIELDS[0], &value.to_uppercase())
//!     }
//!
//!     pub fn decode(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
//!         Ok(reader.optional(&FIELDS[0], super::Payload::SCHEMA)?.unwrap_or_default())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! **`select = "field"`** and **`choice`** are for choices.
//!
//! # New types
//!
//! A struct with one unnamed field is that field's type under a new name.
//!
//! # Choices
//!
//! An enum whose variants have one unnamed field each is a choice. On a variant of any of them, `since` is the
//! first version that has it.
//!
//! By item type, if nothing else is said; no two variants may have one:
//!
//! ```
//! # use kmip_types::Ttlv;
//! #[derive(Ttlv)]
//! enum Identifier {
//!     Text(String),
//!     #[ttlv(since = "2.0")]
//!     Index(i32),
//! }
//! ```
//!
//! **`choice = "tag"`**: by tag, which is the variant's name or `tag`; `other` takes an `Item` of any other. The
//! field is marked `choice`, as it has no tag of its own:
//!
//! ```
//! # use kmip_types::{Item, Ttlv};
//! #[derive(Ttlv)]
//! #[ttlv(choice = "tag")]
//! enum Part {
//!     Description(String),
//!     #[ttlv(tag = "BatchCount")]
//!     Count(i32),
//!     #[ttlv(other)]
//!     Other(Item),
//! }
//!
//! #[derive(Ttlv)]
//! struct Payload {
//!     #[ttlv(choice)]
//!     parts: Vec<Part>,
//! }
//! ```
//!
//! **`select = "Type"`**: by the value of an earlier field, which the field of the choice names by `select`.
//! `value` is a pattern, `other` takes the rest. **`selector = "Type"`** on a struct, or on a choice by item
//! type, hands the value on to what is within: to fields with `select = "selector"`, to variants with `select`.
//!
//! ```
//! use kmip_types::enumerations::Operation;
//! use kmip_types::{Ttlv, Value};
//!
//! #[derive(Ttlv)]
//! struct BatchItem {
//!     operation: Operation,
//!     #[ttlv(tag = 0x540001, select = "operation")]
//!     payload: Wrapper,
//! }
//!
//! #[derive(Ttlv)]
//! #[ttlv(selector = "Operation")]
//! enum Wrapper {
//!     Sealed(Vec<u8>),
//!     #[ttlv(select)]
//!     Open(Opened),
//! }
//!
//! #[derive(Ttlv)]
//! #[ttlv(selector = "Operation")]
//! struct Opened {
//!     #[ttlv(tag = "Data", select = "selector")]
//!     payload: Payload,
//! }
//!
//! #[derive(Ttlv)]
//! #[ttlv(select = "Operation")]
//! enum Payload {
//!     #[ttlv(value = "Operation::Get | Operation::Locate")]
//!     Bytes(Vec<u8>),
//!     #[ttlv(other)]
//!     Other(Value),
//! }
//! ```

#[doc = include_str!("extensions.md")]
pub mod extensions {}

#[doc = include_str!("refusals.md")]
pub mod refusals {}
