//! Generates the catalogue of attributes.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use super::emit;
use super::merge::{MergedName, MergedValues, Span, newest};
use super::{operations, types};
use crate::model::Attribute;
use crate::names;
use crate::versions::{Edition, Version};

/// The text of the file.
///
/// # Errors
/// When there is no version at all, or a version says of an attribute what there are no words for.
pub(crate) fn generate(
    editions: &[Edition],
    tags: &[MergedName],
    enumerations: &[MergedValues],
) -> Result<String> {
    let newest = newest(editions)?;
    let mut text = String::from(
        "//! The attributes of the standard.\n\nuse crate::generated::enumerations::{ObjectType, State};\n\
         use crate::item_type::ItemTypes;\n\
         use crate::tables::{AttributeInfo, AttributeRules, Condition, Rule, SetBy, Until};\nuse crate::tag::Tag;\n\
         use crate::version::ProtocolVersion;\n\n/// Every attribute of the standard, by name.\n\
         pub static ATTRIBUTES: &[AttributeInfo] = &[\n",
    );
    let mut attributes: BTreeMap<&str, Vec<(Version, &Attribute)>> = BTreeMap::new();
    for edition in editions {
        for attribute in &edition.spec.attributes {
            attributes.entry(&attribute.wire).or_default().push((edition.version, attribute));
        }
    }
    let object_types = &operations::find(enumerations, "ObjectType")?.values;
    for (wire, versions) in attributes {
        let having: Vec<Version> = versions.iter().map(|(version, _)| *version).collect();
        let (Some((_, last)), Some(span)) = (versions.last(), Span::of(&having, newest)) else { continue };
        let one = one(wire, &versions, last, span, tags, object_types);
        text.push_str(&one.with_context(|| format!("the attribute {wire}"))?);
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
    object_types: &[MergedName],
) -> Result<String> {
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
    if versions.iter().any(|(_, attribute)| attribute.multiple != last.multiple) {
        bail!("the versions differ in whether there may be several");
    }
    let rules_of = |attribute: &Attribute| rules(attribute, object_types);
    let newest = rules_of(last)?;
    // The last version of each set of rules that a later one changed.
    let mut earlier = String::new();
    for (at, (version, attribute)) in versions.iter().enumerate() {
        let own = rules_of(attribute)?;
        let next = versions.get(at + 1).map(|(_, next)| rules_of(next)).transpose()?;
        if next.is_some_and(|next| next != own) {
            earlier.push_str(&format!("({}, {own}), ", emit::path(*version)));
        }
    }
    Ok(format!(
        "AttributeInfo {{ name: {wire:?}, spelled: {:?}, aliases: &[{}], tag: {tag}, types: {}, multiple: {}, since: {}, \
         until: {}, deprecated: {}, rules: {newest}, earlier: &[{earlier}] }},\n",
        last.name,
        emit::strings(aliases),
        types::expression(&item_types),
        last.multiple,
        emit::path(span.since),
        emit::optional_path(span.until),
        emit::optional_path(deprecated),
    ))
}

/// Who sets and changes an attribute, by one version.
fn rules(attribute: &Attribute, object_types: &[MergedName]) -> Result<String> {
    let set_by = |who: &str| attribute.initially_set_by.iter().any(|other| other == who);
    Ok(format!(
        "AttributeRules {{ always: {}, initially_set_by: SetBy {{ server: {}, client: {} }}, \
         modifiable_by_server: {}, modifiable_by_client: {}, deletable_by_client: {}, implicitly_set_by: &[{}], \
         applies_to: &[{}], object_types: &[{}] }}",
        rule(&attribute.always_has_value, &[], "")?,
        set_by("server"),
        set_by("client"),
        rule(&attribute.modifiable_by_server, &[], "")?,
        rule(
            &attribute.modifiable_by_client,
            &attribute.modifiable_by_client_in,
            &attribute.modifiable_by_client_until
        )?,
        rule(&attribute.deletable_by_client, &[], &attribute.deletable_by_client_until)?,
        emit::strings(&attribute.implicitly_set_by),
        emit::strings(&attribute.applies_to),
        applicable(&attribute.applies_to, object_types)?,
    ))
}

fn rule(answer: &str, states: &[String], until: &str) -> Result<String> {
    let states: Vec<String> = states.iter().map(|state| format!("State::{state}")).collect();
    let until = match until {
        "" => "None",
        "reached" => "Some(Until::Reached)",
        "allocated" => "Some(Until::Allocated)",
        other => bail!("nothing is known to end with {other:?}"),
    };
    Ok(match answer {
        "yes" => "Rule::Yes".to_owned(),
        "no" => "Rule::No".to_owned(),
        _ => format!("Rule::Conditional(Condition {{ states: &[{}], until: {until} }})", states.join(", ")),
    })
}

/// What the documents call kinds of object, and the Object Types that they mean.
const KINDS: &[(&str, &[&str])] = &[
    (
        "All Cryptographic Objects",
        &[
            "Certificate",
            "SymmetricKey",
            "PublicKey",
            "PrivateKey",
            "SplitKey",
            "SecretData",
            "PGPKey",
            "CertificateRequest",
        ],
    ),
    ("Keys", &["SymmetricKey", "PublicKey", "PrivateKey", "SplitKey", "PGPKey"]),
    ("Symmetric Keys", &["SymmetricKey"]),
    ("Asymmetric Keys", &["PublicKey", "PrivateKey"]),
    ("Public Keys", &["PublicKey"]),
    ("Private Keys", &["PrivateKey"]),
    ("Split Keys", &["SplitKey"]),
    ("Split Keys of symmetric keys", &["SplitKey"]),
    ("Certificates", &["Certificate"]),
    ("X.509 Certificates", &["Certificate"]),
    ("PGP keys", &["PGPKey"]),
    ("Secret Data", &["SecretData"]),
    ("Opaque Objects", &["OpaqueObject"]),
    ("Templates", &["Template"]),
];

/// The Object Types that kinds of object are; none where all are meant.
fn applicable(kinds: &[String], object_types: &[MergedName]) -> Result<String> {
    let mut wires: Vec<&str> = Vec::new();
    for kind in kinds.iter().flat_map(|kinds| kinds.split(',')).map(str::trim) {
        if kind == "All Objects" {
            return Ok(String::new());
        }
        // One document says `Managed Cryptographic Objects`, and some put one object for many.
        let kind = if kind == "Managed Cryptographic Objects" { "All Cryptographic Objects" } else { kind };
        let known = KINDS.iter().find(|(name, _)| *name == kind || name.strip_suffix('s') == Some(kind));
        let (_, known) = known.with_context(|| format!("no Object Type is known for {kind:?}"))?;
        wires.extend(*known);
    }
    let named = object_types.iter().filter(|value| wires.contains(&value.wire.as_str()));
    let paths: Vec<String> =
        named.map(|value| format!("ObjectType::{}", names::rust_type(&value.wire))).collect();
    Ok(paths.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_what_there_are_no_words_for() {
        let unknown = applicable(&["Clouds".to_owned()], &[]).unwrap_err();
        assert_eq!(unknown.to_string(), "no Object Type is known for \"Clouds\"");
        let unknown = rule("conditional", &[], "noon").unwrap_err();
        assert_eq!(unknown.to_string(), "nothing is known to end with \"noon\"");
    }
}
