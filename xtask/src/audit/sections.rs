//! The sections and first versions that the documentation of types names, held against those of the tables.

use std::collections::BTreeMap;
use std::path::Path;

use crate::names;
use crate::versions::{self, Version};

/// What the documentation of a struct says: the comment above it in its file.
fn documentation(source: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().collect();
    let at = lines.iter().position(|line| {
        let rest = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
    })?;
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with("#["));
    let mut text: Vec<&str> = above.filter_map(|line| line.strip_prefix("/// ")).collect();
    text.reverse();
    Some(text.join(" "))
}

#[test]
fn every_payload_is_in_the_file_of_its_operation_and_names_its_sections() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = 0;
    for version in ["1.4", "2.1"] {
        let spec = versions::load(&root.join("spec"), version).unwrap();
        for structure in &spec.structures {
            let Some(operation) = &structure.operation else { continue };
            let side = if structure.kind == "operation-request" { "Request" } else { "Response" };
            let file = names::rust_module(operation) + ".rs";
            let source = std::fs::read_to_string(root.join("kmip-types/src/operation").join(&file)).unwrap();
            let name = names::rust_type(operation) + side;
            let text = documentation(&source, &name).unwrap_or_else(|| panic!("{file} has no {name}"));
            // `2.1 sections 6.1.40 and 6.2.4`
            let of_version = |part: &&str| part.starts_with(&format!("{version} section"));
            let mut parts = text.split([',', '(', ')']).map(|part| part.trim().trim_start_matches("KMIP "));
            let is_named = parts
                .find(of_version)
                .is_some_and(|part| part.split(' ').any(|word| word == structure.section));
            assert!(is_named, "{name}: no section {} of {version} in {text:?}", structure.section);
            named += 1;
        }
    }
    assert!(named > 200, "{named}");
}

/// `2.0` of `Since KMIP 2.0.`
fn since(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Since KMIP ")?;
    rest.split([' ', ',', ';']).next().map(|version| version.trim_end_matches('.'))
}

#[test]
fn every_type_of_one_structure_says_the_version_that_it_came_with() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let editions = versions::load_all(&root.join("spec")).unwrap();
    let mut first: BTreeMap<String, Version> = BTreeMap::new();
    for edition in &editions {
        for structure in &edition.spec.structures {
            let name = match (&structure.operation, &structure.variant) {
                (Some(operation), _) if structure.kind == "operation-request" => {
                    names::rust_type(operation) + "Request"
                }
                (Some(operation), _) => names::rust_type(operation) + "Response",
                (None, Some(_)) => continue,
                (None, None) => names::rust_type(&structure.wire),
            };
            first.entry(name).or_insert(edition.version);
        }
    }
    let mut said = 0;
    for module in ["attribute", "message", "object", "operation"] {
        for entry in std::fs::read_dir(root.join("kmip-types/src").join(module)).unwrap() {
            let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for (name, version) in &first {
                let Some(text) = documentation(&source, name) else { continue };
                let Some(since) = since(&text) else { continue };
                assert_eq!(since, version.to_string(), "{name}");
                said += 1;
            }
        }
    }
    assert!(said > 30, "{said}");
}
