//! The rules of the attributes, and their accessors, held against the tables that were ingested.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kmip_tests::samples::attributes::every_attribute;
use kmip_types::ProtocolVersion;
use kmip_types::attribute::{Attribute, Attributes, CustomAttribute, Name};
use kmip_types::generated::attributes::ATTRIBUTES;
use kmip_types::tables::{AttributeInfo, Rule, Until};
use kmip_types::ttlv::Tagged;
use toml::{Table, Value};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

/// The rows of a version's attributes, by wire name, if there is a document of the version.
fn rows(version: ProtocolVersion) -> Option<BTreeMap<String, Table>> {
    let path = repository().join(format!("spec/kmip-{version}.toml"));
    let spec: Table = fs::read_to_string(path).ok()?.parse().unwrap();
    let rows = spec["attribute"].as_array().unwrap().iter().map(|row| row.as_table().unwrap().clone());
    Some(rows.map(|row| (row["wire"].as_str().unwrap().to_owned(), row)).collect())
}

/// The attributes whose tables `spec/errata.toml` corrects.
fn corrected() -> Vec<String> {
    let errata: Table = read("spec/errata.toml").parse().unwrap();
    let tables = errata.values().filter_map(Value::as_array).flatten().filter_map(Value::as_table);
    let names = tables.flat_map(|table| table.values().filter_map(Value::as_str));
    names.map(str::to_owned).collect()
}

fn answer(rule: Rule) -> &'static str {
    match rule {
        Rule::Yes => "yes",
        Rule::No => "no",
        Rule::Conditional(_) => "conditional",
    }
}

/// What the condition of a rule says, as the ingested tables write it.
fn condition(rule: Rule) -> (Vec<String>, &'static str) {
    let Rule::Conditional(condition) = rule else { return (Vec::new(), "") };
    let states = condition.states.iter().map(ToString::to_string).collect();
    let until = match condition.until {
        None => "",
        Some(Until::Reached) => "reached",
        Some(Until::Allocated) => "allocated",
    };
    (states, until)
}

