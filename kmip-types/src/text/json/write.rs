//! Writing JSON: an item as text.

use core::fmt::{Display, Write};

use super::form::{Form, HexBytes, ValueForm};
use crate::item::Item;
use crate::text::TextCodec;
use crate::text::names::attribute_name;
use crate::wipe::Output;

/// The item as JSON text. Its depth has been checked.
pub(in crate::text) fn write(codec: &TextCodec, item: &Item) -> String {
    let mut writer = Writer { codec, out: Output::default() };
    writer.item(item, None, 0);
    writer.out.into_text()
}

/// The members of an item before its value.
pub(crate) fn head(codec: &TextCodec, item: &Item) -> String {
    let form = Form::new(codec, item, None);
    let mut head = format!("\"tag\": \"{}\"", form.tag);
    for (member, text) in [("name", form.name), ("type", form.item_type)] {
        if let Some(text) = text {
            head.push_str(&format!(", \"{member}\": \"{text}\""));
        }
    }
    head
}

/// The value of an item that is no structure.
pub(crate) fn value(codec: &TextCodec, item: &Item, attribute: Option<&str>) -> String {
    let mut writer = Writer { codec, out: Output::default() };
    writer.value(&Form::new(codec, item, attribute).value, 0);
    writer.out.into_text()
}

/// A text as a string.
pub(crate) fn string(codec: &TextCodec, text: &str) -> String {
    let mut writer = Writer { codec, out: Output::default() };
    writer.text(text);
    writer.out.into_text()
}

struct Writer<'c> {
    codec: &'c TextCodec,
    out: Output,
}

impl Writer<'_> {
    /// Writes an item whose braces are `depth` steps from the margin.
    fn item(&mut self, item: &Item, attribute: Option<&str>, depth: usize) {
        let form = Form::new(self.codec, item, attribute);
        self.member("{", "\"tag\":", depth + 1);
        self.plain(&form.tag);
        if let Some(name) = form.name {
            self.member(",", "\"name\":", depth + 1);
            self.plain(name);
        }
        if let Some(item_type) = form.item_type {
            self.member(",", "\"type\":", depth + 1);
            self.plain(item_type);
        }
        self.member(",", "\"value\":", depth + 1);
        self.value(&form.value, depth + 1);
        self.new_line(depth);
        self.out.push('}');
    }

    fn value(&mut self, value: &ValueForm<'_>, depth: usize) {
        match value {
            ValueForm::Items(items) => self.items(items, depth),
            ValueForm::Integer(number) => self.display(number),
            ValueForm::Unsigned(number) => self.display(number),
            ValueForm::LongInteger(number) => self.display(number),
            ValueForm::Boolean(value) => self.out.push_str(if *value { "true" } else { "false" }),
            ValueForm::Text(text) => self.text(text),
            ValueForm::Plain(text) => self.plain(text),
            ValueForm::Bytes(HexBytes(prefix, bytes)) => {
                self.out.push('"');
                self.out.push_str(prefix);
                self.out.push_hex(bytes);
                self.out.push('"');
            }
        }
    }

    fn items(&mut self, items: &[Item], depth: usize) {
        let attribute = attribute_name(items);
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.new_line(depth + 1);
            self.item(item, attribute, depth + 1);
        }
        if !items.is_empty() {
            self.new_line(depth);
        }
        self.out.push(']');
    }

    /// What comes before a member's value: a mark, and its name with the colon.
    #[inline(always)]
    fn member(&mut self, mark: &str, name: &str, depth: usize) {
        self.out.push_str(mark);
        self.new_line(depth);
        self.out.push_str(name);
        if self.codec.json.pretty {
            self.out.push(' ');
        }
    }

    #[inline]
    fn new_line(&mut self, depth: usize) {
        if self.codec.json.pretty {
            self.out.push('\n');
            (0..depth).for_each(|_| self.out.push_str("  "));
        }
    }

    /// A string that needs no escape.
    fn plain(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }

    /// Any string.
    fn text(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            // What is escaped are single bytes.
            let (before, behind) = rest.split_at(at);
            self.out.push_str(before);
            let mut behind = behind.chars();
            match behind.next() {
                Some('\u{8}') => self.out.push_str("\\b"),
                Some('\t') => self.out.push_str("\\t"),
                Some('\n') => self.out.push_str("\\n"),
                Some('\u{C}') => self.out.push_str("\\f"),
                Some('\r') => self.out.push_str("\\r"),
                Some(quoted @ ('"' | '\\')) => {
                    self.out.push('\\');
                    self.out.push(quoted);
                }
                Some(control) => self.display(format_args!("\\u{:04x}", u32::from(control))),
                None => {}
            }
            rest = behind.as_str();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    fn display(&mut self, value: impl Display) {
        // The buffer takes whatever is written to it.
        let _ = write!(self.out, "{value}");
    }
}
