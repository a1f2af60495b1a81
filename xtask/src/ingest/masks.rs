//! Reads the tables of bit masks.

use anyhow::Result;

use super::enumerations;
use super::html::Table;
use crate::model::Spec;

/// Adds a mask.
///
/// # Errors
/// When a row cannot be read.
pub(crate) fn read(table: &Table, spec: &mut Spec) -> Result<()> {
    let mask = enumerations::read_values(table, spec)?;
    enumerations::add(mask, &mut spec.masks);
    Ok(())
}
