//! From Rust values to the value of an item, and back.

use crate::item::{Item, Value};
use crate::primitive::{BigInteger, DateTime, DateTimeExtended, Interval};

/// A Rust type that stands for one item type.
macro_rules! value {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(
            impl From<$type> for Value {
                fn from(value: $type) -> Self {
                    Self::$variant(value.into())
                }
            }
        )*
    };
}

value! {
    Vec<Item> => Structure,
    i32 => Integer,
    i64 => LongInteger,
    BigInteger => BigInteger,
    bool => Boolean,
    String => TextString,
    &str => TextString,
    Vec<u8> => ByteString,
    &[u8] => ByteString,
    DateTime => DateTime,
    Interval => Interval,
    DateTimeExtended => DateTimeExtended,
}

/// What reads a value as one of its item types.
macro_rules! getter {
    ($($(#[$doc:meta])* $name:ident -> $type:ty, $variant:ident($value:ident) => $result:expr;)*) => {
        impl Value {
            $(
                $(#[$doc])*
                pub fn $name(&self) -> Option<$type> {
                    match self {
                        Self::$variant($value) => Some($result),
                        _ => None,
                    }
                }
            )*
        }

        impl Item {
            $(
                $(#[$doc])*
                pub fn $name(&self) -> Option<$type> {
                    self.value.$name()
                }
            )*
        }
    };
}

getter! {
    /// The items of a Structure; `None` for another item type.
    as_structure -> &[Item], Structure(value) => value;
    /// The number of an Integer, or the bits of a mask; `None` for another item type.
    as_integer -> i32, Integer(value) => *value;
    /// The number of a Long Integer; `None` for another item type.
    as_long_integer -> i64, LongInteger(value) => *value;
    /// The number of a Big Integer; `None` for another item type.
    as_big_integer -> &BigInteger, BigInteger(value) => value;
    /// The number of an Enumeration; `None` for another item type.
    as_enumeration -> u32, Enumeration(value) => *value;
    /// The value of a Boolean; `None` for another item type.
    as_boolean -> bool, Boolean(value) => *value;
    /// The text of a Text String; `None` for another item type.
    as_text -> &str, TextString(value) => value;
    /// The bytes of a Byte String; `None` for another item type.
    as_bytes -> &[u8], ByteString(value) => value;
    /// The date of a Date-Time; `None` for another item type.
    as_date_time -> DateTime, DateTime(value) => *value;
    /// The span of an Interval; `None` for another item type.
    as_interval -> Interval, Interval(value) => *value;
    /// The date of a Date-Time Extended; `None` for another item type.
    as_date_time_extended -> DateTimeExtended, DateTimeExtended(value) => *value;
}
