//! The item types of TTLV, and sets of them.

use core::fmt;

/// The type of a TTLV item: the fourth byte of its header (KMIP 1.4 section 9.1.1.2, 2.1 section 10.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ItemType {
    /// A sequence of items.
    Structure = 0x01,
    /// A signed 32-bit number.
    Integer = 0x02,
    /// A signed 64-bit number.
    LongInteger = 0x03,
    /// A signed number of any size, in a multiple of eight bytes.
    BigInteger = 0x04,
    /// An unsigned 32-bit number that stands for a name.
    Enumeration = 0x05,
    /// True or false, in eight bytes.
    Boolean = 0x06,
    /// UTF-8 text.
    TextString = 0x07,
    /// Bytes.
    ByteString = 0x08,
    /// Seconds since 1970-01-01T00:00:00Z, signed 64-bit.
    DateTime = 0x09,
    /// Seconds, unsigned 32-bit.
    Interval = 0x0A,
    /// Microseconds since 1970-01-01T00:00:00Z, signed 64-bit. Since KMIP 2.0.
    DateTimeExtended = 0x0B,
}

impl ItemType {
    /// All item types in the order of their numbers.
    pub const ALL: [ItemType; 11] = [
        Self::Structure,
        Self::Integer,
        Self::LongInteger,
        Self::BigInteger,
        Self::Enumeration,
        Self::Boolean,
        Self::TextString,
        Self::ByteString,
        Self::DateTime,
        Self::Interval,
        Self::DateTimeExtended,
    ];

    /// The item type with this number on the wire.
    #[inline]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0x01 => Self::Structure,
            0x02 => Self::Integer,
            0x03 => Self::LongInteger,
            0x04 => Self::BigInteger,
            0x05 => Self::Enumeration,
            0x06 => Self::Boolean,
            0x07 => Self::TextString,
            0x08 => Self::ByteString,
            0x09 => Self::DateTime,
            0x0A => Self::Interval,
            0x0B => Self::DateTimeExtended,
            _ => return None,
        })
    }

    /// The number on the wire.
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name in JSON and XML (`kmip-addtl-msg-enc` section 4.1.4).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Structure => "Structure",
            Self::Integer => "Integer",
            Self::LongInteger => "LongInteger",
            Self::BigInteger => "BigInteger",
            Self::Enumeration => "Enumeration",
            Self::Boolean => "Boolean",
            Self::TextString => "TextString",
            Self::ByteString => "ByteString",
            Self::DateTime => "DateTime",
            Self::Interval => "Interval",
            Self::DateTimeExtended => "DateTimeExtended",
        }
    }

    /// The item type with this name in JSON and XML. The spelled-out forms with a dash or spaces
    /// (`Date-Time`, `Text String`) are also understood.
    pub fn from_name(name: &str) -> Option<Self> {
        match Self::ALL.into_iter().find(|item_type| item_type.name() == name) {
            None if name.contains([' ', '-']) => {
                let squeezed: String = name.chars().filter(|c| *c != ' ' && *c != '-').collect();
                Self::ALL.into_iter().find(|item_type| item_type.name() == squeezed)
            }
            found => found,
        }
    }

    /// The length in bytes that a value of this type always has, before padding; `None` where it varies.
    #[inline]
    pub const fn fixed_length(self) -> Option<usize> {
        match self {
            Self::Integer | Self::Enumeration | Self::Interval => Some(4),
            Self::LongInteger | Self::Boolean | Self::DateTime | Self::DateTimeExtended => Some(8),
            Self::Structure | Self::BigInteger | Self::TextString | Self::ByteString => None,
        }
    }
}

impl fmt::Display for ItemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of item types: what the standard allows for a tag, or what a Rust type can be on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemTypes(u16);

impl ItemTypes {
    /// No item type.
    pub const NONE: Self = Self(0);
    /// Every item type.
    pub const ANY: Self = Self(0x0FFE);
    /// Structure.
    pub const STRUCTURE: Self = Self::only(ItemType::Structure);
    /// Integer.
    pub const INTEGER: Self = Self::only(ItemType::Integer);
    /// Long Integer.
    pub const LONG_INTEGER: Self = Self::only(ItemType::LongInteger);
    /// Big Integer.
    pub const BIG_INTEGER: Self = Self::only(ItemType::BigInteger);
    /// Enumeration.
    pub const ENUMERATION: Self = Self::only(ItemType::Enumeration);
    /// Boolean.
    pub const BOOLEAN: Self = Self::only(ItemType::Boolean);
    /// Text String.
    pub const TEXT_STRING: Self = Self::only(ItemType::TextString);
    /// Byte String.
    pub const BYTE_STRING: Self = Self::only(ItemType::ByteString);
    /// Date-Time.
    pub const DATE_TIME: Self = Self::only(ItemType::DateTime);
    /// Interval.
    pub const INTERVAL: Self = Self::only(ItemType::Interval);
    /// Date-Time Extended.
    pub const DATE_TIME_EXTENDED: Self = Self::only(ItemType::DateTimeExtended);

    /// The set of one.
    #[inline]
    pub const fn only(item_type: ItemType) -> Self {
        Self(1 << item_type.number())
    }

    /// What is in either set.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set holds this item type.
    #[inline]
    pub const fn contains(self, item_type: ItemType) -> bool {
        self.0 & (1 << item_type.number()) != 0
    }

    /// Whether every member of this set is in `other`.
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the two sets have no member in common.
    pub const fn is_disjoint(self, other: Self) -> bool {
        self.0 & other.0 == 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = ItemType> {
        ItemType::ALL.into_iter().filter(move |item_type| self.contains(*item_type))
    }
}

impl fmt::Display for ItemTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return f.write_str("any item type");
        }
        for (index, item_type) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(item_type.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for ItemTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemTypes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_read_back() {
        for item_type in ItemType::ALL {
            assert_eq!(ItemType::from_number(item_type.number()), Some(item_type));
            assert_eq!(ItemType::from_name(item_type.name()), Some(item_type));
        }
        assert_eq!(ItemType::from_name("Date-Time"), Some(ItemType::DateTime));
        assert_eq!(ItemType::from_number(0), None);
        assert_eq!(ItemType::from_number(0x0C), None);
    }

    #[test]
    fn any_holds_exactly_the_known_types() {
        assert_eq!(ItemTypes::ANY.iter().count(), ItemType::ALL.len());
    }

    #[test]
    fn set_shows_its_members() {
        assert_eq!(
            ItemTypes::TEXT_STRING.or(ItemTypes::ENUMERATION).to_string(),
            "Enumeration or TextString"
        );
    }
}
