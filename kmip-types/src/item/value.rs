//! An item and its value.

use zeroize::Zeroize;

use crate::error::{DecodeError, EncodeError};
use crate::item_type::{ItemType, ItemTypes};
use crate::primitive::{BigInteger, DateTime, DateTimeExtended, Interval};
use crate::tag::Tag;
use crate::ttlv::{Decode, Encode, Reader, Wire, Writer};
use crate::wipe;

/// A TTLV item as a tree of tags and values, without any type of its own.
///
/// It holds anything that TTLV can say, and gives it back byte for byte (padding of Big Integers included).
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// The tag.
    pub tag: Tag,
    /// The value.
    pub value: Value,
}

/// The value of an [`Item`], one variant for each item type.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Items, in their order.
    Structure(Vec<Item>),
    /// A signed 32-bit number, or the bits of a mask.
    Integer(i32),
    /// A signed 64-bit number.
    LongInteger(i64),
    /// A signed number of any size.
    BigInteger(BigInteger),
    /// The number of an enumeration's value.
    Enumeration(u32),
    /// True or false.
    Boolean(bool),
    /// Text.
    TextString(String),
    /// Bytes.
    ByteString(Vec<u8>),
    /// A point in time, in seconds.
    DateTime(DateTime),
    /// A span of time, in seconds.
    Interval(Interval),
    /// A point in time, in microseconds.
    DateTimeExtended(DateTimeExtended),
}

impl Value {
    /// The item type.
    pub fn item_type(&self) -> ItemType {
        match self {
            Self::Structure(_) => ItemType::Structure,
            Self::Integer(_) => ItemType::Integer,
            Self::LongInteger(_) => ItemType::LongInteger,
            Self::BigInteger(_) => ItemType::BigInteger,
            Self::Enumeration(_) => ItemType::Enumeration,
            Self::Boolean(_) => ItemType::Boolean,
            Self::TextString(_) => ItemType::TextString,
            Self::ByteString(_) => ItemType::ByteString,
            Self::DateTime(_) => ItemType::DateTime,
            Self::Interval(_) => ItemType::Interval,
            Self::DateTimeExtended(_) => ItemType::DateTimeExtended,
        }
    }
}

impl Item {
    /// An item.
    pub fn new(tag: Tag, value: Value) -> Self {
        Self { tag, value }
    }

    /// The item type.
    pub fn item_type(&self) -> ItemType {
        self.value.item_type()
    }

    /// Appends the item to what `writer` holds.
    ///
    /// # Errors
    /// A limit is exceeded, or the writer's version lacks the item type.
    pub fn write(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        self.value.encode(self.tag, writer)
    }
}

impl Wire for Value {
    const ITEM_TYPES: ItemTypes = ItemTypes::ANY;
}

impl Encode for Value {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        match self {
            Self::Structure(items) => writer.structure(tag, |writer| writer.items(items)),
            Self::Integer(value) => writer.integer(tag, *value),
            Self::LongInteger(value) => writer.long_integer(tag, *value),
            Self::BigInteger(value) => writer.big_integer(tag, value),
            Self::Enumeration(value) => writer.enumeration(tag, *value),
            Self::Boolean(value) => writer.boolean(tag, *value),
            Self::TextString(value) => writer.text_string(tag, value),
            Self::ByteString(value) => writer.byte_string(tag, value),
            Self::DateTime(value) => writer.date_time(tag, value.seconds()),
            Self::Interval(value) => writer.interval(tag, value.seconds()),
            Self::DateTimeExtended(value) => writer.date_time_extended(tag, value.microseconds()),
        }
    }
}

impl Decode for Value {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // Where there is no header, any read says what is wrong.
        let item_type = reader.peek()?.map_or(ItemType::Structure, |header| header.item_type);
        Ok(match item_type {
            ItemType::Structure => Self::Structure(reader.open(tag, Reader::items)?),
            ItemType::Integer => Self::Integer(reader.integer(tag)?),
            ItemType::LongInteger => Self::LongInteger(reader.long_integer(tag)?),
            ItemType::BigInteger => Self::BigInteger(reader.big_integer(tag)?),
            ItemType::Enumeration => Self::Enumeration(reader.enumeration(tag)?),
            ItemType::Boolean => Self::Boolean(reader.boolean(tag)?),
            ItemType::TextString => Self::TextString(reader.text_string(tag)?.to_owned()),
            ItemType::ByteString => Self::ByteString(reader.byte_string(tag)?.to_vec()),
            ItemType::DateTime => Self::DateTime(DateTime::from_seconds(reader.date_time(tag)?)),
            ItemType::Interval => Self::Interval(Interval::from_seconds(reader.interval(tag)?)),
            ItemType::DateTimeExtended => {
                Self::DateTimeExtended(DateTimeExtended::from_microseconds(reader.date_time_extended(tag)?))
            }
        })
    }
}

/// An item keeps the tag it has: `decode` takes any when it is asked for the tag that is there.
impl Decode for Item {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.untyped_item(tag)
    }
}

impl Zeroize for Item {
    fn zeroize(&mut self) {
        self.value.zeroize();
    }
}

/// Wipes text, bytes and Big Integers. Items of a structure are wiped, then removed.
impl Zeroize for Value {
    fn zeroize(&mut self) {
        match self {
            Self::Structure(items) => items.zeroize(),
            Self::TextString(text) => wipe::text(text),
            Self::ByteString(bytes) => wipe::bytes(bytes),
            Self::BigInteger(number) => number.zeroize(),
            _ => {}
        }
    }
}

/// Wipes text, bytes and Big Integers: a value of which nothing is known may be a secret.
impl Drop for Value {
    fn drop(&mut self) {
        // The items of a structure wipe themselves.
        if !matches!(self, Self::Structure(_)) {
            self.zeroize();
        }
    }
}
