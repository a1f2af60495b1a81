//! Key Value: plain or wrapped.

use crate::attribute::Attributes;
use crate::error::{DecodeError, EncodeError};
use crate::generated::enumerations::KeyFormatType;
use crate::object::{KeyMaterial, PlainKeyValue};
use crate::ttlv::{Decode, DecodeSelected, DeviationKind, Encode, Header, Mode, Reader, Wire, Writer};
use crate::{Item, ItemType, ItemTypes, RawStructure, SecretBytes, Tag, Value};

/// Key Value: the key material with its attributes, or what wrapping made of it
/// (KMIP 1.4 section 2.1.4, 2.1 section 3.2).
///
/// A key whose Key Block has Key Wrapping Data is wrapped, so its value is a Byte String. OASIS's test cases have a structure
/// there too, whose Key Material are the wrapped bytes; it stays one, and is still no plain key
/// ([`KeyBlock::key_material`](crate::object::KeyBlock::key_material)). Leniently any structure is taken as wrapped and
/// listed: the wrapped bytes are then those of its Key Material or, where that is no Byte String, the structure's own.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[expect(
    clippy::large_enum_variant,
    reason = "a key is plain more often than wrapped, and is not kept in bulk"
)]
pub enum KeyValue {
    /// The wrapped bytes.
    Wrapped(SecretBytes),
    /// The key material as it is; in a Key Block with Key Wrapping Data, wrapped.
    Plain(PlainKeyValue),
}

impl KeyValue {
    /// Key material as it is, without attributes.
    pub fn plain(key_material: KeyMaterial) -> Self {
        Self::Plain(PlainKeyValue { key_material, attributes: Attributes::new() })
    }
}

impl Wire for KeyValue {
    const ITEM_TYPES: ItemTypes = ItemTypes::BYTE_STRING.or(ItemTypes::STRUCTURE);
}

impl Encode for KeyValue {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        match self {
            Self::Wrapped(bytes) => bytes.encode(tag, writer),
            Self::Plain(value) => value.encode(tag, writer),
        }
    }
}

impl DecodeSelected<KeyFormatType> for KeyValue {
    fn decode_selected(
        selector: &KeyFormatType,
        tag: Tag,
        reader: &mut Reader<'_>,
    ) -> Result<Self, DecodeError> {
        let header = match reader.peek()? {
            Some(header) if header.item_type == ItemType::Structure => header,
            _ => return SecretBytes::decode(tag, reader).map(Self::Wrapped),
        };
        if reader.is_ahead(Tag::KEY_WRAPPING_DATA) {
            if reader.mode() != Mode::Strict {
                return wrapped_structure(&header, reader);
            }
            // Whatever the format of the key, what wrapping makes of it are bytes.
            return PlainKeyValue::decode_selected(&KeyFormatType::Raw, tag, reader).map(Self::Plain);
        }
        PlainKeyValue::decode_selected(selector, tag, reader).map(Self::Plain)
    }
}

/// The wrapped bytes of a key that is in a structure although it is wrapped.
fn wrapped_structure(header: &Header, reader: &mut Reader<'_>) -> Result<KeyValue, DecodeError> {
    let kept = reader.kept(header);
    let RawStructure { items } = RawStructure::decode(header.tag, reader)?;
    let material = items.iter().find_map(|item| match item {
        Item { tag: Tag::KEY_MATERIAL, value: Value::ByteString(bytes) } => {
            Some(SecretBytes::from(bytes.as_slice()))
        }
        _ => None,
    });
    let bytes = material.unwrap_or_else(|| SecretBytes::from(kept.reveal()));
    reader.list(header.offset, DeviationKind::WrappedStructure(kept));
    Ok(KeyValue::Wrapped(bytes))
}
