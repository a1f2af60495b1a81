//! An item as a text says it, before names and types are looked up: what JSON and XML have in common.

use core::cell::Cell;
use std::borrow::Cow;

use crate::item_type::ItemType;
use crate::limits::Limits;
use crate::text::error::{TextError, TextErrorKind};
use crate::wipe::ValueText;

/// An item as a text says it.
pub(crate) struct Node<'a> {
    /// The name or number of the tag.
    pub(crate) tag: Spanned<Cow<'a, str>>,
    /// The name of the item type, if it is given.
    pub(crate) item_type: Option<Spanned<Cow<'a, str>>>,
    /// The value.
    pub(crate) value: Spanned<Content<'a>>,
}

/// Something, with its offset in the text.
pub(crate) struct Spanned<T> {
    pub(crate) inner: T,
    pub(crate) offset: usize,
}

/// A value as a text says it. XML has text and items alone.
#[cfg_attr(not(feature = "json"), expect(dead_code))]
pub(crate) enum Content<'a> {
    /// Nothing at all.
    Absent,
    /// The literal `null`.
    Null,
    /// A literal `true` or `false`.
    Boolean(bool),
    /// The digits of a number.
    Number(ValueText<'a>),
    /// A string.
    Text(ValueText<'a>),
    /// Items.
    Items(Vec<Node<'a>>),
}

impl Content<'_> {
    /// What it is, for an error: it is no value of this type.
    pub(super) fn kind(&self, item_type: ItemType) -> &'static str {
        let texts_only = matches!(
            item_type,
            ItemType::TextString | ItemType::ByteString | ItemType::DateTime | ItemType::DateTimeExtended
        );
        match self {
            Self::Text(_) if item_type == ItemType::Structure => "text",
            Self::Number(_) if texts_only || matches!(item_type, ItemType::Structure | ItemType::Boolean) => {
                "a number"
            }
            Self::Absent => "no value",
            Self::Null => "null",
            Self::Boolean(_) => "true or false",
            Self::Number(_) => "another number",
            Self::Text(_) => "other text",
            Self::Items(_) => "items",
        }
    }
}

/// How many bytes of text one byte of TTLV takes at most: six, as in `\u0000` or `&quot;`. A byte of a Byte
/// String takes two.
const TEXT_PER_BYTE: usize = 6;
/// How many bytes of text an item takes besides its value: its names and types, twice the name of its tag, and
/// the names of all 32 bits of a mask.
const TEXT_PER_ITEM: usize = 512;
/// How many bytes of text the indentation of an item takes for each structure that it is in: JSON in lines
/// has six of them for an item, and indents by four.
const TEXT_PER_LEVEL: usize = 24;

/// Refuses a text that is longer than a message within the limits can be, before any of it is read. That is
/// six times [`Limits::size`], and 512 bytes and 24 for each level of [`Limits::depth`] for each item: of
/// those, there are at most [`Limits::items`], and no more than headers of eight bytes fit into the size.
pub(super) fn check_size(text: &str, limits: Limits) -> Result<(), TextError> {
    let items = limits.items.min(limits.size / 8);
    let per_item = TEXT_PER_LEVEL.saturating_mul(limits.depth).saturating_add(TEXT_PER_ITEM);
    let limit = limits.size.saturating_mul(TEXT_PER_BYTE).saturating_add(items.saturating_mul(per_item));
    if text.len() <= limit {
        return Ok(());
    }
    Err(TextError::new(TextErrorKind::SizeLimit { limit, found: text.len() }))
}

/// Counts items and depth against the limits while a text is read, so that what is built from it is bounded.
pub(super) struct Budget {
    limits: Limits,
    items: Cell<usize>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, items: Cell::new(0) }
    }

    /// Starts over, for another outermost item.
    #[cfg(feature = "xml")]
    pub(super) fn reset(&self) {
        self.items.set(0);
    }

    /// Counts an item that is inside `depth` structures.
    pub(super) fn item(&self, depth: usize, offset: usize) -> Result<(), TextError> {
        self.items.set(self.items.get() + 1);
        if self.items.get() > self.limits.items {
            return Err(TextError::at(TextErrorKind::ItemLimit { limit: self.limits.items }, offset));
        }
        // An item that is no structure may be one level deeper than the innermost structure.
        if depth > self.limits.depth {
            return Err(TextError::at(TextErrorKind::DepthLimit { limit: self.limits.depth }, offset));
        }
        Ok(())
    }
}
