//! The codec of attributes among the fields of another structure: each an Attribute by name before KMIP 2.0,
//! together an Attributes structure from 2.0 on.

use crate::attribute::named::NamedAttribute;
use crate::attribute::{AttributeEntry, Attributes};
use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::ttlv::{Encode, Field, Mode, Reader, Writer};
use crate::{ProtocolVersion, Tag};

/// The fields that it may write.
pub const FIELDS: &[Field] =
    &[Field::required(Tag::ATTRIBUTES).of::<Attributes>().since(ProtocolVersion::V2_0), BY_NAME];

const BY_NAME: Field = Field::repeated(Tag::ATTRIBUTE).of::<AttributeEntry>().until(ProtocolVersion::V1_4);

/// Writes the attributes, from KMIP 2.0 on even if there are none.
///
/// # Errors
/// The version has no form for one of them, or a limit is exceeded.
pub fn encode(attributes: &Attributes, writer: &mut Writer) -> Result<(), EncodeError> {
    let version = writer.version();
    if version.has_attributes_by_tag() {
        return attributes.encode(Tag::ATTRIBUTES, writer);
    }
    if !attributes.template_names.is_empty() {
        let what = "the name of a Template object outside a Template-Attribute";
        return Err(EncodeError::new(EncodeErrorKind::NoEquivalent { what, version }));
    }
    let mut entries = attributes.entries().iter();
    entries.try_for_each(|entry| NamedAttribute(entry).encode(Tag::ATTRIBUTE, writer))
}

/// Reads the attributes in either form. Leniently, a Template-Attribute around them is taken too.
///
/// # Errors
/// One of them is not as it should be.
pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
    if let Some(attributes) = reader.optional(&FIELDS[0])? {
        return Ok(attributes);
    }
    let mut attributes = Attributes::new();
    let entries: Vec<AttributeEntry> = reader.repeated(&BY_NAME)?;
    if entries.is_empty() && reader.mode() == Mode::Lenient {
        let wrapped = reader.optional(&Field::optional(Tag::TEMPLATE_ATTRIBUTE))?;
        return Ok(wrapped.unwrap_or_default());
    }
    entries.into_iter().for_each(|entry| attributes.push(entry));
    Ok(attributes)
}

/// The same, where from KMIP 2.0 on no attributes are no structure.
pub mod optional {
    use super::{Attributes, BY_NAME, DecodeError, EncodeError, Field, Reader, Writer};
    use crate::{ProtocolVersion, Tag};

    /// The fields that it may write.
    pub const FIELDS: &[Field] =
        &[Field::optional(Tag::ATTRIBUTES).of::<Attributes>().since(ProtocolVersion::V2_0), BY_NAME];

    /// Writes the attributes, if there are any.
    ///
    /// # Errors
    /// The version has no form for one of them, or a limit is exceeded.
    pub fn encode(attributes: &Attributes, writer: &mut Writer) -> Result<(), EncodeError> {
        if attributes.is_empty() { Ok(()) } else { super::encode(attributes, writer) }
    }

    /// Reads the attributes in either form.
    ///
    /// # Errors
    /// One of them is not as it should be.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
        super::decode(reader)
    }
}

/// The same for a structure that KMIP 2.0 dropped: a version that has attributes by tag is refused.
pub mod by_name {
    use super::{AttributeEntry, Attributes, BY_NAME, DecodeError, EncodeError, Field, Reader, Writer};

    /// The field that it writes.
    pub const FIELDS: &[Field] = &[BY_NAME];

    /// Writes the attributes.
    ///
    /// # Errors
    /// The version is KMIP 2.0 or later, or has no form for one of them, or a limit is exceeded.
    pub fn encode(attributes: &Attributes, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.check_version(&FIELDS[0])?;
        super::encode(attributes, writer)
    }

    /// Reads the attributes.
    ///
    /// # Errors
    /// One of them is not as it should be.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
        let mut attributes = Attributes::new();
        reader.repeated(&FIELDS[0])?.into_iter().for_each(|entry: AttributeEntry| attributes.push(entry));
        Ok(attributes)
    }
}
