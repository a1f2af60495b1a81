//! Merges the versions: each name and number with the versions that have it, and its other names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::model::{Named, NamedValues, Spec};
use crate::versions::{Edition, Version};

/// The versions that have an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first one.
    pub(crate) since: Version,
    /// The last one, if it is gone by the newest version.
    pub(crate) until: Option<Version>,
}

impl Span {
    /// The span of the versions that have it, oldest first; `newest` is the newest of all.
    pub(crate) fn of(having: &[Version], newest: Version) -> Option<Self> {
        let (since, last) = (*having.first()?, *having.last()?);
        Some(Self { since, until: (last != newest).then_some(last) })
    }
}

/// A name and its number over all versions.
#[derive(Clone, Debug)]
pub(crate) struct MergedName {
    /// The number.
    pub(crate) value: u32,
    /// The newest version's name, spelled out.
    pub(crate) spelled: String,
    /// The newest version's name in wire form.
    pub(crate) wire: String,
    /// Other spelled-out names that some version has.
    pub(crate) spelled_aliases: Vec<String>,
    /// Other wire names that some version has.
    pub(crate) wire_aliases: Vec<String>,
    /// The versions that have it.
    pub(crate) span: Span,
    /// The first version in which it is deprecated.
    pub(crate) deprecated: Option<Version>,
}

/// An enumeration or mask over all versions.
#[derive(Clone, Debug)]
pub(crate) struct MergedValues {
    /// The newest version's name, spelled out.
    pub(crate) spelled: String,
    /// In wire form.
    pub(crate) wire: String,
    /// The versions that have it.
    pub(crate) span: Span,
    /// The section in each version.
    pub(crate) sections: Vec<(Version, String)>,
    /// The values by number.
    pub(crate) values: Vec<MergedName>,
}

/// The newest of all versions.
///
/// # Errors
/// When there is none.
pub(crate) fn newest(editions: &[Edition]) -> Result<Version> {
    match editions.last() {
        Some(edition) => Ok(edition.version),
        None => bail!("there is no version in spec/"),
    }
}

/// The tags by number.
///
/// # Errors
/// When two tags of any version have one name, or a number cannot be read.
pub(crate) fn tags(editions: &[Edition]) -> Result<Vec<MergedName>> {
    let rows: Vec<(Version, &[Named])> =
        editions.iter().map(|edition| (edition.version, edition.spec.tags.as_slice())).collect();
    merge_names("the tags", &rows, newest(editions)?)
}

/// The enumerations or masks by wire name.
///
/// # Errors
/// When two values of one enumeration have one name, or a number cannot be read.
pub(crate) fn values(
    editions: &[Edition],
    select: impl Fn(&Spec) -> &[NamedValues],
) -> Result<Vec<MergedValues>> {
    let newest = newest(editions)?;
    let mut tables: BTreeMap<&str, Vec<(Version, &NamedValues)>> = BTreeMap::new();
    for edition in editions {
        for table in select(&edition.spec) {
            tables.entry(&table.wire).or_default().push((edition.version, table));
        }
    }
    let mut merged = Vec::new();
    for (wire, tables) in tables {
        let versions: Vec<Version> = tables.iter().map(|(version, _)| *version).collect();
        let rows: Vec<(Version, &[Named])> =
            tables.iter().map(|(version, table)| (*version, table.values.as_slice())).collect();
        let (Some((_, last)), Some(span)) = (tables.last(), Span::of(&versions, newest)) else { continue };
        merged.push(MergedValues {
            spelled: last.name.clone(),
            wire: wire.to_owned(),
            span,
            sections: tables.iter().map(|(version, table)| (*version, table.section.clone())).collect(),
            values: merge_names(wire, &rows, newest)?,
        });
    }
    Ok(merged)
}

fn merge_names(place: &str, rows: &[(Version, &[Named])], newest: Version) -> Result<Vec<MergedName>> {
    let mut by_value: BTreeMap<u32, Vec<(Version, &Named)>> = BTreeMap::new();
    for (version, names) in rows {
        for name in *names {
            by_value.entry(name.number()?).or_default().push((*version, name));
        }
    }
    let mut merged: Vec<MergedName> =
        by_value.into_iter().filter_map(|(value, names)| merge_name(value, &names, newest)).collect();
    // A name belongs to the number that has it in the newest version.
    let canonical: BTreeSet<String> = merged.iter().map(|name| name.wire.clone()).collect();
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    for name in &mut merged {
        name.wire_aliases.retain(|alias| !canonical.contains(alias));
        name.spelled_aliases.retain(|alias| *alias != name.spelled);
        for called in std::iter::once(&name.wire).chain(&name.wire_aliases) {
            if let Some(other) = taken.insert(called.clone(), name.value) {
                bail!("{place}: {called} is the name of both {other:#X} and {:#X}", name.value);
            }
        }
    }
    let spelled: BTreeSet<String> = merged.iter().map(|name| name.spelled.clone()).collect();
    for name in &mut merged {
        name.spelled_aliases.retain(|alias| !spelled.contains(alias));
    }
    Ok(merged)
}

