//! Protocol versions.

use core::fmt;
use core::str::FromStr;

use crate::error::{DecodeError, EncodeError};
use crate::ttlv::{Decode, Encode, Field, Header, Reader, Root, Schema, Structure, Wire, Writer};
use crate::{ItemType, ItemTypes, Tag};

/// A version of the protocol: Protocol Version (KMIP 1.4 section 6.1, 2.1 section 9.16).
///
/// The versions of the standard are associated constants, such as [`ProtocolVersion::V2_1`]; any pair of
/// numbers is kept, so that a peer's later version can be read and answered.
///
/// ```
/// use kmip_types::ProtocolVersion;
/// assert!(ProtocolVersion::V1_4 < ProtocolVersion::V2_0);
/// assert_eq!("2.1".parse(), Ok(ProtocolVersion::V2_1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProtocolVersion {
    /// Protocol Version Major.
    pub major: i32,
    /// Protocol Version Minor.
    pub minor: i32,
}

impl ProtocolVersion {
    /// The newest version of the standard.
    pub const NEWEST: Self = match Self::ALL {
        [.., newest] => *newest,
        // The standard has versions.
        [] => Self::new(0, 0),
    };

    /// The version with these numbers.
    pub const fn new(major: i32, minor: i32) -> Self {
        Self { major, minor }
    }

    /// Whether the version is this one or a later one.
    #[inline(always)]
    pub const fn is_at_least(self, other: Self) -> bool {
        self.major > other.major || (self.major == other.major && self.minor >= other.minor)
    }

    /// Where the version stands among those of the standard, as one bit: each has its own, and so have all that
    /// lie between two of them, before the first or after the last.
    #[inline]
    pub(crate) const fn bit(self) -> u32 {
        let (major, minor) = (self.major as u32 as usize, self.minor as u32 as usize);
        if major < BITS.len() && minor < BITS[0].len() { BITS[major][minor] } else { self.place() }
    }

    const fn place(self) -> u32 {
        let (mut place, mut index) = (0, 0);
        while index < Self::ALL.len() {
            // Two places are passed with each version that is lower, one with the version itself.
            let is_at_least = self.is_at_least(Self::ALL[index]);
            let is_higher = is_at_least && !Self::ALL[index].is_at_least(self);
            place += is_at_least as u32 + is_higher as u32;
            index += 1;
        }
        1 << place
    }

    /// The bits of this version and all later ones.
    pub(crate) const fn bits_since(self) -> u32 {
        !(self.bit() - 1)
    }

    /// The bits of this version and all earlier ones.
    pub(crate) const fn bits_until(self) -> u32 {
        self.bit() | (self.bit() - 1)
    }

    /// The bits of the versions from the first to the last of a range.
    pub(crate) const fn bits_between(since: Self, until: Option<Self>) -> u32 {
        // What the first version has is bound to none before it: there is none.
        let since = if Self::ALL[0].is_at_least(since) { u32::MAX } else { since.bits_since() };
        match until {
            Some(until) => since & until.bits_until(),
            None => since,
        }
    }

    /// Whether attributes are sent in the structures of KMIP 2.0 and later, by tag, rather than by name.
    #[inline]
    pub const fn has_attributes_by_tag(self) -> bool {
        // By both numbers, as everything else that depends on the version: the minor one may be negative.
        self.is_at_least(Self::V2_0)
    }
}

/// The bits of versions with small numbers, by both of them.
const BITS: [[u32; 8]; 4] = {
    let mut bits = [[0; 8]; 4];
    let mut index = 0;
    while index < 32 {
        bits[index / 8][index % 8] = ProtocolVersion::new((index / 8) as i32, (index % 8) as i32).place();
        index += 1;
    }
    bits
};

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The text is not `MAJOR.MINOR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a protocol version is two numbers with a dot, such as 2.1")]
pub struct ParseVersionError;

impl FromStr for ProtocolVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let (major, minor) = text.split_once('.').ok_or(ParseVersionError)?;
        let number = |digits: &str| digits.parse::<u16>().map(i32::from).map_err(|_| ParseVersionError);
        Ok(Self::new(number(major)?, number(minor)?))
    }
}

const FIELDS: &[Field] = &[
    Field::required(Tag::PROTOCOL_VERSION_MAJOR).of::<i32>(),
    Field::required(Tag::PROTOCOL_VERSION_MINOR).of::<i32>(),
];

// By hand: the derive's output refers to versions, so the version itself comes first.
impl Wire for ProtocolVersion {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

impl Structure for ProtocolVersion {
    const SCHEMA: &'static Schema = &Schema { name: "ProtocolVersion", fields: FIELDS, catch_all: false };
}

impl Root for ProtocolVersion {
    const TAG: Tag = Tag::PROTOCOL_VERSION;
}

crate::ttlv::derived::serde_impls!(ProtocolVersion, serialize_root, deserialize_root);

impl Encode for ProtocolVersion {
    #[inline]
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.structure(tag, |writer| {
            writer.required(&FIELDS[0], &self.major)?;
            writer.required(&FIELDS[1], &self.minor)
        })
    }
}

impl ProtocolVersion {
    /// The version that comes first, if it is all that it should be, and what follows it.
    #[inline(always)]
    fn read(tag: Tag, bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (header, rest) = bytes.split_first_chunk::<{ Header::SIZE }>()?;
        let (major, rest) = rest.split_first_chunk::<16>()?;
        let (minor, rest) = rest.split_first_chunk::<16>()?;
        if u64::from_be_bytes(*header) != Header::number(tag, ItemType::Structure, 32) {
            return None;
        }
        let major = Header::value_of::<4>(Tag::PROTOCOL_VERSION_MAJOR, ItemType::Integer, major)?;
        let minor = Header::value_of::<4>(Tag::PROTOCOL_VERSION_MINOR, ItemType::Integer, minor)?;
        Some((Self::new((major as u32).cast_signed(), (minor as u32).cast_signed()), rest))
    }
}

impl Decode for ProtocolVersion {
    #[inline]
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if let Some(version) = reader.quickly(3, 1, |bytes| Self::read(tag, bytes)) {
            return Ok(version);
        }
        reader.structure(tag, Self::SCHEMA, |reader| {
            Ok(Self {
                major: reader.required(&FIELDS[0], Self::SCHEMA)?,
                minor: reader.required(&FIELDS[1], Self::SCHEMA)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2_0_and_later_have_attributes_by_tag() {
        let versions = [(i32::MIN, 0), (1, 0), (1, 4), (1, i32::MAX), (2, -1), (2, 0), (2, 1), (3, -1)];
        let by_tag =
            versions.map(|(major, minor)| ProtocolVersion::new(major, minor).has_attributes_by_tag());
        assert_eq!(by_tag, [false, false, false, false, false, true, true, true]);
    }

    #[test]
    fn the_bits_compare_as_the_versions_do() {
        let minors = || (-1..10).chain([i32::MIN, i32::MAX]);
        let majors = || (-1..6).chain([i32::MIN, i32::MAX]);
        let versions =
            || majors().flat_map(|major| minors().map(move |minor| ProtocolVersion::new(major, minor)));
        for known in ProtocolVersion::ALL {
            for version in versions() {
                let bit = version.bit();
                assert_eq!(bit & known.bits_since() != 0, version >= *known, "{version} since {known}");
                assert_eq!(bit & known.bits_until() != 0, version <= *known, "{version} until {known}");
            }
        }
    }
}
