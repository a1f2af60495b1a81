//! Making items: one constructor for each item type, and those that know names.

use crate::item::mask::{MaskError, encode_mask};
use crate::item::{Item, TagName, UnknownTagName, Value};
use crate::primitive::{BigInteger, DateTime, DateTimeExtended, Interval};
use crate::tag::Tag;
use crate::text::{STANDARD, Table, ValueNames, did_you_mean};

/// ```
/// use kmip_types::generated::enumerations::Operation;
/// use kmip_types::{Item, Tag};
///
/// let batch_item = Item::structure(Tag::BATCH_ITEM, vec![
///     Item::enumeration(Tag::OPERATION, Operation::DiscoverVersions),
///     Item::structure(Tag::REQUEST_PAYLOAD, vec![]),
/// ]);
/// assert_eq!(batch_item.fields().len(), 2);
/// ```
impl Item {
    /// A Structure of items, in their order.
    pub fn structure(tag: Tag, fields: Vec<Item>) -> Self {
        Self::new(tag, Value::Structure(fields))
    }

    /// An Integer.
    pub fn integer(tag: Tag, value: i32) -> Self {
        Self::new(tag, Value::Integer(value))
    }

    /// A Long Integer.
    pub fn long_integer(tag: Tag, value: i64) -> Self {
        Self::new(tag, Value::LongInteger(value))
    }

    /// A Big Integer.
    pub fn big_integer(tag: Tag, value: impl Into<BigInteger>) -> Self {
        Self::new(tag, Value::BigInteger(value.into()))
    }

    /// An Enumeration, by a value of one of the standard's enumerations or by number.
    pub fn enumeration(tag: Tag, value: impl Into<u32>) -> Self {
        Self::new(tag, Value::Enumeration(value.into()))
    }

    /// A Boolean.
    pub fn boolean(tag: Tag, value: bool) -> Self {
        Self::new(tag, Value::Boolean(value))
    }

    /// A Text String.
    pub fn text_string(tag: Tag, value: impl Into<String>) -> Self {
        Self::new(tag, Value::TextString(value.into()))
    }

    /// A Byte String.
    pub fn byte_string(tag: Tag, value: impl Into<Vec<u8>>) -> Self {
        Self::new(tag, Value::ByteString(value.into()))
    }

    /// A Date-Time.
    pub fn date_time(tag: Tag, value: impl Into<DateTime>) -> Self {
        Self::new(tag, Value::DateTime(value.into()))
    }

    /// A Date-Time Extended.
    pub fn date_time_extended(tag: Tag, value: impl Into<DateTimeExtended>) -> Self {
        Self::new(tag, Value::DateTimeExtended(value.into()))
    }

    /// An Interval.
    pub fn interval(tag: Tag, value: impl Into<Interval>) -> Self {
        Self::new(tag, Value::Interval(value.into()))
    }

    /// An item whose tag is given by name, and whose item type is that of the value.
    ///
    /// ```
    /// use kmip_types::{Interval, Item};
    ///
    /// let version = Item::named("Protocol Version", vec![
    ///     Item::named("Protocol Version Major", 1)?,
    ///     Item::named("Protocol Version Minor", 3)?,
    /// ])?;
    /// let lease = Item::named("LeaseTime", Interval::from_seconds(42))?;
    /// # Ok::<(), kmip_types::item::UnknownTagName>(())
    /// ```
    ///
    /// # Errors
    /// No tag has the name.
    pub fn named(tag: impl TagName, value: impl Into<Value>) -> Result<Self, UnknownTagName> {
        Ok(Self::new(tag.to_tag()?, value.into()))
    }

    /// An Enumeration whose value is given by name, wire or spelled out.
    ///
    /// ```
    /// use kmip_types::{Item, Tag, Value};
    /// let operation = Item::enumeration_named("Operation", "Discover Versions")?;
    /// assert_eq!(operation.value, Value::Enumeration(0x1E));
    /// # Ok::<(), kmip_types::item::NameError>(())
    /// ```
    ///
    /// # Errors
    /// No tag has the name, or none of its values has.
    pub fn enumeration_named(tag: impl TagName, name: &str) -> Result<Self, NameError> {
        let tag = tag.to_tag()?;
        match STANDARD.value_names(tag) {
            ValueNames::Enumeration(table) => Ok(Self::enumeration(tag, number(table, name)?)),
            _ => Err(NameError::Nameless { tag }),
        }
    }

