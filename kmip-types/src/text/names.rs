//! Names of tags and of values, as all text encodings use them.

#[cfg(any(feature = "json", feature = "xml"))]
use std::borrow::Cow;

use crate::generated::tags::TAGS;
use crate::item::{Item, Value};
use crate::nearest::nearest;
use crate::tables::{EnumerationInfo, MaskInfo, Names};
use crate::tag::Tag;
use crate::text::values;
use crate::text::vendor::{VendorNames, VendorTags, VendorValues};

/// What names the value of an item.
#[derive(Clone, Copy)]
pub(crate) enum ValueNames<'c> {
    /// Nothing.
    None,
    /// An enumeration.
    Enumeration(Table<'c>),
    /// A mask.
    Mask(Table<'c>),
}

/// Names of numbers.
#[derive(Clone, Copy)]
pub(crate) enum Table<'c> {
    Enumeration(&'static EnumerationInfo),
    Mask(&'static MaskInfo),
    Vendor(&'c VendorNames),
    Tags(&'c VendorTags),
}

impl VendorTags {
    /// The name of a tag in JSON and XML, if it has one.
    pub(super) fn wire_name(&self, tag: Tag) -> Option<&str> {
        tag.name().or_else(|| self.name(tag))
    }

    /// The tag with this name in JSON and XML: of the standard in any version, registered, or in hex.
    pub(super) fn wire_tag(&self, name: &str) -> Option<Tag> {
        match Tag::from_wire_name(name).or_else(|| self.tag(name)) {
            Some(tag) => Some(tag),
            // All six digits, so that a slip of the pen is not another tag.
            None => values::hex_u32(name).filter(|_| name.len() == 8).and_then(Tag::new),
        }
    }

    /// What names the value of an item with this tag. `attribute` is the Attribute Name beside it: before
    /// KMIP 2.0, that and not the tag says what an Attribute Value is.
    pub(crate) fn value_names(&self, tag: Tag, attribute: Option<&str>) -> ValueNames<'_> {
        let tag = match attribute {
            Some(name) if tag == Tag::ATTRIBUTE_VALUE => {
                match Tag::from_name(name).or_else(|| self.tag(name)) {
                    Some(named) => named,
                    None => return ValueNames::None,
                }
            }
            _ => tag,
        };
        match tag.info().map(|info| info.names) {
            Some(Names::Enumeration(info)) => ValueNames::Enumeration(Table::Enumeration(info)),
            Some(Names::Mask(info)) => ValueNames::Mask(Table::Mask(info)),
            Some(Names::Tags) => ValueNames::Enumeration(Table::Tags(self)),
            Some(Names::None) => ValueNames::None,
            None => match self.values(tag) {
                VendorValues::Enumeration(names) => ValueNames::Enumeration(Table::Vendor(names)),
                VendorValues::Mask(names) => ValueNames::Mask(Table::Vendor(names)),
                VendorValues::None => ValueNames::None,
            },
        }
    }
}

/// The Attribute Name among the fields of a structure, if it is one of the standard's and not of a vendor's
/// name space.
pub(crate) fn attribute_name(fields: &[Item]) -> Option<&str> {
    let is_vendors = |item: &Item| item.tag == Tag::VENDOR_IDENTIFICATION;
    if !fields.iter().any(|item| item.tag == Tag::ATTRIBUTE_VALUE) || fields.iter().any(is_vendors) {
        return None;
    }
    fields.iter().find_map(|item| match &item.value {
        Value::TextString(text) if item.tag == Tag::ATTRIBUTE_NAME => Some(text.as_str()),
        _ => None,
    })
}

impl<'c> Table<'c> {
    /// What it is called in an error.
    pub(crate) fn title(self) -> &'c str {
        match self {
            Self::Enumeration(info) => info.name,
            Self::Mask(info) => info.name,
            Self::Vendor(names) => &names.title,
            Self::Tags(_) => "Tag",
        }
    }

    /// The name of a number.
    pub(crate) fn name(self, number: u32) -> Option<&'c str> {
        match self {
            Self::Enumeration(info) => info.by_value(number).map(|row| row.name),
            Self::Mask(info) => info.bits.iter().find(|row| row.value == number).map(|row| row.name),
            Self::Vendor(names) => {
                let at = names.rows.binary_search_by_key(&number, |row| row.0).ok()?;
                Some(&names.rows[at].1)
            }
            Self::Tags(vendor) => vendor.wire_name(Tag::new(number)?),
        }
    }

    /// The number that a name stands for.
    pub(crate) fn number(self, name: &str) -> Option<u32> {
        match self {
            Self::Enumeration(info) => info.by_name(name).map(|row| row.value),
            Self::Mask(info) => info.by_name(name).map(|row| row.value),
            Self::Vendor(names) => names.rows.iter().find(|row| row.1 == name).map(|row| row.0),
            Self::Tags(vendor) => vendor.wire_tag(name).or_else(|| Tag::from_name(name)).map(Tag::value),
        }
    }

    /// The names of the bits in a number, and the bits that have no name.
    pub(super) fn bit_names(self, bits: u32) -> (Vec<&'c str>, u32) {
        match self {
            Self::Mask(info) => info.names(bits),
            Self::Vendor(names) => {
                let set = |row: &&(u32, String)| row.0 != 0 && bits & row.0 == row.0;
                let rows: Vec<&(u32, String)> = names.rows.iter().filter(set).collect();
                let named = rows.iter().fold(0, |all, row| all | row.0);
                (rows.into_iter().map(|row| row.1.as_str()).collect(), bits & !named)
            }
            Self::Enumeration(_) | Self::Tags(_) => (Vec::new(), bits),
        }
    }

    /// The names of the bits in a number with `separator` between them; what has no name is last, in hex.
    pub(crate) fn join(self, bits: u32, separator: &str) -> String {
        let (names, unnamed) = self.bit_names(bits);
        let mut joined = names.join(separator);
        if unnamed != 0 || joined.is_empty() {
            if !joined.is_empty() {
                joined.push_str(separator);
            }
            joined.push_str(&values::hex_of_u32(unnamed));
        }
        joined
    }

    /// The name of an enumeration's value, or its number in hex.
    #[cfg(any(feature = "json", feature = "xml"))]
    pub(crate) fn label(self, number: u32) -> Cow<'c, str> {
        self.name(number).map_or_else(|| values::hex_of_u32(number).into(), Cow::Borrowed)
    }

    /// The name in the table that is nearest to one that is not.
    #[cold]
    pub(crate) fn nearest(self, name: &str) -> Option<&'c str> {
        match self {
            Self::Enumeration(info) => nearest(name, info.values.iter().map(|row| row.name)),
            Self::Mask(info) => nearest(name, info.bits.iter().map(|row| row.name)),
            Self::Vendor(names) => nearest(name, names.rows.iter().map(|row| row.1.as_str())),
            Self::Tags(vendor) => nearest(name, TAGS.iter().map(|info| info.name).chain(vendor.names())),
        }
    }
}

/// A name as an error quotes it: what is longer than any name is cut.
#[cfg(any(feature = "json", feature = "xml"))]
pub(super) fn shortened(name: &str) -> String {
    match name.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
