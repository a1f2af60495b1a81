//! What lenient decoding tolerated.

use core::fmt;

use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::item_type::{ItemType, ItemTypes};
use crate::limits::Limits;
use crate::path::TagPath;
use crate::primitive::SecretBytes;
use crate::tag::Tag;
use crate::ttlv::{Decode, Encode, KeptItem, Mode, Root, decode_with, encode};

/// A value that was read, with what was not as the standard has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What was tolerated, in the order of the bytes.
    pub deviations: Vec<Deviation>,
    /// The paths of what has no type of its own and was kept as items.
    pub untyped: Vec<TagPath>,
    /// What was read, if something in it deviates.
    pub(super) original: Option<SecretBytes>,
}

impl<T> Decoded<T> {
    /// The same with another value, such as a part of the one that was read. What deviates is no more to be written.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Decoded<U> {
        let Self { value, deviations, untyped, .. } = self;
        Decoded { value: change(value), deviations, untyped, original: None }
    }
}

impl<T: Decode + Encode + Root + PartialEq> Decoded<T> {
    /// The value as it was: the very bytes that it was read from, with all that deviates in them.
    ///
    /// A deviation is in the bytes, not in the value. So a value that has changed since can be written as it was only
    /// if nothing deviated.
    ///
    /// ```
    /// use kmip_types::message::{Message, ResponseMessage};
    /// # let text = "42007B0100000080 42007A0100000048 4200690100000020 42006A020000000400000001000000004\
    /// # 2006B02000000040000000000000000 4200920900000008000000006553F100 42000D02000000040000000100000000 \
    /// # 42000F0100000028 42005C05000000040000000100000000 42007F05000000040000000000000000 420FFF0100000000";
    /// # let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    /// # let digit = |byte: &u8| (*byte as char).to_digit(16).unwrap() as u8;
    /// # let response: Vec<u8> = digits.chunks(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect();
    /// // A response with a field that the standard does not know.
    /// let decoded = ResponseMessage::from_ttlv_lenient(&response)?;
    /// assert_eq!(decoded.deviations.len(), 1);
    /// assert_eq!(decoded.to_ttlv_as_it_was()?, response);
    /// assert_ne!(decoded.value.to_ttlv()?, response);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`EncodeErrorKind::Deviates`] where the value has changed, and something deviated; what
    /// [`encode`] says where nothing did.
    pub fn to_ttlv_as_it_was(&self) -> Result<Vec<u8>, EncodeError> {
        let Some(original) = &self.original else {
            return encode(T::TAG, &self.value, self.value.protocol_version());
        };
        // It was within the limits when it was read.
        let limits = Limits { depth: usize::MAX, size: usize::MAX, items: usize::MAX };
        match decode_with::<T>(T::TAG, original.reveal(), Mode::Lenient, limits) {
            Ok(read) if read.value == self.value => Ok(original.reveal().to_vec()),
            _ => Err(EncodeError::new(EncodeErrorKind::Deviates { tag: T::TAG })),
        }
    }
}

/// One thing that was not as the standard has it. Its `Display` says where, what was due and what was found; with the
/// feature `serde` it serialises as that text, for logs.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde_with::SerializeDisplay))]
pub struct Deviation {
    /// The path of the item.
    pub path: TagPath,
    /// The offset in bytes of the item's header.
    pub offset: usize,
    /// What was not as it should be.
    pub kind: DeviationKind,
}

/// What lenient decoding tolerates.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeviationKind {
    /// The structure has no such field: here it is.
    Unknown(KeptItem),
    /// The field, or one that stands for it in another version, occurs once at most, and this is another one: here it is.
    /// The first one was taken.
    Duplicate(KeptItem),
    /// The field is not where the order of the fields puts it. Its value was taken.
    Misplaced,
    /// The item has another type than the standard gives it, but the value could be read.
    ItemType {
        /// The type that the field takes.
        expected: ItemTypes,
        /// The item's type.
        found: ItemType,
    },
    /// The item, or what is in it, does not fit its place: here it is. The field is taken as absent; of attributes, the
    /// item stands among the others, untyped.
    Unreadable {
        /// What does not fit: of the item itself, or of something in it.
        fault: DecodeError,
        /// The item.
        kept: KeptItem,
    },
    /// The version of the message lacks the field, the attribute, the value or the form. It was taken: one of
    /// [`DecodeErrorKind::NotInVersion`], [`DecodeErrorKind::ValueNotInVersion`],
    /// [`DecodeErrorKind::FormNotInVersion`] and [`DecodeErrorKind::TooMany`].
    OtherVersion(Box<DecodeErrorKind>),
    /// A field that the structure requires, at least in the version of the message, is not there. The path is that of
    /// the structure.
    Missing {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
    },
    /// The key is wrapped, as its Key Wrapping Data says, but the Key Value is a structure instead of the wrapped bytes:
    /// here it is. It was taken as wrapped.
    WrappedStructure(KeptItem),
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (offset {}): {}", self.path, self.offset, self.kind)
    }
}

impl fmt::Display for DeviationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(kept) => write!(f, "the structure has no field {}; it was set aside", kept.tag()),
            Self::Duplicate(kept) => {
                write!(f, "{} occurs again; the first was taken, this one set aside", kept.tag())
            }
            Self::Misplaced => f.write_str("out of order; its value was taken"),
            Self::ItemType { expected, found } => {
                write!(f, "expected {expected}, found {found}; its value was taken")
            }
            Self::Unreadable { fault, kept } => {
                // Of the item itself, the place has been said.
                match fault.path().segments().last() {
                    Some(last) if last.tag != kept.tag() => write!(f, "{fault}")?,
                    _ => write!(f, "{}", fault.kind())?,
                }
                write!(f, "; the {} was set aside as it is", kept.item_type())
            }
            Self::OtherVersion(kind) => write!(f, "{kind}; it was taken"),
            Self::Missing { structure, tag } => write!(f, "{structure} lacks its required field {tag}"),
            Self::WrappedStructure(_) => f.write_str(
                "the key has Key Wrapping Data, so its Key Value is due as a ByteString, found Structure; it was \
                 taken as wrapped",
            ),
        }
    }
}
