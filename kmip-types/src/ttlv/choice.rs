//! Traits of values whose form another value decides.

use crate::error::{DecodeError, EncodeError};
use crate::tag::Tag;
use crate::ttlv::{Reader, Writer};

/// A value whose form is decided by a sibling that comes before it, such as a Credential Value by its
/// Credential Type.
#[diagnostic::on_unimplemented(
    message = "`{S}` does not decide the form of `{Self}`",
    label = "its form is decided by a value of another type",
    note = "on an enum, `#[ttlv(select = \"Type\")]` says whose value decides; on a struct, `selector = \"Type\"`"
)]
pub trait DecodeSelected<S: ?Sized>: Sized {
    /// Reads the item at the reader's position, whose tag must be `tag`, in the form that `selector` says.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not such an item.
    fn decode_selected(selector: &S, tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

impl<S: ?Sized, T: DecodeSelected<S>> DecodeSelected<S> for Box<T> {
    fn decode_selected(selector: &S, tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode_selected(selector, tag, reader).map(Box::new)
    }
}

/// A choice by tag: a value that brings its own tag, such as a managed object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not bring its own tag",
    label = "not a choice by tag",
    note = "`#[ttlv(choice)]` is for a type that derives `Ttlv` with `#[ttlv(choice = \"tag\")]`"
)]
pub trait Tagged: Sized {
    /// The tags that it can have.
    const TAGS: &'static [Tag];

    /// Whether it can have any tag of a vendor besides.
    const OPEN: bool = false;

    /// The tag that this value has.
    fn tag(&self) -> Tag;

    /// Which of [`TAGS`](Self::TAGS) the value has; their number, if it has another.
    fn place(&self) -> usize {
        let tag = self.tag();
        Self::TAGS.iter().position(|own| *own == tag).unwrap_or(Self::TAGS.len())
    }

    /// Writes the value under another tag than its own, as an Attribute Value of KMIP 1.x is.
    ///
    /// # Errors
    /// [`EncodeError`] where the writer's version has no form for the value, or a limit is exceeded.
    fn encode_as(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError>;

    /// Reads the item at the reader's position, whose tag is `tag`, as the value whose own tag is `kind`.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not such an item, or no value has the tag `kind`.
    fn decode_as(kind: Tag, tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::decode_to(kind, tag, reader, |value| value)
    }

    /// The same, with the value given to `put` where it is made: to be put into its place without a move.
    ///
    /// # Errors
    /// Those of [`decode_as`](Self::decode_as).
    fn decode_to<R>(
        kind: Tag,
        tag: Tag,
        reader: &mut Reader<'_>,
        put: impl FnOnce(Self) -> R,
    ) -> Result<R, DecodeError>;
}

impl<T: Tagged> Tagged for Box<T> {
    const TAGS: &'static [Tag] = T::TAGS;
    const OPEN: bool = T::OPEN;

    fn tag(&self) -> Tag {
        (**self).tag()
    }

    fn place(&self) -> usize {
        (**self).place()
    }

    fn encode_as(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        (**self).encode_as(tag, writer)
    }

    fn decode_to<R>(
        kind: Tag,
        tag: Tag,
        reader: &mut Reader<'_>,
        put: impl FnOnce(Self) -> R,
    ) -> Result<R, DecodeError> {
        T::decode_to(kind, tag, reader, |value| put(Box::new(value)))
    }
}
