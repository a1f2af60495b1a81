//! Writing binary TTLV: append-only, with the length of a structure put in when it is complete.

use crate::error::{EncodeError, EncodeErrorKind};
use crate::item_type::ItemType;
use crate::limits::Limits;
use crate::primitive::BigInteger;
use crate::tables::{EnumerationInfo, MaskInfo, NameInfo};
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::{Encode, Field, Header, Tagged};
use crate::version::ProtocolVersion;
use crate::wipe;

/// Appends TTLV items, in the form of one protocol version, to a buffer.
///
/// What was written is wiped where the buffer is outgrown, and where the writer is dropped with it.
///
/// ```
/// use kmip_types::{ProtocolVersion, Tag};
/// use kmip_types::ttlv::Writer;
///
/// let mut writer = Writer::new(ProtocolVersion::V2_1);
/// writer.structure(Tag::PROTOCOL_VERSION, |writer| {
///     writer.integer(Tag::PROTOCOL_VERSION_MAJOR, 2)?;
///     writer.integer(Tag::PROTOCOL_VERSION_MINOR, 1)
/// })?;
/// assert_eq!(writer.bytes().len(), 40);
/// # Ok::<(), kmip_types::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct Writer {
    buffer: Vec<u8>,
    version: ProtocolVersion,
    /// The bit of the version.
    version_bit: u32,
    limits: Limits,
    depth: usize,
}

impl Writer {
    /// A writer in the form of `version`, with the default [`Limits`].
    pub fn new(version: ProtocolVersion) -> Self {
        Self::with_buffer(Vec::new(), version, Limits::default())
    }

    /// A writer that uses the memory of `buffer`, which is emptied first.
    pub fn with_buffer(mut buffer: Vec<u8>, version: ProtocolVersion, limits: Limits) -> Self {
        buffer.clear();
        let limits = Limits { size: limits.size.min(MAX_SIZE), ..limits };
        Self { buffer, version, version_bit: version.bit(), limits, depth: 0 }
    }

    /// The version whose form is written.
    #[inline]
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// The bit of that version among all.
    #[inline]
    pub(crate) fn version_bit(&self) -> u32 {
        self.version_bit
    }

    /// What has been written.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Forgets what has been written, and keeps the memory for what is written next.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// What has been written.
    pub fn into_bytes(mut self) -> Vec<u8> {
        core::mem::take(&mut self.buffer)
    }

    /// Writes a Structure, whose items `content` writes.
    ///
    /// # Errors
    /// What `content` returns, with this structure added to its path; or a limit is exceeded.
    #[inline(always)]
    pub fn structure(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        if self.depth >= self.limits.depth {
            return Err(self.too_deep(tag));
        }
        let start = self.buffer.len();
        self.append(Header::number(tag, ItemType::Structure, 0).to_be_bytes());
        self.depth += 1;
        let result = content(self);
        self.depth -= 1;
        if let Err(error) = result {
            return Err(error.within(tag, None));
        }
        // The whole is what the limits are for; text and bytes are looked at before they are written.
        if self.depth == 0 {
            self.check_whole(start).map_err(|error| error.within(tag, None))?;
        }
        if let Some(item) = self.buffer.get_mut(start..)
            && let length = item.len().saturating_sub(Header::SIZE)
            && let Some(header) = item.first_chunk_mut::<{ Header::SIZE }>()
        {
            // The size limit is below 2^32.
            *header = Header::number(tag, ItemType::Structure, length as u32).to_be_bytes();
        }
        Ok(())
    }

