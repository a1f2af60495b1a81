//! Traits of values whose form another value decides.

use crate::error::DecodeError;
use crate::tag::Tag;
use crate::ttlv::Reader;

/// A value whose form is decided by a sibling that comes before it, such as a Credential Value by its
/// Credential Type.
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
pub trait Tagged {
    /// The tags that it can have.
    const TAGS: &'static [Tag];

    /// The tag that this value has.
    fn tag(&self) -> Tag;
}

impl<T: Tagged> Tagged for Box<T> {
    const TAGS: &'static [Tag] = T::TAGS;

    fn tag(&self) -> Tag {
        (**self).tag()
    }
}
