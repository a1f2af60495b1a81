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