    /// Writes an Integer.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn integer(&mut self, tag: Tag, value: i32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Integer, value.cast_unsigned())
    }

    /// Writes a Long Integer.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn long_integer(&mut self, tag: Tag, value: i64) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::LongInteger, value.cast_unsigned())
    }

    /// Writes a Big Integer: big-endian two's complement, sign-extended to a multiple of eight bytes.
    ///
    /// # Errors
    /// The size limit is exceeded.
    pub fn big_integer(&mut self, tag: Tag, value: &BigInteger) -> Result<(), EncodeError> {
        self.padded_bytes(tag, ItemType::BigInteger, value.padded_bytes())
    }

    /// Writes an Enumeration.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn enumeration(&mut self, tag: Tag, value: u32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Enumeration, value)
    }

    /// Writes a Boolean.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn boolean(&mut self, tag: Tag, value: bool) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::Boolean, u64::from(value))
    }

    /// Writes a Text String.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn text_string(&mut self, tag: Tag, value: &str) -> Result<(), EncodeError> {
        self.padded_bytes(tag, ItemType::TextString, value.as_bytes())
    }

    /// Writes a Byte String.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn byte_string(&mut self, tag: Tag, value: &[u8]) -> Result<(), EncodeError> {
        self.padded_bytes(tag, ItemType::ByteString, value)
    }

    /// Writes a Date-Time, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn date_time(&mut self, tag: Tag, seconds: i64) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::DateTime, seconds.cast_unsigned())
    }

    /// Writes an Interval, in seconds.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline(always)]
    pub fn interval(&mut self, tag: Tag, seconds: u32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Interval, seconds)
    }

    /// Writes a Date-Time Extended, in microseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// The size limit is exceeded, or the version is before 2.0, which lacks the type.
    #[inline]
    pub fn date_time_extended(&mut self, tag: Tag, microseconds: i64) -> Result<(), EncodeError> {
        if !self.version.is_at_least(ProtocolVersion::V2_0) {
            let kind = EncodeErrorKind::NoEquivalent { what: "a Date-Time Extended", version: self.version };
            return Err(EncodeError::new(kind).within(tag, None));
        }
        self.eight_bytes(tag, ItemType::DateTimeExtended, microseconds.cast_unsigned())
    }

    /// Writes a field that occurs once.
    ///
    /// # Errors
    /// The version lacks the field or a form for the value, or a limit is exceeded.
    #[inline(always)]
    pub fn required<T: Encode>(&mut self, field: &Field, value: &T) -> Result<(), EncodeError> {
        self.check_version(field)?;
        value.encode(field.tag_at(self.version_bit), self)
    }

    /// Writes a field that occurs once or not at all.
    ///
    /// # Errors
    /// The field is set and the version lacks it or a form for the value, or a limit is exceeded.
    #[inline(always)]
    pub fn optional<T: Encode>(&mut self, field: &Field, value: &Option<T>) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.required(field, value),
            None => self.check_presence(field, 0),
        }
    }

    /// Writes a field that occurs any number of times.
    ///
    /// # Errors
    /// The field is set and the version lacks it or a form for a value, or a limit is exceeded.
    #[inline(always)]
    pub fn repeated<T: Encode>(&mut self, field: &Field, values: &[T]) -> Result<(), EncodeError> {
        self.check_presence(field, values.len())?;
        if values.is_empty() { Ok(()) } else { self.every(field, values) }
    }

    #[inline]
    fn every<T: Encode>(&mut self, field: &Field, values: &[T]) -> Result<(), EncodeError> {
        self.check_version(field)?;
        let tag = field.tag_at(self.version_bit);
        for (index, value) in values.iter().enumerate() {
            if let Err(error) = value.encode(tag, self) {
                return Err(if values.len() > 1 { error.within(tag, Some(index)) } else { error });
            }
        }
        Ok(())
    }

    /// Writes a field that brings its own tag.
    ///
    /// # Errors
    /// The version lacks the field or a form for the value, or a limit is exceeded.
    #[inline]
    pub fn tagged<T: Encode + Tagged>(&mut self, field: &Field, value: &T) -> Result<(), EncodeError> {
        self.check_version(field)?;
        value.encode(value.tag(), self)
    }

    /// Writes a field that brings its own tag, if it is set.
    ///
    /// # Errors
    /// The field is set and the version lacks it or a form for the value, or a limit is exceeded.
    #[inline]
    pub fn tagged_optional<T: Encode + Tagged>(
        &mut self,
        field: &Field,
        value: &Option<T>,
    ) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.tagged(field, value),
            None => self.check_presence(field, 0),
        }
    }

    /// Writes fields that bring their own tags.
    ///
    /// # Errors
    /// The version lacks the field or a form for a value, or a limit is exceeded.
    #[inline]
    pub fn tagged_repeated<T: Encode + Tagged>(
        &mut self,
        field: &Field,
        values: &[T],
    ) -> Result<(), EncodeError> {
        self.check_presence(field, values.len())?;
        values.iter().try_for_each(|value| self.tagged(field, value))
    }

    /// Writes items that a structure keeps without knowing them.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub fn items(&mut self, items: &[crate::Item]) -> Result<(), EncodeError> {
        items.iter().try_for_each(|item| item.write(self))
    }

    /// Refuses a field that is absent where the version requires it, or repeated where the version has one at most.
    #[inline(always)]
    pub(crate) fn check_presence(&self, field: &Field, count: usize) -> Result<(), EncodeError> {
        let is_missing = count == 0 && field.is_required_at(self.version_bit);
        if is_missing || (count > 1 && field.is_single_at(self.version_bit)) {
            return Err(self.wrong_count(field, count));
        }
        Ok(())
    }

    #[cold]
    fn wrong_count(&self, field: &Field, count: usize) -> EncodeError {
        let (tag, version) = (field.tag_at(self.version_bit), self.version);
        let kind = match count {
            0 => EncodeErrorKind::Missing { tag, version },
            _ => EncodeErrorKind::TooMany { tag, count, version },
        };
        EncodeError::new(kind).within(tag, None)
    }

    /// Refuses a value of an enumeration, which the version lacks.
    #[cold]
    pub(crate) fn no_value(&self, tag: Tag, info: &'static EnumerationInfo, value: u32) -> EncodeError {
        self.no_row(tag, info.name, info.by_value(value))
    }

    /// Refuses bits of a mask, which the version lacks.
    #[cold]
    pub(crate) fn no_bits(&self, tag: Tag, info: &'static MaskInfo, bits: u32) -> EncodeError {
        self.no_row(tag, info.name, info.bits.iter().find(|row| row.value & bits != 0))
    }

    fn no_row(&self, tag: Tag, names: &'static str, row: Option<&'static NameInfo>) -> EncodeError {
        let (value, since, until) =
            row.map_or(("", None, None), |row| (row.name, Some(row.since), row.until));
        let version = self.version;
        let kind = EncodeErrorKind::ValueNotInVersion { names, value, version, since, until };
        EncodeError::new(kind).within(tag, None)
    }

    /// Refuses a field that the version lacks.
    ///
    /// # Errors
    /// [`EncodeErrorKind::NotInVersion`].
    #[inline(always)]
    pub fn check_version(&self, field: &Field) -> Result<(), EncodeError> {
        if field.is_at(self.version_bit) { Ok(()) } else { Err(self.not_in_version(field)) }
    }

    /// Refuses a tag, which is no field's, that the version lacks.
    pub(crate) fn check_tag(&self, tag: Tag) -> Result<(), EncodeError> {
        match tag.info() {
            Some(info) if !info.is_in(self.version) => {
                let (version, since, until) = (self.version, Some(info.since), info.until);
                let kind = EncodeErrorKind::NotInVersion { tag, version, since, until };
                Err(EncodeError::new(kind))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a variant of a choice that the version lacks.
    ///
    /// # Errors
    /// [`EncodeErrorKind::NoEquivalent`].
    #[inline]
    pub fn check_variant(
        &self,
        tag: Tag,
        what: &'static str,
        since: ProtocolVersion,
    ) -> Result<(), EncodeError> {
        if self.version.is_at_least(since) { Ok(()) } else { Err(self.no_variant(tag, what)) }
    }

    #[cold]
    fn no_variant(&self, tag: Tag, what: &'static str) -> EncodeError {
        let kind = EncodeErrorKind::NoEquivalent { what, version: self.version };
        EncodeError::new(kind).within(tag, None)
    }

    #[cold]
    fn not_in_version(&self, field: &Field) -> EncodeError {
        let kind = EncodeErrorKind::NotInVersion {
            tag: field.tag,
            version: self.version,
            since: field.since,
            until: field.until,
        };
        EncodeError::new(kind).within(field.tag, None)
    }

    /// Writes an item whose value takes four bytes.
    #[inline(always)]
    fn four_bytes(&mut self, tag: Tag, item_type: ItemType, value: u32) -> Result<(), EncodeError> {
        self.append_number(Header::number(tag, item_type, 4), u64::from(value) << 32)
    }

    /// Writes an item whose value takes eight bytes.
    #[inline(always)]
    fn eight_bytes(&mut self, tag: Tag, item_type: ItemType, value: u64) -> Result<(), EncodeError> {
        self.append_number(Header::number(tag, item_type, 8), value)
    }

    #[inline(always)]
    fn append_number(&mut self, header: u64, value: u64) -> Result<(), EncodeError> {
        self.append(((u128::from(header) << 64) | u128::from(value)).to_be_bytes());
        Ok(())
    }

    #[inline]
    fn padded_bytes(&mut self, tag: Tag, item_type: ItemType, value: &[u8]) -> Result<(), EncodeError> {
        let room = self.limits.size.saturating_sub(self.buffer.len());
        // Nothing of what is too large is copied. What fits has a length of 32 bits.
        if value.len() > room || Header::SIZE + padded(value.len()) > room {
            return Err(self.too_large());
        }
        // Room for eight bytes of padding too, of which those that are not needed are taken back.
        self.reserve(2 * Header::SIZE + value.len());
        let end = self.buffer.len() + Header::SIZE + padded(value.len());
        self.append(Header::number(tag, item_type, value.len() as u32).to_be_bytes());
        self.buffer.extend_from_slice(value);
        self.append([0; 8]);
        self.buffer.truncate(end);
        Ok(())
    }

    /// Writes a Text String that `item` starts with, header and all, whose text has `length` bytes. What follows
    /// it in `item` are zeros.
    #[inline(always)]
    pub(crate) fn item_of<const N: usize>(&mut self, item: &[u8; N], length: usize) {
        let end = self.buffer.len() + Header::SIZE + padded(length);
        self.append(*item);
        self.buffer.truncate(end);
    }

    #[inline(always)]
    fn append<const N: usize>(&mut self, bytes: [u8; N]) {
        self.reserve(N);
        self.buffer.extend_from_slice(&bytes);
    }

    /// Makes room, without a copy of what was written being left in memory that is given back.
    #[inline(always)]
    fn reserve(&mut self, additional: usize) {
        if self.buffer.capacity() - self.buffer.len() < additional {
            wipe::grow(&mut self.buffer, additional);
        }
    }

    /// Refuses an outermost item that exceeds the limits. Its own length is still to be put in.
    #[inline(always)]
    fn check_whole(&self, start: usize) -> Result<(), EncodeError> {
        if self.buffer.len() > self.limits.size {
            return Err(self.too_large());
        }
        // An item takes eight bytes at least, so only a large message can have too many.
        if self.buffer.len() / Header::SIZE > self.limits.items { self.count_items(start) } else { Ok(()) }
    }

    #[cold]
    fn count_items(&self, start: usize) -> Result<(), EncodeError> {
        let mut count = 1;
        let mut at = start + Header::SIZE;
        while let Some(header) = self.buffer.get(at..).and_then(|rest| rest.first_chunk::<{ Header::SIZE }>())
        {
            let header = u64::from_be_bytes(*header);
            let is_structure = (header >> 32) as u8 == ItemType::Structure.number();
            count += 1;
            at += Header::SIZE + if is_structure { 0 } else { padded(header as u32 as usize) };
        }
        let limit = self.limits.items;
        if count > limit { Err(EncodeError::new(EncodeErrorKind::ItemLimit { limit })) } else { Ok(()) }
    }

    #[cold]
    fn too_large(&self) -> EncodeError {
        EncodeError::new(EncodeErrorKind::SizeLimit { limit: self.limits.size })
    }

    #[cold]
    fn too_deep(&self, tag: Tag) -> EncodeError {
        EncodeError::new(EncodeErrorKind::DepthLimit { limit: self.limits.depth }).within(tag, None)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        wipe::bytes(&mut self.buffer);
    }
}

/// The most that a structure with its header can be, as a length field has 32 bits.
const MAX_SIZE: usize = u32::MAX as usize & !7;
