//! A structure of exactly one attribute.

use crate::attribute::attributes::{check_by_tag, write_by_tag};
use crate::attribute::named::NamedAttribute;
use crate::attribute::{Attribute, AttributeEntry};
use crate::error::{DecodeError, EncodeError};
use crate::ttlv::{Decode, Encode, Field, Reader, Schema, Tagged, Wire, Writer};
use crate::{ItemTypes, Tag};

/// One attribute: New Attribute or Current Attribute from KMIP 2.0 on (2.1 sections 5.6 and 5.7), an Attribute
/// by name before (1.4 section 2.1.1).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct SingleAttribute(pub AttributeEntry);

impl SingleAttribute {
    /// The structure from KMIP 2.0 on: an attribute by tag.
    pub(crate) const BY_TAG: &'static Schema = &Schema {
        name: "SingleAttribute",
        fields: &[Field::required(Attribute::TAGS[0]).choice::<Attribute>()],
        catch_all: false,
    };

    /// The attribute.
    pub fn attribute(&self) -> &Attribute {
        &self.0.attribute
    }
}

impl From<AttributeEntry> for SingleAttribute {
    fn from(entry: AttributeEntry) -> Self {
        Self(entry)
    }
}

impl From<Attribute> for SingleAttribute {
    fn from(attribute: Attribute) -> Self {
        Self(attribute.into())
    }
}

impl Wire for SingleAttribute {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

impl Encode for SingleAttribute {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        if writer.version().has_attributes_by_tag() {
            writer.structure(tag, |writer| write_by_tag(&self.0, writer))
        } else {
            NamedAttribute(&self.0).encode(tag, writer)
        }
    }
}

impl Decode for SingleAttribute {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if tag == Tag::ATTRIBUTE {
            return AttributeEntry::decode(tag, reader).map(Self);
        }
        reader.structure(tag, Self::BY_TAG, |reader| {
            let offset = reader.position();
            let attribute = match reader.peek_tag() {
                // Under any tag, as the attributes that the standard may yet have are no field.
                Some(tag) => Attribute::decode_as(tag, tag, reader)?,
                None => reader.required(&Self::BY_TAG.fields[0], Self::BY_TAG)?,
            };
            check_by_tag(&attribute, reader, offset)?;
            Ok(Self::from(attribute))
        })
    }
}
