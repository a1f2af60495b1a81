//! The reviewed list of differences: `spec/audit.toml`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::Spanned;

use super::{Difference, Registry};
use crate::rust_source::Source;
use crate::versions::{Edition, Range, Version};

/// The list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    #[serde(default, rename = "accepted")]
    entries: Vec<Spanned<Entry>>,
    #[serde(default)]
    unlisted: Vec<Unlisted>,
    /// The line of each entry.
    #[serde(skip)]
    lines: Vec<usize>,
}

/// Differences that are as they should be. Each of the structures differs so in each of the versions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What the tables describe.
    structures: Vec<String>,
    /// The row, or the field of the code; none where the structure as a whole differs.
    field: Option<String>,
    /// The version of the table.
    version: Option<Version>,
    /// Or the first of several.
    since: Option<Version>,
    /// And the last of them.
    until: Option<Version>,
    /// The two that differ, in the words of the report.
    difference: String,
    /// Why it is as it should be.
    reason: String,
}

/// A derived struct that is no structure of the standard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unlisted {
    name: String,
    reason: String,
}

impl Accepted {
    /// Reads `audit.toml` of a folder.
    ///
    /// # Errors
    /// When it cannot be read, or an entry has no reason.
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("audit.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("reading {}", path.display()))
    }

    /// Reads the text of the file.
    ///
    /// # Errors
    /// When it is not of that form, or an entry has no reason.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut accepted: Self = toml::from_str(text)?;
        for entry in &accepted.entries {
            let entry = entry.get_ref();
            if entry.reason.trim().is_empty() {
                bail!("{} {:?}: no reason is given", entry.structures.join(", "), entry.difference);
            }
            if entry.structures.is_empty() {
                bail!("{:?}: no structure is given", entry.difference);
            }
            entry.range().with_context(|| entry.place())?;
        }
        let line = |entry: &Spanned<Entry>| {
            text.as_bytes()[..entry.span().start].iter().filter(|byte| **byte == b'\n').count() + 1
        };
        accepted.lines = accepted.entries.iter().map(line).collect();
        if let Some(unlisted) = accepted.unlisted.iter().find(|unlisted| unlisted.reason.trim().is_empty()) {
            bail!("{}: no reason is given", unlisted.name);
        }
        Ok(accepted)
    }

    /// Whether a derived struct need not be listed.
    pub(crate) fn unlisted(&self, name: &str) -> bool {
        self.unlisted.iter().any(|unlisted| unlisted.name == name)
    }

    /// What is wrong with the structs that need not be listed.
    pub(crate) fn unlisted_in_vain(&self, source: &Source, registry: &Registry) -> Vec<String> {
        let listed = |name: &String| registry.structures.iter().any(|entry| entry.name == *name);
        let names = self.unlisted.iter().map(|unlisted| &unlisted.name);
        names
            .filter(|name| listed(name) || !source.structs.contains_key(*name))
            .map(|name| format!("audit.toml: {name}: no unlisted struct has this name any more"))
            .collect()
    }

    /// The differences that are not accepted, and what is wrong with entries that do not apply.
    ///
    /// # Errors
    /// When an entry is for versions that there are not.
    pub(crate) fn sort<'a>(
        &self,
        differences: &'a [Difference],
        editions: &[Edition],
    ) -> Result<(Vec<&'a Difference>, Vec<String>)> {
        let mut unexplained: Vec<&Difference> = differences.iter().collect();
        let mut in_vain = Vec::new();
        for (entry, line) in self.entries.iter().map(Spanned::get_ref).zip(&self.lines) {
            let range = entry.range().and_then(|range| range.check(editions).map(|()| range));
            let range = range.with_context(|| format!("audit.toml line {line}: {}", entry.place()))?;
            for structure in &entry.structures {
                let (matched, rest) = unexplained.into_iter().partition::<Vec<_>, _>(|difference| {
                    range.contains(difference.version) && entry.is(structure, difference)
                });
                unexplained = rest;
                for Edition { version, .. } in
                    editions.iter().filter(|edition| range.contains(edition.version))
                {
                    // What is said of all versions stands at the newest of them.
                    if !matched.iter().any(|found| found.version == *version || found.is_of_all_versions) {
                        in_vain.push(format!(
                            "audit.toml line {line}: KMIP {version} {structure}{}: {}: there is no such difference any more",
                            entry.suffix(),
                            entry.difference
                        ));
                    }
                }
            }
        }
        Ok((unexplained, in_vain))
    }

    /// The entry that would explain a difference if it were wider.
    pub(crate) fn remedy(&self, difference: &Difference) -> Option<String> {
        let alike = || self.entries.iter().map(Spanned::get_ref).zip(&self.lines);
        let of_other_versions = alike()
            .find(|(entry, _)| entry.structures.iter().any(|structure| entry.is(structure, difference)));
        if let Some((entry, line)) = of_other_versions {
            let range = entry.range().ok()?;
            return Some(format!(
                "audit.toml line {line} accepts this for KMIP {range}: if it is right in {} too, widen that entry",
                difference.version
            ));
        }
        let (entry, line) = alike().find(|(entry, _)| {
            entry.field == difference.field
                && entry.difference == difference.what
                && entry.range().is_ok_and(|range| range.contains(difference.version))
        })?;
        Some(format!(
            "audit.toml line {line} accepts the same of {}: if its reason holds here, add {:?} to its structures",
            entry.structures.join(", "),
            difference.structure
        ))
    }

    /// Writes every accepted difference with its reason.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn list(&self, out: &mut impl Write) -> Result<()> {
        for entry in self.entries.iter().map(Spanned::get_ref) {
            writeln!(out, "KMIP {} {}\n    {}", entry.range()?, entry.place(), entry.reason)?;
        }
        for Unlisted { name, reason } in &self.unlisted {
            writeln!(out, "{name}: derives Ttlv, but is no structure of the standard\n    {reason}")?;
        }
        writeln!(
            out,
            "{} entries for differences, {} for structs that are not listed",
            self.entries.len(),
            self.unlisted.len()
        )?;
        Ok(())
    }
}

impl Entry {
    fn is(&self, structure: &str, difference: &Difference) -> bool {
        difference.structure == structure
            && difference.field == self.field
            && difference.what == self.difference
    }

    fn range(&self) -> Result<Range> {
        Range::of(self.version, self.since, self.until)
    }

    /// The field after a dot, if it is of one.
    fn suffix(&self) -> String {
        self.field.iter().map(|field| format!(".{field}")).collect()
    }

    /// What it is about, for a message.
    fn place(&self) -> String {
        let suffix = self.suffix();
        let structures: Vec<String> =
            self.structures.iter().map(|structure| format!("{structure}{suffix}")).collect();
        format!("{}: {}", structures.join(", "), self.difference)
    }
}
