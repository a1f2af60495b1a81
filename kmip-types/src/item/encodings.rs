//! An item in each encoding, by the rules of the standard alone. What knows a vendor's tags is a
//! [`TextCodec`](crate::text::TextCodec).

use core::fmt;

use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::item::{Item, Secrecy, Siblings, Value};
use crate::limits::Limits;
use crate::tag::Tag;
#[cfg(any(feature = "json", feature = "xml"))]
use crate::text::TextError;
use crate::text::{STANDARD, write_text};
use crate::ttlv::{Decode, Encode, Mode, Reader, Writer};
use crate::version::ProtocolVersion;
use crate::wipe;

impl Item {
    /// The one item that the bytes hold as binary TTLV.
    ///
    /// # Errors
    /// The bytes are not exactly one item, or a limit is exceeded.
    pub fn from_ttlv(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::from_ttlv_within(bytes, Limits::DEFAULT)
    }

    /// The one item that the bytes hold as binary TTLV, within other limits.
    ///
    /// # Errors
    /// The bytes are not exactly one item, or a limit is exceeded.
    pub fn from_ttlv_within(bytes: &[u8], limits: Limits) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes, Mode::Strict, limits)?;
        // Without a header there is no tag: reading any then says what is wrong.
        let tag = reader.peek_tag().unwrap_or(Tag::from_raw(0));
        let item = Self::decode(tag, &mut reader)?;
        reader.finish()?;
        Ok(item)
    }

    /// The item as binary TTLV. Its secrets are in the bytes, which the caller wipes.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub fn to_ttlv(&self) -> Result<Vec<u8>, EncodeError> {
        // An item is what it is in any version; only the latest takes all item types.
        let mut writer = Writer::new(ProtocolVersion::V2_1);
        self.write(&mut writer)?;
        Ok(writer.into_bytes())
    }

    /// The one item that a JSON text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    #[cfg(feature = "json")]
    pub fn from_json(text: &str) -> Result<Self, TextError> {
        STANDARD.item_from_json(text)
    }

    /// The item as JSON text, in the default form.
    ///
    /// # Errors
    /// A limit is exceeded.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> Result<String, TextError> {
        STANDARD.item_to_json(self)
    }

    /// The one item that an XML text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    #[cfg(feature = "xml")]
    pub fn from_xml(text: &str) -> Result<Self, TextError> {
        STANDARD.item_from_xml(text)
    }

    /// The item as XML text, in the default form.
    ///
    /// # Errors
    /// A limit is exceeded, or a text holds a character that XML lacks.
    #[cfg(feature = "xml")]
    pub fn to_xml(&self) -> Result<String, TextError> {
        STANDARD.item_to_xml(self)
    }
}

/// The item that a value is under `tag` in the form of `version`: for tools that take items, and to look at
/// the value in the text encodings.
///
/// ```
/// use kmip_types::{ProtocolVersion, Tag, item};
/// let version = item::to_item(Tag::PROTOCOL_VERSION, &ProtocolVersion::V1_4, ProtocolVersion::V1_4)?;
/// assert_eq!(version.to_string(), "\
/// ProtocolVersion (Structure)
///   ProtocolVersionMajor (Integer): 1
///   ProtocolVersionMinor (Integer): 4");
/// # Ok::<(), kmip_types::EncodeError>(())
/// ```
///
/// # Errors
/// [`EncodeError`] where the version has no form for the value, or a limit is exceeded.
pub fn to_item<T: Encode + ?Sized>(
    tag: Tag,
    value: &T,
    version: ProtocolVersion,
) -> Result<Item, EncodeError> {
    let mut writer = Writer::new(version);
    value.encode(tag, &mut writer)?;
    let bytes = zeroize::Zeroizing::new(writer.into_bytes());
    // What a writer has written is valid: only an `Encode` that writes another number of items than one fails
    // here.
    Item::from_ttlv_within(&bytes, Limits { items: usize::MAX, ..Limits::DEFAULT }).map_err(|error| {
        EncodeError::new(match error.kind() {
            DecodeErrorKind::DepthLimit { limit } => EncodeErrorKind::DepthLimit { limit: *limit },
            DecodeErrorKind::SizeLimit { limit, .. } => EncodeErrorKind::SizeLimit { limit: *limit },
            _ => EncodeErrorKind::InvalidValue { expected: "one item" },
        })
    })
}

/// The item that a value is under a tag in the newest version that has a form for it. What says why there is none is the
/// newest of all.
pub(crate) fn in_newest(tag: Tag, value: &dyn Encode) -> Result<Item, EncodeError> {
    let mut item = to_item(tag, value, ProtocolVersion::NEWEST);
    for version in ProtocolVersion::ALL.iter().rev().skip(1) {
        if item.is_ok() {
            break;
        }
        item = to_item(tag, value, *version).or(item);
    }
    item
}

/// The form for people: an item a line, indented, without secrets.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(&STANDARD, self, f)
    }
}

/// Without secrets.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self, &Siblings::NONE, false, 0, f)
    }
}

/// Without anything that may be a secret: there is no tag that would say that it is none.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_value(self, !matches!(self, Self::Structure(_)), 0, f)
    }
}

/// `Debug` of items that may be secrets, whatever their tags are: tags, types and sizes, and no values.
pub(crate) fn debug_hidden(items: &[Item], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    debug_items(items, true, 0, f)
}

fn debug(
    item: &Item,
    siblings: &Siblings,
    secret: bool,
    depth: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{} ", item.tag)?;
    let secret = match siblings.secrecy(item) {
        Secrecy::WithContent => true,
        Secrecy::Value => secret || !matches!(item.value, Value::Structure(_)),
        Secrecy::Public => secret,
    };
    debug_value(&item.value, secret, depth, f)
}

fn debug_items(items: &[Item], secret: bool, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let siblings = Siblings::of(items);
    f.write_str("{")?;
    for (index, item) in items.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { " " })?;
        debug(item, &siblings, secret, depth + 1, f)?;
    }
    f.write_str(if items.is_empty() { "}" } else { " }" })
}

fn debug_value(value: &Value, secret: bool, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let item_type = value.item_type();
    match value {
        Value::Structure(_) if depth >= Limits::DEFAULT.depth => f.write_str("{..}"),
        Value::Structure(items) => debug_items(items, secret, depth, f),
        Value::TextString(text) if secret => write!(f, "{item_type}({} bytes)", text.len()),
        Value::ByteString(bytes) if secret => write!(f, "{item_type}({} bytes)", bytes.len()),
        Value::BigInteger(number) if secret => {
            write!(f, "{item_type}({} bytes)", number.padded_bytes().len())
        }
        _ if secret => write!(f, "{item_type}(..)"),
        Value::Integer(number) => write!(f, "{item_type}({number})"),
        Value::LongInteger(number) => write!(f, "{item_type}({number})"),
        Value::BigInteger(number) => write!(f, "{number:?}"),
        Value::Enumeration(number) => write!(f, "{item_type}(0x{number:08x})"),
        Value::Boolean(value) => write!(f, "{item_type}({value})"),
        Value::TextString(text) => write!(f, "{item_type}({text:?})"),
        Value::ByteString(bytes) => {
            write!(f, "{item_type}(")?;
            wipe::write_hex(bytes, f)?;
            f.write_str(")")
        }
        Value::DateTime(date) => write!(f, "{item_type}({date})"),
        Value::Interval(span) => write!(f, "{item_type}({span})"),
        Value::DateTimeExtended(date) => write!(f, "{item_type}({date})"),
    }
}
