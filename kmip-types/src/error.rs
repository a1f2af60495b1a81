//! Errors of the codec: what, where, what was expected and what was found.

use core::fmt;

use crate::item_type::{ItemType, ItemTypes};
use crate::path::{PathSegment, TagPath};
use crate::tag::Tag;
use crate::version::ProtocolVersion;

/// Why bytes are not a valid TTLV item, or not the expected one.
///
/// It never holds a value's bytes, so it is safe to log even where the message carries secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<DecodeErrorInner>);

#[derive(Clone, PartialEq, Eq)]
struct DecodeErrorInner {
    kind: DecodeErrorKind,
    offset: usize,
    path: TagPath,
    /// Where the path is to lead that was not worked out yet.
    place: Option<usize>,
}

/// What is wrong with the bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The input or the enclosing structure ends inside an item.
    #[error("truncated: {needed} bytes needed, {available} left")]
    Truncated {
        /// Bytes that the item still needs.
        needed: usize,
        /// Bytes that are there.
        available: usize,
    },
    /// The type byte is none of the item types.
    #[error("0x{found:02X} is not an item type")]
    InvalidItemType {
        /// The type byte.
        found: u8,
    },
    /// The item has another type than its place calls for.
    #[error("expected {expected}, found {found}")]
    UnexpectedItemType {
        /// The item types that the place allows.
        expected: ItemTypes,
        /// The item's type.
        found: ItemType,
    },
    /// The item has another tag than its place calls for.
    #[error("expected {expected}, found {found}")]
    UnexpectedTag {
        /// The tag that the place calls for.
        expected: Tag,
        /// The item's tag.
        found: Tag,
    },
    /// The length field does not fit the item type.
    #[error("a length of {found} is not valid for {item_type}, which takes {expected}")]
    InvalidLength {
        /// The item's type.
        item_type: ItemType,
        /// The lengths that the type takes, in words.
        expected: &'static str,
        /// The length field, in bytes.
        found: usize,
    },
    /// A padding byte is not zero.
    #[error("padding is not zero")]
    NonZeroPadding,
    /// A Text String is not UTF-8.
    #[error("text is not valid UTF-8 after {valid} bytes")]
    InvalidUtf8 {
        /// Bytes of the text that are valid.
        valid: usize,
    },
    /// A Boolean is neither 0 nor 1.
    #[error("a Boolean is neither 0 nor 1")]
    InvalidBoolean,
    /// The value has the right type, but is not one that the field can have.
    #[error("the value is not {expected}")]
    InvalidValue {
        /// What the field takes, in words.
        expected: &'static str,
    },
    /// A field that the structure requires is not there.
    #[error("{structure} lacks its required field {tag}")]
    MissingField {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
    },
    /// A field is there, but not where the order of the structure's fields puts it.
    #[error("{tag} is out of order in {structure}")]
    MisplacedField {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
    },
    /// A field that occurs once at most is there again.
    #[error("{tag} occurs more than once in {structure}")]
    DuplicateField {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
    },
    /// The structure has no such field.
    #[error("{structure} has no field {tag}")]
    UnknownField {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
    },
    /// A field, an attribute or a tag is there that the version of the message does not have.
    #[error("{tag} is not in KMIP {version}{}", Bounds(*since, *until))]
    NotInVersion {
        /// The tag.
        tag: Tag,
        /// The version of the message.
        version: ProtocolVersion,
        /// The first version that has it here.
        since: Option<ProtocolVersion>,
        /// The last version that has it here.
        until: Option<ProtocolVersion>,
    },
    /// A value of an enumeration, or a bit of a mask, is there that the version of the message does not have.
    #[error("the value {value} of {names} is not in KMIP {version}{}", Bounds(*since, *until))]
    ValueNotInVersion {
        /// The enumeration, or the mask.
        names: &'static str,
        /// The value, or the bit.
        value: &'static str,
        /// The version of the message.
        version: ProtocolVersion,
        /// The first version that has it.
        since: Option<ProtocolVersion>,
        /// The last version that has it.
        until: Option<ProtocolVersion>,
    },
    /// An item has a form that the version of the message does not have.
    #[error("{what} is not in KMIP {version}{}", Bounds(*since, *until))]
    FormNotInVersion {
        /// The form, in words.
        what: &'static str,
        /// The version of the message.
        version: ProtocolVersion,
        /// The first version that has it.
        since: Option<ProtocolVersion>,
        /// The last version that has it.
        until: Option<ProtocolVersion>,
    },
    /// A field occurs more than once that occurs once at most in the version of the message.
    #[error("{tag} occurs more than once in {structure}, but once at most in KMIP {version}")]
    TooMany {
        /// The structure's name.
        structure: &'static str,
        /// The field's tag.
        tag: Tag,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// None of a choice's variants fits the item.
    #[error("no variant of {choice} fits {found}")]
    NoVariant {
        /// The choice's name.
        choice: &'static str,
        /// What was found: the item's tag, its type or the selecting value.
        found: Found,
    },
    /// Bytes follow the outermost item.
    #[error("{bytes} bytes follow the item")]
    TrailingData {
        /// How many.
        bytes: usize,
    },
    /// Structures are nested deeper than the limit.
    #[error("structures are nested more than {limit} deep")]
    DepthLimit {
        /// [`Limits::depth`](crate::Limits::depth).
        limit: usize,
    },
    /// The outermost item is larger than the limit.
    #[error("{size} bytes exceed the limit of {limit}")]
    SizeLimit {
        /// The item's size in bytes, header included.
        size: usize,
        /// [`Limits::size`](crate::Limits::size).
        limit: usize,
    },
    /// There are more items than the limit.
    #[error("there are more than {limit} items")]
    ItemLimit {
        /// [`Limits::items`](crate::Limits::items).
        limit: usize,
    },
}

