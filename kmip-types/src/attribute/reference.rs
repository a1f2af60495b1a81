//! Names of attributes: by text before KMIP 2.0, by reference since.

use kmip_derive::Ttlv;

use crate::attribute::forms::Form;
use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::ttlv::{Decode, Encode, Field, Reader, Schema, Versions, Wire, Writer};
use crate::{ItemTypes, ProtocolVersion, Tag};

/// Which attribute (KMIP 1.4 section 2.1.1, 2.1 section 5.5): written as an Attribute Name before KMIP 2.0,
/// as an Attribute Reference from 2.0 on.
///
/// ```
/// use kmip_types::Tag;
/// use kmip_types::attribute::AttributeReference;
/// assert_eq!(AttributeReference::from(Tag::STATE), AttributeReference::from_name("State"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "AttributeReference")]
pub enum AttributeReference {
    /// An attribute of the standard.
    Tag(TagReference),
    /// An attribute of a vendor.
    Vendor(AttributeName),
}

/// A tag as the value of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagReference(pub Tag);

/// The name of a vendor's attribute (KMIP 2.1 section 5.5).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[ttlv(tag = "AttributeReference")]
pub struct AttributeName {
    /// The vendor; `x` and `y` stand for the Custom Attributes of KMIP 1.x, and no text at all for any other
    /// name that KMIP 1.x has and the standard does not know.
    pub vendor_identification: String,
    /// The vendor's name for the attribute.
    pub attribute_name: String,
}

impl AttributeReference {
    /// The attribute that KMIP 1.x calls by this name. The wire name of an attribute will do too.
    pub fn from_name(name: &str) -> Self {
        match Tag::from_name(name) {
            Some(tag) => Self::from(tag),
            None => Self::other(name),
        }
    }

    /// The attribute of a name that was read. Only the spelled-out name is the attribute's: written back, any
    /// other would change.
    pub(crate) fn read_name(name: &str) -> Self {
        match Tag::from_name(name).filter(|tag| tag.spelled_name() == Some(name)) {
            Some(tag) => Self::from(tag),
            None => Self::other(name),
        }
    }

    fn other(name: &str) -> Self {
        let (vendor, name) = split_custom(name).unwrap_or(("", name));
        Self::Vendor(AttributeName {
            vendor_identification: vendor.to_owned(),
            attribute_name: name.to_owned(),
        })
    }

    /// The name that KMIP 1.x has for the attribute.
    ///
    /// # Errors
    /// An attribute that the version lacks; a vendor's attribute that is not a Custom Attribute of KMIP 1.x, an unknown
    /// tag, or a name without a vendor that is the standard's or a vendor's.
    pub fn to_name(&self, version: ProtocolVersion) -> Result<String, EncodeError> {
        let error = |kind| EncodeError::new(kind).within(Tag::ATTRIBUTE_NAME, None);
        let no_equivalent = |what| error(EncodeErrorKind::NoEquivalent { what, version });
        match self {
            Self::Tag(TagReference(tag)) => match tag.spelled_name() {
                Some(name) => match Form::tagged(*tag) {
                    Some(form) => form.check_in(version).map(|()| name.to_owned()),
                    None => Ok(name.to_owned()),
                },
                None => Err(no_equivalent("a reference to an attribute by an unknown tag")),
            },
            Self::Vendor(name) => match name.vendor_identification.as_str() {
                "" if Self::read_name(&name.attribute_name) != *self => {
                    let expected = "a name that is neither the standard's nor starts with x- or y-";
                    Err(error(EncodeErrorKind::InvalidValue { expected }))
                }
                "" => Ok(name.attribute_name.clone()),
                vendor @ ("x" | "y") => Ok(format!("{vendor}-{}", name.attribute_name)),
                _ => Err(no_equivalent("a vendor's attribute other than x and y")),
            },
        }
    }
}

/// The vendor and the name of a Custom Attribute of KMIP 1.x: `x-` is the client's, `y-` the server's.
pub(crate) fn split_custom(name: &str) -> Option<(&str, &str)> {
    name.split_once('-').filter(|(vendor, _)| matches!(*vendor, "x" | "y"))
}

/// By its name, as of [`AttributeReference::from_name`].
impl From<&str> for AttributeReference {
    fn from(name: &str) -> Self {
        Self::from_name(name)
    }
}

impl From<Tag> for AttributeReference {
    fn from(tag: Tag) -> Self {
        Self::Tag(TagReference(tag))
    }
}

impl Wire for TagReference {
    const ITEM_TYPES: ItemTypes = ItemTypes::ENUMERATION;
}

