//! The versions of the standard that there is data for, with the errata applied.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::errata::Errata;
use crate::model::Spec;

/// A version of the standard; `1.10` would be after `1.9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Version {
    /// Before the dot.
    pub(crate) major: u32,
    /// After the dot.
    pub(crate) minor: u32,
}

impl Version {
    /// Reads `1.4`.
    ///
    /// # Errors
    /// When it is not two numbers and a dot.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (major, minor) = text.split_once('.').with_context(|| format!("expected X.Y, found {text:?}"))?;
        let part = |part: &str| part.parse().with_context(|| format!("expected X.Y, found {text:?}"));
        Ok(Self { major: part(major)?, minor: part(minor)? })
    }

    /// The name of its constant, such as `V1_4`.
    pub(crate) fn constant(self) -> String {
        format!("V{}_{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl TryFrom<String> for Version {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

/// The versions for which an entry of a reviewed list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The first one.
    since: Version,
    /// The last one; if none, the newest, and each that comes.
    until: Option<Version>,
}

impl Range {
    /// The range of `version = "1.4"`, or of `since` with or without `until`.
    ///
    /// # Errors
    /// When the keys are others, or the last version is before the first.
    pub(crate) fn of(
        version: Option<Version>,
        since: Option<Version>,
        until: Option<Version>,
    ) -> Result<Self> {
        match (version, since, until) {
            (Some(version), None, None) => Ok(Self { since: version, until: Some(version) }),
            (None, Some(since), Some(until)) if until < since => {
                bail!("until = \"{until}\" is before since = \"{since}\"")
            }
            (None, Some(since), until) => Ok(Self { since, until }),
            _ => bail!("expected either `version`, or `since` with or without `until`"),
        }
    }

    /// Whether a version is one of them.
    pub(crate) fn contains(self, version: Version) -> bool {
        self.since <= version && self.until.is_none_or(|until| version <= until)
    }

    /// Refuses a range of versions that there are not.
    ///
    /// # Errors
    /// When its first or its last version is unknown.
    pub(crate) fn check(self, editions: &[Edition]) -> Result<()> {
        let is_known = |version: &Version| editions.iter().any(|edition| edition.version == *version);
        match [Some(self.since), self.until].into_iter().flatten().find(|version| !is_known(version)) {
            Some(unknown) => bail!("there is no version {unknown}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) if until == self.since => write!(f, "{until}"),
            Some(until) => write!(f, "{} to {until}", self.since),
            None => write!(f, "{} and later", self.since),
        }
    }
}

/// A version with its facts.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    /// The version.
    pub(crate) version: Version,
    /// Its facts, corrected.
    pub(crate) spec: Spec,
}

/// All versions in `spec/`, oldest first.
///
/// # Errors
/// When a file cannot be read, or an erratum does not apply.
pub(crate) fn load_all(folder: &Path) -> Result<Vec<Edition>> {
    let mut editions: Vec<Edition> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(version) = name.strip_prefix("kmip-").and_then(|rest| rest.strip_suffix(".toml")) else {
            continue;
        };
        let version = Version::parse(version).with_context(|| format!("the name of {}", path.display()))?;
        let spec = Spec::load(&path)?;
        if spec.version != version.to_string() {
            bail!("{}: holds version {:?}, expected {version}", path.display(), spec.version);
        }
        editions.push(Edition { version, spec });
    }
    editions.sort_by_key(|edition| edition.version);
    add_pkcs11(folder, &mut editions)?;
    let errata = Errata::load(folder)?;
    errata.check(&editions)?;
    errata.apply(&mut editions)?;
    Ok(editions)
}

/// Adds the enumerations that the standard leaves to PKCS#11 to the versions that have their tags.
fn add_pkcs11(folder: &Path, editions: &mut [Edition]) -> Result<()> {
    let path = folder.join("pkcs11.toml");
    if !path.exists() {
        return Ok(());
    }
    let pkcs11 = Spec::load(&path)?;
    for edition in editions {
        let spec = &mut edition.spec;
        for enumeration in &pkcs11.enumerations {
            let known = spec.enumerations.iter().any(|other| other.wire == enumeration.wire);
            if !known && spec.tags.iter().any(|tag| tag.wire == enumeration.wire) {
                spec.enumerations.push(enumeration.clone());
            }
        }
    }
    Ok(())
}