/// What a choice was to be made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The tag of the item.
    Tag(Tag),
    /// The type of the item.
    ItemType(ItemType),
    /// The number of the selecting sibling.
    Value(u32),
    /// There is no item.
    Nothing,
    /// The selecting sibling is absent.
    NoSelector,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => write!(f, "the tag {tag}"),
            Self::ItemType(item_type) => write!(f, "the item type {item_type}"),
            Self::Value(value) => write!(f, "the selecting value 0x{value:08X}"),
            Self::Nothing => f.write_str("the end of the structure"),
            Self::NoSelector => f.write_str("the absence of the field that selects one"),
        }
    }
}

impl DecodeError {
    pub(crate) fn new(kind: DecodeErrorKind, offset: usize, path: TagPath) -> Self {
        Self(Box::new(DecodeErrorInner { kind, offset, path, place: None }))
    }

    /// An error whose path is worked out only if somebody asks: it is to lead to `place`.
    pub(crate) fn unlocated(kind: DecodeErrorKind, offset: usize, place: Option<usize>) -> Self {
        Self(Box::new(DecodeErrorInner { kind, offset, path: TagPath::default(), place }))
    }

    /// Where the path is to lead that was not worked out yet.
    pub(crate) fn place(&self) -> Option<usize> {
        self.0.place
    }

    /// Says the path to its place.
    pub(crate) fn locate(&mut self, path: TagPath) {
        self.0.path = path;
        self.0.place = None;
    }

    /// Whether a limit is exceeded, rather than something being wrong with one item.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(
            self.0.kind,
            DecodeErrorKind::DepthLimit { .. }
                | DecodeErrorKind::SizeLimit { .. }
                | DecodeErrorKind::ItemLimit { .. }
        )
    }

    /// What is wrong.
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.0.kind
    }

    /// Where: the offset in bytes, from the start of the input, of the item's header or of the fault in it.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Where: the tags from the outermost item to the faulty one.
    pub fn path(&self) -> &TagPath {
        &self.0.path
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.path.is_empty() {
            write!(f, "offset {}: {}", self.0.offset, self.0.kind)
        } else {
            write!(f, "{} (offset {}): {}", self.0.path, self.0.offset, self.0.kind)
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("kind", &self.0.kind)
            .field("offset", &self.0.offset)
            .field("path", &self.0.path)
            .finish()
    }
}

impl core::error::Error for DecodeError {}

/// Why a value cannot be written.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodeError(Box<EncodeErrorInner>);

