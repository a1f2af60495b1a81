//! Reads the rows of a table of names and numbers.

use anyhow::{Context, Result, bail};

use super::classify::Shape;
use super::html::Table;
use crate::model::Named;
use crate::names;

/// The rows of a table of names and numbers. Rows that name no one thing are left out: what is reserved or
/// unused, and ranges.
///
/// # Errors
/// When a row has no number, or a number has no name.
pub(crate) fn read(table: &Table) -> Result<Vec<Named>> {
    let mut values = Vec::new();
    for row in Shape::of(table).body {
        let [name, value, ..] = row.cells.as_slice() else {
            bail!("expected a name and a number, found a row of one cell: {:?}", row.cells[0].text);
        };
        if let Some(value) = read_row(&name.text, &value.text)
            .with_context(|| format!("row {:?} {:?}", name.text, value.text))?
        {
            values.push(value);
        }
    }
    Ok(values)
}

fn read_row(name: &str, value: &str) -> Result<Option<Named>> {
    let (value, value_note) = split_note(value);
    if matches!(name.to_lowercase().as_str(), "extension" | "extensions") || is_range(&value) {
        return Ok(None);
    }
    let (name, name_note) = split_mark(name);
    if name.is_empty() || matches!(name.to_lowercase().as_str(), "reserved" | "unused") {
        // The number stands for nothing in this version.
        return Ok(None);
    }
    let digits = value.trim_start_matches("0x");
    let number = u32::from_str_radix(digits, 16).context("expected a number in hex")?;
    let note = format!("{value_note} {name_note}").to_lowercase();
    if note.contains("reserved") {
        return Ok(None);
    }
    let wire = names::wire(&name);
    Ok(Some(Named {
        wire,
        value: format!("0x{number:0width$X}", width = digits.len()),
        section: String::new(),
        deprecated: note.contains("deprecated"),
        deprecated_since: note
            .split_once("as of version ")
            .map(|(_, version)| version.trim_matches(|c: char| !c.is_ascii_digit()).to_owned()),
        name,
    }))
}

/// A range such as `000000 - 420000`, or a pattern such as `8XXXXXXX`.
fn is_range(value: &str) -> bool {
    value.contains('-') || value.contains('X')
}

/// `420014 (deprecated)` → (`420014`, `deprecated`).
fn split_note(value: &str) -> (String, String) {
    let (value, note) = value.split_once('(').unwrap_or((value, ""));
    (value.trim().to_owned(), note.trim_end_matches(')').to_owned())
}

/// Takes marks such as `(deprecated)` and `(Reserved)` out of a name; other brackets belong to it.
pub(crate) fn split_mark(name: &str) -> (String, String) {
    let mut rest = name.to_owned();
    let mut marks = String::new();
    while let Some(start) = mark_start(&rest) {
        let end = rest[start..].find(')').map_or(rest.len(), |length| start + length + 1);
        marks.push_str(rest[start..end].trim_matches(['(', ')']));
        marks.push(' ');
        rest.replace_range(start..end, "");
    }
    (rest.split_whitespace().collect::<Vec<_>>().join(" "), marks.trim().to_owned())
}

fn mark_start(name: &str) -> Option<usize> {
    let lower = name.to_ascii_lowercase();
    ["(deprecated", "(reserved", "(unused"].iter().filter_map(|mark| lower.find(mark)).min()
}
