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
mod error;
mod json;
mod names;
mod node;
mod options;
mod pretty;
mod resolve;
mod trail;
mod values;
mod vendor;
mod xml;

pub use codec::{TextCodec, XmlMessage};
pub use error::{TextError, TextErrorKind};
pub use options::{DateForm, JsonOptions, NameForm, NumberForm, TagForm, XmlOptions};
pub use vendor::RegisterError;

pub(crate) use codec::STANDARD;
pub(crate) use error::did_you_mean;
#[cfg(feature = "serde")]
pub use json::serialize;
pub(crate) use names::{Table, ValueNames};
pub(crate) use pretty::write as write_text;
