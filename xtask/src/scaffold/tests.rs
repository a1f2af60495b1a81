//! Tests of the skeletons.

use super::*;
use crate::model::{Attribute, Encoding, Named, Operation, Spec};

fn row(name: &str, item_type: &str, required: &str) -> Field {
    Field {
        name: name.into(),
        wire: names::wire(name),
        required: required.into(),
        encoding: Encoding { types: vec![item_type.into()], ..Encoding::default() },
        ..Field::default()
    }
}

fn structure(name: &str, fields: Vec<Field>) -> Structure {
    Structure {
        name: name.into(),
        wire: names::wire(name),
        section: "7.1".into(),
        kind: "operation-data".into(),
        fields,
        ..Structure::default()
    }
}

fn spec(structures: Vec<Structure>) -> Spec {
    let names = ["Request Payload", "Unique Identifier", "Log Size", "Log Entry", "Colour"];
    let tag = |(index, name): (usize, &&str)| Named {
        name: (*name).into(),
        wire: names::wire(name),
        value: format!("0x42000{index}"),
        ..Named::default()
    };
    Spec { tags: names.iter().enumerate().map(tag).collect(), structures, ..Spec::default() }
}

fn tables() -> Tables {
    let entry = |more: Option<Field>| {
        structure("Log Entry", [row("Log Size", "LongInteger", "no")].into_iter().chain(more).collect())
    };
    let mut repeated = row("Log Entry", "Structure", "yes");
    repeated.repeated = true;
    let payload = Structure {
        kind: "operation-request".into(),
        operation: Some("ReadLog".into()),
        ..structure("Request Payload", vec![row("Unique Identifier", "TextString", "no"), repeated])
    };
    let mut new = spec(vec![entry(Some(row("Colour", "ByteString", "yes"))), payload]);
    new.operations = vec![Operation {
        name: "Read Log".into(),
        wire: "ReadLog".into(),
        value: "0x00000001".into(),
        ..Operation::default()
    }];
    new.attributes = vec![Attribute {
        name: "Colour".into(),
        wire: "Colour".into(),
        section: "4.1".into(),
        encoding: Encoding { types: vec!["ByteString".into()], ..Encoding::default() },
        ..Attribute::default()
    }];
    let edition = |version: &str, spec| Edition { version: Version::parse(version).unwrap(), spec };
    Tables::merge(vec![edition("9.0", spec(vec![entry(None)])), edition("9.1", new)], &[]).unwrap()
}

#[test]
fn prints_what_the_code_lacks() {
    let mut source = Source::default();
    source.read_text("#[derive(Ttlv)] struct A { unique_identifier: Option<UniqueIdentifier> }").unwrap();
    source.modules.insert("UniqueIdentifier".into(), "attribute".into());
    let version = Version::parse("9.1").unwrap();
    let text = Skeletons::new(&tables(), &source, &Registry::default(), version).unwrap().to_string();
    let expected = r#"// kmip-types/src/operation/read_log.rs:
//! Read Log.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::operation::LogEntry;

/// The request of ReadLog (KMIP 9.1 section 7.1). Since KMIP 9.1.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ReadLogRequest {
    /// Unique Identifier.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// Log Entry.
    #[ttlv(required)]
    pub log_entry: Vec<LogEntry>,
}

// kmip-types/src/operation/log_entry.rs:
//! Log Entry.

use kmip_derive::Ttlv;

/// Log Entry (KMIP 9.1 section 7.1).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "LogEntry")]
pub struct LogEntry {
    /// Log Size.
    pub log_size: Option<i64>,
    /// Colour.
    #[ttlv(since = "9.1")]
    pub colour: Vec<u8>,
}

// kmip-types/src/attribute/attribute.rs:
// In `Attribute`:
/// Colour (KMIP 9.1 section 4.1).
Colour(Vec<u8>),

// kmip-types/src/operation/mod.rs:
mod read_log;
pub use read_log::ReadLogRequest;
mod log_entry;
pub use log_entry::LogEntry;

// kmip-types/src/operation/payload.rs:
// In `operations!`:
ReadLog: ReadLogRequest => ReadLogResponse,

