//! The reviewed list of differences: `spec/audit.toml`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Difference, Registry};
use crate::rust_source::Source;
use crate::versions::Version;

/// The list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    #[serde(default, rename = "accepted")]
    entries: Vec<Entry>,
    #[serde(default)]
    unlisted: Vec<Unlisted>,
}

/// Differences that are as they should be. Each of the structures differs so in each of the versions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What the tables describe.
    structures: Vec<String>,
    /// The row, or the field of the code; none where the structure as a whole differs.
    field: Option<String>,
    /// The versions of the tables.
    versions: Vec<Version>,
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
        let accepted: Self = toml::from_str(text)?;
        for entry in &accepted.entries {
            if entry.reason.trim().is_empty() {
                bail!("{} {:?}: no reason is given", entry.structures.join(", "), entry.difference);
            }
            if entry.structures.is_empty() || entry.versions.is_empty() {
                bail!("{:?}: no structure or no version is given", entry.difference);
            }
        }
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
    pub(crate) fn sort<'a>(&self, differences: &'a [Difference]) -> (Vec<&'a Difference>, Vec<String>) {
        let mut unexplained: Vec<&Difference> = differences.iter().collect();
        let mut in_vain = Vec::new();
        for entry in &self.entries {
            for structure in &entry.structures {
                for version in &entry.versions {
                    let before = unexplained.len();
                    unexplained.retain(|difference| !entry.is(structure, *version, difference));
                    if unexplained.len() == before {
                        let field = entry.field.iter().map(|field| format!(".{field}"));
                        let field = field.collect::<String>();
                        in_vain.push(format!(
                            "audit.toml: KMIP {version} {structure}{field}: {}: there is no such difference any more",
                            entry.difference
                        ));
                    }
                }
            }
        }
        (unexplained, in_vain)
    }
}

impl Entry {
    fn is(&self, structure: &str, version: Version, difference: &Difference) -> bool {
        difference.version == version
            && difference.structure == structure
            && difference.field == self.field
            && difference.what == self.difference
    }
}
