//! Attributes from a name and a text, as somebody types them.

use super::{Attribute, AttributeReference, Name, VendorAttribute};
use crate::generated::attributes::ATTRIBUTES;
use crate::item::Value;
use crate::tables::Names;
use crate::text::{TextCodec, TextError, TextMode, tags_like};
use crate::{DecodeError, ItemType, Tag};

/// A name and a text are no attribute.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttributeTextError {
    /// The standard has no attribute of this name.
    #[error("{name:?} is not the name of an attribute{}", Suggested(*.suggestion))]
    Unknown {
        /// The name.
        name: String,
        /// The name of an attribute that is nearly it.
        suggestion: Option<&'static str>,
    },
    /// The attribute is a structure, whose text is the JSON of its fields.
    #[error(
        "{attribute} is a structure: give its fields in JSON, as [{{\"tag\":…,\"type\":…,\"value\":…}},…]"
    )]
    Structure {
        /// The attribute.
        attribute: Tag,
    },
    /// The text is no value of the attribute.
    #[error("{text:?} is no value of {attribute}: {error}")]
    Value {
        /// The attribute.
        attribute: Tag,
        /// The text.
        text: String,
        /// Why.
        error: TextError,
    },
    /// The value does not fit the attribute.
    #[error("{attribute}: {error}")]
    Decode {
        /// The attribute.
        attribute: Tag,
        /// Why.
        error: DecodeError,
    },
}

struct Suggested(Option<&'static str>);

impl core::fmt::Display for Suggested {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.map_or(Ok(()), |name| write!(f, "; did you mean {name}?"))
    }
}

impl Attribute {
    /// The attribute of this name with the value that a text says.
    ///
    /// The name may be spelled in any case and with any marks between its words. A text is a name of an enumeration, names of
    /// bits with `|` between them, a number, `true` or `false`, a date as in `2027-01-01T00:00:00Z`, seconds of an
    /// interval, hex digits of bytes, or itself; for a structure it is the standard's JSON of its fields, in brackets. A
    /// name with `x-` or `y-` before it is a custom attribute of text.
    ///
    /// ```
    /// use kmip_types::attribute::Attribute;
    /// use kmip_types::enumerations::State;
    /// assert_eq!(Attribute::from_text("state", "pre-active")?, Attribute::State(State::PreActive));
    /// assert_eq!(Attribute::from_text("Cryptographic Length", "256")?, Attribute::CryptographicLength(256));
    /// assert_eq!(Attribute::from_text("name", "app")?, Attribute::Name("app".into()));
    /// let error = Attribute::from_text("Comnent", "ops").unwrap_err();
    /// assert_eq!(error.to_string(), "\"Comnent\" is not the name of an attribute; did you mean Comment?");
    /// # Ok::<(), kmip_types::attribute::AttributeTextError>(())
    /// ```
    ///
    /// # Errors
    /// [`AttributeTextError`]: there is no such attribute, or it has no such value.
    pub fn from_text(name: &str, text: &str) -> Result<Self, AttributeTextError> {
        if let Some((vendor, name)) = super::reference::split_custom(name) {
            return Ok(Self::Vendor(Box::new(VendorAttribute {
                vendor_identification: vendor.to_owned(),
                attribute_name: name.to_owned(),
                attribute_value: Value::TextString(text.to_owned()),
            })));
        }
        let attribute = named(name)?;
        let is_json = text.starts_with('[');
        if attribute == Tag::NAME && !is_json {
            return Ok(Self::Name(Name::text(text)));
        }
        let item_type = item_type(attribute, is_json)?;
        let invalid = |error| AttributeTextError::Value { attribute, text: text.to_owned(), error };
        let bare = matches!(item_type, ItemType::Boolean | ItemType::Structure)
            || matches!(item_type, ItemType::Interval) && text.parse::<u32>().is_ok();
        let value = match bare {
            true => text.to_owned(),
            false => serde_json::Value::from(text).to_string(),
        };
        let json = format!(r#"{{"tag":"0x{:06X}","type":"{item_type}","value":{value}}}"#, attribute.value());
        let item = TextCodec::new().mode(TextMode::Lenient).item_from_json(&json).map_err(invalid)?;
        // What was read from a text is within the limits.
        let bytes = zeroize::Zeroizing::new(item.to_ttlv().unwrap_or_default());
        crate::ttlv::decode(attribute, &bytes)
            .map_err(|error| AttributeTextError::Decode { attribute, error })
    }
}

impl AttributeReference {
    /// The reference to the attribute of this name, in any case and with any marks between its words; to a custom one, if
    /// `x-` or `y-` is before it.
    ///
    /// # Errors
    /// [`AttributeTextError::Unknown`].
    pub fn from_text(name: &str) -> Result<Self, AttributeTextError> {
        match super::reference::split_custom(name) {
            Some(_) => Ok(Self::from_name(name)),
            None => named(name).map(Self::from),
        }
    }
}

/// The tag of an attribute.
fn named(name: &str) -> Result<Tag, AttributeTextError> {
    let known = |tag: &Tag| ATTRIBUTES.iter().any(|info| info.tag == Some(*tag));
    let found: Vec<Tag> = tags_like(name).into_iter().map(Tag::from_raw).filter(known).collect();
    match found.as_slice() {
        [tag] => Ok(*tag),
        _ => {
            let names = ATTRIBUTES.iter().map(|info| info.name);
            let suggestion = crate::nearest::nearest(name, names);
            Err(AttributeTextError::Unknown { name: name.to_owned(), suggestion })
        }
    }
}

/// The type that a text is read as.
fn item_type(attribute: Tag, is_json: bool) -> Result<ItemType, AttributeTextError> {
    let Some(info) = attribute.info() else { return Ok(ItemType::TextString) };
    let order = [
        ItemType::TextString,
        ItemType::Enumeration,
        ItemType::DateTime,
        ItemType::Interval,
        ItemType::Integer,
        ItemType::LongInteger,
        ItemType::Boolean,
        ItemType::ByteString,
        ItemType::BigInteger,
        ItemType::DateTimeExtended,
    ];
    let by_names = match info.names {
        Names::Mask(_) => Some(ItemType::Integer),
        _ => None,
    };
    if is_json && info.types.contains(ItemType::Structure) {
        return Ok(ItemType::Structure);
    }
    let first = order.into_iter().find(|item_type| info.types.contains(*item_type));
    by_names.or(first).ok_or(AttributeTextError::Structure { attribute })
}
