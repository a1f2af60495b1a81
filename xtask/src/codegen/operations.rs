//! Generates the catalogue of operations.

use anyhow::{Context, Result};

use super::emit;
use super::merge::{MergedName, MergedValues};
use crate::names;
use crate::versions::{Edition, Version};

/// What a version says of an operation.
#[derive(Debug)]
pub(super) struct Stated<'a> {
    /// The version.
    pub(super) version: Version,
    /// The section that defines it.
    pub(super) section: &'a str,
    /// The Result Reasons that its table names, then those that the version names for all operations.
    pub(super) reasons: Vec<&'a MergedName>,
}

/// The text of the file.
///
/// # Errors
/// When the tables have no enumeration of operations, or name a Result Reason that there is not.
pub(crate) fn generate(editions: &[Edition], enumerations: &[MergedValues]) -> Result<String> {
    let mut text = String::from(
        "//! The operations of the standard.\n\nuse super::enumerations::{Operation, ResultReason};\n\
         use crate::tables::{Direction, OperationEdition, OperationInfo, Section};\nuse crate::version::ProtocolVersion;\n\n\
         /// Every operation of the standard, in the order of their numbers.\n\
         #[rustfmt::skip] // An edition a line.\n\
         pub static OPERATIONS: &[OperationInfo] = &[\n",
    );
    for operation in all(enumerations)? {
        let editions_text: Vec<String> =
            stated(operation, editions, enumerations)?.iter().map(edition).collect();
        text.push_str(&format!(
            "    OperationInfo {{\n        operation: Operation::{}, name: {:?}, spelled: {:?}, direction: Direction::{},\n        \
             since: {}, until: {}, deprecated: {},\n        editions: &[\n{}        ],\n    }},\n",
            names::rust_type(&operation.spelled),
            operation.wire,
            operation.spelled,
            direction(editions, operation),
            emit::path(operation.span.since),
            emit::optional_path(operation.span.until),
            emit::optional_path(operation.deprecated),
            editions_text.concat(),
        ));
    }
    text.push_str("];\n");
    Ok(text)
}

fn edition(stated: &Stated<'_>) -> String {
    let reason = |reason: &&MergedName| format!("ResultReason::{}", names::rust_type(&reason.spelled));
    let reasons: Vec<String> = stated.reasons.iter().map(reason).collect();
    format!(
        "            OperationEdition {{ section: Section::new({}, {:?}), reasons: &[{}] }},\n",
        emit::path(stated.version),
        stated.section,
        reasons.join(", ")
    )
}

/// The operations of all versions.
///
/// # Errors
/// When the tables have no enumeration of operations.
pub(super) fn all(enumerations: &[MergedValues]) -> Result<&[MergedName]> {
    Ok(&find(enumerations, "Operation")?.values)
}

/// An enumeration that the generator needs.
///
/// # Errors
/// When there is none of that name.
pub(super) fn find<'a>(enumerations: &'a [MergedValues], wire: &str) -> Result<&'a MergedValues> {
    let found = enumerations.iter().find(|enumeration| enumeration.wire == wire);
    found.with_context(|| format!("there is no enumeration {wire}"))
}

/// What each version that defines an operation says of it, oldest first.
///
/// # Errors
/// When a version names a Result Reason that its enumeration has not.
pub(super) fn stated<'a>(
    operation: &MergedName,
    editions: &'a [Edition],
    enumerations: &'a [MergedValues],
) -> Result<Vec<Stated<'a>>> {
    let mut all = Vec::new();
    for edition in editions {
        let spec = &edition.spec;
        let row = spec.operations.iter().find(|row| row.wire == operation.wire && !row.section.is_empty());
        let Some(row) = row else { continue };
        let own = spec.errors.iter().filter(|errors| errors.operation.as_ref() == Some(&row.wire));
        let mut reasons: Vec<&MergedName> = Vec::new();
        for errors in own.chain(spec.errors.iter().filter(|errors| errors.operation.is_none())) {
            for name in &errors.reasons {
                let reason = reason(name, edition, enumerations)
                    .with_context(|| format!("KMIP {} section {}", edition.version, errors.section))?;
                if !reasons.iter().any(|other| other.value == reason.value) {
                    reasons.push(reason);
                }
            }
        }
        all.push(Stated { version: edition.version, section: &row.section, reasons });
    }
    Ok(all)
}

