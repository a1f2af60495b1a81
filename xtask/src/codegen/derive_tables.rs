//! Generates the tables that the derive macro checks against. A macro crate cannot use the types crate, so
//! it has its own copy.

use std::collections::BTreeMap;

use anyhow::Result;

use super::emit;
use super::enumerations::identifiers;
use super::merge::MergedName;
use super::types::TagTypes;
use crate::names;
use crate::versions::{Edition, Version};

/// The text of the file.
///
/// # Errors
/// When two tags would have one Rust name.
pub(crate) fn generate(editions: &[Edition], tags: &[MergedName], types: &TagTypes) -> Result<String> {
    let mut text = String::from(
        "//! The tags and versions of the standard, for the checks of the derive.\n\nuse crate::tables::TagRow;\n\n\
         /// Every version, oldest first.\npub(crate) static VERSIONS: &[(i32, i32)] = &[",
    );
    let versions: Vec<String> = editions.iter().map(|edition| pair(edition.version)).collect();
    text.push_str(&versions.join(", "));
    text.push_str(
        "];\n\n/// Every tag by each of its wire names, sorted.\npub(crate) static TAGS: &[TagRow] = &[\n",
    );
    let constants = identifiers("the tags", tags, names::rust_constant)?;
    let mut rows: BTreeMap<&str, String> = BTreeMap::new();
    for (tag, constant) in tags.iter().zip(&constants) {
        rows.insert(&tag.wire, row(tag, constant, &tag.wire, types));
        for alias in &tag.wire_aliases {
            rows.insert(alias, row(tag, constant, alias, types));
        }
    }
    text.extend(rows.into_values());
    text.push_str("];\n");
    Ok(text)
}

fn row(tag: &MergedName, constant: &str, name: &str, types: &TagTypes) -> String {
    let alias_of = if name == tag.wire { "None".to_owned() } else { format!("Some({:?})", tag.wire) };
    format!(
        "TagRow {{ name: {name:?}, alias_of: {alias_of}, constant: {constant:?}, value: {:#X}, types: &[{}], \
         since: {}, until: {} }},\n",
        tag.value,
        emit::strings(&types.types(&tag.wire)),
        pair(tag.span.since),
        tag.span.until.map_or_else(|| "None".to_owned(), |until| format!("Some({})", pair(until))),
    )
}

fn pair(version: Version) -> String {
    format!("({}, {})", version.major, version.minor)
}
