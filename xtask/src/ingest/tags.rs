//! Reads the table of tags.

use anyhow::Result;

use super::html::Table;
use super::values;
use crate::model::{Named, Spec};

/// Adds the tags of a table.
///
/// # Errors
/// When a row cannot be read.
pub(crate) fn read(table: &Table, spec: &mut Spec) -> Result<()> {
    let section = &table.section().number;
    spec.tags.extend(values::read(table)?.into_iter().map(|tag| Named { section: section.clone(), ..tag }));
    Ok(())
}
