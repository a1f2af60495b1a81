//! Reading binary TTLV: a cursor over the bytes, bounded by the structure it is in.

use crate::error::{DecodeError, DecodeErrorKind};
use crate::item_type::{ItemType, ItemTypes};
use crate::limits::Limits;
use crate::path::TagPath;
use crate::primitive::SecretBytes;
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::lenient::Lenient;
use crate::ttlv::{Decoded, Header, Schema};
use crate::version::ProtocolVersion;

/// How to take what is not as the standard has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// An unknown, duplicate, misplaced or trailing field is an error, and so is whatever the version of the message
    /// lacks.
    Strict,
    /// Such a field is tolerated and listed; an attribute or an optional field that does not read is set aside and
    /// listed, and the rest is read.
    Lenient,
}

/// Reads TTLV items from bytes.
///
/// Nothing is allocated from a declared length before the bytes are known to be there.
///
/// ```
/// use kmip_types::{Limits, Tag};
/// use kmip_types::ttlv::{Mode, Reader};
///
/// let bytes = [0x42, 0x00, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0];
/// let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default())?;
/// assert_eq!(reader.integer(Tag::BATCH_COUNT)?, 2);
/// reader.finish()?;
/// # Ok::<(), kmip_types::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) buffer: &'a [u8],
    /// What is left of the structure that is being read.
    pub(super) rest: &'a [u8],
    /// The offset of that structure's header.
    pub(super) structure: usize,
    /// The schema of that structure, of which flattened fields are a part; none where it may hold anything.
    pub(super) schema: Option<&'static Schema>,
    pub(super) depth: usize,
    items_left: usize,
    pub(super) mode: Mode,
    limits: Limits,
    /// The version of the message, if it is known.
    version: Option<ProtocolVersion>,
    /// Its bit; those of all versions, as long as it is not known.
    versions: u32,
    pub(super) lenient: Lenient,
    /// Offsets of what was read without a type of its own.
    pub(super) untyped: Vec<usize>,
}

impl<'a> Reader<'a> {
    /// A reader of one outermost item.
    ///
    /// # Errors
    /// The bytes exceed the size limit.
    #[inline]
    pub fn new(buffer: &'a [u8], mode: Mode, limits: Limits) -> Result<Self, DecodeError> {
        Self::check_size(buffer, &limits)?;
        Ok(Self::of_checked(buffer, mode, limits))
    }

    #[inline]
    pub(super) fn check_size(buffer: &[u8], limits: &Limits) -> Result<(), DecodeError> {
        if buffer.len() > limits.size {
            let kind = DecodeErrorKind::SizeLimit { size: buffer.len(), limit: limits.size };
            return Err(DecodeError::new(kind, 0, TagPath::default()));
        }
        Ok(())
    }

    /// A reader of bytes whose size was checked, which is made where it is kept.
    #[inline(always)]
    pub(super) fn of_checked(buffer: &'a [u8], mode: Mode, limits: Limits) -> Self {
        Self {
            buffer,
            rest: buffer,
            structure: 0,
            schema: None,
            depth: 0,
            items_left: limits.items,
            mode,
            limits,
            version: None,
            versions: u32::MAX,
            lenient: Lenient::default(),
            untyped: Vec::new(),
        }
    }

    /// How deviations are taken.
    #[inline]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The reader of what is in the form of a version: what that lacks is refused or, leniently, listed. Without this,
    /// a message is read as the version says that it states, and anything else in the form of any version.
    #[must_use]
    #[inline]
    pub fn in_version(mut self, version: ProtocolVersion) -> Self {
        self.set_version(version);
        self
    }

    #[inline]
    pub(super) fn set_version(&mut self, version: ProtocolVersion) {
        self.version = Some(version);
        self.versions = version.bit();
    }