impl Encode for TagReference {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        match Form::tagged(self.0) {
            Some(form) => form.check_version(writer),
            None => writer.check_tag(self.0),
        }
        .map_err(|error| error.within(tag, None))?;
        writer.enumeration(tag, self.0.value())
    }
}

impl Decode for TagReference {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let header = reader.peek()?;
        let value = reader.enumeration(tag)?;
        let offset = header.map_or(0, |header| header.offset);
        match (Tag::new(value), header) {
            (None, Some(header)) => Err(reader.invalid_value(&header, "a tag, which has three bytes")),
            _ => {
                let own = Tag::from_raw(value);
                match Form::tagged(own) {
                    Some(form) => form.check_read(reader, offset)?,
                    None => reader.check_tag(own, offset)?,
                }
                Ok(Self(own))
            }
        }
    }
}

/// The codec of a list of references: Attribute Name before KMIP 2.0, Attribute Reference from 2.0 on.
pub(crate) mod list {
    use super::*;

    /// The fields that it may write.
    pub(crate) const FIELDS: &[Field] = &[
        Field::repeated(Tag::ATTRIBUTE_REFERENCE).of::<AttributeReference>().since(ProtocolVersion::V2_0),
        Field::repeated(Tag::ATTRIBUTE_NAME).of::<String>().until(ProtocolVersion::V1_4),
    ];

    pub(crate) fn encode(references: &[AttributeReference], writer: &mut Writer) -> Result<(), EncodeError> {
        write(FIELDS, references, writer)
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Vec<AttributeReference>, DecodeError> {
        read(FIELDS, reader)
    }
}

/// The same, where every version requires at least one.
pub(crate) mod required {
    use super::*;

    /// The fields that it may write.
    pub(crate) const FIELDS: &[Field] =
        &[list::FIELDS[0].required_in(Versions::ALL), list::FIELDS[1].required_in(Versions::ALL)];

    pub(crate) fn encode(references: &[AttributeReference], writer: &mut Writer) -> Result<(), EncodeError> {
        write(FIELDS, references, writer)
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Vec<AttributeReference>, DecodeError> {
        read(FIELDS, reader)
    }
}

fn write(
    fields: &'static [Field],
    references: &[AttributeReference],
    writer: &mut Writer,
) -> Result<(), EncodeError> {
    let version = writer.version();
    if version.has_attributes_by_tag() {
        return writer.repeated(&fields[0], references);
    }
    writer.check_presence(&fields[1], references.len())?;
    references
        .iter()
        .try_for_each(|reference| writer.text_string(Tag::ATTRIBUTE_NAME, &reference.to_name(version)?))
}

fn read(fields: &'static [Field], reader: &mut Reader<'_>) -> Result<Vec<AttributeReference>, DecodeError> {
    let mut references = reader.repeated(&fields[0], SCHEMA)?;
    let names: Vec<Named> = reader.repeated(&fields[1], SCHEMA)?;
    references.extend(names.into_iter().map(|Named(reference)| reference));
    Ok(references)
}

/// The structure around them has a name of its own: this one is said where none is known.
const SCHEMA: &Schema = &Schema::new("AttributeReference", list::FIELDS);

/// A reference by an Attribute Name.
struct Named(AttributeReference);

impl Decode for Named {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let offset = reader.position();
        let name = reader.text_string(tag)?;
        if let Some(form) = Form::named(name) {
            form.check_read(reader, offset)?;
        }
        Ok(Self(AttributeReference::read_name(name)))
    }
}

/// The codec of one reference: Attribute Name before KMIP 2.0, which requires it, Attribute Reference from 2.0 on.
pub(crate) mod one {
    use super::*;

    /// The fields that it may write.
    pub(crate) const FIELDS: &[Field] = &[
        Field::optional(Tag::ATTRIBUTE_REFERENCE).of::<AttributeReference>().since(ProtocolVersion::V2_0),
        Field::optional(Tag::ATTRIBUTE_NAME)
            .of::<String>()
            .until(ProtocolVersion::V1_4)
            .required_in(Versions::ALL),
    ];

    pub(crate) fn encode(
        reference: &Option<AttributeReference>,
        writer: &mut Writer,
    ) -> Result<(), EncodeError> {
        write(FIELDS, reference.as_slice(), writer)
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Option<AttributeReference>, DecodeError> {
        if let Some(reference) = reader.optional(&FIELDS[0], SCHEMA)? {
            return Ok(Some(reference));
        }
        let name: Option<Named> = reader.optional(&FIELDS[1], SCHEMA)?;
        Ok(name.map(|Named(reference)| reference))
    }
}
