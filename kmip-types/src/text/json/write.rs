//! Writing JSON: an item as serde sees it, in the forms that the options choose.

use core::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::item::{Item, Value};
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::text::error::{TextError, TextErrorKind};
use crate::text::names::{ValueNames, attribute_name};
use crate::text::options::{NameForm, NumberForm, TagForm};
use crate::text::values;

/// The item as JSON text. Its depth has been checked.
pub(in crate::text) fn write(codec: &TextCodec, item: &Item) -> Result<String, TextError> {
    let view = JsonItem::new(codec, item);
    let text = match codec.json.pretty {
        true => serde_json::to_string_pretty(&view),
        false => serde_json::to_string(&view),
    };
    // Nothing here fails: the keys are strings, and a string takes whatever is written to it.
    text.map_err(|error| TextError::new(TextErrorKind::Syntax { message: error.to_string() }))
}

/// An item that serialises as its JSON.
pub(crate) struct JsonItem<'a> {
    codec: &'a TextCodec,
    item: &'a Item,
    /// The Attribute Name beside it.
    attribute: Option<&'a str>,
}

impl<'a> JsonItem<'a> {
    /// An outermost item.
    pub(crate) fn new(codec: &'a TextCodec, item: &'a Item) -> Self {
        Self { codec, item, attribute: None }
    }
}

impl Serialize for JsonItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (codec, item) = (self.codec, self.item);
        let typed = !matches!(item.value, Value::Structure(_)) || codec.json.structure_type;
        let (form, name) = match item.tag.name() {
            Some(name) => (codec.json.tags, Some(name)),
            None => (codec.json.vendor_tags, codec.vendor.name(item.tag)),
        };
        let beside = name.filter(|_| form == TagForm::HexAndName);
        let length = 2 + usize::from(typed) + usize::from(beside.is_some());
        let mut object = serializer.serialize_map(Some(length))?;
        match name {
            Some(name) if form == TagForm::Name => object.serialize_entry("tag", name)?,
            _ => object.serialize_entry("tag", &HexTag(item.tag))?,
        }
        if let Some(name) = beside {
            object.serialize_entry("name", name)?;
        }
        if typed {
            object.serialize_entry("type", item.item_type().name())?;
        }
        let names = codec.vendor.value_names(item.tag, self.attribute);
        object.serialize_entry("value", &JsonValue { codec, value: &item.value, names })?;
        object.end()
    }
}

struct HexTag(Tag);

impl Serialize for HexTag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{:06X}", self.0.value()))
    }
}

/// The value of an item.
struct JsonValue<'a> {
    codec: &'a TextCodec,
    value: &'a Value,
    names: ValueNames<'a>,
}

/// From 2^52 on, a JSON number may lose digits on its way through a program that keeps it as floating point.
const EXACT: u64 = 1 << 52;

impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let options = &self.codec.json;
        let hex = options.integers == NumberForm::Hex;
        match self.value {
            Value::Structure(items) => {
                let attribute = attribute_name(items);
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    array.serialize_element(&JsonItem { codec: self.codec, item, attribute })?;
                }
                array.end()
            }
            Value::Integer(value) => {
                if let ValueNames::Mask(table) = self.names {
                    return match values::mask_text(*value, table, options.masks, "|") {
                        Some(text) => serializer.serialize_str(&text),
                        None => serializer.serialize_i32(*value),
                    };
                }
                match hex {
                    true => serializer.serialize_str(&values::hex_of_u32(value.cast_unsigned())),
                    false => serializer.serialize_i32(*value),
                }
            }
            Value::LongInteger(value) => match hex || value.unsigned_abs() >= EXACT {
                true => serializer.serialize_str(&values::hex_of_u64(value.cast_unsigned())),
                false => serializer.serialize_i64(*value),
            },
            Value::BigInteger(value) => serializer.collect_str(&HexBytes("0x", value.padded_bytes())),
            Value::Enumeration(value) => match (options.enumerations, self.names) {
                (NameForm::Number, _) => serializer.serialize_u32(*value),
                (NameForm::Name, ValueNames::Enumeration(table)) => {
                    serializer.serialize_str(&table.label(*value))
                }
                _ => serializer.serialize_str(&values::hex_of_u32(*value)),
            },
            Value::Boolean(value) => match options.hex_booleans {
                true => serializer.serialize_str(&values::hex_of_u64(u64::from(*value))),
                false => serializer.serialize_bool(*value),
            },
            Value::TextString(value) => serializer.serialize_str(value),
            Value::ByteString(value) => serializer.collect_str(&HexBytes("", value)),
            Value::DateTime(value) => serializer.serialize_str(&values::date_text(*value, options.dates)),
            Value::Interval(value) => match hex {
                true => serializer.serialize_str(&values::hex_of_u32(value.seconds())),
                false => serializer.serialize_u32(value.seconds()),
            },
            Value::DateTimeExtended(value) => {
                serializer.serialize_str(&values::extended_date_text(*value, options.dates))
            }
        }
    }
}

/// Bytes in hex after a prefix.
struct HexBytes<'a>(&'static str, &'a [u8]);

impl fmt::Display for HexBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        // In steps, so that a large value takes no large copy.
        self.1.chunks(256).try_for_each(|chunk| f.write_str(&values::hex_of_bytes(chunk)))
    }
}