// kmip-types/src/operation/request_payload.rs:
// In `RequestPayload`:
/// Read Log.
#[ttlv(value = "Operation::ReadLog", since = "9.1")]
ReadLog(ReadLogRequest),

// kmip-types/src/schemas.rs:
use crate::operation::LogEntry;
// In `STRUCTURES`:
of::<LogEntry>(Tag::LOG_ENTRY),

"#;
    assert_eq!(text, expected);
}

/// Takes away from the code all that KMIP 1.4 lacks, and has it printed for 2.1. The file is compiled as a test
/// of the derives; `UPDATE_SCAFFOLDED=1 cargo test -p xtask` writes it anew.
#[test]
fn prints_what_was_taken_away_as_code_that_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tables = Tables::load(&root.join("spec")).unwrap();
    let source = Source::read(&root.join("kmip-types/src")).unwrap();
    let (old, new) = (Version::parse("1.4").unwrap(), Version::parse("2.1").unwrap());
    let skeletons = Skeletons::new(&tables, &source, &registry_of(&tables, old, new), new).unwrap();
    let mut text = PRELUDE.to_owned();
    for file in &skeletons.files {
        // In a crate of its own the types are those of `kmip_types`, and a documentation of the file is none.
        let body = file
            .to_string()
            .replace("use crate::", "use kmip_types::")
            .replace("use kmip_derive::", "use kmip_types::");
        let body = body.split_once("\n\n").unwrap().1.to_owned();
        text += &format!("\nmod {} {{\n{body}}}\n", file.name);
    }
    let text = crate::codegen::format(&root, &text).unwrap();
    for expected in ["pub struct LogRequest {", "pub struct LoginResponse {", "pub struct Rights {"] {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(!text.contains("CreateRequest"));

    let path = root.join("tests/derive/tests/scaffolded.rs");
    if std::env::var_os("UPDATE_SCAFFOLDED").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == text, "{} is stale", path.display());
}

const PRELUDE: &str = "\
// @generated by `UPDATE_SCAFFOLDED=1 cargo test -p xtask`: do not edit.
//! What `cargo xtask scaffold --version 2.1` prints to someone who has all of KMIP 1.4.
#![allow(dead_code, missing_docs, unexpected_cfgs, unreachable_pub)]
";

/// What code has that has all structures of one version, and the attributes of another.
fn registry_of(tables: &Tables, structures: Version, attributes: Version) -> Registry {
    let edition = |version| tables.editions.iter().find(|edition| edition.version == version).unwrap();
    let number = |names: &[Named], wire: &str| {
        let row = names.iter().find(|row| row.wire == wire)?;
        u32::from_str_radix(row.value.trim_start_matches("0x"), 16).ok()
    };
    let (old, new) = (&edition(structures).spec, &edition(attributes).spec);
    let entry = |structure: &Structure| {
        let operation = structure.operation.as_ref().map(|wire| {
            let row = old.operations.iter().find(|row| row.wire == *wire).unwrap();
            u32::from_str_radix(row.value.trim_start_matches("0x"), 16).unwrap()
        });
        let tag = number(&old.tags, &structure.wire).unwrap();
        crate::audit::Entry { tag, operation, variant: structure.variant.clone(), ..Default::default() }
    };
    Registry {
        attributes: new.attributes.iter().filter_map(|row| number(&new.tags, &row.wire)).collect(),
        structures: old.structures.iter().map(entry).collect(),
        ..Registry::default()
    }
}

#[test]
fn prints_nothing_for_what_the_code_has() {
    let entry = |tag, operation| crate::audit::Entry { tag, operation, ..Default::default() };
    let registry = Registry {
        attributes: vec![0x42_0004],
        structures: vec![entry(0x42_0003, None), entry(0x42_0000, Some(1))],
        ..Registry::default()
    };
    let version = Version::parse("9.1").unwrap();
    let skeletons = Skeletons::new(&tables(), &Source::default(), &registry, version).unwrap();
    assert!(skeletons.is_empty());
    assert_eq!(skeletons.to_string(), "");
    let unknown = Version::parse("9.9").unwrap();
    assert!(Skeletons::new(&tables(), &Source::default(), &registry, unknown).is_err());
}
