//! Generates the tags.

use std::collections::BTreeMap;

use anyhow::Result;

use super::emit;
use super::enumerations::identifiers;
use super::merge::MergedName;
use super::types::{TagNames, TagTypes};
use crate::names;

/// The text of the file.
///
/// # Errors
/// When two tags would have one Rust name.
pub(crate) fn generate(tags: &[MergedName], types: &TagTypes) -> Result<String> {
    let constants = identifiers("the tags", tags, names::rust_constant)?;
    let mut text = String::from(
        "//! The tags of the standard.\n\nuse super::{enumerations, masks};\nuse crate::item_type::ItemTypes;\n\
         use crate::tables::{Names, TagInfo};\nuse crate::tag::Tag;\nuse crate::version::ProtocolVersion;\n\nimpl Tag {\n",
    );
    for (tag, constant) in tags.iter().zip(&constants) {
        text.push_str(&format!(
            "    /// {} (`{}`), {}.\n    pub const {constant}: Tag = Tag::from_raw({:#X});\n",
            tag.spelled,
            tag.wire,
            emit::lifetime(tag.span, tag.deprecated),
            tag.value
        ));
    }
    text.push_str("}\n\n/// Every tag of the standard, in the order of their numbers.\npub static TAGS: &[TagInfo] = &[\n");
    for (tag, constant) in tags.iter().zip(&constants) {
        let names = match types.names(&tag.wire) {
            TagNames::None => "Names::None".to_owned(),
            TagNames::Tags => "Names::Tags".to_owned(),
            TagNames::Enumeration(table) => format!("Names::Enumeration(&enumerations::{})", table.constant),
            TagNames::Mask(table) => format!("Names::Mask(&masks::{})", table.constant),
        };
        text.push_str(&format!(
            "TagInfo {{ tag: Tag::{constant}, name: {:?}, spelled: {:?}, aliases: &[{}], since: {}, until: {}, \
             deprecated: {}, types: {}, names: {names} }},\n",
            tag.wire,
            tag.spelled,
            emit::strings(&tag.wire_aliases),
            emit::path(tag.span.since),
            emit::optional_path(tag.span.until),
            emit::optional_path(tag.deprecated),
            types.expression(&tag.wire),
        ));
    }
    text.push_str("];\n");
    let wire = tags.iter().zip(&constants).flat_map(|(tag, constant)| {
        std::iter::once(&tag.wire).chain(&tag.wire_aliases).map(move |name| (name, constant))
    });
    text.push_str(&index("TAG_NAMES", "Wire names, of every version, sorted for binary search.", wire));
    let spelled = tags.iter().zip(&constants).flat_map(|(tag, constant)| {
        std::iter::once(&tag.spelled).chain(&tag.spelled_aliases).map(move |name| (name, constant))
    });
    text.push_str(&index(
        "TAG_SPELLED_NAMES",
        "Spelled-out names, of every version, sorted for binary search.",
        spelled,
    ));
    Ok(text)
}

fn index<'a>(name: &str, doc: &str, rows: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let rows: BTreeMap<&String, &String> = rows.collect();
    let rows: Vec<String> =
        rows.iter().map(|(name, constant)| format!("({name:?}, Tag::{constant}),\n")).collect();
    format!("\n/// {doc}\npub static {name}: &[(&str, Tag)] = &[\n{}];\n", rows.concat())
}
