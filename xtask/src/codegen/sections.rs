//! Generates where the standard defines what its tables have: the section in the newest version that has it. Those of
//! operations are in their own table.

use std::collections::BTreeMap;

use anyhow::Result;

use super::emit;
use super::merge::{MergedName, MergedValues};
use crate::model::{Named, Spec};
use crate::names;
use crate::versions::{Edition, Version};

/// The text of the file.
///
/// # Errors
/// When a number cannot be read.
pub(crate) fn generate(
    editions: &[Edition],
    tags: &[MergedName],
    enumerations: &[MergedValues],
    masks: &[MergedValues],
) -> Result<String> {
    let mut text = String::from(
        "//! Where the standard defines what its tables have: the section in the newest version that has it.\n\n\
         use crate::tables::Section;\nuse crate::tag::Tag;\n\
         use crate::version::ProtocolVersion;\n",
    );
    text.push_str(&list("TAGS", "Of the tags, by number.", "Tag", tag_rows(editions, tags)?));
    let values = |tables: &[MergedValues]| {
        let rows =
            tables.iter().filter_map(|table| Some((format!("{:?}", table.wire), table.sections.last()?)));
        rows.map(|(key, (version, section))| row(&key, *version, section)).collect()
    };
    text.push_str(&list("ENUMERATIONS", "Of the enumerations, by wire name.", "&str", values(enumerations)));
    text.push_str(&list("MASKS", "Of the masks, by wire name.", "&str", values(masks)));
    let mut attributes = BTreeMap::new();
    for edition in editions {
        for attribute in &edition.spec.attributes {
            attributes.insert(&attribute.wire, (edition.version, &attribute.section));
        }
    }
    let rows =
        attributes.iter().map(|(wire, (version, section))| row(&format!("{wire:?}"), *version, section));
    text.push_str(&list("ATTRIBUTES", "Of the attributes, by wire name.", "&str", rows.collect()));
    Ok(text)
}

fn tag_rows(editions: &[Edition], tags: &[MergedName]) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for tag in tags {
        let mut found = None;
        for edition in editions {
            for named in &edition.spec.tags {
                if named.number()? == tag.value {
                    found = Some((edition.version, of_tag(&edition.spec, named)));
                }
            }
        }
        if let Some((version, section)) = found.filter(|(_, section)| !section.is_empty()) {
            rows.push(row(&format!("Tag::{}", names::rust_constant(&tag.spelled)), version, &section));
        }
    }
    Ok(rows)
}

/// The section that says what a tag is for: of the attribute, the structure or the item, or of its values; if there is
/// none, of the tag table.
fn of_tag(spec: &Spec, tag: &Named) -> String {
    let attribute = spec.attributes.iter().find(|row| row.wire == tag.wire).map(|row| row.section.clone());
    let structures = || {
        let rows = spec.structures.iter().filter(|row| row.operation.is_none() && row.wire == tag.wire);
        shared(rows.map(|row| row.section.as_str()))
    };
    let item = || spec.items.iter().find(|row| row.wire == tag.wire).map(|row| row.section.clone());
    let values = || {
        let mut tables = spec.enumerations.iter().chain(&spec.masks);
        tables.find(|row| row.wire == tag.wire).map(|row| row.section.clone())
    };
    attribute.or_else(structures).or_else(item).or_else(values).unwrap_or_else(|| tag.section.clone())
}

/// The innermost section that holds all of these, if there is one: a structure of several forms has a table for each.
fn shared<'a>(mut sections: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut shared: Vec<&str> = sections.next()?.split('.').collect();
    for section in sections {
        let same = shared.iter().zip(section.split('.')).take_while(|(one, other)| **one == *other).count();
        shared.truncate(same);
    }
    (!shared.is_empty()).then(|| shared.join("."))
}

fn row(key: &str, version: Version, section: &str) -> String {
    format!("({key}, Section::new({}, {section:?})),\n", emit::path(version))
}

fn list(name: &str, doc: &str, key: &str, rows: Vec<String>) -> String {
    format!("\n/// {doc}\npub(crate) static {name}: &[({key}, Section)] = &[\n{}];\n", rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_of_several_forms_is_where_all_of_them_are() {
        for (sections, expected) in [
            (&["2.1.7.1", "2.1.7.2"][..], Some("2.1.7")),
            (&["4.2"], Some("4.2")),
            (&["4.2", "4.2"], Some("4.2")),
            (&["4.2", "5.2"], None),
            (&[], None),
        ] {
            assert_eq!(shared(sections.iter().copied()).as_deref(), expected, "{sections:?}");
        }
    }
}
