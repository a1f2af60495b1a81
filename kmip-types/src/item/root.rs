//! serde of the types that have a natural tag: as the item that they are under it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};
use zeroize::Zeroizing;

use crate::item::{Item, serialize};
use crate::ttlv::{Decode, Encode, Root, decode};

/// Serialises a value as the item that it is under its natural tag, in the form of the version that it
/// states, or of the newest.
///
/// # Errors
/// The version has no form for the value, a limit is exceeded, or the serializer fails.
#[doc(hidden)] // For the code of the derive.
pub fn serialize_root<T: Encode + Root, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serialize(T::TAG, value, value.protocol_version(), serializer)
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

/// Implements serde for a type that has a natural tag. The derive calls it, as only this crate knows whether
/// its feature is on.
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize_root {
    ($type:ident) => {
        impl $crate::ttlv::derived::serde::Serialize for $type {
            fn serialize<S: $crate::ttlv::derived::serde::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::ttlv::derived::Result<S::Ok, S::Error> {
                $crate::ttlv::derived::serialize(self, serializer)
            }
        }

        impl<'de> $crate::ttlv::derived::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::ttlv::derived::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::ttlv::derived::Result<Self, D::Error> {
                $crate::ttlv::derived::deserialize(deserializer)
            }
        }
    };
}
