//! The typed structures, as the program of `tests/schemas` prints them: this package cannot use the generated code,
//! for it has to run while that does not compile.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::versions::Version;

/// The typed structures and attributes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registry {
    /// The tags of the typed attributes.
    pub(crate) attributes: Vec<u32>,
    /// The typed structures.
    pub(crate) structures: Vec<Entry>,
    /// They are those of an earlier time: today's do not compile.
    #[serde(skip)]
    pub(crate) is_stale: bool,
}

/// A typed structure, and what it is in the standard.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Entry {
    /// The tag.
    pub(crate) tag: u32,
    /// The number of the operation, for a payload.
    pub(crate) operation: Option<u32>,
    /// Which of several structures of that tag it is.
    pub(crate) variant: Option<String>,
    /// The first version for which it stands.
    pub(crate) since: Option<Version>,
    /// The last version for which it stands.
    pub(crate) until: Option<Version>,
    /// The Rust name.
    pub(crate) name: String,
    /// Whether it keeps fields that it does not know.
    pub(crate) catch_all: bool,
    /// The fields in order.
    pub(crate) fields: Vec<Field>,
}

/// A field of a typed structure.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Field {
    pub(super) tag: u32,
    /// All the tags of a choice by tag.
    pub(super) other_tags: Vec<u32>,
    pub(super) formerly: Option<Formerly>,
    pub(super) since: Option<Version>,
    pub(super) until: Option<Version>,
    /// How often it occurs.
    pub(crate) presence: Presence,
    /// The versions that require one, where its presence leaves that open.
    pub(super) required: Option<Versions>,
    /// The versions that allow no second one, where its presence leaves that open.
    pub(super) once: Option<Versions>,
    /// Whether it can have every item type.
    pub(crate) any: bool,
    /// The wire names of its item types.
    pub(crate) types: Vec<String>,
}

/// A range of versions.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Versions {
    pub(super) since: Option<Version>,
    pub(super) until: Option<Version>,
}

/// The tag that a field had before a version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Formerly {
    pub(super) tag: u32,
    pub(super) renamed: Version,
}

/// How often a field occurs, as its Rust type says.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Presence {
    /// Once.
    #[default]
    Required,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    Repeated,
}

impl Registry {
    /// Builds and runs the program. While the typed structures do not compile, gives those of the last time that
    /// they did, and says so.
    ///
    /// # Errors
    /// When it does not build and never did here, or prints something else.
    pub(crate) fn load(repository: &Path) -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["run", "--quiet", "--manifest-path"])
            .arg(repository.join("Cargo.toml"))
            .args(["--package", "kmip-schemas"])
            .stderr(Stdio::inherit())
            .output()
            .context("starting cargo")?;
        Self::remember(output.status.success().then_some(&output.stdout), &last_good(repository))
    }

    /// Reads what the program printed and keeps it in a file; if it did not run, reads that file.
    fn remember(printed: Option<&Vec<u8>>, file: &Path) -> Result<Self> {
        let Some(printed) = printed else {
            let Ok(kept) = std::fs::read(file) else {
                bail!(
                    "kmip-types does not compile (the errors are above), so its structures cannot be listed"
                );
            };
            eprintln!(
                "note: kmip-types does not compile (the errors are above): its structures are those of the last time that it did"
            );
            let registry: Self =
                serde_json::from_slice(&kept).with_context(|| format!("reading {}", file.display()))?;
            return Ok(Self { is_stale: true, ..registry });
        };
        let registry = serde_json::from_slice(printed).context("reading the typed structures")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        std::fs::write(file, printed).with_context(|| format!("writing {}", file.display()))?;
        Ok(registry)
    }
}

/// Where the structures of the last time that they compiled are kept.
fn last_good(repository: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| repository.join("target")).join("xtask/schemas.json")
}

impl Entry {
    /// Whether it stands for the structure in a version.
    pub(crate) fn is_in(&self, version: Version) -> bool {
        is_within(version, self.since, self.until)
    }
}

impl Field {
    /// Whether a version has it.
    pub(crate) fn is_in(&self, version: Version) -> bool {
        is_within(version, self.since, self.until)
    }

    /// Whether a version requires one.
    pub(super) fn is_required_in(&self, version: Version) -> bool {
        self.presence == Presence::Required
            || self.required.is_some_and(|versions| versions.contains(version))
    }

    /// Whether a version allows a second one.
    pub(super) fn is_repeated_in(&self, version: Version) -> bool {
        self.presence == Presence::Repeated && !self.once.is_some_and(|versions| versions.contains(version))
    }

    /// The tags that it can have in a version.
    pub(crate) fn tags(&self, version: Version) -> Vec<u32> {
        match &self.formerly {
            Some(formerly) if version < formerly.renamed => vec![formerly.tag],
            _ if self.other_tags.is_empty() => vec![self.tag],
            _ => self.other_tags.clone(),
        }
    }
}

impl Versions {
    fn contains(self, version: Version) -> bool {
        is_within(version, self.since, self.until)
    }
}

fn is_within(version: Version, since: Option<Version>, until: Option<Version>) -> bool {
    since.is_none_or(|since| since <= version) && until.is_none_or(|until| version <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_nothing_compiles_the_last_structures_stand() {
        let folder = std::env::temp_dir().join(format!("xtask-registry-{}", std::process::id()));
        let file = folder.join("xtask/schemas.json");
        let error = Registry::remember(None, &file).unwrap_err().to_string();
        assert!(error.starts_with("kmip-types does not compile"), "{error}");
        let printed = br#"{ "attributes": [7], "structures": [] }"#.to_vec();
        let found = Registry::remember(Some(&printed), &file).unwrap();
        let last = Registry::remember(None, &file).unwrap();
        assert!(Registry::remember(Some(&b"{".to_vec()), &file).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!((found.is_stale, last.is_stale, last.attributes), (false, true, vec![7]));
    }
}
