//! The two traits that every wire type has, and the functions that run them over whole messages.

use crate::error::{DecodeError, EncodeError};
use crate::limits::Limits;
use crate::tag::Tag;
use crate::ttlv::{Decoded, Mode, Reader, Writer};
use crate::version::ProtocolVersion;

/// A value that can be written as a TTLV item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as TTLV",
    label = "not a type that TTLV knows",
    note = "derive `Ttlv` for a structure or a choice, `TtlvEnum` for an enumeration"
)]
pub trait Encode {
    /// Appends the item, under `tag`, to what `writer` holds.
    ///
    /// # Errors
    /// [`EncodeError`] where the writer's version has no form for the value, or a limit is exceeded.
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError>;
}

/// A value that can be read from a TTLV item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from TTLV by itself",
    label = "its form is not known here",
    note = "derive `Ttlv` for a structure or a choice, `TtlvEnum` for an enumeration",
    note = "where another field decides the form, name it: `#[ttlv(select = \"operation\")]`"
)]
pub trait Decode: Sized {
    /// Reads the item at the reader's position, whose tag must be `tag`.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not such an item.
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        (**self).encode(tag, writer)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        (**self).encode(tag, writer)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(tag, reader).map(Box::new)
    }
}

/// The bytes of `value` under `tag` in the form of `version`, with the default [`Limits`].
///
/// ```
/// use kmip_types::{ProtocolVersion, Tag, ttlv};
/// let bytes = ttlv::encode(Tag::BATCH_COUNT, &2_i32, ProtocolVersion::V2_1)?;
/// assert_eq!(bytes, [0x42, 0x00, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0]);
/// # Ok::<(), kmip_types::EncodeError>(())
/// ```
///
/// # Errors
/// [`EncodeError`] where the version has no form for the value, or a limit is exceeded.
pub fn encode<T: Encode + ?Sized>(
    tag: Tag,
    value: &T,
    version: ProtocolVersion,
) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer::new(version);
    value.encode(tag, &mut writer)?;
    Ok(writer.into_bytes())
}

/// The one value under `tag` that `bytes` hold, read strictly, with the default [`Limits`].
///
/// ```
/// use kmip_types::{Tag, ttlv};
/// let bytes = [0x42, 0x00, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0];
/// assert_eq!(ttlv::decode::<i32>(Tag::BATCH_COUNT, &bytes)?, 2);
/// # Ok::<(), kmip_types::DecodeError>(())
/// ```
///
/// # Errors
/// [`DecodeError`] where the bytes are not exactly one such item.
pub fn decode<T: Decode>(tag: Tag, bytes: &[u8]) -> Result<T, DecodeError> {
    let limits = Limits::default();
    Reader::check_size(bytes, &limits)?;
    let mut reader = Reader::of_checked(bytes, Mode::Strict, limits);
    let mut value = T::decode(tag, &mut reader);
    // Not by `?`, which would have the value moved once more.
    if value.is_ok()
        && let Err(error) = reader.finish()
    {
        value = Err(error);
    }
    value
}

/// The one value under `tag` that `bytes` hold, with what deviates from the standard tolerated and listed.
///
/// # Errors
/// [`DecodeError`] where the bytes are not one such item, even leniently.
pub fn decode_lenient<T: Decode>(tag: Tag, bytes: &[u8]) -> Result<Decoded<T>, DecodeError> {
    decode_with(tag, bytes, Mode::Lenient, Limits::default())
}

/// The one value under `tag` that `bytes` hold, read as `mode` says.
///
/// # Errors
/// [`DecodeError`] where the bytes are not one such item.
pub fn decode_with<T: Decode>(
    tag: Tag,
    bytes: &[u8],
    mode: Mode,
    limits: Limits,
) -> Result<Decoded<T>, DecodeError> {
    let mut reader = Reader::new(bytes, mode, limits)?;
    let value = T::decode(tag, &mut reader)?;
    reader.finish()?;
    Ok(reader.into_decoded(value))
}
