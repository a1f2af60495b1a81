//! What reading a text tolerated.

use core::fmt;

use crate::item::Item;
use crate::item_type::{ItemType, ItemTypes};
use crate::path::TagPath;
use crate::tag::Tag;

/// An item that a text says, with what of it was not as the standard has it.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedText {
    /// The item.
    pub item: Item,
    /// What was tolerated, in the order of the text.
    pub deviations: Vec<TextDeviation>,
}

/// One thing in a text that was not as the standard has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextDeviation {
    /// The path of the item.
    pub path: TagPath,
    /// The line of the text, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// What was not as it should be.
    pub kind: TextDeviationKind,
}

/// What reading a text tolerates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextDeviationKind {
    /// A name is spelled otherwise than the standard spells it.
    Name {
        /// The name, or all the names of a mask's bits.
        found: String,
        /// The standard's name, or a vendor's, for which it was taken.
        taken: String,
    },
    /// The item has another type than the standard gives its tag. It was read as it is.
    ItemType {
        /// The item's tag.
        tag: Tag,
        /// The item types that the standard gives it.
        expected: ItemTypes,
        /// The item's type.
        found: ItemType,
    },
}

impl TextDeviation {
    /// The same in a text of which that which it was found in is a part, from this line and column on.
    #[cfg(feature = "dump")]
    pub(crate) fn behind(mut self, line: usize, column: usize) -> Self {
        if self.line == 1 {
            self.column += column - 1;
        }
        self.line += line - 1;
        self
    }
}

impl fmt::Display for TextDeviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}, {}: {}", self.line, self.column, self.path, self.kind)
    }
}

impl fmt::Display for TextDeviationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { found, taken } => write!(f, "{found:?} was taken for {taken}"),
            Self::ItemType { tag, expected, found } => {
                write!(f, "{tag} takes {expected}; the {found} that is there was read as it is")
            }
        }
    }
}
