//! Errors of the text encodings: what, where in the text, and where in the message.

use core::fmt;

use crate::error::{DecodeError, EncodeError};
use crate::item_type::{ItemType, ItemTypes};
use crate::path::{PathSegment, TagPath};
use crate::tag::Tag;

/// Why a text is not a valid item, or why an item has no form in a text encoding.
///
/// It never holds the value of a field, save a name that was to name an enumeration's value or a mask's bit,
/// so it is safe to log even where the message carries secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct TextError(Box<TextErrorInner>);

#[derive(Clone, PartialEq, Eq)]
struct TextErrorInner {
    kind: TextErrorKind,
    offset: Option<usize>,
    position: Option<Position>,
    /// From the faulty item outwards: each structure adds itself as the error passes through.
    reversed: Vec<PathSegment>,
}

/// A place in a text: its offset in bytes, and line and character in it, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

#[cfg(any(feature = "json", feature = "xml"))]
impl Position {
    /// The start of any text.
    pub(crate) const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place at an offset of the text, which is not before this one; what is between them is all that is looked at.
    pub(crate) fn advanced(self, text: &str, offset: usize) -> Self {
        let between = text.get(self.offset..offset).unwrap_or_default();
        let line = self.line + between.bytes().filter(|byte| *byte == b'\n').count();
        let column = match between.rsplit_once('\n') {
            Some((_, last)) => last.chars().count() + 1,
            None => self.column + between.chars().count(),
        };
        Self { offset, line, column }
    }
}

/// What is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextErrorKind {
    /// The text is not well-formed JSON or XML.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// Something else is there than an item has in this place.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What the place calls for, in words.
        expected: &'static str,
        /// What is there, in words.
        found: &'static str,
    },
    /// An item has no such member (JSON) or attribute (XML).
    #[error("unknown {what} {name:?}; an item has tag, name, type and value")]
    UnknownMember {
        /// `member` or `attribute`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A member or attribute is there twice.
    #[error("duplicate {what} {name:?}")]
    DuplicateMember {
        /// `member` or `attribute`.
        what: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// An item lacks a member or attribute.
    #[error("missing {what} {name:?}")]
    MissingMember {
        /// `member` or `attribute`.
        what: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// No tag has this name.
    #[error("{name:?} is not a tag{}", did_you_mean(suggestions))]
    UnknownTag {
        /// The name that was given.
        name: String,
        /// The nearest known names: several where they are equally near.
        suggestions: Vec<String>,
    },
    /// No item type has this name.
    #[error("{name:?} is not an item type{}", did_you_mean(suggestion.as_slice()))]
    UnknownItemType {
        /// The name that was given.
        name: String,
        /// The nearest known name.
        suggestion: Option<&'static str>,
    },
    /// The enumeration or mask has no such name.
    #[error("{table} has no value named {name:?}{}", did_you_mean(suggestion.as_slice()))]
    UnknownName {
        /// The name of the enumeration or mask.
        table: String,
        /// The name that was given.
        name: String,
        /// The nearest known name.
        suggestion: Option<String>,
    },
    /// The name is spelled otherwise than the standard spells it, and may stand for several.
    #[error("{name:?} may stand for {} of {table}; write one of them", one_of(candidates))]
    AmbiguousName {
        /// The name of the enumeration or mask, or `Tag`.
        table: String,
        /// The name that was given.
        name: String,
        /// The names that it may stand for.
        candidates: Vec<String>,
    },
    /// The value is not one of its item type.
    #[error("expected {expected} for {item_type}, found {found}")]
    InvalidValue {
        /// The item's type.
        item_type: ItemType,
        /// The forms that the type takes, in words.
        expected: &'static str,
        /// What is there, in words.
        found: &'static str,
    },
    /// The standard gives the tag another item type.
    #[error("{tag} takes {expected}, found {found}")]
    UnexpectedItemType {
        /// The item's tag.
        tag: Tag,
        /// The item types that the standard gives it.
        expected: ItemTypes,
        /// The item's type.
        found: ItemType,
    },
    /// No type is given, which says that the item is a Structure, but the tag takes another.
    #[error("{tag} takes {expected}, but no type is given, which is left out for a Structure alone")]
    MissingType {
        /// The item's tag.
        tag: Tag,
        /// The item types that the standard gives it.
        expected: ItemTypes,
    },
    /// An element's name says another tag than its attribute `tag`.
    #[error("the element is {}, but its attribute \"tag\" is {}", in_full(*element), in_full(*attribute))]
    TagMismatch {
        /// The tag that the element's name says.
        element: Tag,
        /// The tag that the attribute says.
        attribute: Tag,
    },
    /// Something that is never taken, although it is well-formed.
    #[error("{what} is not allowed")]
    Forbidden {
        /// What, in words.
        what: &'static str,
    },
    /// An element is in a namespace that is not KMIP's.
    #[error(
        "expected an element without a namespace or in \"urn:oasis:tc:kmip:xmlns\", found another namespace"
    )]
    UnknownNamespace,
    /// A text holds a character that the encoding has no form for.
    #[error("U+{:04X} has no form in {encoding}", *character as u32)]
    Unrepresentable {
        /// The encoding.
        encoding: &'static str,
        /// The character.
        character: char,
    },
    /// Structures are nested deeper than the limit.
    #[error("structures are nested more than {limit} deep")]
    DepthLimit {
        /// [`Limits::depth`](crate::Limits::depth).
        limit: usize,
    },
    /// There are more items than the limit.
    #[error("there are more than {limit} items")]
    ItemLimit {
        /// [`Limits::items`](crate::Limits::items).
        limit: usize,
    },
    /// More is not as the standard has it than is listed.
    #[error("there are more than {limit} deviations from the standard to list")]
    DeviationLimit {
        /// How many are listed at most.
        limit: usize,
    },
    /// The text is longer than any that the limits allow.
    #[error("expected a text of at most {limit} bytes, found {found}")]
    SizeLimit {
        /// The longest text that is read, in bytes.
        limit: usize,
        /// How long the text is, in bytes.
        found: usize,
    },
    /// The bytes to be shown as text are not a valid TTLV item.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The item that the text says cannot be written as TTLV.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// The end of a message that says that a name is not known.
pub(crate) fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text.push_str(match index {
            0 => "; did you mean ",
            _ if index + 1 == names.len() => " or ",
            _ => ", ",
        });
        text.push_str(name.as_ref());
    }
    if !names.is_empty() {
        text.push('?');
    }
    text
}

