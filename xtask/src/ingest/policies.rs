//! Reads the tables of the default operation policies: who may do what with which objects.

use anyhow::{Result, bail};

use super::classify::Shape;
use super::html::Table;
use crate::model::{Policy, PolicyRule, Spec};
use crate::names;

/// What a title begins with.
const TITLE: &str = "Default Operation Policy for ";

/// Adds the policy of a table. The spec's operations are read already.
///
/// # Errors
/// When the table has another title, or a row names no operation, or nobody whom it is allowed.
pub(crate) fn read(table: &Table, spec: &mut Spec) -> Result<()> {
    let shape = Shape::of(table);
    let Some(objects) = shape.title.trim().strip_prefix(TITLE) else {
        bail!("expected a title that begins with {TITLE:?}, found {:?}", shape.title);
    };
    let mut rules = Vec::new();
    for row in shape.body {
        let cell = |index: usize| row.cells.get(index).map(|cell| cell.text.trim()).unwrap_or_default();
        let allowed = match cell(1) {
            "Allowed to all" => "all",
            // Who made an object is its owner.
            "Allowed to owner only" | "Allowed to creator only" => "owner",
            "Disallowed to all" => "nobody",
            other => bail!("row {:?}: expected whom it is allowed, found {other:?}", cell(0)),
        };
        rules.push(PolicyRule { operation: operation(cell(0), spec)?, allowed: allowed.to_owned() });
    }
    let section = table.section().number.clone();
    spec.policies.push(Policy { objects: objects.to_owned(), section, rules });
    Ok(())
}

/// The wire name of an operation; none for the row about every operation that names a Template.
fn operation(name: &str, spec: &Spec) -> Result<Option<String>> {
    if name.starts_with("Any operation referencing the Template") {
        return Ok(None);
    }
    let wire = names::wire(name);
    match spec.operations.iter().find(|operation| operation.wire.eq_ignore_ascii_case(&wire)) {
        Some(operation) => Ok(Some(operation.wire.clone())),
        None => bail!("expected the name of an operation, found {name:?}"),
    }
}
