//! Generates the catalogue of operations.

use anyhow::{Context, Result};

use super::emit;
use super::merge::{MergedName, MergedValues};
use crate::names;
use crate::versions::Edition;

/// The text of the file.
///
/// # Errors
/// When the tables have no enumeration of operations.
pub(crate) fn generate(editions: &[Edition], enumerations: &[MergedValues]) -> Result<String> {
    let mut text = String::from(
        "//! The operations of the standard.\n\nuse super::enumerations::Operation;\n\
         use crate::tables::{Direction, OperationInfo};\nuse crate::version::ProtocolVersion;\n\n\
         /// Every operation of the standard, in the order of their numbers.\n\
         pub static OPERATIONS: &[OperationInfo] = &[\n",
    );
    let operations = enumerations.iter().find(|enumeration| enumeration.wire == "Operation");
    for operation in &operations.context("there is no enumeration of operations")?.values {
        text.push_str(&format!(
            "OperationInfo {{ operation: Operation::{}, name: {:?}, spelled: {:?}, direction: Direction::{}, since: {}, \
             until: {}, deprecated: {} }},\n",
            names::rust_type(&operation.spelled),
            operation.wire,
            operation.spelled,
            direction(editions, operation),
            emit::path(operation.span.since),
            emit::optional_path(operation.span.until),
            emit::optional_path(operation.deprecated),
        ));
    }
    text.push_str("];\n");
    Ok(text)
}

/// Who asks for it, by any version: a later one may add a direction.
pub(super) fn direction(editions: &[Edition], operation: &MergedName) -> &'static str {
    let rows = editions.iter().flat_map(|edition| &edition.spec.operations);
    let directions: Vec<&str> =
        rows.filter(|row| row.wire == operation.wire).map(|row| row.direction.as_str()).collect();
    let has = |direction: &str| directions.iter().any(|other| *other == direction || *other == "both");
    match (has("client-to-server"), has("server-to-client")) {
        (true, true) => "Both",
        (false, true) => "ServerToClient",
        _ => "ClientToServer",
    }
}