    /// A mask, with the bits of these names set.
    ///
    /// ```
    /// use kmip_types::{Item, Tag};
    /// let mask = Item::mask(Tag::CRYPTOGRAPHIC_USAGE_MASK, ["Encrypt", "Decrypt"])?;
    /// assert_eq!(mask, Item::integer(Tag::CRYPTOGRAPHIC_USAGE_MASK, 12));
    /// # Ok::<(), kmip_types::item::MaskError>(())
    /// ```
    ///
    /// # Errors
    /// No tag has the name, it is not that of a mask, or none of its bits has one of the names.
    pub fn mask<'a>(tag: impl TagName, names: impl IntoIterator<Item = &'a str>) -> Result<Self, MaskError> {
        let tag = tag.to_tag()?;
        Ok(Self::integer(tag, encode_mask(tag, names)?))
    }

    /// An Attribute in the form before KMIP 2.0: its name, as the standard spells it or starting with `x-` or
    /// `y-`, and its value.
    ///
    /// ```
    /// use kmip_types::Item;
    /// let length = Item::attribute("Cryptographic Length", 256);
    /// let name = Item::attribute("x-Name", "s3-thekey");
    /// ```
    pub fn attribute(name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = Self::text_string(Tag::ATTRIBUTE_NAME, name);
        let value = Self::new(Tag::ATTRIBUTE_VALUE, value.into());
        Self::structure(Tag::ATTRIBUTE, vec![name, value])
    }

    /// An Attribute in the form before KMIP 2.0, one of several with its name.
    pub fn attribute_at(name: impl Into<String>, index: i32, value: impl Into<Value>) -> Self {
        let name = Self::text_string(Tag::ATTRIBUTE_NAME, name);
        let index = Self::integer(Tag::ATTRIBUTE_INDEX, index);
        let value = Self::new(Tag::ATTRIBUTE_VALUE, value.into());
        Self::structure(Tag::ATTRIBUTE, vec![name, index, value])
    }

    /// An Attribute in the form before KMIP 2.0 whose value is given by name: the Attribute Name says of
    /// which enumeration.
    ///
    /// ```
    /// use kmip_types::Item;
    /// let algorithm = Item::attribute_named("Cryptographic Algorithm", "AES")?;
    /// assert_eq!(algorithm, Item::attribute("Cryptographic Algorithm", kmip_types::Value::Enumeration(3)));
    /// let usage = Item::attribute_named("Cryptographic Usage Mask", "Encrypt|Decrypt")?;
    /// assert_eq!(usage, Item::attribute("Cryptographic Usage Mask", 12));
    /// # Ok::<(), kmip_types::item::NameError>(())
    /// ```
    ///
    /// # Errors
    /// The attribute's value is not an enumeration or a mask, or has no such name.
    pub fn attribute_named(name: &str, value: &str) -> Result<Self, NameError> {
        let tag: Tag = name.parse()?;
        let value = match STANDARD.value_names(tag) {
            ValueNames::Enumeration(table) => Value::Enumeration(number(table, value)?),
            ValueNames::Mask(_) => Value::Integer(encode_mask(tag, value.split('|').map(str::trim))?),
            ValueNames::None => return Err(NameError::Nameless { tag }),
        };
        Ok(Self::attribute(name, value))
    }
}

/// A name is not that of a tag, or not of a tag's values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No tag has this name.
    #[error(transparent)]
    Tag(#[from] UnknownTagName),
    /// The values of the tag have no names.
    #[error("the values of {tag} have no names")]
    Nameless {
        /// The tag.
        tag: Tag,
    },
    /// The enumeration has no such name.
    #[error("{table} has no value named {name:?}{}", did_you_mean(suggestion.as_slice()))]
    Value {
        /// The name of the enumeration.
        table: String,
        /// The name that was given.
        name: String,
        /// The nearest known name.
        suggestion: Option<String>,
    },
    /// The names are not those of a mask's bits.
    #[error(transparent)]
    Mask(#[from] MaskError),
}

fn number(table: Table<'_>, name: &str) -> Result<u32, NameError> {
    table.number(name).ok_or_else(|| NameError::Value {
        table: table.title().to_owned(),
        name: name.to_owned(),
        suggestion: table.nearest(name).map(str::to_owned),
    })
}
