//! Generates the catalogue of attributes.

use std::collections::BTreeMap;

use anyhow::Result;

use super::emit;
use super::merge::{MergedName, Span, newest};
use super::types;
use crate::model::Attribute;
use crate::names;
use crate::versions::{Edition, Version};

/// The text of the file.
///
/// # Errors
/// When there is no version at all.
pub(crate) fn generate(editions: &[Edition], tags: &[MergedName]) -> Result<String> {
    let newest = newest(editions)?;
    let mut text = String::from(
        "//! The attributes of the standard.\n\nuse crate::item_type::ItemTypes;\n\
         use crate::tables::{AttributeInfo, AttributeRules, Rule, SetBy};\nuse crate::tag::Tag;\n\
         use crate::version::ProtocolVersion;\n\n/// Every attribute of the standard, by name.\n\
         pub static ATTRIBUTES: &[AttributeInfo] = &[\n",
    );
    let mut attributes: BTreeMap<&str, Vec<(Version, &Attribute)>> = BTreeMap::new();
    for edition in editions {
        for attribute in &edition.spec.attributes {
            attributes.entry(&attribute.wire).or_default().push((edition.version, attribute));
        }
    }
    for (wire, versions) in attributes {
        let having: Vec<Version> = versions.iter().map(|(version, _)| *version).collect();
        let (Some((_, last)), Some(span)) = (versions.last(), Span::of(&having, newest)) else { continue };
        text.push_str(&one(wire, &versions, last, span, tags));
    }
    text.push_str("];\n");
    Ok(text)
}

fn one(
    wire: &str,
    versions: &[(Version, &Attribute)],
    last: &Attribute,
    span: Span,
    tags: &[MergedName],
) -> String {
    let mut item_types: Vec<String> = Vec::new();
    let mut aliases: Vec<&String> = Vec::new();
    for (_, attribute) in versions {
        for item_type in &attribute.encoding.types {
            if !item_types.contains(item_type) {
                item_types.push(item_type.clone());
            }
        }
        if attribute.name != last.name && !aliases.contains(&&attribute.name) {
            aliases.push(&attribute.name);
        }
    }
    item_types.sort();
    if versions.iter().any(|(_, attribute)| attribute.encoding.any) {
        item_types.clear();
    }
    let deprecated = versions.iter().find(|(_, attribute)| attribute.deprecated).map(|(version, _)| *version);
    let tag = tags.iter().find(|tag| tag.wire == wire || tag.wire_aliases.iter().any(|alias| alias == wire));
    let tag = tag.map_or_else(
        || "None".to_owned(),
        |tag| format!("Some(Tag::{})", names::rust_constant(&tag.spelled)),
    );
    format!(
        "AttributeInfo {{ name: {wire:?}, spelled: {:?}, aliases: &[{}], tag: {tag}, types: {}, multiple: {}, since: {}, \
         until: {}, deprecated: {}, rules: AttributeRules {{ always: {}, initially_set_by: SetBy {{ server: {}, client: {} }}, \
         modifiable_by_server: {}, modifiable_by_client: {}, deletable_by_client: {}, implicitly_set_by: &[{}], \
         applies_to: &[{}] }} }},\n",
        last.name,
        emit::strings(aliases),
        types::expression(&item_types),
        last.multiple,
        emit::path(span.since),
        emit::optional_path(span.until),
        emit::optional_path(deprecated),
        rule(&last.always_has_value),
        last.initially_set_by.iter().any(|who| who == "server"),
        last.initially_set_by.iter().any(|who| who == "client"),
        rule(&last.modifiable_by_server),
        rule(&last.modifiable_by_client),
        rule(&last.deletable_by_client),
        emit::strings(&last.implicitly_set_by),
        emit::strings(&last.applies_to),
    )
}

fn rule(answer: &str) -> &'static str {
    match answer {
        "yes" => "Rule::Yes",
        "no" => "Rule::No",
        _ => "Rule::Conditional",
    }
}
