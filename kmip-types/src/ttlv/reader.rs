//! Reading binary TTLV: a cursor over the bytes, bounded by the structure it is in.

use crate::error::{DecodeError, DecodeErrorKind};
use crate::item_type::{ItemType, ItemTypes};
use crate::limits::Limits;
use crate::path::TagPath;
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::lenient::Lenient;
use crate::ttlv::{Decoded, Deviation, Header, Schema};

/// How to take what is not as the standard has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// An unknown, duplicate, misplaced or trailing field is an error.
    Strict,
    /// Such a field, and a few known slips of type, are tolerated and listed.
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
    pub(super) position: usize,
    /// The end of the structure that the position is in.
    pub(super) end: usize,
    /// The offset of that structure's header.
    pub(super) structure: usize,
    /// The schema of that structure, of which flattened fields are a part; none where it may hold anything.
    pub(super) schema: Option<&'static Schema>,
    pub(super) depth: usize,
    item_count: usize,
    pub(super) mode: Mode,
    limits: Limits,
    pub(super) lenient: Lenient,
    /// Offsets of what was read without a type of its own.
    pub(super) untyped: Vec<usize>,
}

impl<'a> Reader<'a> {
    /// A reader of one outermost item.
    ///
    /// # Errors
    /// The bytes exceed the size limit.
    pub fn new(buffer: &'a [u8], mode: Mode, limits: Limits) -> Result<Self, DecodeError> {
        if buffer.len() > limits.size {
            let kind = DecodeErrorKind::SizeLimit { size: buffer.len(), limit: limits.size };
            return Err(DecodeError::new(kind, 0, TagPath::default()));
        }
        let lenient = Lenient::default();
        let end = buffer.len();
        Ok(Self {
            buffer,
            position: 0,
            end,
            structure: 0,
            schema: None,
            depth: 0,
            item_count: 0,
            mode,
            limits,
            lenient,
            untyped: Vec::new(),
        })
    }

    /// How deviations are taken.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The offset in bytes of what is read next.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether nothing is left in the structure that is being read.
    #[inline]
    pub fn is_at_end(&self) -> bool {
        self.position >= self.end
    }

