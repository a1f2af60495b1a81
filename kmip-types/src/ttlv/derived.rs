//! What the code of the derives refers to, all in one place: it imports this module under one name.

pub use core::clone::Clone;
pub use core::convert::{From, Into};
pub use core::default::Default;
pub use core::fmt;
pub use core::iter::{IntoIterator, Iterator};
pub use core::ops::{BitOr, Drop, FnOnce};
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, str, u32, usize};
pub use core::result::Result::{self, Err, Ok};
pub use std::vec::Vec;

use zeroize::Zeroize;

pub use crate::error::{DecodeError, EncodeError, Found};
pub use crate::item::{Item, Value};
pub use crate::item_type::ItemTypes;
pub use crate::mask::{Mask, MaskBit};
pub use crate::tables::{EnumerationInfo, MaskInfo, NameInfo, Names};
pub use crate::tag::Tag;
pub use crate::ttlv::compile_time::{assert_disjoint, assert_flattened, only_names, splice_fields};
pub use crate::ttlv::known::{BringsTag, Form, Known, Selected};
pub use crate::ttlv::{
    Decode, DecodeSelected, Encode, End, Field, Fields, Reader, Root, Schema, Structure, Tagged, Versions,
    Wire, Writer,
};
pub use crate::version::ProtocolVersion;

#[cfg(feature = "serde")]
pub use crate::__serde as serde_impls;
#[cfg(feature = "serde")]
pub use crate::item::{deserialize_root, deserialize_tagged, serialize_root, serialize_tagged};
#[cfg(feature = "serde")]
pub use serde;

/// Without the feature `serde` there is nothing to implement.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($any:tt)*) => {};
}
#[cfg(not(feature = "serde"))]
pub use crate::__serde as serde_impls;

/// What writing returns.
pub type Written = Result<(), EncodeError>;

/// What reading returns.
pub type Read<T> = Result<T, DecodeError>;

/// What a repeated field is set to.
pub fn collect<T>(values: impl IntoIterator<Item: Into<T>>) -> Vec<T> {
    values.into_iter().map(Into::into).collect()
}

/// A value that a `secret` field can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be wiped",
    label = "not a type that `secret` can wipe",
    note = "`secret` takes what implements `zeroize::Zeroize`, such as `String`, `Vec<u8>` and what holds them",
    note = "what wipes itself, such as `SecretBytes` or a structure with a `secret` field, does not need it"
)]
pub trait Wipe {
    /// Wipes the value.
    fn wipe(&mut self);
}

#[diagnostic::do_not_recommend]
impl<T: Zeroize> Wipe for T {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

/// What `Debug` shows of a secret.
pub const SECRET: fmt::Arguments<'static> = format_args!("(secret)");

/// Writes a structure.
#[inline]
pub fn encode_structure<T: Fields>(value: &T, tag: Tag, writer: &mut Writer) -> Written {
    writer.structure(tag, |writer| value.write_fields(writer))
}

/// Reads a structure.
#[inline]
pub fn decode_structure<T: Fields>(tag: Tag, reader: &mut Reader<'_>) -> Read<T> {
    reader.fields(tag, T::SCHEMA, T::read_fields)
}