fn merge_name(value: u32, names: &[(Version, &Named)], newest: Version) -> Option<MergedName> {
    let mut versions: Vec<Version> = names.iter().map(|(version, _)| *version).collect();
    versions.dedup();
    let last = *versions.last()?;
    // Where one table has a number twice, its first name is the main one.
    let (_, main) = names.iter().find(|(version, _)| *version == last)?;
    let mut merged = MergedName {
        value,
        spelled: main.name.clone(),
        wire: main.wire.clone(),
        spelled_aliases: Vec::new(),
        wire_aliases: Vec::new(),
        span: Span::of(&versions, newest)?,
        deprecated: None,
    };
    for (version, name) in names {
        if name.wire != merged.wire && !merged.wire_aliases.contains(&name.wire) {
            merged.wire_aliases.push(name.wire.clone());
        }
        if name.name != merged.spelled && !merged.spelled_aliases.contains(&name.name) {
            merged.spelled_aliases.push(name.name.clone());
        }
        if name.deprecated && merged.deprecated.is_none() {
            let said = name.deprecated_since.as_deref().and_then(|said| Version::parse(said).ok());
            merged.deprecated = Some(said.unwrap_or(*version));
        }
    }
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(version: &str, tags: &[(&str, &str, bool)]) -> Edition {
        let tag = |(name, value, deprecated): &(&str, &str, bool)| Named {
            name: (*name).into(),
            wire: crate::names::wire(name),
            value: (*value).into(),
            deprecated: *deprecated,
            ..Named::default()
        };
        let spec = Spec { tags: tags.iter().map(tag).collect(), ..Spec::default() };
        Edition { version: Version::parse(version).unwrap(), spec }
    }

    fn v(version: &str) -> Version {
        Version::parse(version).unwrap()
    }

    #[test]
    fn a_rename_keeps_the_old_name_as_alias() {
        let tags = tags(&[
            edition("1.0", &[("Role Type", "0x420083", false)]),
            edition("1.1", &[("Key Role Type", "0x420083", false)]),
        ])
        .unwrap();
        assert_eq!(
            (tags[0].wire.as_str(), tags[0].span),
            ("KeyRoleType", Span { since: v("1.0"), until: None })
        );
        assert_eq!(
            (tags[0].wire_aliases.as_slice(), tags[0].spelled_aliases.as_slice()),
            (&["RoleType".to_owned()][..], &["Role Type".to_owned()][..])
        );
    }

    #[test]
    fn spans_and_deprecation_come_from_the_versions_that_say_so() {
        let tags = tags(&[
            edition("1.9", &[("Old", "0x420001", false), ("Both", "0x420002", false)]),
            edition("1.10", &[("Old", "0x420001", true), ("Both", "0x420002", false)]),
            edition("2.0", &[("Both", "0x420002", false), ("New", "0x420003", false)]),
        ])
        .unwrap();
        let rows: Vec<_> = tags.iter().map(|tag| (tag.span.since, tag.span.until, tag.deprecated)).collect();
        assert_eq!(
            rows,
            [(v("1.9"), Some(v("1.10")), Some(v("1.10"))), (v("1.9"), None, None), (v("2.0"), None, None)]
        );
    }

    #[test]
    fn a_number_listed_twice_is_one_item_with_an_alias() {
        let tags =
            tags(&[edition("1.0", &[("First", "0x420001", false), ("Second", "0x420001", false)])]).unwrap();
        assert_eq!((tags.len(), tags[0].wire.as_str()), (1, "First"));
        assert_eq!(tags[0].wire_aliases, ["Second"]);
    }

    #[test]
    fn rejects_two_numbers_of_one_name() {
        let error =
            tags(&[edition("1.0", &[("Same", "0x420001", false), ("Same", "0x420002", false)])]).unwrap_err();
        assert_eq!(error.to_string(), "the tags: Same is the name of both 0x420001 and 0x420002");
    }
}