    /// The version in whose form items are read, if it is known.
    #[inline]
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    /// The bit of that version; those of all, if it is not known.
    #[inline(always)]
    pub(crate) fn versions(&self) -> u32 {
        self.versions
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many more items may be read.
    pub(super) fn items_left(&self) -> usize {
        self.items_left
    }

    /// The offset in bytes of what is read next.
    #[inline]
    pub fn position(&self) -> usize {
        self.offset_of(self.rest)
    }

    /// The offset of a part of the buffer.
    #[inline(always)]
    fn offset_of(&self, part: &[u8]) -> usize {
        part.as_ptr().addr() - self.buffer.as_ptr().addr()
    }

    /// The offset of the structure that is being read.
    #[inline]
    pub(crate) fn structure_start(&self) -> usize {
        self.structure
    }

    /// The end of the structure that is being read.
    #[inline]
    pub(super) fn end(&self) -> usize {
        self.position() + self.rest.len()
    }

    /// Moves to another place in the structure that is being read.
    pub(super) fn seek(&mut self, position: usize) {
        self.rest = &self.buffer[position..self.end()];
    }

    /// Whether nothing is left in the structure that is being read.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Makes sure that nothing follows the outermost item.
    ///
    /// # Errors
    /// [`DecodeErrorKind::TrailingData`].
    #[inline]
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.trailing_data()) }
    }

    /// The value that was read, with what was tolerated and what was kept as items, each with its path.
    pub fn into_decoded<T>(self, value: T) -> Decoded<T> {
        let deviations = self.lenient.into_deviations(self.buffer);
        let mut untyped = self.untyped;
        untyped.sort_unstable();
        Decoded {
            value,
            original: (!deviations.is_empty()).then(|| SecretBytes::from(self.buffer)),
            deviations,
            untyped: TagPath::locate_all(self.buffer, &untyped),
        }
    }

    /// The header of the next item in this structure, if there is one, without moving on.
    ///
    /// # Errors
    /// There are bytes left, but they do not start an item that fits.
    #[inline]
    pub fn peek(&self) -> Result<Option<Header>, DecodeError> {
        if self.is_at_end() { Ok(None) } else { self.header_at(self.position()).map(Some) }
    }

    /// The tag of the next item in this structure, if there is one, without moving on.
    #[inline(always)]
    pub fn peek_tag(&self) -> Option<Tag> {
        let header: &[u8; 4] = self.rest.first_chunk()?;
        Some(Tag::from_raw(u32::from_be_bytes(*header) >> 8))
    }

    /// How many items come next, up to the first with another tag, if one is given.
    pub(super) fn count(&self, tag: Option<Tag>) -> usize {
        let (mut count, mut rest) = (0, self.rest);
        while let Some((header, behind)) = rest.split_first_chunk::<8>() {
            let header = u64::from_be_bytes(*header);
            if tag.is_some_and(|tag| header >> 40 != u64::from(tag.value())) {
                break;
            }
            count += 1;
            let length = (header as u32 as usize).checked_next_multiple_of(8);
            let Some(behind) = length.and_then(|length| behind.get(length..)) else { break };
            rest = behind;
        }
        count
    }

    /// The header at an offset.
    pub(super) fn header_at(&self, offset: usize) -> Result<Header, DecodeError> {
        let header = self.boundary_at(offset)?;
        if !header.has_valid_length() {
            return Err(self.invalid_length(header.item_type, header.length, offset));
        }
        Ok(header)
    }

    /// The next item's header, if there is one, of any length that fits.
    pub(crate) fn peek_boundary(&self) -> Result<Option<Header>, DecodeError> {
        if self.is_at_end() { Ok(None) } else { self.boundary_at(self.position()).map(Some) }
    }

    /// The header at an offset, which tells where the item ends, whether or not its type has items of that length.
    pub(super) fn boundary_at(&self, offset: usize) -> Result<Header, DecodeError> {
        let end = self.end();
        let Some(bytes) = self.buffer[offset..end].first_chunk::<8>() else {
            let kind = DecodeErrorKind::Truncated { needed: Header::SIZE, available: end - offset };
            return Err(self.error_at(kind, offset));
        };
        let header = Header::from_bytes(*bytes, offset)
            .map_err(|found| self.error_at(DecodeErrorKind::InvalidItemType { found }, offset))?;
        let Header { item_type, length, .. } = header;
        let available = end - offset - Header::SIZE;
        if !header.fits(available) {
            // A length that the type does not have says more.
            if !header.has_valid_length() {
                return Err(self.invalid_length(item_type, length, offset));
            }
            let kind = DecodeErrorKind::Truncated { needed: padded(length), available };
            return Err(self.error_at(kind, offset));
        }
        Ok(header)
    }

    /// The value of the next item, if it is all that it should be: of a type that takes eight bytes with its
    /// padding, of which `LENGTH` are the value.
    ///
    /// Where it is not, or is no more within the limits, [`Reader::value`] says why.
    #[inline(always)]
    pub(super) fn quick_number<const LENGTH: u32>(&mut self, tag: Tag, item_type: ItemType) -> Option<u64> {
        let (item, behind) = self.rest.split_first_chunk::<16>()?;
        let value = Header::value_of::<LENGTH>(tag, item_type, item)?;
        self.items_left = self.items_left.checked_sub(1)?;
        self.rest = behind;
        Some(value)
    }

    /// The value of the next item, if it is all that it should be: text or bytes, which padding follows.
    #[inline(always)]
    pub(super) fn quick_bytes(&mut self, tag: Tag, item_type: ItemType) -> Option<&'a [u8]> {
        let (header, behind) = self.rest.split_first_chunk::<8>()?;
        let header = u64::from_be_bytes(*header);
        if header >> 32 != Header::number(tag, item_type, 0) >> 32 {
            return None;
        }
        let length = header as u32 as usize;
        let (padded, behind) = behind.split_at_checked(length.checked_next_multiple_of(8)?)?;
        let (value, padding) = padded.split_at_checked(length)?;
        if let Some(last) = padded.last_chunk::<8>()
            && u64::from_be_bytes(*last) & ((1 << (8 * padding.len())) - 1) != 0
        {
            return None;
        }
        self.items_left = self.items_left.checked_sub(1)?;
        self.rest = behind;
        Some(value)
    }

    /// What `read` makes of the next item, if it knows it: that many items, so many structures deep. Nothing
    /// leniently, where items can be anywhere.
    #[inline(always)]
    pub(crate) fn quickly<T>(
        &mut self,
        items: usize,
        depth: usize,
        read: impl FnOnce(&'a [u8]) -> Option<(T, &'a [u8])>,
    ) -> Option<T> {
        if self.mode == Mode::Lenient || self.depth + depth > self.limits.depth {
            return None;
        }
        let (value, behind) = read(self.rest)?;
        self.items_left = self.items_left.checked_sub(items)?;
        self.rest = behind;
        Some(value)
    }

    /// What the next item holds, if it is a structure as it should be, and what is behind it.
    #[inline(always)]
    fn quick_structure(&self, tag: Tag) -> Option<(&'a [u8], &'a [u8])> {
        let (header, behind) = self.rest.split_first_chunk::<8>()?;
        let header = u64::from_be_bytes(*header);
        let length = header as u32 as usize;
        if header >> 32 != Header::number(tag, ItemType::Structure, 0) >> 32 || !length.is_multiple_of(8) {
            return None;
        }
        behind.split_at_checked(length)
    }

    /// The next item's header and value, which must have one of these types; the position moves behind its
    /// padding, which is checked.
    pub(crate) fn value(&mut self, tag: Tag, expected: ItemTypes) -> Result<(Header, &'a [u8]), DecodeError> {
        let position = self.position();
        if self.is_at_end() {
            let kind = DecodeErrorKind::Truncated { needed: Header::SIZE, available: 0 };
            return Err(self.error_at_end(kind));
        }
        let header = self.header_at(position)?;
        if header.tag != tag {
            let kind = DecodeErrorKind::UnexpectedTag { expected: tag, found: header.tag };
            return Err(self.error_at(kind, header.offset));
        }
        let Some(items_left) = self.items_left.checked_sub(1) else {
            let kind = DecodeErrorKind::ItemLimit { limit: self.limits.items };
            return Err(self.error_at(kind, position));
        };
        self.items_left = items_left;
        let value = &self.buffer[header.value_start()..header.value_start() + header.length];
        let padding = &self.buffer[header.value_start() + header.length..header.end()];
        if padding.iter().any(|byte| *byte != 0) {
            return Err(self.error_at(DecodeErrorKind::NonZeroPadding, header.offset));
        }
        if !expected.contains(header.item_type) {
            return Err(self.unexpected_type(expected, &header));
        }
        self.seek(header.end());
        Ok((header, value))
    }

    /// Reads a Structure with the fields of `schema`, which `content` reads.
    ///
    /// # Errors
    /// What `content` returns; a field is left that the schema does not have (in strict mode).
    #[inline(always)]
    pub fn structure<T>(
        &mut self,
        tag: Tag,
        schema: &'static Schema,
        content: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let outer = self.enter(tag, Some(schema))?;
        let value = content(self)?;
        self.end_of(schema)?;
        self.leave(outer);
        Ok(value)
    }

    /// Reads a Structure with the fields of `schema`, which `content` reads, and then its end.
    ///
    /// # Errors
    /// What `content` returns: that a field is left, too.
    #[inline(always)]
    pub fn fields<T>(
        &mut self,
        tag: Tag,
        schema: &'static Schema,
        content: impl FnOnce(&mut Self, End) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let outer = self.enter(tag, Some(schema))?;
        let value = content(self, End::OfStructure(schema));
        self.leave(outer);
        value
    }

    /// Deals with what is left of a structure after its fields were read.
    #[inline(always)]
    pub(super) fn end_of(&mut self, schema: &'static Schema) -> Result<(), DecodeError> {
        if self.is_at_end() && self.mode == Mode::Strict { Ok(()) } else { self.leftover(schema) }
    }

    /// Reads a Structure that may hold anything, all of which `content` reads.
    ///
    /// # Errors
    /// What `content` returns; or it left something.
    #[inline(always)]
    pub fn open<T>(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let outer = self.enter(tag, None)?;
        let value = content(self)?;
        self.finish()?;
        self.leave(outer);
        Ok(value)
    }

    /// Moves into the structure that is next.
    #[inline(always)]
    fn enter(&mut self, tag: Tag, schema: Option<&'static Schema>) -> Result<Outer<'a>, DecodeError> {
        let (content, behind) = match self.quick_structure(tag) {
            Some(found) if self.items_left > 0 => {
                self.items_left -= 1;
                found
            }
            _ => (self.value(tag, ItemTypes::STRUCTURE)?.1, self.rest),
        };
        let offset = self.offset_of(content) - Header::SIZE;
        if self.depth >= self.limits.depth {
            let kind = DecodeErrorKind::DepthLimit { limit: self.limits.depth };
            return Err(self.error_at(kind, offset));
        }
        self.depth += 1;
        self.rest = content;
        Ok(Outer {
            rest: behind,
            structure: core::mem::replace(&mut self.structure, offset),
            schema: core::mem::replace(&mut self.schema, schema),
        })
    }

    /// Moves behind the structure that was read, into the one around it.
    #[inline(always)]
    fn leave(&mut self, outer: Outer<'a>) {
        self.depth -= 1;
        self.rest = outer.rest;
        self.structure = outer.structure;
        self.schema = outer.schema;
    }
}

/// What follows the last field that is read.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// The end of the structure with this schema.
    OfStructure(&'static Schema),
    /// Maybe more: the fields are flattened into a structure.
    OfFlattened,
}

impl End {
    /// The value of the last field, if this follows it. A check behind the whole value would have that moved.
    ///
    /// # Errors
    /// A field is left that the schema does not have (in strict mode).
    #[inline(always)]
    pub fn after<T>(self, value: T, reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        if let Self::OfStructure(schema) = self {
            reader.end_of(schema)?;
        }
        Ok(value)
    }
}

/// The structure around the one that is being read.
struct Outer<'a> {
    rest: &'a [u8],
    structure: usize,
    schema: Option<&'static Schema>,
}
