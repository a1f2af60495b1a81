//! Audit: every typed structure held against the tables of every version.

mod accepted;
mod compare;
#[cfg(test)]
mod constructors;
mod registry;
#[cfg(test)]
mod sections;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::Write;
use std::path::Path;

use anyhow::Result;

use crate::rust_source::Source;
use crate::versions::{self, Edition, Version};
use accepted::Accepted;
pub(crate) use compare::Facts;
#[cfg(test)]
pub(crate) use registry::Entry;
pub(crate) use registry::Registry;

/// One way in which the code and a table differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// The version of the table.
    version: Version,
    /// What the table describes.
    structure: String,
    /// The row, or the field of the code.
    field: Option<String>,
    /// The two that differ.
    what: String,
    /// Where the table is.
    section: String,
    /// It is so in all versions that have the field, and this is the newest of them.
    is_of_all_versions: bool,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KMIP {} {}", self.version, self.structure)?;
        if let Some(field) = &self.field {
            write!(f, ".{field}")?;
        }
        write!(f, ": {} (section {})", self.what, self.section)
    }
}

/// What an audit found.
#[derive(Debug, Default)]
struct Findings {
    structures: usize,
    fields: usize,
    differences: Vec<Difference>,
    /// What is wrong with the registry itself, apart from any version.
    faults: Vec<String>,
}

/// Holds the registry against the tables, and writes what differs and is not in `audit.toml`. Gives whether
/// nothing does.
///
/// # Errors
/// When the facts, the sources or the registry cannot be read, or the output cannot be written.
pub(crate) fn run(repository: &Path, out: &mut impl Write) -> Result<bool> {
    let folder = repository.join("spec");
    let editions = versions::load_all(&folder)?;
    let accepted = Accepted::load(&folder)?;
    let source = Source::read(&repository.join("kmip-types/src"))?;
    let registry = Registry::load(repository)?;
    let findings = examine(&editions, &registry, &source, &accepted)?;
    let clean = report(&findings, &accepted, &editions, out)?;
    if registry.is_stale {
        writeln!(out, "kmip-types does not compile: this is of the last time that it did, and no verdict")?;
    }
    Ok(clean && !registry.is_stale)
}

/// Writes the differences that are accepted, with their reasons.
///
/// # Errors
/// When `audit.toml` cannot be read, or the output cannot be written.
pub(crate) fn list_accepted(repository: &Path, out: &mut impl Write) -> Result<()> {
    Accepted::load(&repository.join("spec"))?.list(out)
}

/// Compares every version, and the registry with the sources.
fn examine(
    editions: &[Edition],
    registry: &Registry,
    source: &Source,
    accepted: &Accepted,
) -> Result<Findings> {
    let facts = editions.iter().map(Facts::new).collect::<Result<Vec<_>>>()?;
    let mut findings = Findings::default();
    for facts in &facts {
        compare::version(facts, registry, &mut findings);
    }
    compare::types_over_versions(&facts, registry, &mut findings);
    for entry in registry.structures.iter().filter(|entry| !entry.fields.is_empty()) {
        if !facts.iter().any(|facts| facts.describes(entry)) {
            findings.faults.push(format!("{}: no table of any version describes it", entry.name));
        }
    }
    for name in source.structs.keys() {
        let listed = registry.structures.iter().any(|entry| entry.name == *name);
        if !listed && !accepted.unlisted(name) {
            findings.faults.push(format!("{name}: derives Ttlv, but is not in kmip-types/src/schemas.rs"));
        }
    }
    findings.faults.extend(accepted.unlisted_in_vain(source, registry));
    findings.differences.sort();
    Ok(findings)
}

/// Writes what is not accepted, and the counts.
fn report(
    findings: &Findings,
    accepted: &Accepted,
    editions: &[Edition],
    out: &mut impl Write,
) -> Result<bool> {
    let (unexplained, in_vain) = accepted.sort(&findings.differences, editions)?;
    for difference in &unexplained {
        writeln!(out, "{difference}")?;
        if let Some(remedy) = accepted.remedy(difference) {
            writeln!(out, "    {remedy}")?;
        }
    }
    for fault in findings.faults.iter().chain(&in_vain) {
        writeln!(out, "{fault}")?;
    }
    for edition in editions {
        let here = |differences: &[&Difference]| {
            differences.iter().filter(|difference| difference.version == edition.version).count()
        };
        let all: Vec<&Difference> = findings.differences.iter().collect();
        let (all, unexplained) = (here(&all), here(&unexplained));
        writeln!(out, "KMIP {}: {all} differences, {unexplained} unexplained", edition.version)?;
    }
    writeln!(
        out,
        "{} structures, {} fields compared, {} differences, {} accepted",
        findings.structures,
        findings.fields,
        findings.differences.len(),
        findings.differences.len() - unexplained.len(),
    )?;
    Ok(unexplained.is_empty() && in_vain.is_empty() && findings.faults.is_empty())
}
