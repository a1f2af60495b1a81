//! The text encodings, JSON, XML and a form for people, as transcoders over binary TTLV.
//!
//! ```
//! use kmip_types::text::TextCodec;
//!
//! let codec = TextCodec::new();
//! let ttlv = codec.from_json(r#"{"tag": "BatchCount", "type": "Integer", "value": "0x00000002"}"#)?;
//! assert_eq!(ttlv, [0x42, 0x00, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0]);
//! assert_eq!(codec.to_xml(&ttlv)?, r#"<BatchCount type="Integer" value="2"/>"#);
//! # Ok::<(), kmip_types::text::TextError>(())
//! ```
//!
//! JSON and XML are there with the features `json` and `xml`, which are on by default.
//!
//! # Secrets
//!
//! JSON, XML, TTLV and [`Item`](crate::Item)s say everything, secrets included: whoever gets one wipes it, for which
//! `zeroize::Zeroizing` around it is enough. All that a codec needs on the way it wipes itself, also where it fails; no
//! buffer that was outgrown is left behind. The form for people shows no secret unless it is told to.
//!
//! ```
//! use kmip_types::text::TextCodec;
//! use zeroize::Zeroizing;
//!
//! let json = r#"{"tag": "Password", "type": "TextString", "value": "hunter2"}"#;
//! let ttlv = Zeroizing::new(TextCodec::new().from_json(json)?);
//! let xml = Zeroizing::new(TextCodec::new().to_xml(&ttlv)?);
//! assert!(xml.contains("hunter2"));
//! assert!(!TextCodec::new().to_text(&ttlv)?.contains("hunter2"));
//! # Ok::<(), kmip_types::text::TextError>(())
//! ```

mod codec;
#[cfg(any(feature = "json", feature = "xml"))]
mod deviation;
mod error;
#[cfg(any(feature = "json", feature = "xml"))]
mod fold;
#[cfg(feature = "json")]
pub(crate) mod json;
mod names;
#[cfg(any(feature = "json", feature = "xml"))]
mod node;
mod options;
#[cfg(any(feature = "json", feature = "xml"))]
mod parse;
mod pretty;
#[cfg(any(feature = "json", feature = "xml"))]
mod resolve;
#[cfg(any(feature = "json", feature = "xml"))]
mod trail;
#[cfg(any(feature = "json", feature = "xml"))]
mod unknown;
mod values;
mod vendor;
#[cfg(feature = "xml")]
pub(crate) mod xml;

pub use codec::TextCodec;
#[cfg(any(feature = "json", feature = "xml"))]
pub use deviation::{DecodedText, TextDeviation, TextDeviationKind};
pub use error::{TextError, TextErrorKind};
#[cfg(feature = "json")]
pub use json::JsonOptions;
pub use options::{DateForm, NameForm, NumberForm, TagForm};
#[cfg(any(feature = "json", feature = "xml"))]
pub use options::{TextMode, TextOptions};
pub use vendor::RegisterError;
#[cfg(feature = "xml")]
pub use xml::{XmlMessage, XmlOptions};

pub(crate) use codec::{STANDARD, is_deeper};
pub(crate) use error::did_you_mean;
#[cfg(feature = "json")]
pub(crate) use fold::tags_like;
#[cfg(any(feature = "json", feature = "xml"))]
pub(crate) use fold::values as values_like;
#[cfg(feature = "serde")]
pub use json::serialize;
pub(crate) use names::{Table, ValueNames, attribute_name};
#[cfg(feature = "xml")]
pub(crate) use node::{Content, Node};
#[cfg(feature = "dump")]
pub(crate) use pretty::Printer;
pub(crate) use pretty::{value_text, write as write_text};
