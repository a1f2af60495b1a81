//! Shown items as lines: a line an item, in each form.

use super::View;
#[cfg(feature = "xml")]
use super::ViewError;
use super::cover::{Content, Shown};
use super::path::{Step, write_step};
use crate::item::Value;
#[cfg(feature = "json")]
use crate::text::json;
use crate::text::value_text;
#[cfg(feature = "xml")]
use crate::text::xml;

/// Whether a structure stands in one line: an Attribute whose fields are no structures, so that its name and its value
/// stand in one line of a difference.
#[cfg(any(feature = "json", feature = "xml"))]
fn in_one_line(shown: &Shown<'_>) -> bool {
    let Content::Fields(fields) = &shown.content else { return false };
    shown.item.tag == crate::Tag::ATTRIBUTE
        && !fields.iter().any(|field| matches!(field.content, Content::Fields(_)))
}

/// The text of an item that may quote placeholders' values.
fn quoted(view: &View, shown: &Shown<'_>) -> Option<String> {
    match &shown.item.value {
        Value::TextString(text) if view.redactions.standard && !view.is_case => match shown.content {
            Content::Kept => None,
            _ => view.placeholders.within(text),
        },
        _ => None,
    }
}

/// The text form: each line has the path to its value.
pub(super) fn text(view: &View, all: &[Shown<'_>]) -> String {
    let mut lines = Lines { view, text: String::new() };
    for (position, shown) in all.iter().enumerate() {
        if position > 0 {
            lines.text.push('\n');
        }
        let mut path = String::new();
        match &shown.content {
            // The path of a message's fields starts within it, unless there are several messages.
            Content::Fields(fields) if all.len() == 1 && !fields.is_empty() => {
                write_step(&view.codec, shown.step, &mut path);
                lines.text.push_str(&path);
                lines.text.push('\n');
                fields.iter().for_each(|field| lines.item(field, ""));
            }
            _ => lines.item(shown, ""),
        }
    }
    lines.text.pop();
    lines.text
}

/// The tree: two more spaces for each structure.
pub(super) fn tree(view: &View, all: &[Shown<'_>]) -> String {
    let mut lines = Lines { view, text: String::new() };
    all.iter().for_each(|shown| lines.branch(shown, 0));
    lines.text.pop();
    lines.text
}

struct Lines<'v> {
    view: &'v View,
    text: String,
}

impl Lines<'_> {
    fn item(&mut self, shown: &Shown<'_>, outer: &str) {
        let mut path = outer.to_owned();
        write_step(&self.view.codec, shown.step, &mut path);
        match &shown.content {
            Content::Fields(fields) if !fields.is_empty() => {
                path.push('/');
                fields.iter().for_each(|field| self.item(field, &path));
            }
            _ => self.line(&path, shown),
        }
    }

    /// An item, and those in it, in lines of their own.
    fn branch(&mut self, shown: &Shown<'_>, depth: usize) {
        let mut name = "  ".repeat(depth);
        let step = Step { attribute: None, index: None, ..shown.step };
        write_step(&self.view.codec, step, &mut name);
        self.line(&name, shown);
        if let Content::Fields(fields) = &shown.content {
            fields.iter().for_each(|field| self.branch(field, depth + 1));
        }
    }

    /// What stands in the line of an item behind its type.
    fn value(&self, shown: &Shown<'_>) -> Option<String> {
        match &shown.content {
            Content::Fields(_) => None,
            Content::Placeholder(name, Some(length)) => Some(format!("{name} ({length} bytes)")),
            Content::Placeholder(name, None) => Some(name.clone()),
            Content::Value | Content::Kept => Some(match quoted(self.view, shown) {
                Some(text) => format!("{text:?}"),
                None => value_text(&self.view.codec, shown.item, shown.attribute),
            }),
        }
    }

    fn line(&mut self, path: &str, shown: &Shown<'_>) {
        self.text.push_str(path);
        self.text.push_str(" (");
        self.text.push_str(shown.item.item_type().name());
        self.text.push(')');
        if let Some(value) = self.value(shown) {
            self.text.push_str(": ");
            self.text.push_str(&value);
        }
        self.text.push('\n');
    }
}

/// The JSON form: an object a line, four more spaces for each structure.
#[cfg(feature = "json")]
pub(super) fn json(view: &View, all: &[Shown<'_>]) -> String {
    let mut text = String::new();
    for (position, shown) in all.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        json_item(view, shown, Some(0), &mut text);
        text.push('\n');
    }
    text.pop();
    text
}

/// Writes an item; in the line that it is in, where there is no `depth`.
#[cfg(feature = "json")]
fn json_item(view: &View, shown: &Shown<'_>, depth: Option<usize>, text: &mut String) {
    let codec = &view.codec;
    let indent = |depth: usize| "    ".repeat(depth);
    text.push_str("{ ");
    text.push_str(&json::head(codec, shown.item));
    text.push_str(", \"value\": ");
    match &shown.content {
        Content::Value | Content::Kept => match quoted(view, shown) {
            Some(quoted) => text.push_str(&json::string(codec, &quoted)),
            None => text.push_str(&json::value(codec, shown.item, shown.attribute)),
        },
        Content::Placeholder(name, _) => text.push_str(&json::string(codec, name)),
        Content::Fields(fields) if fields.is_empty() => text.push_str("[]"),
        Content::Fields(fields) => {
            let depth = depth.filter(|_| !in_one_line(shown));
            text.push('[');
            for (position, field) in fields.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                match depth {
                    Some(depth) => text.push_str(&format!("\n{}", indent(depth + 1))),
                    None => text.push(' '),
                }
                json_item(view, field, depth.map(|depth| depth + 1), text);
            }
            match depth {
                Some(depth) => text.push_str(&format!("\n{}]", indent(depth))),
                None => text.push_str(" ]"),
            }
        }
    }
    text.push_str(" }");
}

/// The XML form: an element a line, two more spaces for each structure.
#[cfg(feature = "xml")]
pub(super) fn xml(view: &View, all: &[Shown<'_>]) -> Result<String, ViewError> {
    let mut text = String::new();
    for (position, shown) in all.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        xml_item(view, shown, 0, "\n", &mut text)?;
    }
    text.pop();
    Ok(text)
}

/// Writes an element and what ends it: a line break, or nothing.
#[cfg(feature = "xml")]
fn xml_item(
    view: &View,
    shown: &Shown<'_>,
    depth: usize,
    end: &str,
    text: &mut String,
) -> Result<(), ViewError> {
    let codec = &view.codec;
    let indent = "  ".repeat(if end.is_empty() { 0 } else { depth });
    let (start, element) = xml::start(codec, shown.item, depth == 0);
    text.push_str(&format!("{indent}<{start}"));
    match &shown.content {
        Content::Value | Content::Kept => text.push_str(&match quoted(view, shown) {
            Some(quoted) => xml::text_value(codec, &quoted)?,
            None => xml::value(codec, shown.item, shown.attribute)?,
        }),
        Content::Placeholder(name, _) => text.push_str(&xml::text_value(codec, name)?),
        Content::Fields(fields) if fields.is_empty() => {}
        Content::Fields(fields) => {
            let inner = if in_one_line(shown) { "" } else { end };
            text.push('>');
            text.push_str(inner);
            for field in fields {
                xml_item(view, field, depth + 1, inner, text)?;
            }
            let indent = if inner.is_empty() { "" } else { &indent };
            text.push_str(&format!("{indent}</{element}>{end}"));
            return Ok(());
        }
    }
    text.push_str("/>");
    text.push_str(end);
    Ok(())
}
