//! Writing XML: an item as an element, in the forms that the options choose.

use super::{GENERAL, NAMESPACE, is_xml};
use crate::item::{Item, Value};
use crate::text::TextCodec;
use crate::text::error::{TextError, TextErrorKind};
use crate::text::names::{ValueNames, attribute_name};
use crate::text::options::{NameForm, NumberForm, TagForm};
use crate::text::values;
use crate::wipe::Output;

/// The item as XML text. Its depth has been checked.
pub(in crate::text) fn write(codec: &TextCodec, item: &Item) -> Result<String, TextError> {
    let mut writer = Writer { codec, out: Output::default() };
    writer.element(item, None, 0)?;
    if codec.xml.pretty {
        writer.out.push('\n');
    }
    Ok(writer.out.into_text())
}

/// The start tag of an item as far as the value, without `<`, and the name of its element.
pub(crate) fn start(codec: &TextCodec, item: &Item, is_outermost: bool) -> (String, String) {
    let mut writer = Writer { codec, out: Output::default() };
    let element = writer.start(item, is_outermost).to_owned();
    (writer.out.into_text(), element)
}

/// The value of an item that is no structure, as an attribute of its element.
pub(crate) fn value(codec: &TextCodec, item: &Item, attribute: Option<&str>) -> Result<String, TextError> {
    let mut writer = Writer { codec, out: Output::default() };
    writer.value(item, attribute)?;
    Ok(writer.out.into_text())
}

/// A text as the value.
pub(crate) fn text_value(codec: &TextCodec, text: &str) -> Result<String, TextError> {
    let mut writer = Writer { codec, out: Output::default() };
    writer.text(text)?;
    Ok(writer.out.into_text())
}

struct Writer<'c> {
    codec: &'c TextCodec,
    out: Output,
}

impl<'c> Writer<'c> {
    fn element(&mut self, item: &Item, attribute: Option<&str>, depth: usize) -> Result<(), TextError> {
        self.out.push('<');
        let element = self.start(item, depth == 0);
        let Value::Structure(items) = &item.value else {
            self.value(item, attribute).map_err(|error| error.within(item.tag, None))?;
            self.out.push_str("/>");
            return Ok(());
        };
        if items.is_empty() {
            self.out.push_str("/>");
            return Ok(());
        }
        self.out.push('>');
        let attribute = attribute_name(items);
        for field in items {
            self.new_line(depth + 1);
            self.element(field, attribute, depth + 1).map_err(|error| error.within(item.tag, None))?;
        }
        self.new_line(depth);
        self.out.push_str("</");
        self.out.push_str(element);
        self.out.push('>');
        Ok(())
    }

    /// The start tag without its marks and the value; gives the name of the element.
    fn start(&mut self, item: &Item, is_outermost: bool) -> &'c str {
        let codec = self.codec;
        let (form, name) = match item.tag.name() {
            Some(name) => (codec.xml.tags, Some(name)),
            None => (codec.xml.vendor_tags, codec.vendor.name(item.tag)),
        };
        let element = name.filter(|_| form == TagForm::Name).unwrap_or(GENERAL);
        self.out.push_str(element);
        if is_outermost && codec.xml.namespace {
            self.plain("xmlns", NAMESPACE);
        }
        if element == GENERAL {
            self.plain("tag", &format!("0x{:06X}", item.tag.value()));
            if let Some(name) = name.filter(|_| form == TagForm::HexAndName) {
                self.plain("name", name);
            }
        }
        if codec.xml.structure_type || !matches!(item.value, Value::Structure(_)) {
            self.plain("type", item.item_type().name());
        }
        element
    }

    fn new_line(&mut self, depth: usize) {
        if self.codec.xml.pretty {
            self.out.push('\n');
            (0..depth).for_each(|_| self.out.push_str("  "));
        }
    }

    /// An attribute whose value needs no escape.
    fn plain(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.out.push_str(value);
        self.out.push('"');
    }

    fn value(&mut self, item: &Item, attribute: Option<&str>) -> Result<(), TextError> {
        let options = &self.codec.xml;
        let hex = options.integers == NumberForm::Hex;
        let names = self.codec.vendor.value_names(item.tag, attribute);
        let text = match &item.value {
            Value::Structure(_) => return Ok(()),
            Value::TextString(text) => return self.text(text),
            Value::Integer(value) => {
                let number = || match hex && !matches!(names, ValueNames::Mask(_)) {
                    true => values::hex_of_u32(value.cast_unsigned()),
                    false => value.to_string(),
                };
                match names {
                    ValueNames::Mask(table) => {
                        values::mask_text(*value, table, options.masks, " ").unwrap_or_else(number)
                    }
                    _ => number(),
                }
            }
            Value::LongInteger(value) if hex => values::hex_of_u64(value.cast_unsigned()),
            Value::LongInteger(value) => value.to_string(),
            Value::BigInteger(value) => return self.hex(value.padded_bytes()),
            Value::Enumeration(value) => match (options.enumerations, names) {
                (NameForm::Name, ValueNames::Enumeration(table)) => table.label(*value).into_owned(),
                _ => values::hex_of_u32(*value),
            },
            Value::Boolean(value) => value.to_string(),
            Value::ByteString(value) => return self.hex(value),
            Value::DateTime(value) => values::date_text(*value, options.dates),
            Value::Interval(value) if hex => values::hex_of_u32(value.seconds()),
            Value::Interval(value) => value.seconds().to_string(),
            Value::DateTimeExtended(value) => values::extended_date_text(*value, options.dates),
        };
        self.plain("value", &text);
        Ok(())
    }

    /// Bytes as the value.
    fn hex(&mut self, bytes: &[u8]) -> Result<(), TextError> {
        self.out.push_str(" value=\"");
        self.out.push_hex(bytes);
        self.out.push('"');
        Ok(())
    }

    /// A Text String as the value: white space other than the space would be read back as a space.
    fn text(&mut self, text: &str) -> Result<(), TextError> {
        self.out.push_str(" value=\"");
        for character in text.chars() {
            match character {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                '"' => self.out.push_str("&quot;"),
                '\t' => self.out.push_str("&#9;"),
                '\n' => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                _ if is_xml(character) => self.out.push(character),
                _ => {
                    let kind = TextErrorKind::Unrepresentable { encoding: "XML", character };
                    return Err(TextError::new(kind));
                }
            }
        }
        self.out.push('"');
        Ok(())
    }
}
