//! What lenient decoding tolerated.

use crate::item::Item;
use crate::item_type::{ItemType, ItemTypes};
use crate::path::TagPath;

/// A value that was read, with what was not as the standard has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What was tolerated, in the order of the bytes.
    pub deviations: Vec<Deviation>,
    /// The paths of what has no type of its own and was kept as items.
    pub untyped: Vec<TagPath>,
}

/// One thing that was not as the standard has it.
#[derive(Clone, Debug, PartialEq)]
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
    Unknown(Item),
    /// The field, or one that stands for it in another version, occurs once at most, and this is another one: here it is.
    /// The first one was taken.
    Duplicate(Item),
    /// The field is not where the order of the fields puts it. Its value was taken.
    Misplaced,
    /// The item has another type than the standard gives it, but the value could be read.
    ItemType {
        /// The type that the field takes.
        expected: ItemTypes,
        /// The item's type.
        found: ItemType,
    },
}
