//! serde of the types that have a tag of their own: as the item that they are under it.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::Tag;
use crate::item::{Item, in_newest};
use crate::ttlv::{Decode, Encode, Root, Tagged, decode};

/// Serialises a value as the item that it is under its natural tag, in the form of the version that it
/// states or, where it states none, of the newest that has a form for it.
///
/// # Errors
/// No such version has a form for the value, a limit is exceeded, or the serializer fails.
#[doc(hidden)] // For the code of the derive.
pub fn serialize_root<T: Encode + Root, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    if T::STATES_VERSION {
        return super::serialize(T::TAG, value, value.protocol_version(), serializer);
    }
    serialize_in_newest(T::TAG, value, serializer)
}

/// Serialises a value that brings its own tag as the item that it is under it, in the form of the newest
/// version that has one for it.
///
/// # Errors
/// No version has a form for the value, a limit is exceeded, or the serializer fails.
#[doc(hidden)] // For the code of the derive.
pub fn serialize_tagged<T: Encode + Tagged, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serialize_in_newest(value.tag(), value, serializer)
}

fn serialize_in_newest<S: Serializer>(
    tag: Tag,
    value: &dyn Encode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Zeroizing::new(in_newest(tag, value).map_err(S::Error::custom)?).serialize(serializer)
}

/// Reads a value from the item that it is under its natural tag.
///
/// # Errors
/// The deserializer fails, or the item is not such a value.
#[doc(hidden)] // For the code of the derive.
pub fn deserialize_root<'de, T: Decode + Root, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let item = Zeroizing::new(Item::deserialize(deserializer)?);
    let ttlv = Zeroizing::new(item.to_ttlv().map_err(D::Error::custom)?);
    decode(T::TAG, &ttlv).map_err(D::Error::custom)
}

/// Reads a value that brings its own tag from the item that it is under it.
///
/// # Errors
/// The deserializer fails, or the item is not such a value.
#[doc(hidden)] // For the code of the derive.
pub fn deserialize_tagged<'de, T: Decode + Tagged, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let item = Zeroizing::new(Item::deserialize(deserializer)?);
    let ttlv = Zeroizing::new(item.to_ttlv().map_err(D::Error::custom)?);
    decode(item.tag, &ttlv).map_err(D::Error::custom)
}

/// Implements serde for a type that has a tag of its own. The derive calls it, as only this crate knows whether
/// its feature is on. What a selector decides cannot be read by itself: it is only written.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($type:ident, $serialize:ident) => {
        impl $crate::ttlv::derived::serde::Serialize for $type {
            fn serialize<S: $crate::ttlv::derived::serde::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::ttlv::derived::Result<S::Ok, S::Error> {
                $crate::ttlv::derived::$serialize(self, serializer)
            }
        }
    };
    ($type:ident, $serialize:ident, $deserialize:ident) => {
        $crate::__serde!($type, $serialize);

        impl<'de> $crate::ttlv::derived::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::ttlv::derived::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::ttlv::derived::Result<Self, D::Error> {
                $crate::ttlv::derived::$deserialize(deserializer)
            }
        }
    };
}
