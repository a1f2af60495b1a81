//! Where an item is, in the words of what is shown: tags, and the names of attributes.

use core::fmt::Write;
use std::collections::HashMap;

use crate::item::{Item, Value};
use crate::tag::Tag;
use crate::text::TextCodec;

/// One step to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step<'a> {
    pub(super) tag: Tag,
    /// The name of the attribute that an Attribute is, before KMIP 2.0 or of a vendor.
    pub(super) attribute: Option<&'a str>,
    /// Which of several with this tag and name it is, counted from 0; `None` for an only one.
    pub(super) index: Option<usize>,
    /// Which of several with this tag it is, whatever their names.
    pub(super) place: Option<usize>,
}

impl Step<'_> {
    /// The step without the name.
    pub(super) fn unnamed(self) -> Self {
        Self { attribute: None, index: self.place, ..self }
    }
}

/// Counts what occurs among others.
struct Counter<K> {
    totals: HashMap<K, usize>,
    seen: HashMap<K, usize>,
}

impl<K: Copy + Eq + core::hash::Hash> Counter<K> {
    fn of(keys: impl Iterator<Item = K>) -> Self {
        let mut totals = HashMap::new();
        for key in keys {
            *totals.entry(key).or_default() += 1;
        }
        Self { totals, seen: HashMap::new() }
    }

    /// Which of several the next one is; `None` for an only one.
    fn next(&mut self, key: K) -> Option<usize> {
        let count = self.seen.entry(key).or_default();
        let index = (self.totals.get(&key) > Some(&1)).then_some(*count);
        *count += 1;
        index
    }
}

/// The steps to each of several items that stand beside one another.
pub(super) fn steps(items: &[Item]) -> Vec<Step<'_>> {
    let keys: Vec<(Tag, Option<&str>)> =
        items.iter().map(|item| (item.tag, name_of_attribute(item))).collect();
    let mut by_name = Counter::of(keys.iter().copied());
    let mut by_tag = Counter::of(keys.iter().map(|(tag, _)| *tag));
    let step = |(tag, attribute)| Step {
        tag,
        attribute,
        index: by_name.next((tag, attribute)),
        place: by_tag.next(tag),
    };
    keys.iter().copied().map(step).collect()
}

/// A longer name is no attribute's of the standard, and would stand in every line of what is in the attribute.
const LONGEST: usize = 64;

/// The Attribute Name in an Attribute, where it can stand in a path.
fn name_of_attribute(item: &Item) -> Option<&str> {
    if item.tag != Tag::ATTRIBUTE {
        return None;
    }
    item.fields().iter().find_map(|field| match &field.value {
        Value::TextString(name) if field.tag == Tag::ATTRIBUTE_NAME && is_plain(name) => Some(name.as_str()),
        _ => None,
    })
}

/// Whether a name draws no brackets and no slashes of its own, and is no index.
fn is_plain(name: &str) -> bool {
    let is_unfit =
        |character: char| matches!(character, '[' | ']' | '/' | '*') || crate::escape::is_escaped(character);
    (1..=LONGEST).contains(&name.len())
        && name.trim() == name
        && !name.contains(is_unfit)
        && name.parse::<usize>().is_err()
}

/// Appends a step: `BatchItem[1]`, `Attribute[Cryptographic Length]`.
pub(super) fn write_step(codec: &TextCodec, step: Step<'_>, path: &mut String) {
    match codec.tag_name(step.tag) {
        Some(name) => path.push_str(name),
        None => push(path, format_args!("0x{:06X}", step.tag.value())),
    }
    if let Some(name) = step.attribute {
        push(path, format_args!("[{name}]"));
    }
    if let Some(index) = step.index {
        push(path, format_args!("[{index}]"));
    }
}

/// The steps with a slash between them.
pub(super) fn text_of(codec: &TextCodec, steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for (position, step) in steps.iter().enumerate() {
        if position > 0 {
            path.push('/');
        }
        write_step(codec, *step, &mut path);
    }
    path
}

fn push(path: &mut String, text: core::fmt::Arguments<'_>) {
    // A string takes whatever is written to it.
    let _ = path.write_fmt(text);
}
