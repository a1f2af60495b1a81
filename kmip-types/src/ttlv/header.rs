//! The eight bytes before each value.

use crate::item_type::ItemType;
use crate::tag::Tag;

/// The header of an item: tag, type and length (KMIP 1.4 section 9.1.1, 2.1 sections 10.1.1 to 10.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The tag.
    pub tag: Tag,
    /// The type.
    pub item_type: ItemType,
    /// The length of the value in bytes, without its padding.
    pub length: usize,
    /// The offset of the header's first byte.
    pub offset: usize,
}

impl Header {
    /// The size of a header in bytes.
    pub const SIZE: usize = 8;

    /// The header of the item that `bytes` start with, if all of that is there and the type has values of that length.
    /// What is wrong with another, a [`Reader`](super::Reader) says.
    #[inline]
    pub fn of_first(bytes: &[u8]) -> Option<Self> {
        let (header, behind) = bytes.split_first_chunk()?;
        let header = Self::from_bytes(*header, 0).ok()?;
        (header.has_valid_length() && header.fits(behind.len())).then_some(header)
    }

    /// Whether the value, with its padding, fits into the bytes behind the header.
    #[inline(always)]
    pub(super) fn fits(&self, available: usize) -> bool {
        self.length <= available && padded(self.length) <= available
    }

    /// What the eight bytes at an offset say; the number of the item type, if there is none of that number.
    #[inline(always)]
    pub(super) fn from_bytes(bytes: [u8; Self::SIZE], offset: usize) -> Result<Self, u8> {
        let [tag_high, tag_middle, tag_low, item_type, length @ ..] = bytes;
        let tag = Tag::from_raw(u32::from_be_bytes([0, tag_high, tag_middle, tag_low]));
        let item_type = ItemType::from_number(item_type).ok_or(item_type)?;
        Ok(Self { tag, item_type, length: u32::from_be_bytes(length) as usize, offset })
    }

    /// The eight bytes of a header as a number.
    #[inline(always)]
    pub(crate) const fn number(tag: Tag, item_type: ItemType, length: u32) -> u64 {
        ((tag.value() as u64) << 40) | ((item_type.number() as u64) << 32) | length as u64
    }

    /// The value of an item, if it is all that it should be: of a type that takes eight bytes with its padding,
    /// of which `LENGTH` are the value.
    #[inline(always)]
    pub(crate) const fn value_of<const LENGTH: u32>(
        tag: Tag,
        item_type: ItemType,
        item: &[u8; 16],
    ) -> Option<u64> {
        let item = u128::from_be_bytes(*item);
        let (header, value) = ((item >> 64) as u64, item as u64);
        let is_padded = LENGTH == 8 || value as u32 == 0;
        if header != Self::number(tag, item_type, LENGTH) || !is_padded {
            return None;
        }
        Some(if LENGTH == 8 { value } else { value >> 32 })
    }

    /// Whether the type has values of that length.
    pub(crate) fn has_valid_length(&self) -> bool {
        match self.item_type.fixed_length() {
            Some(fixed) => self.length == fixed,
            // Items are padded, so what a structure holds is a multiple of eight; so is a Big Integer.
            None => match self.item_type {
                ItemType::Structure => self.length.is_multiple_of(8),
                ItemType::BigInteger => self.length.is_multiple_of(8) && self.length > 0,
                _ => true,
            },
        }
    }

    /// The offset of the value's first byte.
    #[inline]
    pub fn value_start(&self) -> usize {
        self.offset + Self::SIZE
    }

    /// The offset after the value and its padding.
    #[inline]
    pub fn end(&self) -> usize {
        self.value_start() + padded(self.length)
    }
}

/// The length with its padding to a multiple of eight bytes.
#[inline]
pub(crate) const fn padded(length: usize) -> usize {
    (length + 7) & !7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::ttlv::{Mode, Reader};

    #[test]
    fn the_first_header_is_the_one_that_a_reader_gives() {
        let peeked = |bytes: &[u8]| Reader::new(bytes, Mode::Strict, Limits::default()).unwrap().peek();
        // Of each type and one that there is not, with lengths that fit and that do not.
        for item_type in 0..=12 {
            for length in [0, 1, 4, 8, 9, 16, 17, u8::MAX] {
                for high in [0, 0xFF] {
                    let mut bytes = vec![0x42, 0x00, 0x78, item_type, high, 0, 0, length];
                    bytes.extend([0; 16]);
                    for end in 0..=bytes.len() {
                        let expected = peeked(&bytes[..end]).ok().flatten();
                        assert_eq!(Header::of_first(&bytes[..end]), expected, "{bytes:02X?} to {end}");
                    }
                }
            }
        }
    }
}
