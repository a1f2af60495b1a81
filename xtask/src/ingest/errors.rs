//! Reads the tables of errors: the Result Reasons with which an operation fails.

use anyhow::{Context, Result, bail};

use super::classify::Shape;
use super::html::Table;
use crate::model::{Errors, Spec};
use crate::names;

/// Adds the Result Reasons of a table. The spec's operations are read already.
///
/// # Errors
/// When the table has no column of Result Reasons, or its section names no operation.
pub(crate) fn read(table: &Table, spec: &mut Spec) -> Result<()> {
    let shape = Shape::of(table);
    let column = shape.reason_column().context("expected a column \"Result Reason\"")?;
    let mut reasons: Vec<String> = Vec::new();
    for row in shape.body {
        let cell = row.cells.get(column).with_context(|| {
            format!("row {:?}: expected a Result Reason, found no such cell", row.cells[0].text)
        })?;
        for name in named_in(&cell.text) {
            if !reasons.iter().any(|other| other == name) {
                reasons.push(name.to_owned());
            }
        }
    }
    // The table of batches only points to the others.
    if !reasons.is_empty() {
        let section = table.section();
        let operation = operation(&section.title, spec)?;
        spec.errors.push(Errors { operation, section: section.number.clone(), reasons });
    }
    Ok(())
}

/// The Result Reasons that a cell names: none if it says that there is none, or where to look.
fn named_in(text: &str) -> impl Iterator<Item = &str> {
    let names = if text == "N/A" || text.starts_with("See ") { "" } else { text };
    names.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// The wire name of the operation in a heading such as `Hash`, `Error Handling - HASH` or `Hash Errors`; none for the
/// section about all of them.
fn operation(title: &str, spec: &Spec) -> Result<Option<String>> {
    if title == "General" {
        return Ok(None);
    }
    let name = title.strip_prefix("Error Handling").unwrap_or(title).trim_start_matches([' ', '-']);
    let wire = names::wire(name.strip_suffix(" Errors").unwrap_or(name));
    match spec.operations.iter().find(|operation| operation.wire.eq_ignore_ascii_case(&wire)) {
        Some(operation) => Ok(Some(operation.wire.clone())),
        None => bail!("expected the name of an operation in the heading, found {title:?}"),
    }
}