/// Several names, in words.
fn one_of(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// A tag with its number.
fn in_full(tag: Tag) -> String {
    match tag.name() {
        Some(name) => format!("{name} (0x{:06X})", tag.value()),
        None => tag.to_string(),
    }
}

impl TextError {
    /// An error at a byte offset of the text.
    #[cfg(any(feature = "json", feature = "xml"))]
    #[cold]
    pub(crate) fn at(kind: TextErrorKind, offset: usize) -> Self {
        let inner = TextErrorInner { kind, offset: Some(offset), position: None, reversed: Vec::new() };
        Self(Box::new(inner))
    }

    /// An error without a place in a text.
    #[cold]
    pub(crate) fn new(kind: TextErrorKind) -> Self {
        Self(Box::new(TextErrorInner { kind, offset: None, position: None, reversed: Vec::new() }))
    }

    /// Puts the error inside this item.
    #[cfg(any(feature = "json", feature = "xml"))]
    #[cold]
    pub(crate) fn within(mut self, tag: Tag, index: Option<usize>) -> Self {
        self.0.reversed.push(PathSegment { tag, index });
        self
    }

    /// Works out line and column from the offset in `text`.
    #[cfg(any(feature = "json", feature = "xml"))]
    #[cold]
    pub(crate) fn in_text(self, text: &str) -> Self {
        self.in_text_after(text, Position::START)
    }

    /// The same where a place is known that the offset is not before.
    #[cfg(any(feature = "json", feature = "xml"))]
    #[cold]
    pub(crate) fn in_text_after(mut self, text: &str, known: Position) -> Self {
        if let (Some(offset), None) = (self.0.offset, self.0.position) {
            let known = if offset < known.offset { Position::START } else { known };
            self.0.position = Some(known.advanced(text, offset.min(text.len())));
        }
        self
    }

    /// The error in a text of which that which it was found in is a part, from this line and column on.
    #[cfg(feature = "dump")]
    pub(crate) fn behind(mut self, line: usize, column: usize) -> Self {
        if let Some(position) = &mut self.0.position {
            if position.line == 1 {
                position.column += column - 1;
            }
            position.line += line - 1;
        }
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> &TextErrorKind {
        &self.0.kind
    }

    /// Where: the line in the text, counted from 1; `None` where the fault is not in a text.
    pub fn line(&self) -> Option<usize> {
        self.0.position.map(|position| position.line)
    }

    /// Where: the character in the line, counted from 1; `None` where the fault is not in a text.
    pub fn column(&self) -> Option<usize> {
        self.0.position.map(|position| position.column)
    }

    /// Where: the tags from the outermost item to the faulty one, or to the structure that it is in if its
    /// own tag is not known. In a text that is not well-formed, an item has an index if others of its tag come before.
    pub fn path(&self) -> TagPath {
        match self.kind() {
            TextErrorKind::Decode(error) => error.path().clone(),
            TextErrorKind::Encode(error) => error.path(),
            _ => TagPath::new(self.0.reversed.iter().rev().copied().collect()),
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = TagPath::new(self.0.reversed.iter().rev().copied().collect());
        match (self.0.position, path.is_empty()) {
            (Some(Position { line, column, .. }), false) => {
                write!(f, "line {line}, column {column}, {path}: ")?
            }
            (Some(Position { line, column, .. }), true) => write!(f, "line {line}, column {column}: ")?,
            (None, false) => write!(f, "{path}: ")?,
            (None, true) => {}
        }
        write!(f, "{}", self.0.kind)
    }
}

impl fmt::Debug for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextError")
            .field("kind", &self.0.kind)
            .field("line", &self.line())
            .field("column", &self.column())
            .field("path", &self.path())
            .finish()
    }
}

impl core::error::Error for TextError {}
