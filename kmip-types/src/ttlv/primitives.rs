//! The codec of the primitive item types.

use crate::error::{DecodeError, DecodeErrorKind, EncodeError};
use crate::item_type::{ItemType, ItemTypes};
use crate::primitive::{
    BigInteger, DateTime, DateTimeExtended, Interval, SecretBigInteger, SecretBytes, SecretText,
};
use crate::tag::Tag;
use crate::ttlv::{Decode, Encode, Header, Mode, Reader, Wire, Writer};
use crate::version::ProtocolVersion;

impl<'a> Reader<'a> {
    /// Reads an Integer. Leniently, a Long Integer whose value fits is taken too.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn integer(&mut self, tag: Tag) -> Result<i32, DecodeError> {
        match self.quick_number::<4>(tag, ItemType::Integer) {
            Some(value) => Ok((value as u32).cast_signed()),
            None => self.other_integer(tag),
        }
    }

    #[cold]
    fn other_integer(&mut self, tag: Tag) -> Result<i32, DecodeError> {
        let (header, value) = self.number(tag, ItemTypes::INTEGER, ItemTypes::LONG_INTEGER)?;
        i32::try_from(value).map_err(|_| self.unexpected_type(ItemTypes::INTEGER, &header))
    }

    /// Reads a Long Integer. Leniently, an Integer is taken too.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn long_integer(&mut self, tag: Tag) -> Result<i64, DecodeError> {
        match self.quick_number::<8>(tag, ItemType::LongInteger) {
            Some(value) => Ok(value.cast_signed()),
            None => self.number(tag, ItemTypes::LONG_INTEGER, ItemTypes::INTEGER).map(|(_, value)| value),
        }
    }

    /// Reads a Big Integer.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    pub fn big_integer(&mut self, tag: Tag) -> Result<BigInteger, DecodeError> {
        let (_, value) = self.value(tag, ItemTypes::BIG_INTEGER)?;
        Ok(BigInteger::from_signed_bytes(value))
    }

    /// Reads an Enumeration.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn enumeration(&mut self, tag: Tag) -> Result<u32, DecodeError> {
        match self.quick_number::<4>(tag, ItemType::Enumeration) {
            Some(value) => Ok(value as u32),
            None => self.value(tag, ItemTypes::ENUMERATION).map(|(_, value)| four_bytes(value)),
        }
    }

    /// Reads a Boolean.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn boolean(&mut self, tag: Tag) -> Result<bool, DecodeError> {
        let offset = self.position();
        let value = match self.quick_number::<8>(tag, ItemType::Boolean) {
            Some(value) => value,
            None => eight_bytes(self.value(tag, ItemTypes::BOOLEAN)?.1),
        };
        match value {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.error_at(DecodeErrorKind::InvalidBoolean, offset)),
        }
    }

    /// Reads a Text String.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline]
    pub fn text_string(&mut self, tag: Tag) -> Result<&'a str, DecodeError> {
        let offset = self.position();
        let value = match self.quick_bytes(tag, ItemType::TextString) {
            Some(value) => value,
            None => self.value(tag, ItemTypes::TEXT_STRING)?.1,
        };
        core::str::from_utf8(value).map_err(|error| {
            self.error_at(DecodeErrorKind::InvalidUtf8 { valid: error.valid_up_to() }, offset)
        })
    }

    /// Reads a Byte String.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline]
    pub fn byte_string(&mut self, tag: Tag) -> Result<&'a [u8], DecodeError> {
        match self.quick_bytes(tag, ItemType::ByteString) {
            Some(value) => Ok(value),
            None => self.value(tag, ItemTypes::BYTE_STRING).map(|(_, value)| value),
        }
    }

    /// Reads a Date-Time, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn date_time(&mut self, tag: Tag) -> Result<i64, DecodeError> {
        match self.quick_number::<8>(tag, ItemType::DateTime) {
            Some(value) => Ok(value.cast_signed()),
            None => self.value(tag, ItemTypes::DATE_TIME).map(|(_, value)| eight_bytes(value).cast_signed()),
        }
    }

    /// Reads an Interval, in seconds. Leniently, an Integer that is not negative is taken too.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline(always)]
    pub fn interval(&mut self, tag: Tag) -> Result<u32, DecodeError> {
        match self.quick_number::<4>(tag, ItemType::Interval) {
            Some(value) => Ok(value as u32),
            None => self.other_interval(tag),
        }
    }

    #[cold]
    fn other_interval(&mut self, tag: Tag) -> Result<u32, DecodeError> {
        let (header, value) = self.number(tag, ItemTypes::INTERVAL, ItemTypes::INTEGER)?;
        u32::try_from(value).map_err(|_| self.unexpected_type(ItemTypes::INTERVAL, &header))
    }

    /// Reads a Date-Time Extended, in microseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The next item is not one with this tag, or is malformed.
    #[inline]
    pub fn date_time_extended(&mut self, tag: Tag) -> Result<i64, DecodeError> {
        self.check_form("a Date-Time Extended", Some(ProtocolVersion::V2_0), None)?;
        let (_, value) = self.value(tag, ItemTypes::DATE_TIME_EXTENDED)?;
        Ok(eight_bytes(value).cast_signed())
    }

    /// Reads a number of the expected type or, leniently, of another type that peers are known to send.
    #[cold]
    fn number(
        &mut self,
        tag: Tag,
        expected: ItemTypes,
        tolerated: ItemTypes,
    ) -> Result<(Header, i64), DecodeError> {
        let taken = if self.mode() == Mode::Lenient { expected.or(tolerated) } else { expected };
        // What is due is what the standard says, whatever else would do.
        if let Ok(Some(header)) = self.peek()
            && header.tag == tag
            && !taken.contains(header.item_type)
        {
            return Err(self.unexpected_type(expected, &header));
        }
        let (header, bytes) = self.value(tag, taken)?;
        let value = match header.item_type {
            ItemType::Integer => i64::from(four_bytes(bytes).cast_signed()),
            ItemType::Interval => i64::from(four_bytes(bytes)),
            _ => eight_bytes(bytes).cast_signed(),
        };
        if !expected.contains(header.item_type) {
            self.tolerate_type(&header, expected);
        }
        Ok((header, value))
    }
}

