//! Reading binary TTLV: a cursor over the bytes, bounded by the structure it is in.

use std::collections::BTreeMap;

use crate::error::{DecodeError, DecodeErrorKind, Found};
use crate::item::{Item, Value};
use crate::item_type::{ItemType, ItemTypes};
use crate::limits::Limits;
use crate::path::TagPath;
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::{
    Decode, DecodeSelected, Decoded, Deviation, DeviationKind, Field, Header, Presence, Schema,
};

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
    buffer: &'a [u8],
    position: usize,
    /// The end of the structure that the position is in.
    end: usize,
    /// The offset of that structure's header.
    structure: usize,
    depth: usize,
    item_count: usize,
    mode: Mode,
    limits: Limits,
    lenient: Lenient,
    /// Offsets of what was read without a type of its own.
    untyped: Vec<usize>,
}

/// What only lenient reading needs.
#[derive(Debug, Default)]
struct Lenient {
    /// Items read out of their order, from their start to their end, to be skipped later.
    taken: BTreeMap<usize, usize>,
    deviations: Vec<(usize, DeviationKind)>,
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
        Ok(Self { buffer, position: 0, end, structure: 0, depth: 0, item_count: 0, mode, limits, lenient, untyped: Vec::new() })
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
        let path = |offset| TagPath::locate(self.buffer, offset);
        let deviations = self.lenient.deviations.into_iter();
        let deviations = deviations.map(|(offset, kind)| Deviation { path: path(offset), offset, kind });
        Decoded { value, deviations: deviations.collect(), untyped: self.untyped.into_iter().map(path).collect() }
    }

    // ---- headers and values -------------------------------------------------------------------------

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
    fn header_at(&self, offset: usize) -> Result<Header, DecodeError> {
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
                ItemType::Structure => length % 8 == 0,
                ItemType::BigInteger => length % 8 == 0 && length > 0,
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
    pub(crate) fn value(
        &mut self,
        tag: Tag,
        expected: ItemTypes,
    ) -> Result<(Header, &'a [u8]), DecodeError> {
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
        self.open_structure(tag, |reader, start| {
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
        self.open_structure(tag, |reader, _| {
            let value = content(reader)?;
            reader.finish()?;
            Ok(value)
        })
    }

    #[inline]
    fn open_structure<T>(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self, usize) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let (header, _) = self.value(tag, ItemTypes::STRUCTURE)?;
        if self.depth >= self.limits.depth {
            let kind = DecodeErrorKind::DepthLimit { limit: self.limits.depth };
            return Err(self.error_at(kind, header.offset));
        }
        let outer_end = core::mem::replace(&mut self.end, header.end());
        let outer = core::mem::replace(&mut self.structure, header.offset);
        self.position = header.value_start();
        self.depth += 1;
        let value = content(self, header.value_start())?;
        self.depth -= 1;
        self.position = self.end;
        self.end = outer_end;
        self.structure = outer;
        Ok(value)
    }

    // ---- fields ------------------------------------------------------------------------------------

    /// Reads a field that occurs once.
    ///
    /// # Errors
    /// It is not there, or not as it should be.
    #[inline]
    pub fn required<T: Decode>(&mut self, field: &Field, schema: &'static Schema) -> Result<T, DecodeError> {
        match self.optional(field)? {
            Some(value) => Ok(value),
            None => Err(self.missing(field, schema)),
        }
    }

    /// Reads a field that occurs once or not at all.
    ///
    /// # Errors
    /// It is there, but not as it should be.
    #[inline]
    pub fn optional<T: Decode>(&mut self, field: &Field) -> Result<Option<T>, DecodeError> {
        self.one(field, T::decode)
    }

    /// Reads a field that occurs any number of times.
    ///
    /// # Errors
    /// One of them is not as it should be.
    #[inline]
    pub fn repeated<T: Decode>(&mut self, field: &Field) -> Result<Vec<T>, DecodeError> {
        self.many(field, T::decode)
    }

    /// Reads a field that occurs once, in the form that `selector` says.
    ///
    /// # Errors
    /// It is not there, or not as it should be.
    #[inline]
    pub fn required_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        schema: &'static Schema,
        selector: &S,
    ) -> Result<T, DecodeError> {
        match self.optional_selected(field, selector)? {
            Some(value) => Ok(value),
            None => Err(self.missing(field, schema)),
        }
    }

    /// Reads a field that occurs once or not at all, in the form that `selector` says.
    ///
    /// # Errors
    /// It is there, but not as it should be.
    #[inline]
    pub fn optional_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        selector: &S,
    ) -> Result<Option<T>, DecodeError> {
        self.one(field, |tag, reader| T::decode_selected(selector, tag, reader))
    }

    /// Reads a field that occurs any number of times, in the form that `selector` says.
    ///
    /// # Errors
    /// One of them is not as it should be.
    #[inline]
    pub fn repeated_selected<S: ?Sized, T: DecodeSelected<S>>(
        &mut self,
        field: &Field,
        selector: &S,
    ) -> Result<Vec<T>, DecodeError> {
        self.many(field, |tag, reader| T::decode_selected(selector, tag, reader))
    }

    /// Reads everything that is left in the structure as items, for a type that keeps what it does not know.
    ///
    /// # Errors
    /// Something is not a valid item.
    pub fn rest(&mut self) -> Result<Vec<Item>, DecodeError> {
        self.skip_taken();
        if !self.is_at_end() {
            self.untyped.push(self.structure);
        }
        self.items()
    }

    /// Reads the next item as a tree, for a choice that keeps what it does not know.
    pub(crate) fn untyped_item(&mut self, tag: Tag) -> Result<Item, DecodeError> {
        self.untyped.push(self.position);
        self.item_tree(tag)
    }

    fn item_tree(&mut self, tag: Tag) -> Result<Item, DecodeError> {
        Ok(Item { tag, value: Value::decode(tag, self)? })
    }

    /// Reads everything that is left in the structure as items, for a value that is any.
    pub(crate) fn items(&mut self) -> Result<Vec<Item>, DecodeError> {
        let mut items = Vec::new();
        self.skip_taken();
        while let Some(tag) = self.peek_tag() {
            items.push(self.item_tree(tag)?);
            self.skip_taken();
        }
        if !self.is_at_end() {
            self.header_at(self.position)?;
        }
        Ok(items)
    }

    /// Reads the next occurrence of a field with `decode`, which gets the tag that was found.
    #[inline]
    fn one<T>(
        &mut self,
        field: &Field,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        if self.mode == Mode::Lenient {
            return self.one_leniently(field, decode);
        }
        match self.peek_tag() {
            Some(tag) if field.is_tagged(tag) => decode(tag, self).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads all occurrences of a field with `decode`, which gets the tag that was found.
    #[inline]
    fn many<T>(
        &mut self,
        field: &Field,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut values = Vec::new();
        while let Some(tag) = self.peek_tag().filter(|tag| field.is_tagged(*tag)) {
            values.push(decode(tag, self)?);
        }
        if self.mode == Mode::Lenient && !self.is_at_end() {
            self.many_leniently(field, decode, &mut values)?;
        }
        Ok(values)
    }

    /// Reads the occurrences of a field among all that is left of the structure, in one pass.
    fn many_leniently<T>(
        &mut self,
        field: &Field,
        mut decode: impl FnMut(Tag, &mut Self) -> Result<T, DecodeError>,
        values: &mut Vec<T>,
    ) -> Result<(), DecodeError> {
        self.skip_taken();
        let back = self.position;
        let mut at = back;
        while at < self.end {
            let header = self.header_at(at)?;
            if field.is_tagged(header.tag) && !self.lenient.taken.contains_key(&at) {
                self.position = at;
                values.push(decode(header.tag, self)?);
                self.lenient.taken.insert(at, self.position);
            }
            at = header.end();
        }
        self.position = back;
        self.skip_taken();
        Ok(())
    }

    fn one_leniently<T>(
        &mut self,
        field: &Field,
        decode: impl FnOnce(Tag, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        self.skip_taken();
        let back = self.position;
        let mut at = back;
        while at < self.end {
            let header = self.header_at(at)?;
            if field.is_tagged(header.tag) && !self.lenient.taken.contains_key(&at) {
                self.position = at;
                let value = decode(header.tag, self)?;
                if at != back {
                    self.lenient.taken.insert(at, self.position);
                    self.position = back;
                }
                return Ok(Some(value));
            }
            at = header.end();
        }
        Ok(None)
    }

    /// Moves behind items that were already read out of their order.
    fn skip_taken(&mut self) {
        while let Some(end) = self.lenient.taken.get(&self.position) {
            self.position = *end;
        }
    }

    // ---- what is left, and errors -----------------------------------------------------------------

    /// Deals with what is left of a structure after its fields were read.
    #[cold]
    fn leftover(&mut self, schema: &'static Schema, start: usize) -> Result<(), DecodeError> {
        if self.mode == Mode::Lenient {
            return self.leftover_leniently(schema, start);
        }
        let header = self.header_at(self.position)?;
        let kind = match schema.field(header.tag) {
            None => DecodeErrorKind::UnknownField { structure: schema.name, tag: header.tag },
            Some(field)
                if field.presence != Presence::Repeated && self.count_tag(start, header.offset, field) > 0 =>
            {
                DecodeErrorKind::DuplicateField { structure: schema.name, tag: header.tag }
            }
            Some(_) => DecodeErrorKind::MisplacedField { structure: schema.name, tag: header.tag },
        };
        Err(self.error_at(kind, header.offset))
    }

    /// How many items between two offsets are occurrences of a field.
    fn count_tag(&self, mut start: usize, end: usize, field: &Field) -> usize {
        let mut count = 0;
        while start < end {
            let Ok(header) = self.header_at(start) else { break };
            count += usize::from(field.is_tagged(header.tag));
            start = header.end();
        }
        count
    }

    /// Lists what is left of a structure, and which of its fields were out of order.
    fn leftover_leniently(&mut self, schema: &'static Schema, start: usize) -> Result<(), DecodeError> {
        let mut highest = 0;
        let mut seen: Vec<bool> = vec![false; schema.fields.len()];
        let mut at = start;
        while at < self.end {
            let header = self.header_at(at)?;
            let index = schema.fields.iter().position(|field| field.is_tagged(header.tag));
            let known = index.map(|index| (index, schema.fields[index].presence));
            match known {
                Some((index, presence)) if presence == Presence::Repeated || !seen[index] => {
                    seen[index] = true;
                    if index < highest {
                        self.lenient.deviations.push((at, DeviationKind::Misplaced));
                    }
                    highest = highest.max(index);
                }
                _ if schema.catch_all => {}
                _ => {
                    let back = core::mem::replace(&mut self.position, at);
                    let item = self.item_tree(header.tag)?;
                    self.position = back;
                    let kind = match known {
                        Some(_) => DeviationKind::Duplicate(item),
                        None => DeviationKind::Unknown(item),
                    };
                    self.lenient.deviations.push((at, kind));
                }
            }
            at = header.end();
        }
        let done: Vec<usize> = self.lenient.taken.range(start..self.end).map(|(at, _)| *at).collect();
        for at in done {
            self.lenient.taken.remove(&at);
        }
        Ok(())
    }

    /// Notes that an item has another type than it should, which is tolerated.
    pub(crate) fn tolerate_type(&mut self, header: &Header, expected: ItemTypes) {
        let kind = DeviationKind::ItemType { expected, found: header.item_type };
        self.lenient.deviations.push((header.offset, kind));
    }

    /// An error at an offset.
    #[cold]
    pub(crate) fn error_at(&self, kind: DecodeErrorKind, offset: usize) -> DecodeError {
        DecodeError::new(kind, offset, TagPath::locate(self.buffer, offset))
    }

    /// An error that says that an item's value is not what the field takes: for hand-written codecs.
    #[cold]
    pub fn invalid_value(&self, header: &Header, expected: &'static str) -> DecodeError {
        self.error_at(DecodeErrorKind::InvalidValue { expected }, header.offset)
    }

    /// An error that says that no variant of a choice fits: for hand-written codecs.
    #[cold]
    pub fn no_variant(&self, choice: &'static str, found: Found) -> DecodeError {
        self.error_at(DecodeErrorKind::NoVariant { choice, found }, self.position)
    }

    #[cold]
    pub(crate) fn unexpected_type(&self, expected: ItemTypes, header: &Header) -> DecodeError {
        let kind = DecodeErrorKind::UnexpectedItemType { expected, found: header.item_type };
        self.error_at(kind, header.offset)
    }

    #[cold]
    fn invalid_length(&self, item_type: ItemType, found: usize, offset: usize) -> DecodeError {
        let expected = match item_type.fixed_length() {
            Some(4) => "4 bytes",
            Some(_) => "8 bytes",
            None if item_type == ItemType::BigInteger => "a multiple of 8 bytes, at least 8",
            None => "a multiple of 8 bytes",
        };
        self.error_at(DecodeErrorKind::InvalidLength { item_type, expected, found }, offset)
    }

    #[cold]
    fn missing(&self, field: &Field, schema: &'static Schema) -> DecodeError {
        let structure = schema.name;
        let mut at = self.position;
        while at < self.end {
            let Ok(header) = self.header_at(at) else { break };
            if field.is_tagged(header.tag) {
                let kind = DecodeErrorKind::MisplacedField { structure, tag: header.tag };
                return self.error_at(kind, header.offset);
            }
            at = header.end();
        }
        // A malformed item where the field should be is the better thing to say.
        if let Err(error) = self.peek() {
            return error;
        }
        let kind = DecodeErrorKind::MissingField { structure, tag: field.tag };
        // The path is that of the structure that lacks it.
        DecodeError::new(kind, self.position, TagPath::locate(self.buffer, self.structure))
    }
}
