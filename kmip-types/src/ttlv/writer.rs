//! Writing binary TTLV: append-only, with the length of a structure put in when it is complete.

use crate::error::{EncodeError, EncodeErrorKind};
use crate::item_type::ItemType;
use crate::limits::Limits;
use crate::primitive::BigInteger;
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::{Encode, Field, Tagged};
use crate::version::ProtocolVersion;

/// Appends TTLV items, in the form of one protocol version, to a buffer.
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
        Self { buffer, version, limits, depth: 0 }
    }

    /// The version whose form is written.
    #[inline]
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// What has been written.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    /// Writes a Structure, whose items `content` writes.
    ///
    /// # Errors
    /// What `content` returns, with this structure added to its path; or a limit is exceeded.
    #[inline]
    pub fn structure(
        &mut self,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        if self.depth >= self.limits.depth {
            let kind = EncodeErrorKind::DepthLimit { limit: self.limits.depth };
            return Err(EncodeError::new(kind).within(tag, None));
        }
        self.header(tag, ItemType::Structure, 0)?;
        let start = self.buffer.len();
        self.depth += 1;
        let result = content(self);
        self.depth -= 1;
        if let Err(error) = result {
            return Err(error.within(tag, None));
        }
        let length = self.buffer.len() - start;
        // `header` keeps the buffer below the size limit, which is below 2^32.
        self.buffer[start - 4..start].copy_from_slice(&(length as u32).to_be_bytes());
        Ok(())
    }

    /// Writes an Integer.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn integer(&mut self, tag: Tag, value: i32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Integer, value.to_be_bytes())
    }

    /// Writes a Long Integer.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn long_integer(&mut self, tag: Tag, value: i64) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::LongInteger, value.to_be_bytes())
    }

    /// Writes a Big Integer: big-endian two's complement, sign-extended to a multiple of eight bytes.
    ///
    /// # Errors
    /// The size limit is exceeded.
    pub fn big_integer(&mut self, tag: Tag, value: &BigInteger) -> Result<(), EncodeError> {
        self.header(tag, ItemType::BigInteger, value.padded_bytes().len())?;
        self.buffer.extend_from_slice(value.padded_bytes());
        Ok(())
    }

    /// Writes an Enumeration.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn enumeration(&mut self, tag: Tag, value: u32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Enumeration, value.to_be_bytes())
    }

    /// Writes a Boolean.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn boolean(&mut self, tag: Tag, value: bool) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::Boolean, u64::from(value).to_be_bytes())
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
    #[inline]
    pub fn date_time(&mut self, tag: Tag, seconds: i64) -> Result<(), EncodeError> {
        self.eight_bytes(tag, ItemType::DateTime, seconds.to_be_bytes())
    }

    /// Writes an Interval, in seconds.
    ///
    /// # Errors
    /// The size limit is exceeded.
    #[inline]
    pub fn interval(&mut self, tag: Tag, seconds: u32) -> Result<(), EncodeError> {
        self.four_bytes(tag, ItemType::Interval, seconds.to_be_bytes())
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
        self.eight_bytes(tag, ItemType::DateTimeExtended, microseconds.to_be_bytes())
    }

    /// Writes a field that occurs once.
    ///
    /// # Errors
    /// The version lacks the field or a form for the value, or a limit is exceeded.
    #[inline]
    pub fn required<T: Encode>(&mut self, field: &Field, value: &T) -> Result<(), EncodeError> {
        self.check_version(field)?;
        value.encode(field.tag_in(self.version), self)
    }

    /// Writes a field that occurs once or not at all.
    ///
    /// # Errors
    /// The field is set and the version lacks it or a form for the value, or a limit is exceeded.
    #[inline]
    pub fn optional<T: Encode>(&mut self, field: &Field, value: &Option<T>) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.required(field, value),
            None => Ok(()),
        }
    }

    /// Writes a field that occurs any number of times.
    ///
    /// # Errors
    /// The field is set and the version lacks it or a form for a value, or a limit is exceeded.
    #[inline]
    pub fn repeated<T: Encode>(&mut self, field: &Field, values: &[T]) -> Result<(), EncodeError> {
        if values.is_empty() {
            return Ok(());
        }
        self.check_version(field)?;
        let tag = field.tag_in(self.version);
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
            None => Ok(()),
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
        values.iter().try_for_each(|value| self.tagged(field, value))
    }

    /// Writes items that a structure keeps without knowing them.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub fn items(&mut self, items: &[crate::Item]) -> Result<(), EncodeError> {
        items.iter().try_for_each(|item| item.write(self))
    }

    /// Refuses a field that the version lacks.
    ///
    /// # Errors
    /// [`EncodeErrorKind::NotInVersion`].
    #[inline]
    pub fn check_version(&self, field: &Field) -> Result<(), EncodeError> {
        if field.is_in(self.version) { Ok(()) } else { Err(self.not_in_version(field)) }
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
        if self.version.is_at_least(since) {
            return Ok(());
        }
        let kind = EncodeErrorKind::NoEquivalent { what, version: self.version };
        Err(EncodeError::new(kind).within(tag, None))
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

    #[inline]
    fn four_bytes(&mut self, tag: Tag, item_type: ItemType, value: [u8; 4]) -> Result<(), EncodeError> {
        self.reserve(16)?;
        let [_, t0, t1, t2] = tag.value().to_be_bytes();
        let [v0, v1, v2, v3] = value;
        self.buffer.extend_from_slice(&[
            t0,
            t1,
            t2,
            item_type.number(),
            0,
            0,
            0,
            4,
            v0,
            v1,
            v2,
            v3,
            0,
            0,
            0,
            0,
        ]);
        Ok(())
    }

    #[inline]
    fn eight_bytes(&mut self, tag: Tag, item_type: ItemType, value: [u8; 8]) -> Result<(), EncodeError> {
        self.header(tag, item_type, 8)?;
        self.buffer.extend_from_slice(&value);
        Ok(())
    }

    #[inline]
    fn padded_bytes(&mut self, tag: Tag, item_type: ItemType, value: &[u8]) -> Result<(), EncodeError> {
        self.header(tag, item_type, value.len())?;
        self.buffer.extend_from_slice(value);
        let padding = padded(value.len()) - value.len();
        self.buffer.extend_from_slice(&[0; 8][..padding]);
        Ok(())
    }

    /// Writes the header of a value of `length` bytes, for which it makes sure that there is room.
    #[inline]
    fn header(&mut self, tag: Tag, item_type: ItemType, length: usize) -> Result<(), EncodeError> {
        self.reserve(8 + padded(length))?;
        let [_, t0, t1, t2] = tag.value().to_be_bytes();
        let [l0, l1, l2, l3] = (length as u32).to_be_bytes();
        self.buffer.extend_from_slice(&[t0, t1, t2, item_type.number(), l0, l1, l2, l3]);
        Ok(())
    }

    #[inline]
    fn reserve(&mut self, additional: usize) -> Result<(), EncodeError> {
        let limit = self.limits.size.min(MAX_SIZE);
        if additional > limit || self.buffer.len() > limit - additional {
            return Err(EncodeError::new(EncodeErrorKind::SizeLimit { limit }));
        }
        self.buffer.reserve(additional);
        Ok(())
    }
}

/// The most that a structure with its header can be, as a length field has 32 bits.
const MAX_SIZE: usize = u32::MAX as usize & !7;
