//! An item as serde sees it, in its JSON form.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::form::{Form, ValueForm};
use crate::item::{Item, Secrecy, Siblings, Value, secret_length};
use crate::text::TextCodec;
use crate::text::names::attribute_name;

/// The member that stands for a secret which is left out.
pub(super) const LEFT_OUT: &str = "secret";

/// An item that serialises as its JSON.
pub(crate) struct JsonItem<'a> {
    codec: &'a TextCodec,
    item: &'a Item,
    /// The Attribute Name beside it.
    attribute: Option<&'a str>,
    /// Whether it is a secret, which is left out; `None` where secrets are said.
    secrecy: Option<Secrecy>,
}

impl<'a> JsonItem<'a> {
    /// An outermost item, with or without the secrets in it.
    pub(crate) fn new(codec: &'a TextCodec, item: &'a Item, reveal: bool) -> Self {
        let secrecy = (!reveal).then(|| Siblings::NONE.secrecy(item));
        Self { codec, item, attribute: None, secrecy }
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
        let is_structure = matches!(self.item.value, Value::Structure(_));
        match self.secrecy {
            Some(Secrecy::Value | Secrecy::WithContent) if !is_structure => {
                object.serialize_entry("value", &LeftOut(secret_length(&self.item.value)))?;
            }
            secrecy => {
                object
                    .serialize_entry("value", &JsonValue { codec: self.codec, form: &form.value, secrecy })?;
            }
        }
        object.end()
    }
}

/// The value of an item.
struct JsonValue<'a> {
    codec: &'a TextCodec,
    form: &'a ValueForm<'a>,
    secrecy: Option<Secrecy>,
}

impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            ValueForm::Items(items) => {
                let attribute = attribute_name(items);
                let siblings = Siblings::of(items);
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                for item in *items {
                    let secrecy = self.secrecy.map(|secrecy| secrecy.of_field(&siblings, item));
                    array.serialize_element(&JsonItem { codec: self.codec, item, attribute, secrecy })?;
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

/// A secret that is left out. It is an object, which no value is, so that it is not read as one.
struct LeftOut(Option<usize>);

impl Serialize for LeftOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(1))?;
        match self.0 {
            Some(length) => object.serialize_entry(LEFT_OUT, &format_args!("{length} bytes"))?,
            None => object.serialize_entry(LEFT_OUT, &true)?,
        }
        object.end()
    }
}
