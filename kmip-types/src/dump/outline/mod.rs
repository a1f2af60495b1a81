//! TTLV as far as it can be read.

mod annotated;
mod lines;
mod problem;
mod read;
mod readable;
mod text;
mod visit;

use core::fmt;
use core::ops::Range;

pub use lines::OutlineText;
pub use problem::OutlineProblem;

use crate::item::Item;
use crate::item_type::ItemType;
use crate::path::TagPath;
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::ttlv::Header;

/// TTLV bytes, read as far as they go: items with what is wrong with them. Behind a value that is no value, reading goes
/// on; behind a length that cannot be, where it is plain what comes next.
///
/// ```
/// use kmip_types::TextCodec;
/// use kmip_types::dump::Outline;
///
/// // A Protocol Version whose first number is cut short by its length.
/// let bytes = [
///     0x42, 0x00, 0x69, 0x01, 0, 0, 0, 32,
///     0x42, 0x00, 0x6A, 0x02, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0,
///     0x42, 0x00, 0x6B, 0x02, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0,
/// ];
/// let codec = TextCodec::new();
/// let outline = Outline::read(&bytes, &codec);
/// assert_eq!(outline.problems().count(), 1);
/// assert_eq!(outline.to_text().to_string(), "\
/// ProtocolVersion (Structure)
///   ProtocolVersionMajor (Integer): (not read, 3 bytes)
///     ! offset 8: a length of 3 is not valid for Integer, which takes 4 bytes
///   ProtocolVersionMinor (Integer): 1");
/// assert_eq!(outline.to_annotated().to_string(), "\
/// 00000000  42 00 69 01 00 00 00 20  ProtocolVersion (Structure), 32 bytes
/// 00000008  42 00 6a 02 00 00 00 03    ProtocolVersionMajor (Integer), 3 bytes
///                                        ! a length of 3 is not valid for Integer, which takes 4 bytes
/// 00000010  (3 bytes)                  (not read, 3 bytes)
/// 00000013  (5 bytes)                  (not read, 5 bytes)
/// 00000018  42 00 6b 02 00 00 00 04    ProtocolVersionMinor (Integer), 4 bytes
/// 00000020  00 00 00 01                1
/// 00000024  00 00 00 00                padding");
/// ```
pub struct Outline<'a> {
    bytes: &'a [u8],
    codec: &'a TextCodec,
    items: Vec<OutlineItem>,
}

/// An item of an [`Outline`], or bytes that are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineItem {
    /// The offset in bytes of the first byte.
    pub offset: usize,
    /// How many structures it is in.
    pub depth: usize,
    /// What its header says; `None` where bytes are no item.
    pub header: Option<OutlineHeader>,
    /// Where its value is, so far as it is there, without padding; bytes that are no item are a value too.
    pub value: Range<usize>,
    /// Where its padding ends.
    pub end: usize,
    /// What is wrong with it.
    pub problems: Vec<OutlineProblem>,
    /// The index behind the last item that is in it.
    next: usize,
}

/// What a header says, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutlineHeader {
    /// The tag.
    pub tag: Tag,
    /// The type byte.
    pub type_byte: u8,
    /// The length in bytes that it declares.
    pub length: usize,
}

impl OutlineHeader {
    /// The type, if the type byte is that of one.
    pub fn item_type(&self) -> Option<ItemType> {
        ItemType::from_number(self.type_byte)
    }
}

impl OutlineItem {
    /// Where its padding is.
    pub fn padding(&self) -> Range<usize> {
        self.value.end..self.end
    }

    /// Whether it is a structure whose content was read.
    fn is_open(&self) -> bool {
        let is_structure = self.header.is_some_and(|header| header.item_type() == Some(ItemType::Structure));
        is_structure && !self.problems.iter().any(OutlineProblem::is_of_limits)
    }

    /// Whether its value can be read, whatever may be wrong besides.
    fn is_readable(&self) -> bool {
        self.header.is_some() && !self.problems.iter().any(OutlineProblem::is_of_value)
    }
}

impl<'a> Outline<'a> {
    /// Reads bytes as far as they go. `codec` says the limits, which [end](OutlineProblem::Item) reading where they are
    /// reached, what tags and values are called, and whether secrets are shown.
    pub fn read(bytes: &'a [u8], codec: &'a TextCodec) -> Self {
        Self { bytes, codec, items: read::items(bytes, &codec.limits) }
    }

    /// The items, each before those that are in it.
    pub fn items(&self) -> &[OutlineItem] {
        &self.items
    }

    /// What is wrong, in the order of the items.
    pub fn problems(&self) -> impl Iterator<Item = (&OutlineItem, &OutlineProblem)> {
        self.items.iter().flat_map(|item| item.problems.iter().map(move |problem| (item, problem)))
    }

    /// As [`problems`](Self::problems), with the paths of the items, so far as these can be told.
    pub fn located_problems(&self) -> Vec<(TagPath, &OutlineItem, &OutlineProblem)> {
        let offsets: Vec<usize> = self.problems().map(|(item, _)| item.offset).collect();
        let paths = TagPath::locate_all(self.bytes, &offsets);
        paths.into_iter().zip(self.problems()).map(|(path, (item, problem))| (path, item, problem)).collect()
    }

    /// Notes something of the item that the byte at an offset is in, such as an error of reading it or a deviation: it is
    /// shown as a problem is, unless a problem of the item says the same.
    pub fn note(&mut self, offset: usize, text: impl Into<String>) {
        let (behind, text) = (self.items.partition_point(|item| item.offset <= offset), text.into());
        if let Some(item) = behind.checked_sub(1).and_then(|index| self.items.get_mut(index))
            && !item.problems.iter().any(|problem| problem.to_string() == text)
        {
            item.problems.push(OutlineProblem::Noted(text));
        }
    }

    /// How many values are left out because they are secrets, or may be.
    pub fn hidden(&self) -> usize {
        self.hidden_offsets().len()
    }

    /// The offsets of the items whose values are left out because they are secrets, or may be, in the order of the bytes.
    pub fn hidden_offsets(&self) -> Vec<usize> {
        let mut hidden = Vec::new();
        // Collecting cannot fail.
        let _ = self.visit(|visit| {
            if visit.is_hidden && !visit.item.value.is_empty() {
                hidden.push(visit.item.offset);
            }
            Ok(())
        });
        hidden
    }

    /// The items before the first that cannot be read, with the structures that it is in so far as they come before it: of
    /// whole TTLV, all. Whoever gets them wipes them.
    pub fn readable(&self) -> Vec<Item> {
        readable::items(self)
    }

    /// An item a line, as [`TextCodec::to_text`] has it, with a line for each problem behind its item.
    ///
    /// Secrets are left out unless the codec [reveals](TextCodec::reveal_secrets) them; so is what cannot be read.
    pub fn to_text(&self) -> OutlineText {
        text::write(self)
    }

    /// Every byte in hex, with what it is: headers, values, padding, what cannot be read, and problems.
    ///
    /// Lines are 80 characters wide at most, but where a name or a problem is long. Of long values the start is shown. Secrets are left out unless the
    /// codec [reveals](TextCodec::reveal_secrets) them; so is what cannot be read.
    pub fn to_annotated(&self) -> OutlineText {
        annotated::write(self)
    }

    fn bytes_of(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    fn header_of(&self, item: &OutlineItem) -> &'a [u8] {
        self.bytes_of(item.offset..(item.offset + Header::SIZE).min(self.bytes.len()))
    }
}

/// Without the bytes.
impl fmt::Debug for Outline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outline").field("items", &self.items).finish_non_exhaustive()
    }
}
