//! Names that are spelled otherwise than the standard spells them, for lenient reading: folded by rule, never guessed.
//!
//! A name is looked for in two steps. In the first, case and the marks between words do not count, nor does whether
//! the spelling is British; the standard's own short forms are names, too. In
//! the second, parts that say nothing new may be there or not: `With`, `ANSI`, and the words of the enumeration's own
//! name at either end (`StateActive`). Where several values are found in one step, the name stands for none of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::generated::enumerations::ENUMERATIONS;
use crate::generated::masks::MASKS;
use crate::generated::tags::{TAG_NAMES, TAG_SPELLED_NAMES};
use crate::tables::NameInfo;
use crate::text::names::Table;
use crate::text::vendor::VendorTags;

/// A name longer than this, in bytes, is none.
const LONGEST: usize = 128;

/// British spellings, each with the American one that the standard has.
const SPELLINGS: [(&str, &str); 8] = [
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("cancell", "cancel"),
    ("licence", "license"),
    ("centre", "center"),
];

/// Short forms in the standard's own text: the table, the short form, and the value that it stands for.
const SHORT_FORMS: [(&str, &str, u32); 2] = [
    // KMIP 1.0 section 3.14, 1.4 section 3.19: so the list of usages calls "Content Commitment (Non Repudiation)".
    ("CryptographicUsageMask", "Content Commitment", 0x400),
    // KMIP 1.4 section 9.1.3.3.1: what that name has in brackets.
    ("CryptographicUsageMask", "Non Repudiation", 0x400),
];

/// Parts that names of algorithms have in some lists and lack in others: `ECDSAWithSHA_256`, `ANSIX9_31`.
const OPTIONAL: [&str; 2] = ["with", "ansi"];

/// The numbers of the tags that a name may stand for.
pub(super) fn tags(vendor: &VendorTags, name: &str) -> Vec<u32> {
    let own = vendor.rows().map(|(name, tag)| (name, tag.value()));
    Keys::new(name, "").map_or_else(Vec::new, |keys| keys.find(Some(&TAGS), own, ""))
}

/// The numbers of the standard's tags that a name may stand for.
#[cfg(feature = "json")]
pub(crate) fn tags_like(name: &str) -> Vec<u32> {
    Keys::new(name, "").map_or_else(Vec::new, |keys| keys.find(Some(&TAGS), core::iter::empty(), ""))
}

/// The numbers that a name may stand for in a table.
pub(crate) fn values(table: Table<'_>, name: &str) -> Vec<u32> {
    let title = match table {
        Table::Tags(vendor) => return tags(vendor, name),
        Table::Enumeration(info) => info.spelled,
        Table::Mask(info) => info.spelled,
        Table::Vendor(names) => &names.title,
    };
    let Some(keys) = Keys::new(name, title) else { return Vec::new() };
    match table {
        Table::Vendor(names) => keys.find(None, names.rows.iter().map(|row| (row.1.as_str(), row.0)), title),
        _ => keys.find(TABLES.get(table.title()), core::iter::empty(), title),
    }
}

/// Whether two names are one when case and the marks between words do not count.
pub(super) fn alike(name: &str, other: &str) -> bool {
    name.len() <= LONGEST && squeezed(name).eq(squeezed(other))
}

/// A name folded for each of the steps.
struct Keys([String; STEPS]);

const STEPS: usize = 2;

/// The numbers of the names of a list, by what the names are folded to in each of the steps.
#[derive(Default)]
struct Index([HashMap<String, Vec<u32>>; STEPS]);

static TAGS: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::default();
    for (name, tag) in TAG_NAMES.iter().chain(TAG_SPELLED_NAMES) {
        index.insert(name, "", tag.value());
    }
    index
});

static TABLES: LazyLock<HashMap<&'static str, Index>> = LazyLock::new(|| {
    let enumerations = ENUMERATIONS.iter().map(|info| (info.name, info.spelled, info.values));
    let masks = MASKS.iter().map(|info| (info.name, info.spelled, info.bits));
    enumerations.chain(masks).map(|(name, title, rows)| (name, Index::of(name, title, rows))).collect()
});

impl Keys {
    /// Nothing for what is too long, or has nothing left.
    fn new(name: &str, title: &str) -> Option<Self> {
        if name.len() > LONGEST {
            return None;
        }
        let mut key: String = squeezed(name).collect();
        for (british, american) in SPELLINGS {
            if key.contains(british) {
                key = key.replace(british, american);
            }
        }
        let essential = essential(&key, title);
        (!key.is_empty()).then_some(Self([key, essential]))
    }

    /// What the first step finds that finds anything: in the index, and among a vendor's own names.
    fn find<'n>(
        &self,
        index: Option<&Index>,
        own: impl Iterator<Item = (&'n str, u32)>,
        title: &str,
    ) -> Vec<u32> {
        let own: Vec<(Self, u32)> =
            own.filter_map(|(name, number)| Some((Self::new(name, title)?, number))).collect();
        for (step, key) in self.0.iter().enumerate() {
            let mut found = index.and_then(|index| index.0[step].get(key)).cloned().unwrap_or_default();
            for (keys, number) in &own {
                if keys.0[step] == *key && !found.contains(number) {
                    found.push(*number);
                }
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

impl Index {
    fn of(table: &str, title: &str, rows: &[NameInfo]) -> Self {
        let mut index = Self::default();
        for row in rows {
            for name in [row.name, row.spelled].iter().chain(row.aliases) {
                index.insert(name, title, row.value);
            }
        }
        for (_, name, number) in SHORT_FORMS.iter().filter(|short| short.0 == table) {
            index.insert(name, title, *number);
        }
        index
    }

    fn insert(&mut self, name: &str, title: &str, number: u32) {
        let Some(Keys(keys)) = Keys::new(name, title) else { return };
        for (names, key) in self.0.iter_mut().zip(keys) {
            let numbers = names.entry(key).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
}

/// A name in lower case, without the marks that stand between words or in them.
fn squeezed(name: &str) -> impl Iterator<Item = char> + '_ {
    let kept = |c: &char| !matches!(c, '_' | '-' | '.' | '/' | '#' | '(' | ')') && !c.is_ascii_whitespace();
    name.chars().filter(kept).map(|c| c.to_ascii_lowercase())
}

/// A folded name without the parts that say nothing new, as long as anything is left.
fn essential(key: &str, title: &str) -> String {
    let words: Vec<String> = title.split(' ').map(|word| squeezed(word).collect()).collect();
    let mut rest = OPTIONAL.iter().fold(key.to_owned(), |rest, part| rest.replace(part, ""));
    let whole = words.concat();
    for affix in [&whole].into_iter().chain(&words) {
        let stripped = rest.strip_prefix(affix.as_str()).or_else(|| rest.strip_suffix(affix.as_str()));
        if let Some(stripped) = stripped.filter(|stripped| !stripped.is_empty()) {
            rest = stripped.to_owned();
        }
    }
    if rest.is_empty() { key.to_owned() } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that what is added to the tables and folds alike is looked at.
    #[test]
    fn names_that_fold_alike_are_known() {
        let mut alike = Vec::new();
        let tags = [("Tag", &*TAGS)];
        for (table, index) in tags.into_iter().chain(TABLES.iter().map(|(table, index)| (*table, index))) {
            for (step, names) in index.0.iter().enumerate() {
                let several = names.iter().filter(|(_, numbers)| numbers.len() > 1);
                alike.extend(several.map(|(name, _)| format!("{step} {table} {name}")));
            }
        }
        alike.sort_unstable();
        assert_eq!(alike, KNOWN);
    }

    const KNOWN: [&str; 0] = [];
}
