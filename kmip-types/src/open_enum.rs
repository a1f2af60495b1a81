//! What a generated enumeration is in Rust: an enum that keeps every value it does not know.

/// Defines an enumeration of the standard from its generated rows.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub enum $type:ident, info $info:ident, name $name:literal, spelled $spelled:literal,
        since $since:ident, until $until:ident $(($until_version:ident))?;
        $(
            $(#[$value_doc:meta])*
            $variant:ident = $value:literal, $value_name:literal, $value_spelled:literal,
            [$($alias:literal),*], $value_since:ident, $value_until:ident $(($value_until_version:ident))?,
            $deprecated:ident $(($deprecated_version:ident))?;
        )*
    ) => {
        $(#[$doc])*
        ///
        /// A value that is not listed, such as a vendor's (`0x8XXXXXXX`), is kept as `Other`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type {
            $($(#[$value_doc])* $variant,)*
            /// A value that the standard does not list. Use `from` to make one: it finds the listed values.
            Other(u32),
        }

        #[doc = concat!("The names and versions of [`", stringify!($type), "`].")]
        pub static $info: $crate::tables::EnumerationInfo = $crate::tables::EnumerationInfo {
            name: $name,
            spelled: $spelled,
            since: $crate::ProtocolVersion::$since,
            until: version!($until $(($until_version))?),
            values: &[$(
                $crate::tables::NameInfo {
                    value: $value,
                    name: $value_name,
                    spelled: $value_spelled,
                    aliases: &[$($alias),*],
                    since: $crate::ProtocolVersion::$value_since,
                    until: version!($value_until $(($value_until_version))?),
                    deprecated: version!($deprecated $(($deprecated_version))?),
                },
            )*],
        };

        impl $type {
            /// The number on the wire.
            #[inline]
            pub const fn value(self) -> u32 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value,
                }
            }

            /// The bits of the versions that have the value; all, if it is not listed.
            #[inline]
            pub(crate) const fn versions(self) -> u32 {
                match self {
                    $(Self::$variant => const {
                        $crate::ProtocolVersion::bits_between(
                            $crate::ProtocolVersion::$value_since,
                            version!($value_until $(($value_until_version))?),
                        )
                    },)*
                    Self::Other(_) => u32::MAX,
                }
            }

            /// Whether a version has the value; any has one that is not listed, such as a vendor's.
            pub const fn is_in(self, version: $crate::ProtocolVersion) -> bool {
                self.versions() & version.bit() != 0
            }

            /// Whether some version lacks a value that is listed.
            const IS_BOUNDED: bool = $(Self::$variant.versions() != u32::MAX ||)* false;

            /// The name in JSON and XML, if the value is listed.
            pub fn name(self) -> Option<&'static str> {
                $info.by_value(self.value()).map(|row| row.name)
            }

            /// The value with this name: wire, spelled out, or of an earlier version.
            pub fn from_name(name: &str) -> Option<Self> {
                $info.by_name(name).map(|row| Self::from(row.value))
            }
        }

        impl From<u32> for $type {
            #[inline]
            fn from(value: u32) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }

        impl From<$type> for u32 {
            #[inline]
            fn from(value: $type) -> Self {
                value.value()
            }
        }

        #[cfg(feature = "arbitrary")]
        impl<'a> ::arbitrary::Arbitrary<'a> for $type {
            fn arbitrary(u: &mut ::arbitrary::Unstructured<'a>) -> ::arbitrary::Result<Self> {
                $crate::arbitrary::enumeration(u, &$info).map(Self::from)
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "0x{:08X}", self.value()),
                }
            }
        }

        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{self}")
            }
        }

        impl $crate::ttlv::Wire for $type {
            const ITEM_TYPES: $crate::ItemTypes = $crate::ItemTypes::ENUMERATION;
            const NAMES: $crate::tables::Names = $crate::tables::Names::Enumeration(&$info);
        }

        impl $crate::ttlv::Encode for $type {
            #[inline(always)]
            fn encode(
                &self,
                tag: $crate::Tag,
                writer: &mut $crate::ttlv::Writer,
            ) -> Result<(), $crate::EncodeError> {
                if !Self::IS_BOUNDED {
                    return writer.enumeration(tag, self.value());
                }
                // Both by one look.
                let (value, versions) = match *self {
                    $(Self::$variant => ($value, const { Self::$variant.versions() }),)*
                    Self::Other(value) => (value, u32::MAX),
                };
                if versions & writer.version_bit() == 0 {
                    return Err(writer.no_value(tag, &$info, value));
                }
                writer.enumeration(tag, value)
            }
        }

        impl $crate::ttlv::Decode for $type {
            #[inline(always)]
            fn decode(
                tag: $crate::Tag,
                reader: &mut $crate::ttlv::Reader<'_>,
            ) -> Result<Self, $crate::DecodeError> {
                let number = reader.enumeration(tag)?;
                if !Self::IS_BOUNDED {
                    return Ok(Self::from(number));
                }
                // Both by one look.
                let (value, versions) = match number {
                    $($value => (Self::$variant, const { Self::$variant.versions() }),)*
                    other => (Self::Other(other), u32::MAX),
                };
                if versions & reader.versions() == 0 {
                    reader.value_of_another_version(&$info, number)?;
                }
                Ok(value)
            }
        }
    };
}

