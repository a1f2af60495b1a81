//! Tags: the three bytes that name an item.

use core::fmt;

use crate::generated::tags::{TAG_NAMES, TAG_SPELLED_NAMES, TAGS};
use crate::name_index::{NameIndex, slots};
use crate::tables::TagInfo;

/// The tag of a TTLV item, a number of three bytes (KMIP 1.4 section 9.1.3.1, 2.1 section 11.56).
///
/// Tags of the standard start with `0x42`, those of vendors with `0x54`. Any three bytes are kept, so that
/// an item of a later version survives. The known ones are associated constants, such as
/// [`Tag::UNIQUE_IDENTIFIER`].
///
/// ```
/// use kmip_types::Tag;
/// assert_eq!(Tag::ACTIVATION_DATE.value(), 0x420001);
/// assert_eq!(Tag::from_name("Activation Date"), Some(Tag::ACTIVATION_DATE));
/// assert_eq!(Tag::new(0x540001).unwrap().to_string(), "0x540001");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(u32);

impl Tag {
    /// The largest tag value.
    pub const MAX: u32 = 0x00FF_FFFF;

    /// The tag with this number, if it fits in three bytes.
    #[inline]
    pub const fn new(value: u32) -> Option<Self> {
        if value <= Self::MAX { Some(Self(value)) } else { None }
    }

    /// The tag with the low three bytes of this number: for constants, where the number is known to fit.
    #[inline]
    pub const fn from_raw(value: u32) -> Self {
        Self(value & Self::MAX)
    }

    /// The number.
    #[inline]
    pub const fn value(self) -> u32 {
        self.0
    }

    /// Whether a vendor defines this tag (`0x54xxxx`).
    pub const fn is_vendor(self) -> bool {
        self.0 >> 16 == 0x54
    }

    /// What the standard says of this tag, if it is one of the standard's.
    pub fn info(self) -> Option<&'static TagInfo> {
        let index = BY_NUMBER.get(self.0.wrapping_sub(FIRST) as usize)?;
        TAGS.get(usize::from(*index))
    }

    /// The name in JSON and XML, such as `ActivationDate`.
    pub fn name(self) -> Option<&'static str> {
        self.info().map(|info| info.name)
    }

    /// The name as the standard spells it, such as `Activation Date`.
    pub fn spelled_name(self) -> Option<&'static str> {
        self.info().map(|info| info.spelled)
    }

    /// The tag of the standard with this name: the wire name (`ActivationDate`), the spelled-out name
    /// (`Activation Date`), or a name of either form that an earlier version used.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_wire_name(name).or_else(|| BY_SPELLED_NAME.find(TAG_SPELLED_NAMES, name))
    }

    /// The tag of the standard with this name in JSON and XML.
    pub fn from_wire_name(name: &str) -> Option<Self> {
        BY_NAME.find(TAG_NAMES, name)
    }

    /// The three bytes on the wire.
    #[inline]
    pub const fn to_bytes(self) -> [u8; 3] {
        let [_, a, b, c] = self.0.to_be_bytes();
        [a, b, c]
    }
}

/// The number from which the standard's tags count.
const FIRST: u32 = 0x42_0000;

/// The index of a tag's row by its number, counted from the first.
static BY_NUMBER: [u16; reach(TAGS)] = by_number(TAGS);

/// How many numbers there are from the first to the last of the rows, which are in their order.
const fn reach(rows: &[TagInfo]) -> usize {
    match rows.last() {
        Some(last) => (last.tag.0 - FIRST) as usize + 1,
        None => 0,
    }
}

const fn by_number<const REACH: usize>(rows: &[TagInfo]) -> [u16; REACH] {
    assert!(rows.len() < u16::MAX as usize);
    let mut table = [u16::MAX; REACH];
    let mut index = 0;
    while index < rows.len() {
        table[(rows[index].tag.0 - FIRST) as usize] = index as u16;
        index += 1;
    }
    table
}

static BY_NAME: NameIndex<{ slots(TAG_NAMES.len()) }> = NameIndex::new(TAG_NAMES);
static BY_SPELLED_NAME: NameIndex<{ slots(TAG_SPELLED_NAMES.len()) }> = NameIndex::new(TAG_SPELLED_NAMES);

impl From<Tag> for u32 {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

/// The wire name, or six hex digits after `0x` for a tag that is not the standard's.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "0x{:06X}", self.0),
        }
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Names;
    use crate::{ItemTypes, ProtocolVersion};

    #[test]
    fn every_known_tag_is_found_by_number_and_name() {
        for info in TAGS {
            assert_eq!(info.tag.info().map(|found| found.name), Some(info.name));
            assert_eq!(Tag::from_wire_name(info.name), Some(info.tag), "{}", info.name);
            assert_eq!(Tag::from_name(info.spelled), Some(info.tag), "{}", info.spelled);
        }
        for (name, tag) in TAG_NAMES.iter().chain(TAG_SPELLED_NAMES) {
            assert_eq!(Tag::from_name(name), Some(*tag), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_not_found() {
        for name in
            ["", "d", "activationDate", "ActivationDat", "ActivationDates", "Activation  Date", "x540001"]
        {
            assert_eq!(Tag::from_name(name), None, "{name:?}");
        }
        assert_eq!(Tag::from_wire_name("Activation Date"), None);
    }

    /// Nothing ends at the last tag of today.
    #[test]
    fn rows_of_any_number_are_found() {
        const ROWS: &[TagInfo] = &[row(0x42_0001), row(0x42_01FF), row(0x42_0200), row(0x42_1234)];
        const fn row(number: u32) -> TagInfo {
            TagInfo {
                tag: Tag(number),
                name: "",
                spelled: "",
                aliases: &[],
                since: ProtocolVersion::V1_0,
                until: None,
                deprecated: None,
                types: ItemTypes::ANY,
                names: Names::None,
            }
        }
        static TABLE: [u16; reach(ROWS)] = by_number(ROWS);
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(TABLE[(row.tag.0 - FIRST) as usize] as usize, index);
        }
        assert_eq!(TABLE.len(), 0x1235);
        assert_eq!(TABLE.iter().filter(|index| **index != u16::MAX).count(), ROWS.len());
    }

    #[test]
    fn unknown_numbers_are_shown_in_hex() {
        assert_eq!(Tag::from_raw(0x54_0001).to_string(), "0x540001");
        assert_eq!(Tag::new(0x0100_0000), None);
    }
}