fn text<'a>(row: &'a Table, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list(row: &Table, key: &str) -> Vec<String> {
    row.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_rules_are_those_of_each_version_that_has_the_attribute() {
    let corrected = corrected();
    let mut compared = 0;
    for info in ATTRIBUTES {
        if corrected.iter().any(|name| name == info.name || name == info.spelled) {
            continue;
        }
        let versions = ProtocolVersion::ALL.iter().filter(|version| info.is_in(**version));
        let mut rows = versions.filter_map(|version| Some((*version, rows(*version)?))).peekable();
        assert!(rows.peek().is_some(), "{}", info.name);
        for (version, rows) in rows {
            compared += 1;
            check(info, version, &rows[info.name]);
        }
    }
    assert!(compared > 300, "{compared}");
}

fn check(info: &AttributeInfo, version: ProtocolVersion, row: &Table) {
    let (name, rules) = (format!("{} {version}", info.name), info.rules_in(version));
    assert_eq!(info.multiple, row["multiple"].as_bool().unwrap(), "{name}");
    assert_eq!(answer(rules.always), text(row, "always-has-value"), "{name}");
    assert_eq!(answer(rules.modifiable_by_server), text(row, "modifiable-by-server"), "{name}");
    assert_eq!(answer(rules.modifiable_by_client), text(row, "modifiable-by-client"), "{name}");
    let stated = (list(row, "modifiable-by-client-in"), text(row, "modifiable-by-client-until"));
    assert_eq!(condition(rules.modifiable_by_client), stated, "{name}");
    assert_eq!(answer(rules.deletable_by_client), text(row, "deletable-by-client"), "{name}");
    let stated = (Vec::new(), text(row, "deletable-by-client-until"));
    assert_eq!(condition(rules.deletable_by_client), stated, "{name}");
    let set_by = list(row, "initially-set-by");
    assert_eq!(rules.initially_set_by.server, set_by.iter().any(|by| by == "server"), "{name}");
    assert_eq!(rules.initially_set_by.client, set_by.iter().any(|by| by == "client"), "{name}");
    assert_eq!(rules.implicitly_set_by, list(row, "implicitly-set-by"), "{name}");
    let applies_to = list(row, "applies-to");
    assert_eq!(rules.applies_to, applies_to, "{name}");
    let are_all = applies_to.iter().any(|kind| kind == "All Objects");
    assert_eq!(rules.object_types.is_empty(), are_all, "{name}");
}

#[test]
fn every_attribute_has_an_accessor_for_one_or_for_several() {
    let source = read("kmip-types/src/attribute/accessors.rs");
    let (one, several) = source.split_once("\nseveral! {").unwrap();
    let one = one.split_once("\none! {").unwrap().1;
    let has = |list: &str, variant: &str| list.contains(&format!(": {variant}("));
    let mut wrong = Vec::new();
    for attribute in every_attribute() {
        let debug = format!("{attribute:?}");
        let variant = debug.split(['(', ' ']).next().unwrap();
        let info = ATTRIBUTES.iter().find(|info| info.tag == Some(attribute.tag()));
        let is_vendors = matches!(attribute, Attribute::Vendor(_));
        let is_several = info.is_some_and(|info| info.multiple) || is_vendors;
        if has(several, variant) != is_several || has(one, variant) == is_several {
            wrong.push(variant.to_owned());
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn attributes_are_read_by_accessor_by_type_by_tag_and_by_iterating() {
    let attributes: kmip_types::attribute::Attributes = every_attribute().into_iter().collect();
    assert_eq!(attributes.cryptographic_length(), Some(256));
    assert_eq!(attributes.names().map(|name| name.name_value.as_str()).collect::<Vec<_>>(), ["ledger key"]);
    let name: Option<kmip_types::attribute::Name> = attributes.typed().unwrap();
    assert_eq!(name.as_ref(), attributes.names().next());
    let link: Vec<kmip_types::attribute::Link> = attributes.all_typed().map(Result::unwrap).collect();
    assert_eq!(link.iter().collect::<Vec<_>>(), attributes.links().collect::<Vec<_>>());
    let length = attributes.get(kmip_types::Tag::CRYPTOGRAPHIC_LENGTH);
    assert_eq!(length, Some(&Attribute::CryptographicLength(256)));
    assert_eq!(attributes.iter().count(), attributes.len());
    assert_eq!(attributes.clone().into_iter().collect::<Vec<_>>(), every_attribute());
    let mut kept = attributes;
    kept.retain(|attribute| matches!(attribute, Attribute::State(_)));
    assert_eq!((kept.len(), kept.state()), (1, Some(kmip_types::enumerations::State::Active)));
}

#[test]
fn attributes_are_written_by_accessor_in_the_place_of_the_one_or_behind_the_others() {
    let custom =
        CustomAttribute { attribute_name: "Colour".into(), attribute_value: kmip_types::Value::Integer(1) };
    let mut attributes = Attributes::new()
        .with_cryptographic_length(128)
        .with_name(Name::text("a"))
        .with_cryptographic_length(256)
        .with_name(Name::text("b"))
        .with_custom_attribute(custom.clone());
    let [length, a, b] = [
        Attribute::CryptographicLength(256),
        Attribute::Name(Name::text("a")),
        Attribute::Name(Name::text("b")),
    ];
    assert_eq!(attributes.iter().collect::<Vec<_>>(), [&length, &a, &b, &custom.into()]);

    attributes.set(Attribute::CryptographicLength(512));
    attributes.set(Attribute::Fresh(true));
    assert_eq!((attributes.cryptographic_length(), attributes.fresh()), (Some(512), Some(true)));
    assert_eq!(attributes.len(), 5);

    attributes.iter_mut().for_each(|attribute| *attribute = Attribute::Fresh(false));
    assert!(attributes.iter().all(|attribute| *attribute == Attribute::Fresh(false)));
}
