//! The codec of Asynchronous Indicator: a Boolean before KMIP 2.0 (1.4 section 6.7), an enumeration since (2.1
//! section 9.2).

use crate::error::{DecodeError, EncodeError, EncodeErrorKind};
use crate::generated::enumerations::AsynchronousIndicator;
use crate::ttlv::{Decode, Encode, Field, Reader, Schema, Wire, Writer};
use crate::{ItemType, ItemTypes, ProtocolVersion, Tag};

/// The field that it writes.
pub(super) const FIELDS: &[Field] = &[Field::optional(Tag::ASYNCHRONOUS_INDICATOR).of::<Form>()];

/// The header has a name of its own: this one is said where none is known.
const SCHEMA: &Schema = &Schema::new("RequestHeader", FIELDS);

#[inline]
pub(super) fn encode(
    indicator: &Option<AsynchronousIndicator>,
    writer: &mut Writer,
) -> Result<(), EncodeError> {
    writer.optional(&FIELDS[0], &indicator.map(Form))
}

#[inline]
pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Option<AsynchronousIndicator>, DecodeError> {
    Ok(reader.optional(&FIELDS[0], SCHEMA)?.map(|Form(indicator)| indicator))
}

/// The indicator in the form of either version.
pub(super) struct Form(AsynchronousIndicator);

impl Wire for Form {
    const ITEM_TYPES: ItemTypes = ItemTypes::BOOLEAN.or(ItemTypes::ENUMERATION);
}

impl Encode for Form {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        let version = writer.version();
        if version.is_at_least(ProtocolVersion::V2_0) {
            return self.0.encode(tag, writer);
        }
        match self.0 {
            AsynchronousIndicator::Optional => writer.boolean(tag, true),
            AsynchronousIndicator::Prohibited => writer.boolean(tag, false),
            _ => {
                let what = "an Asynchronous Indicator other than Optional and Prohibited";
                Err(EncodeError::new(EncodeErrorKind::NoEquivalent { what, version }).within(tag, None))
            }
        }
    }
}

impl Decode for Form {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.peek()? {
            Some(header) if header.item_type == ItemType::Boolean => {
                reader.check_form(
                    "an Asynchronous Indicator as a Boolean",
                    None,
                    Some(ProtocolVersion::V1_4),
                )?;
                Ok(Self(match reader.boolean(tag)? {
                    true => AsynchronousIndicator::Optional,
                    false => AsynchronousIndicator::Prohibited,
                }))
            }
            // The enumeration says by itself since when it is there.
            _ => AsynchronousIndicator::decode(tag, reader).map(Self),
        }
    }
}
