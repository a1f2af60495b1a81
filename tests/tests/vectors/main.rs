//! The files in `tests/vectors`: fresh, complete, and taken through every encoding.

#![allow(clippy::unwrap_used, clippy::panic)] // A panic is how a test fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kmip_tests::conformance;
use kmip_tests::samples::messages::{AnyMessage, credentials};
use kmip_tests::vectors::{self, Vector};
use kmip_types::enumerations::CREDENTIAL_TYPE;
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::message::{RequestBatchItem, RequestHeader, ResponseBatchItem, ResponseHeader};
use kmip_types::tables::NameInfo;
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Structure;
use kmip_types::{Item, ProtocolVersion, Tag};

#[test]
fn files_are_those_of_the_typed_values() {
    let stale = vectors::stale(&vectors::root(), &vectors::files().unwrap()).unwrap();
    assert!(stale.is_empty(), "run `cargo run -p kmip-tests --bin vectors`, for these are stale: {stale:#?}");
}

#[test]
fn names_a_file_that_differs_is_missing_or_is_no_vectors() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vectors");
    let _ = std::fs::remove_dir_all(&root);
    let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
    let files = BTreeMap::from([file("a/one.xml", "1"), file("a/two.xml", "2"), file("b/three.xml", "3")]);
    let written = vectors::write(&root, &files).unwrap();
    assert_eq!((written.len(), vectors::stale(&root, &files).unwrap()), (3, vec![]));
    std::fs::write(root.join("a/one.xml"), "changed").unwrap();
    std::fs::remove_file(root.join("b/three.xml")).unwrap();
    std::fs::write(root.join("b/other.xml"), "").unwrap();
    let stale = ["a/one.xml", "b/three.xml", "b/other.xml"].map(PathBuf::from);
    assert_eq!(vectors::stale(&root, &files).unwrap(), stale);
    assert_eq!(vectors::write(&root, &files).unwrap(), stale);
    assert_eq!(vectors::stale(&root, &files).unwrap(), [] as [PathBuf; 0]);
}

#[test]
fn every_file_survives_every_encoding_typed_throughout() {
    let mut out = Vec::new();
    let report = conformance::run(&[vectors::root()], &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let failed: Vec<&str> = out.lines().filter(|line| !line.ends_with("typed throughout")).collect();
    assert_eq!((report.failed, report.untyped), (0, 0), "{failed:#?}");
    assert_eq!(report.passed, vectors::files().unwrap().len());
}

#[test]
fn every_operation_has_a_request_and_a_response_in_its_oldest_and_its_newest_version() {
    for info in OPERATIONS {
        for version in [info.since, info.until.unwrap_or(ProtocolVersion::NEWEST)] {
            for direction in ["request", "response"] {
                for ending in ["xml", "json", "hex"] {
                    let file = format!("{}/{direction}-{version}.{ending}", vectors::folder(info));
                    assert!(vectors::root().join(&file).is_file(), "{file} is not there");
                }
            }
        }
    }
}

#[test]
fn every_field_of_headers_and_batch_items_is_set_in_some_vector_of_every_version() {
    let items: Vec<(ProtocolVersion, Item)> = vectors::all()
        .iter()
        .map(|vector| {
            let version = match &vector.message {
                AnyMessage::Request(request) => request.request_header.protocol_version,
                AnyMessage::Response(response) => response.response_header.protocol_version,
            };
            (version, Item::from_ttlv(&vector.ttlv().unwrap()).unwrap())
        })
        .collect();
    for version in ProtocolVersion::ALL {
        let messages = items.iter().filter(|(of, _)| of == version);
        let found: BTreeSet<(Tag, Tag)> = messages
            .flat_map(|(_, message)| message.walk())
            .flat_map(|item| item.fields().iter().map(|field| (item.tag, field.tag)))
            .collect();
        for (tag, schema) in [
            (Tag::REQUEST_HEADER, RequestHeader::SCHEMA),
            (Tag::RESPONSE_HEADER, ResponseHeader::SCHEMA),
            (Tag::BATCH_ITEM, RequestBatchItem::SCHEMA),
            (Tag::BATCH_ITEM, ResponseBatchItem::SCHEMA),
        ] {
            for field in schema.fields.iter().filter(|field| field.is_in(*version)) {
                let tag = (tag, field.tag_in(*version));
                assert!(found.contains(&tag), "{} in {version}: no {:?}", schema.name, field.tag);
            }
        }
    }
}

#[test]
fn every_kind_of_credential_is_in_some_vector_of_every_version_that_has_it() {
    for version in ProtocolVersion::ALL {
        let credentials = credentials(*version);
        let found: Vec<u32> = credentials.iter().map(|(_, it)| it.credential_type.into()).collect();
        let has = |row: &&NameInfo| version.is_at_least(row.since);
        let expected: Vec<u32> = CREDENTIAL_TYPE.values.iter().filter(has).map(|row| row.value).collect();
        assert_eq!(found, expected, "{version}");
    }
}

#[test]
fn snapshots() {
    let mut folders: BTreeMap<String, Vec<Vector>> = BTreeMap::new();
    for vector in vectors::all() {
        folders.entry(vector.folder.clone()).or_default().push(vector);
    }
    let codec = TextCodec::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (folder, vectors) in folders {
        let text = |vector: &Vector| {
            format!("{}\n{}\n", vector.name, codec.to_text(&vector.ttlv().unwrap()).unwrap())
        };
        let text: Vec<String> = vectors.iter().map(text).collect();
        settings.bind(|| insta::assert_snapshot!(folder, text.join("\n")));
    }
}
