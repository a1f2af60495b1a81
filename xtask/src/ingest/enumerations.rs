//! Reads the tables of enumerations.

use anyhow::Result;

use super::classify::Shape;
use super::html::Table;
use super::values;
use crate::model::{NamedValues, Spec};
use crate::names;

/// Adds an enumeration. `find_tags` has the spec's tags already: an enumeration is named as its tag.
///
/// # Errors
/// When a row cannot be read.
pub(crate) fn read(table: &Table, spec: &mut Spec) -> Result<()> {
    let enumeration = read_values(table, spec)?;
    add(enumeration, &mut spec.enumerations);
    Ok(())
}

/// The values of a table under the name that its section gives them.
///
/// # Errors
/// When a row cannot be read.
pub(crate) fn read_values(table: &Table, spec: &Spec) -> Result<NamedValues> {
    let shape = Shape::of(table);
    // A title may be left over from the table that it was copied from, so the section's heading comes first.
    let heading = plain_name(&table.section().title);
    let title = plain_name(shape.title);
    let is_tag = |name: &str| spec.tags.iter().any(|tag| tag.wire == names::wire(name));
    let name = if !is_tag(&heading) && is_tag(&title) && related(&heading, &title) { title } else { heading };
    Ok(NamedValues {
        wire: names::wire(&name),
        section: table.section().number.clone(),
        values: values::read(table)?,
        name,
    })
}

/// Adds values, to those of the same section if the table goes on there.
pub(crate) fn add(values: NamedValues, all: &mut Vec<NamedValues>) {
    match all.iter_mut().find(|other| other.section == values.section && other.wire == values.wire) {
        Some(other) => other.values.extend(values.values),
        None => all.push(values),
    }
}

/// `Object Type Enumeration` → `Object Type`; what follows the word only qualifies it.
fn plain_name(name: &str) -> String {
    let end = name.find(" Enumeration").unwrap_or(name.len());
    name[..end].trim().to_owned()
}

/// One name says more than the other: `Object Group Member` and `Object Group Member Option`.
fn related(left: &str, right: &str) -> bool {
    left.starts_with(right) || right.starts_with(left)
}

/// The values of an enumeration that a text names, in wire form and in the order of the text. They need not
/// be separated; the longest name at a place counts.
pub(crate) fn named_in(text: &str, enumeration: &str, spec: &Spec) -> Vec<String> {
    let tables = spec.enumerations.iter().filter(|table| table.wire == enumeration);
    let mut known: Vec<(&str, &str)> = tables
        .flat_map(|table| &table.values)
        .map(|value| (value.name.as_str(), value.wire.as_str()))
        .collect();
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((name, wire)) = known.iter().find(|(name, _)| {
            rest.starts_with(name)
                && !rest[name.len()..].starts_with(|next: char| next.is_ascii_alphanumeric())
        }) {
            if !found.iter().any(|other| other == wire) {
                found.push((*wire).to_owned());
            }
            rest = &rest[name.len()..];
        } else {
            let end = rest.find([' ', ',']).map_or(rest.len(), |end| end + 1);
            rest = &rest[end..];
        }
    }
    found
}