    /// Makes sure that nothing follows the outermost item.
    ///
    /// # Errors
    /// [`DecodeErrorKind::TrailingData`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.position == self.end {
            return Ok(());
        }
        let kind = DecodeErrorKind::TrailingData { bytes: self.end - self.position };
        Err(DecodeError::new(kind, self.position, TagPath::default()))
    }

    /// The value that was read, with what was tolerated and what was kept as items, each with its path.
    pub fn into_decoded<T>(self, value: T) -> Decoded<T> {
        let mut found = self.lenient.deviations;
        // In the order of the bytes, one walk finds all paths.
        found.sort_by_key(|(offset, _)| *offset);
        let offsets: Vec<usize> = found.iter().map(|(offset, _)| *offset).collect();
        let paths = TagPath::locate_all(self.buffer, &offsets);
        let deviation = |((offset, kind), path)| Deviation { path, offset, kind };
        let mut untyped = self.untyped;
        untyped.sort_unstable();
        Decoded {
            value,
            deviations: found.into_iter().zip(paths).map(deviation).collect(),
            untyped: TagPath::locate_all(self.buffer, &untyped),
        }
    }

    /// The header of the next item in this structure, if there is one, without moving on.
    ///
    /// # Errors
    /// There are bytes left, but they do not start an item that fits.
    #[inline]
    pub fn peek(&self) -> Result<Option<Header>, DecodeError> {
        if self.is_at_end() { Ok(None) } else { self.header_at(self.position).map(Some) }
    }

    /// The tag of the next item in this structure, if there is one, without moving on.
    #[inline]
    pub fn peek_tag(&self) -> Option<Tag> {
        let header: &[u8; 4] = self.buffer.get(self.position..self.end)?.first_chunk()?;
        Some(Tag::from_raw(u32::from_be_bytes(*header) >> 8))
    }

    #[inline]
    pub(super) fn header_at(&self, offset: usize) -> Result<Header, DecodeError> {
        let Some(bytes) = self.buffer[offset..self.end].first_chunk::<8>() else {
            let kind = DecodeErrorKind::Truncated { needed: Header::SIZE, available: self.end - offset };
            return Err(self.error_at(kind, offset));
        };
        let tag = Tag::from_raw(u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]));
        let Some(item_type) = ItemType::from_number(bytes[3]) else {
            return Err(self.error_at(DecodeErrorKind::InvalidItemType { found: bytes[3] }, offset));
        };
        let length = u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
        let valid = match item_type.fixed_length() {
            Some(fixed) => length == fixed,
            // Items are padded, so what a structure holds is a multiple of eight; so is a Big Integer.
            None => match item_type {
                ItemType::Structure => length.is_multiple_of(8),
                ItemType::BigInteger => length.is_multiple_of(8) && length > 0,
                _ => true,
            },
        };
        if !valid {
            return Err(self.invalid_length(item_type, length, offset));
        }
        let available = self.end - offset - Header::SIZE;
        if length > available || padded(length) > available {
            let kind = DecodeErrorKind::Truncated { needed: padded(length), available };
            return Err(self.error_at(kind, offset));
        }
        Ok(Header { tag, item_type, length, offset })
    }

    /// The next item's header and value; the position moves behind its padding, which is checked.
    #[inline]
    fn item(&mut self, tag: Tag) -> Result<(Header, &'a [u8]), DecodeError> {
        if self.is_at_end() {
            let kind = DecodeErrorKind::Truncated { needed: Header::SIZE, available: 0 };
            return Err(self.error_at(kind, self.position));
        }
        let header = self.header_at(self.position)?;
        if header.tag != tag {
            let kind = DecodeErrorKind::UnexpectedTag { expected: tag, found: header.tag };
            return Err(self.error_at(kind, header.offset));
        }
        self.count_item()?;
        let value = &self.buffer[header.value_start()..header.value_start() + header.length];
        let padding = &self.buffer[header.value_start() + header.length..header.end()];
        if padding.iter().any(|byte| *byte != 0) {
            return Err(self.error_at(DecodeErrorKind::NonZeroPadding, header.offset));
        }
        self.position = header.end();
        Ok((header, value))
    }

    /// The next item's value, which must have one of these types.
    #[inline]
    pub(crate) fn value(&mut self, tag: Tag, expected: ItemTypes) -> Result<(Header, &'a [u8]), DecodeError> {
        let (header, value) = self.item(tag)?;
        if !expected.contains(header.item_type) {
            return Err(self.unexpected_type(expected, &header));
        }
        Ok((header, value))
    }

    #[inline]
    fn count_item(&mut self) -> Result<(), DecodeError> {
        self.item_count += 1;
        if self.item_count > self.limits.items {
            let kind = DecodeErrorKind::ItemLimit { limit: self.limits.items };
            return Err(self.error_at(kind, self.position));
        }
        Ok(())
    }

    /// Reads a Structure with the fields of `schema`, which `content` reads.
    ///
    /// # Errors
    /// What `content` returns; a field is left that the schema does not have (in strict mode).
    #[inline]
    pub fn structure<T>(
        &mut self,
        tag: Tag,
        schema: &'static Schema,
        content: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.open_structure(tag, Some(schema), |reader, start| {
            let value = content(reader)?;
            if !reader.is_at_end() || !reader.lenient.taken.is_empty() {
                reader.leftover(schema, start)?;
            }
            Ok(value)
        })
    }

    /// Reads a Structure that may hold anything, all of which `content` reads.
    ///
    /// # Errors
    /// What `content` returns; or it left something.
    pub fn open<T>(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.open_structure(tag, None, |reader, _| {
            let value = content(reader)?;
            reader.finish()?;
            Ok(value)
        })
    }

    #[inline]
    fn open_structure<T>(
        &mut self,
        tag: Tag,
        schema: Option<&'static Schema>,
        content: impl FnOnce(&mut Self, usize) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let (header, _) = self.value(tag, ItemTypes::STRUCTURE)?;
        if self.depth >= self.limits.depth {
            let kind = DecodeErrorKind::DepthLimit { limit: self.limits.depth };
            return Err(self.error_at(kind, header.offset));
        }
        let outer_end = core::mem::replace(&mut self.end, header.end());
        let outer = core::mem::replace(&mut self.structure, header.offset);
        let outer_schema = core::mem::replace(&mut self.schema, schema);
        self.position = header.value_start();
        self.depth += 1;
        let value = content(self, header.value_start())?;
        self.depth -= 1;
        self.position = self.end;
        self.end = outer_end;
        self.structure = outer;
        self.schema = outer_schema;
        Ok(value)
    }
}
