//! The codec of attributes that were set or deleted, as Notify lists them.

use crate::attribute::attributes::write_by_tag;
use crate::attribute::named::{NamedAttribute, read_value};
use crate::attribute::{Attribute, AttributeEntry, AttributeReference, Attributes};
use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::ttlv::{Decode, Encode, Field, Reader, Schema, Versions, Wire, Writer};
use crate::{ItemTypes, ProtocolVersion, Tag};

/// A change of an attribute (KMIP 1.4 section 5.1, 2.1 section 6.2.2).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum AttributeChange {
    /// The attribute was set to this value.
    Set(AttributeEntry),
    /// The attribute was deleted.
    Deleted {
        /// Which attribute.
        reference: AttributeReference,
        /// Which of the object's attributes of this name it was, from 0; the first, if omitted. Until KMIP 1.4.
        index: Option<i32>,
    },
}

impl AttributeChange {
    /// The deletion of an attribute.
    pub fn deleted(reference: impl Into<AttributeReference>) -> Self {
        Self::Deleted { reference: reference.into(), index: None }
    }

    fn entry(&self) -> Option<&AttributeEntry> {
        match self {
            Self::Set(entry) => Some(entry),
            Self::Deleted { .. } => None,
        }
    }
}

impl From<Attribute> for AttributeChange {
    fn from(attribute: Attribute) -> Self {
        Self::Set(attribute.into())
    }
}

/// The Attribute structure of KMIP 1.x where the value may be missing (1.4 section 2.1.1).
const ATTRIBUTE: &Schema = &Schema {
    name: "Attribute",
    fields: &[
        Field::required(Tag::ATTRIBUTE_NAME).of::<String>(),
        Field::optional(Tag::ATTRIBUTE_INDEX).of::<i32>(),
        // Without it the attribute would pass for deleted.
        Field::optional(Tag::ATTRIBUTE_VALUE).essential(),
    ],
    catch_all: false,
};

/// The fields that it may write.
pub(crate) const FIELDS: &[Field] = &[
    Field::optional(Tag::ATTRIBUTES).of::<Attributes>().since(ProtocolVersion::V2_0),
    Field::repeated(Tag::ATTRIBUTE_REFERENCE).of::<AttributeReference>().since(ProtocolVersion::V2_0),
    Field::repeated(Tag::ATTRIBUTE)
        .of::<AttributeChange>()
        .until(ProtocolVersion::V1_4)
        .required_in(Versions::ALL),
];

/// Notify has a name of its own: this one is said where none is known.
const SCHEMA: &Schema = &Schema::new("Attributes", FIELDS);

/// Writes the changes: each an Attribute before KMIP 2.0; since, Attributes and Attribute References.
///
/// # Errors
/// The version has no form for one of them, such as an attribute that was set after one that was deleted from
/// KMIP 2.0 on, or a limit is exceeded.
pub(crate) fn encode(changes: &[AttributeChange], writer: &mut Writer) -> Result<(), EncodeError> {
    let version = writer.version();
    if !version.has_attributes_by_tag() {
        return writer.repeated(&FIELDS[2], changes);
    }
    let set: Vec<&AttributeEntry> = changes.iter().map_while(AttributeChange::entry).collect();
    if !set.is_empty() {
        writer.structure(Tag::ATTRIBUTES, |writer| {
            set.iter().try_for_each(|entry| write_by_tag(entry, writer))
        })?;
    }
    let deleted = &changes[set.len()..];
    deleted.iter().try_for_each(|change| match change {
        AttributeChange::Deleted { reference, index: None } => reference.encode(FIELDS[1].tag, writer),
        AttributeChange::Deleted { .. } => {
            writer.check_version(&Field::optional(Tag::ATTRIBUTE_INDEX).until(ProtocolVersion::V1_4))
        }
        AttributeChange::Set(_) => {
            let what = "an attribute that was set, listed after one that was deleted";
            Err(EncodeError::new(EncodeErrorKind::NoEquivalent { what, version }))
        }
    })
}

/// Reads the changes in the form of the version; leniently, in either.
///
/// # Errors
/// One of them is not as it should be.
pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Vec<AttributeChange>, DecodeError> {
    let set: Option<Attributes> = reader.optional(&FIELDS[0], SCHEMA)?;
    let mut changes: Vec<AttributeChange> =
        set.iter().flat_map(Attributes::entries).cloned().map(AttributeChange::Set).collect();
    let deleted: Vec<AttributeReference> = reader.repeated(&FIELDS[1], SCHEMA)?;
    changes.extend(deleted.into_iter().map(AttributeChange::deleted));
    changes.extend(reader.repeated::<AttributeChange>(&FIELDS[2], SCHEMA)?);
    Ok(changes)
}

impl Wire for AttributeChange {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

/// Writes the form of KMIP 1.x.
impl Encode for AttributeChange {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        match self {
            Self::Set(entry) => NamedAttribute(entry).encode(tag, writer),
            Self::Deleted { reference, index } => writer.structure(tag, |writer| {
                let name = reference.to_name(writer.version())?;
                writer.required(&ATTRIBUTE.fields[0], &name)?;
                writer.optional(&ATTRIBUTE.fields[1], index)
            }),
        }
    }
}

/// Reads the form of KMIP 1.x.
impl Decode for AttributeChange {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.structure(tag, ATTRIBUTE, |reader| {
            let name: String = reader.required(&ATTRIBUTE.fields[0], ATTRIBUTE)?;
            let index = reader.optional(&ATTRIBUTE.fields[1], ATTRIBUTE)?;
            let attribute =
                reader.one(&ATTRIBUTE.fields[2], ATTRIBUTE, |tag, reader| read_value(&name, tag, reader))?;
            Ok(match attribute {
                Some(attribute) => Self::Set(AttributeEntry { index, attribute }),
                None => Self::Deleted { reference: AttributeReference::read_name(&name), index },
            })
        })
    }
}
