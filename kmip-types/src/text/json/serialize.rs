//! An item as serde sees it, in its JSON form.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::form::{Form, ValueForm};
use crate::item::Item;
use crate::text::TextCodec;
use crate::text::names::attribute_name;

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
        let form = Form::new(self.codec, self.item, self.attribute);
        let length = 2 + usize::from(form.item_type.is_some()) + usize::from(form.name.is_some());
        let mut object = serializer.serialize_map(Some(length))?;
        object.serialize_entry("tag", &form.tag)?;
        if let Some(name) = form.name {
            object.serialize_entry("name", name)?;
        }
        if let Some(item_type) = form.item_type {
            object.serialize_entry("type", item_type)?;
        }
        object.serialize_entry("value", &JsonValue { codec: self.codec, form: &form.value })?;
        object.end()
    }
}

/// The value of an item.
struct JsonValue<'a> {
    codec: &'a TextCodec,
    form: &'a ValueForm<'a>,
}

impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            ValueForm::Items(items) => {
                let attribute = attribute_name(items);
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                for item in *items {
                    array.serialize_element(&JsonItem { codec: self.codec, item, attribute })?;
                }
                array.end()
            }
            ValueForm::Integer(number) => serializer.serialize_i32(*number),
            ValueForm::Unsigned(number) => serializer.serialize_u32(*number),
            ValueForm::LongInteger(number) => serializer.serialize_i64(*number),
            ValueForm::Boolean(value) => serializer.serialize_bool(*value),
            ValueForm::Text(text) => serializer.serialize_str(text),
            ValueForm::Plain(text) => serializer.serialize_str(text),
            ValueForm::Bytes(bytes) => serializer.collect_str(bytes),
        }
    }
}