/// The facts of one version, corrected.
///
/// # Errors
/// When there are none, or the files cannot be read.
pub(crate) fn load(folder: &Path, version: &str) -> Result<Spec> {
    let version = Version::parse(version)?;
    let editions = load_all(folder)?;
    let known: Vec<String> = editions.iter().map(|edition| edition.version.to_string()).collect();
    let edition = editions.into_iter().find(|edition| edition.version == version);
    Ok(edition.with_context(|| format!("no data for version {version}; there is {}", known.join(", ")))?.spec)
}

/// The facts of a file as [`load`] has them: with the enumerations of `pkcs11.toml` and corrected by the
/// entries of `errata.toml` for its version, each if it lies beside the file.
///
/// # Errors
/// When the file cannot be read, or an erratum for its version does not apply.
pub(crate) fn load_file(path: &Path) -> Result<Spec> {
    let spec = Spec::load(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut editions = [Edition { version: Version::parse(&spec.version)?, spec }];
    add_pkcs11(folder, &mut editions)?;
    if folder.join("errata.toml").exists() {
        let version = editions[0].version;
        Errata::load(folder)?.of(version).apply(&mut editions)?;
    }
    let [edition] = editions;
    Ok(edition.spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_versions() {
        let v = |version| Version::parse(version).unwrap();
        for (range, shown, within, beyond) in [
            ((Some(v("1.4")), None, None), "1.4", "1.4", "1.3"),
            ((None, Some(v("1.9")), Some(v("1.10"))), "1.9 to 1.10", "1.10", "2.0"),
            ((None, Some(v("2.0")), None), "2.0 and later", "9.9", "1.4"),
        ] {
            let range = Range::of(range.0, range.1, range.2).unwrap();
            assert_eq!(range.to_string(), shown);
            assert!(range.contains(v(within)) && !range.contains(v(beyond)), "{shown}");
        }
    }

    #[test]
    fn rejects_a_range_that_is_none() {
        let v = |version| Some(Version::parse(version).unwrap());
        for (version, since, until) in [
            (None, None, None),
            (None, None, v("1.4")),
            (v("1.4"), v("1.4"), None),
            (v("1.4"), None, v("1.4")),
            (None, v("2.0"), v("1.4")),
        ] {
            assert!(Range::of(version, since, until).is_err(), "{version:?} {since:?} {until:?}");
        }
        let edition = |version| Edition { version, spec: Spec::default() };
        let editions = [edition(v("1.4").unwrap()), edition(v("2.0").unwrap())];
        for (since, until, expected) in
            [("1.4", "2.0", None), ("1.3", "2.0", Some("1.3")), ("1.4", "2.1", Some("2.1"))]
        {
            let error = Range::of(None, v(since), v(until)).unwrap().check(&editions).err();
            let expected = expected.map(|version| format!("there is no version {version}"));
            assert_eq!(error.map(|error| error.to_string()), expected);
        }
    }

    #[test]
    fn a_file_has_the_facts_of_its_version() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        for edition in load_all(&folder).unwrap() {
            let path = folder.join(format!("kmip-{}.toml", edition.version));
            assert!(load_file(&path).unwrap() == edition.spec, "{}", edition.version);
        }
    }

    #[test]
    fn what_lies_beside_a_file_is_applied() {
        let folder = std::env::temp_dir().join(format!("xtask-versions-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        let path = folder.join("kmip-1.4.toml");
        std::fs::copy(spec.join("kmip-1.4.toml"), &path).unwrap();
        assert!(load_file(&path).unwrap() == Spec::load(&path).unwrap());
        std::fs::copy(spec.join("pkcs11.toml"), folder.join("pkcs11.toml")).unwrap();
        std::fs::copy(spec.join("errata.toml"), folder.join("errata.toml")).unwrap();
        let found = load_file(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(found == load(&spec, "1.4").unwrap());
        assert!(found != Spec::load(&spec.join("kmip-1.4.toml")).unwrap());
    }
}