/// The header's check of lengths makes sure that there are four bytes.
#[inline]
fn four_bytes(value: &[u8]) -> u32 {
    value.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The header's check of lengths makes sure that there are eight bytes.
#[inline]
fn eight_bytes(value: &[u8]) -> u64 {
    value.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A Rust type's item type, and how it is written and read.
macro_rules! primitive {
    ($type:ty, $item_type:ident, |$value:ident, $tag:ident, $writer:ident| $write:expr, |$read_tag:ident, $reader:ident| $read:expr) => {
        impl Wire for $type {
            const ITEM_TYPES: ItemTypes = ItemTypes::$item_type;
        }

        impl Encode for $type {
            #[inline(always)]
            fn encode(&self, $tag: Tag, $writer: &mut Writer) -> Result<(), EncodeError> {
                let $value = self;
                $write
            }
        }

        impl Decode for $type {
            #[inline(always)]
            fn decode($read_tag: Tag, $reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read
            }
        }
    };
}

primitive!(i32, INTEGER, |value, tag, writer| writer.integer(tag, *value), |tag, reader| reader.integer(tag));
primitive!(i64, LONG_INTEGER, |value, tag, writer| writer.long_integer(tag, *value), |tag, reader| {
    reader.long_integer(tag)
});
primitive!(BigInteger, BIG_INTEGER, |value, tag, writer| writer.big_integer(tag, value), |tag, reader| {
    reader.big_integer(tag)
});
primitive!(
    SecretBigInteger,
    BIG_INTEGER,
    |value, tag, writer| writer.big_integer(tag, value.reveal()),
    |tag, reader| Ok(Self::new(reader.big_integer(tag)?))
);
primitive!(bool, BOOLEAN, |value, tag, writer| writer.boolean(tag, *value), |tag, reader| {
    reader.boolean(tag)
});
primitive!(String, TEXT_STRING, |value, tag, writer| writer.text_string(tag, value), |tag, reader| {
    Ok(reader.text_string(tag)?.to_owned())
});
primitive!(
    SecretText,
    TEXT_STRING,
    |value, tag, writer| writer.text_string(tag, value.reveal()),
    |tag, reader| Ok(Self::from(reader.text_string(tag)?))
);
primitive!(Vec<u8>, BYTE_STRING, |value, tag, writer| writer.byte_string(tag, value), |tag, reader| {
    Ok(reader.byte_string(tag)?.to_vec())
});
primitive!(
    SecretBytes,
    BYTE_STRING,
    |value, tag, writer| writer.byte_string(tag, value.reveal()),
    |tag, reader| Ok(Self::from(reader.byte_string(tag)?))
);
primitive!(
    DateTime,
    DATE_TIME,
    |value, tag, writer| writer.date_time(tag, value.seconds()),
    |tag, reader| Ok(Self::from_seconds(reader.date_time(tag)?))
);
primitive!(Interval, INTERVAL, |value, tag, writer| writer.interval(tag, value.seconds()), |tag, reader| {
    Ok(Self::from_seconds(reader.interval(tag)?))
});
primitive!(
    DateTimeExtended,
    DATE_TIME_EXTENDED,
    |value, tag, writer| writer.date_time_extended(tag, value.microseconds()),
    |tag, reader| Ok(Self::from_microseconds(reader.date_time_extended(tag)?))
);
