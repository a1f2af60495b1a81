//! The codec of attributes among the fields of another structure: each an Attribute by name before KMIP 2.0,
//! together an Attributes structure from 2.0 on.

use crate::attribute::named::NamedAttribute;
use crate::attribute::{AttributeEntry, Attributes};
use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::ttlv::{Encode, Field, Mode, Reader, Schema, Versions, Writer};
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

/// Reads the attributes in the form of the version; leniently, in another one too, or with a Template-Attribute around
/// them.
///
/// # Errors
/// One of them is not as it should be.
pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
    read(reader, &REQUIRED, &BY_NAME)
}

fn read(reader: &mut Reader<'_>, by_tag: &Field, by_name: &Field) -> Result<Attributes, DecodeError> {
    if let Some(attributes) = reader.optional(by_tag, SCHEMA)? {
        return Ok(attributes);
    }
    let mut attributes = Attributes::new();
    let entries: Vec<AttributeEntry> = reader.repeated(by_name, SCHEMA)?;
    if entries.is_empty() && reader.mode() == Mode::Lenient {
        let wrapped = reader.optional(&TEMPLATE_ATTRIBUTE, SCHEMA)?;
        return Ok(wrapped.unwrap_or_default());
    }
    entries.into_iter().for_each(|entry| attributes.push(entry));
    Ok(attributes)
}

/// Attributes, which every version with attributes by tag wants to be there.
const REQUIRED: Field = Field::optional(Tag::ATTRIBUTES)
    .of::<Attributes>()
    .since(ProtocolVersion::V2_0)
    .required_in(Versions::new(Some(ProtocolVersion::V2_0), None));

/// What no version has there.
const TEMPLATE_ATTRIBUTE: Field =
    Field::optional(Tag::TEMPLATE_ATTRIBUTE).of::<Attributes>().until(ProtocolVersion::V1_4);

/// The structure around them has a name of its own: this one is said where none is known.
const SCHEMA: &Schema = &Schema::new("Attributes", FIELDS);

/// Attributes by name, at least one of which is required.
const SOME_BY_NAME: Field = BY_NAME.required_in(Versions::ALL);

/// The same, where before KMIP 2.0 at least one attribute is required.
pub mod required {
    use super::{
        Attributes, DecodeError, EncodeError, Field, ProtocolVersion, REQUIRED, Reader, SOME_BY_NAME, Tag,
        Writer,
    };

    /// The fields that it may write.
    pub const FIELDS: &[Field] =
        &[Field::required(Tag::ATTRIBUTES).of::<Attributes>().since(ProtocolVersion::V2_0), SOME_BY_NAME];

    /// Writes the attributes, as [`super::encode`] does.
    ///
    /// # Errors
    /// There are none and the version requires one, or it has no form for one of them, or a limit is exceeded.
    pub fn encode(attributes: &Attributes, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.check_presence(&SOME_BY_NAME, attributes.entries().len())?;
        super::encode(attributes, writer)
    }

    /// Reads the attributes, as [`super::decode`] does.
    ///
    /// # Errors
    /// One of them is not as it should be, or there are none and the version requires one.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
        super::read(reader, &REQUIRED, &SOME_BY_NAME)
    }
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

    /// Reads the attributes, as [`super::decode`] does.
    ///
    /// # Errors
    /// One of them is not as it should be.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
        super::read(reader, &FIELDS[0], &BY_NAME)
    }
}

/// The same for a structure that KMIP 2.0 dropped: a version that has attributes by tag is refused, and so are no
/// attributes.
pub mod by_name {
    use super::{
        AttributeEntry, Attributes, DecodeError, EncodeError, Field, Reader, SCHEMA, SOME_BY_NAME, Writer,
    };

    /// The field that it writes.
    pub const FIELDS: &[Field] = &[SOME_BY_NAME];

    /// Writes the attributes.
    ///
    /// # Errors
    /// There are none, or the version is KMIP 2.0 or later, or has no form for one of them, or a limit is exceeded.
    pub fn encode(attributes: &Attributes, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.check_version(&FIELDS[0])?;
        writer.check_presence(&FIELDS[0], attributes.entries().len())?;
        super::encode(attributes, writer)
    }

    /// Reads the attributes.
    ///
    /// # Errors
    /// One of them is not as it should be, or there are none.
    pub fn decode(reader: &mut Reader<'_>) -> Result<Attributes, DecodeError> {
        let mut attributes = Attributes::new();
        reader
            .repeated(&FIELDS[0], SCHEMA)?
            .into_iter()
            .for_each(|entry: AttributeEntry| attributes.push(entry));
        Ok(attributes)
    }
}