/// An optional version of a generated row: `None` or `Some(V1_4)`.
macro_rules! version {
    (None) => {
        None
    };
    (Some($version:ident)) => {
        Some($crate::ProtocolVersion::$version)
    };
}

/// Defines a mask of the standard from its generated rows.
macro_rules! bit_mask {
    (
        $(#[$doc:meta])*
        pub struct $type:ident, info $info:ident, name $name:literal, spelled $spelled:literal,
        since $since:ident, until $until:ident $(($until_version:ident))?;
        $(
            $(#[$($bit_doc:tt)*])*
            $bit:ident = $value:literal, $bit_name:literal, $bit_spelled:literal,
            [$($alias:literal),*], $bit_since:ident, $bit_until:ident $(($bit_until_version:ident))?,
            $deprecated:ident $(($deprecated_version:ident))?;
        )*
    ) => {
        bitflags::bitflags! {
            $(#[$doc])*
            ///
            /// Bits that are not listed are kept.
            #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $type: u32 {
                $($(#[$($bit_doc)*])* const $bit = $value;)*
                // Every other bit is kept as it is.
                const _ = !0;
            }
        }

        #[doc = concat!("The names and versions of [`", stringify!($type), "`].")]
        pub static $info: $crate::tables::MaskInfo = $crate::tables::MaskInfo {
            name: $name,
            spelled: $spelled,
            since: $crate::ProtocolVersion::$since,
            until: version!($until $(($until_version))?),
            bits: &[$(
                $crate::tables::NameInfo {
                    value: $value,
                    name: $bit_name,
                    spelled: $bit_spelled,
                    aliases: &[$($alias),*],
                    since: $crate::ProtocolVersion::$bit_since,
                    until: version!($bit_until $(($bit_until_version))?),
                    deprecated: version!($deprecated $(($deprecated_version))?),
                },
            )*],
        };

        impl $type {
            /// The bits that each version lacks of those that are listed, by the leading zeros of the version's bit: of
            /// none, where the version is not known.
            const LACKING: [u32; 32] = {
                let mut lacking = [0; 32];
                let mut place = 1;
                while place < lacking.len() {
                    let version = 1 << (31 - place);
                    $(
                        let versions = $crate::ProtocolVersion::bits_between(
                            $crate::ProtocolVersion::$bit_since,
                            version!($bit_until $(($bit_until_version))?),
                        );
                        if versions & version == 0 {
                            lacking[place] |= $value;
                        }
                    )*
                    place += 1;
                }
                lacking
            };

            /// The bits of this value that a version lacks.
            #[inline(always)]
            const fn lacking_at(self, version: u32) -> u32 {
                self.bits() & Self::LACKING[(version.leading_zeros() & 31) as usize]
            }
        }

        #[cfg(feature = "arbitrary")]
        impl<'a> ::arbitrary::Arbitrary<'a> for $type {
            fn arbitrary(u: &mut ::arbitrary::Unstructured<'a>) -> ::arbitrary::Result<Self> {
                u32::arbitrary(u).map(Self::from_bits_retain)
            }
        }

        /// Names with `|` between them, and what has no name in hex.
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&$info.join(self.bits(), "|"))
            }
        }

        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{self}")
            }
        }

        impl $crate::ttlv::Wire for $type {
            const ITEM_TYPES: $crate::ItemTypes = $crate::ItemTypes::INTEGER;
            const NAMES: $crate::tables::Names = $crate::tables::Names::Mask(&$info);
        }

        impl $crate::ttlv::Encode for $type {
            #[inline(always)]
            fn encode(
                &self,
                tag: $crate::Tag,
                writer: &mut $crate::ttlv::Writer,
            ) -> Result<(), $crate::EncodeError> {
                let lacking = self.lacking_at(writer.version_bit());
                if lacking != 0 {
                    return Err(writer.no_bits(tag, &$info, lacking));
                }
                writer.integer(tag, self.bits().cast_signed())
            }
        }

        impl $crate::ttlv::Decode for $type {
            #[inline(always)]
            fn decode(
                tag: $crate::Tag,
                reader: &mut $crate::ttlv::Reader<'_>,
            ) -> Result<Self, $crate::DecodeError> {
                let mask = Self::from_bits_retain(reader.integer(tag)?.cast_unsigned());
                let lacking = mask.lacking_at(reader.versions());
                if lacking != 0 {
                    reader.bits_of_another_version(&$info, lacking)?;
                }
                Ok(mask)
            }
        }
    };
}