/// The Result Reason that a version's document calls so; the case of a word's first letter makes no difference.
fn reason<'a>(name: &str, edition: &Edition, enumerations: &'a [MergedValues]) -> Result<&'a MergedName> {
    let wire = names::wire(name);
    let tables = edition.spec.enumerations.iter().filter(|table| table.wire == "ResultReason");
    let row = tables.flat_map(|table| &table.values).find(|row| row.wire == wire);
    let row = row
        .with_context(|| format!("no Result Reason is named {name:?}; errata.toml can say what is meant"))?;
    let value = row.number()?;
    let merged = find(enumerations, "ResultReason")?.values.iter().find(|merged| merged.value == value);
    merged.with_context(|| format!("no version has a Result Reason {value:#X}"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::merge;
    use crate::model::{Errors, Named, NamedValues, Operation, Spec};

    fn edition(version: &str, section: &str, own: &[&str], general: &[&str]) -> Edition {
        let named = |value: u32, name: &str| Named {
            name: name.into(),
            wire: names::wire(name),
            value: format!("0x{value:08X}"),
            ..Named::default()
        };
        let values = |wire: &str, names: &[&str]| NamedValues {
            wire: wire.into(),
            values: (1..).zip(names).map(|(value, name)| named(value, name)).collect(),
            ..NamedValues::default()
        };
        let errors = |operation: Option<&str>, names: &[&str]| Errors {
            operation: operation.map(str::to_owned),
            section: "11.2".into(),
            reasons: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let spec = Spec {
            enumerations: vec![
                values("Operation", &["Wait"]),
                values("ResultReason", &["Noise", "Thick Dust", "Grey"]),
            ],
            operations: vec![Operation {
                name: "Wait".into(),
                wire: "Wait".into(),
                section: section.into(),
                ..Operation::default()
            }],
            errors: vec![errors(None, general), errors(Some("Wait"), own), errors(Some("Other"), &["Grey"])],
            ..Spec::default()
        };
        Edition { version: Version::parse(version).unwrap(), spec }
    }

    fn stated_of(editions: &[Edition]) -> Result<Vec<(String, String, Vec<String>)>> {
        let enumerations = merge::values(editions, |spec| &spec.enumerations)?;
        let operation = &all(&enumerations)?[0];
        let row = |stated: &Stated<'_>| {
            let reasons = stated.reasons.iter().map(|reason| reason.wire.clone()).collect();
            (stated.version.to_string(), stated.section.to_owned(), reasons)
        };
        Ok(stated(operation, editions, &enumerations)?.iter().map(row).collect())
    }

    #[test]
    fn an_operation_has_its_own_reasons_then_those_of_all() {
        let editions = [
            edition("9.0", "4.1", &["Thick dust", "Noise"], &["Noise", "Grey"]),
            // Only its number is listed.
            edition("9.1", "", &["Noise"], &[]),
            edition("9.2", "6.1.1", &[], &[]),
        ];
        let row = |version: &str, section: &str, reasons: &[&str]| {
            (version.to_owned(), section.to_owned(), reasons.iter().map(|name| (*name).to_owned()).collect())
        };
        assert_eq!(
            stated_of(&editions).unwrap(),
            [row("9.0", "4.1", &["ThickDust", "Noise", "Grey"]), row("9.2", "6.1.1", &[])]
        );
    }

    #[test]
    fn rejects_a_reason_that_the_version_has_not() {
        let error = stated_of(&[edition("9.0", "4.1", &["Noise?"], &[])]).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "KMIP 9.0 section 11.2: no Result Reason is named \"Noise?\"; errata.toml can say what is meant"
        );
    }
}
