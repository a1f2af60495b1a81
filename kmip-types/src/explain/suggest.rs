//! The names that may have been meant by one that is not there.

use super::find::qualified_tables;
use super::query::{fold, splits};
use crate::generated::attributes::ATTRIBUTES;
use crate::generated::enumerations::ENUMERATIONS;
use crate::generated::masks::MASKS;
use crate::generated::tags::TAGS;
use crate::nearest::all_nearest;
use crate::tables::Names;

/// More would be a list to read, not a hint.
const MOST: usize = 4;

/// What is shorter is near to too much.
const SHORTEST: usize = 3;

/// The names nearest to what was asked for: within the table that qualifies it, if it is qualified.
pub(super) fn nearest_to(query: &str) -> Vec<String> {
    for (qualifier, name) in splits(query) {
        for table in qualified_tables(&fold(qualifier)) {
            let (title, rows) = match table {
                Names::Enumeration(info) => (info.name, info.values),
                Names::Mask(info) => (info.name, info.bits),
                Names::Tags | Names::None => continue,
            };
            let near = of(name, rows.iter().map(|row| row.name).collect());
            // Where no value is near, the table lists them all.
            return match near.is_empty() {
                true => vec![title.to_owned()],
                false => near.into_iter().map(|name| format!("{title}.{name}")).collect(),
            };
        }
    }
    let mut names: Vec<&str> = TAGS.iter().map(|info| info.name).collect();
    names.extend(ATTRIBUTES.iter().map(|info| info.name));
    for (title, rows) in tables() {
        names.push(title);
        names.extend(rows.iter().map(|row| row.name));
    }
    of(query, names).into_iter().map(str::to_owned).collect()
}

fn tables() -> impl Iterator<Item = (&'static str, &'static [crate::tables::NameInfo])> {
    let enumerations = ENUMERATIONS.iter().map(|info| (info.name, info.values));
    enumerations.chain(MASKS.iter().map(|info| (info.name, info.bits)))
}

fn of(name: &str, mut names: Vec<&'static str>) -> Vec<&'static str> {
    let name = fold(name);
    if name.len() < SHORTEST {
        return Vec::new();
    }
    names.sort_unstable();
    names.dedup();
    // By folded names, so that a mark more or less is no mistake.
    let folded: Vec<(String, &str)> = names.into_iter().map(|name| (fold(name), name)).collect();
    let near = all_nearest(&name, folded.iter().map(|(folded, _)| folded.as_str()));
    let found = near.iter().filter_map(|near| folded.iter().find(|(folded, _)| folded == near));
    found.map(|(_, name)| *name).take(MOST).collect()
}