#[derive(Clone, PartialEq, Eq)]
struct EncodeErrorInner {
    kind: EncodeErrorKind,
    /// From the faulty item outwards: each structure adds itself as the error passes through.
    reversed: Vec<PathSegment>,
}

/// What is wrong with the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// A field is set that the version of the message does not have.
    #[error("{tag} is not in KMIP {version}{}", Bounds(*since, *until))]
    NotInVersion {
        /// The field's tag.
        tag: Tag,
        /// The version of the message.
        version: ProtocolVersion,
        /// The first version that has the field.
        since: Option<ProtocolVersion>,
        /// The last version that has the field.
        until: Option<ProtocolVersion>,
    },
    /// A value of an enumeration, or a bit of a mask, that the version of the message does not have.
    #[error("the value {value} of {names} is not in KMIP {version}{}", Bounds(*since, *until))]
    ValueNotInVersion {
        /// The enumeration, or the mask.
        names: &'static str,
        /// The value, or the bit.
        value: &'static str,
        /// The version of the message.
        version: ProtocolVersion,
        /// The first version that has it.
        since: Option<ProtocolVersion>,
        /// The last version that has it.
        until: Option<ProtocolVersion>,
    },
    /// A field is not set that the version of the message requires.
    #[error("{tag} is required in KMIP {version}")]
    Missing {
        /// The field's tag.
        tag: Tag,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// A field holds several values where the version of the message has one at most.
    #[error("{tag} occurs {count} times, but once at most in KMIP {version}")]
    TooMany {
        /// The field's tag.
        tag: Tag,
        /// How many values there are.
        count: usize,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// The value was read leniently and has changed since: what deviates in it has no place in what it is now.
    #[error(
        "{tag} was read leniently, and what deviates in it cannot be written after the value was changed"
    )]
    Deviates {
        /// The outermost item's tag.
        tag: Tag,
    },
    /// Something is set for which the version of the message has no form.
    #[error("{what} has no equivalent in KMIP {version}")]
    NoEquivalent {
        /// What, in words.
        what: &'static str,
        /// The version of the message.
        version: ProtocolVersion,
    },
    /// The value is not one that the field can have.
    #[error("the value is not {expected}")]
    InvalidValue {
        /// What the field takes, in words.
        expected: &'static str,
    },
    /// The value is longer than a length field can say, or than the limit.
    #[error("the message exceeds the limit of {limit} bytes")]
    SizeLimit {
        /// [`Limits::size`](crate::Limits::size).
        limit: usize,
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
}

struct Bounds(Option<ProtocolVersion>, Option<ProtocolVersion>);

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is there from the first version on is only bound by the last.
        let since = self.0.filter(|since| Some(since) != ProtocolVersion::ALL.first());
        match (since, self.1) {
            (Some(since), Some(until)) if since == until => write!(f, ", but in {since} alone"),
            (Some(since), Some(until)) => write!(f, ", but in {since} to {until}"),
            (Some(since), None) => write!(f, ", but in {since} and later"),
            (None, Some(until)) => write!(f, ", but until {until}"),
            (None, None) => Ok(()),
        }
    }
}

impl EncodeError {
    /// An error at the item that is about to be written.
    pub fn new(kind: EncodeErrorKind) -> Self {
        Self(Box::new(EncodeErrorInner { kind, reversed: Vec::new() }))
    }

    /// What is wrong.
    pub fn kind(&self) -> &EncodeErrorKind {
        &self.0.kind
    }

    /// Where: the tags from the outermost item to the faulty one.
    pub fn path(&self) -> TagPath {
        TagPath::new(self.0.reversed.iter().rev().copied().collect())
    }

    /// Puts the error inside this item of an enclosing structure.
    #[cold]
    pub(crate) fn within(mut self, tag: Tag, index: Option<usize>) -> Self {
        match (self.0.reversed.last_mut(), index) {
            // A repeated field first says its tag, then which one it is.
            (Some(last), Some(_)) if last.tag == tag && last.index.is_none() => last.index = index,
            _ => self.0.reversed.push(PathSegment { tag, index }),
        }
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.reversed.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        write!(f, "{}", self.0.kind)
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodeError").field("kind", &self.0.kind).field("path", &self.path()).finish()
    }
}

impl core::error::Error for EncodeError {}
