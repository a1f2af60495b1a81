//! The command on its own files: what it prints, and its exit codes.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::path::Path;
use std::process::Stdio;

use common::{Folder, kmip};
use insta_cmd::assert_cmd_snapshot;

/// Compares what each of these prints, and its exit code, with a snapshot of that name.
macro_rules! prints {
    ($($name:ident: $arguments:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_cmd_snapshot!(stringify!($name), kmip(&$arguments));
        })*
    };
}

prints! {
    explains_a_tag: ["explain", "0x420028"];
    explains_an_operation: ["explain", "Create", "Key", "Pair"];
    explains_an_enumeration: ["explain", "enumeration", "state"];
    explains_an_attribute: ["explain", "attribute/activation-date"];
    explains_an_object: ["explain", "ObjectType.SymmetricKey"];
    explains_bits: ["explain", "CryptographicUsageMask", "12"];
    explains_many_in_a_line_each: ["explain", "0x11"];
    explains_in_colour_if_told_to: ["explain", "State/Active", "--color", "always"];
    suggests_the_nearest_name: ["explain", "CryptographicAlgoritm"];
    explains_nothing_without_a_name: ["explain"];

    encodes_json_to_hex: ["encode", "request.json", "--to", "hex"];
    encodes_xml_to_base64: ["encode", "request.xml", "--to", "base64"];
    encodes_two_messages: ["encode", "two.xml", "--to", "hex"];
    encodes_no_hex: ["encode", "request.hex", "--from", "json"];

    converts_json_to_xml: ["convert", "request.json", "--to", "xml"];
    converts_hex_to_json: ["convert", "request.hex", "--to", "json", "--compact"];
    converts_two_messages: ["convert", "two.hex", "--to", "json", "--compact"];
    converts_for_a_peer: ["convert", "request.xml", "--to", "json", "--peer", "cosmian"];
    converts_leniently_and_says_what_was_tolerated: ["convert", "lenient.json", "--to", "hex", "--lenient"];
    refuses_other_spellings: ["convert", "lenient.json", "--to", "hex"];
    refuses_another_item_type_strictly: ["convert", "another-type.json", "--to", "hex", "--strict"];
    takes_another_item_type: ["convert", "another-type.json", "--to", "hex"];
    refuses_a_name_that_is_not_there: ["convert", "typo.json", "--to", "xml"];
    refuses_a_faulty_message_of_two: ["convert", "two-faulty.xml", "--to", "hex"];
    refuses_a_message_that_is_cut: ["convert", "cut.hex", "--to", "json"];
    refuses_what_no_encoding_looks_like: ["convert", "words.txt", "--to", "json"];
    refuses_an_empty_file: ["convert", "empty.txt", "--to", "json"];
    refuses_both_modes: ["convert", "request.json", "--to", "hex", "--strict", "--lenient"];

    compares_what_is_the_same: ["diff", "request.json", "request.hex"];
    compares_what_is_the_same_and_says_so: ["diff", "request.json", "request.hex", "--verbose"];
    compares_what_differs: ["diff", "request.json", "changed.json"];
    compares_what_differs_in_xml: ["diff", "request.json", "changed.json", "--to", "xml"];
    compares_what_differs_in_colour: ["diff", "request.json", "changed.json", "--color", "always"];
    compares_one_with_two: ["diff", "request.json", "two.hex"];
    compares_nothing_with_what_is_faulty: ["diff", "request.json", "cut.hex"];
    compares_nothing_with_what_is_not_there: ["diff", "request.json", "words.txt"];

    decodes_json_and_says_what_was_tolerated: ["decode", "lenient.json"];
    decodes_the_other_messages_of_a_faulty_one: ["decode", "two-faulty.xml"];
    decodes_for_a_peer: ["decode", "request.xml", "--to", "json", "--peer", "cosmian"];

    refuses_a_manual_page_of_no_command: ["man", "nothing"];
}

#[test]
fn every_form_is_read_as_it_was_written() {
    let json = kmip(&["encode", "request.json", "--to", "binary"]).output().unwrap().stdout;
    assert_eq!(&json[..4], [0x42, 0x00, 0x78, 0x01]);
    for form in ["json", "xml", "binary", "hex", "base64"] {
        let folder = Folder::new(&format!("form-{form}"));
        let path = folder.0.join("message");
        let path = path.to_str().unwrap();
        assert!(
            kmip(&["convert", "request.json", "--to", form, "--output-file", path])
                .status()
                .unwrap()
                .success()
        );
        for more in [&[][..], &["--from", form]] {
            let back = kmip(&["convert", path, "--to", "binary"]).args(more).output().unwrap();
            assert_eq!(back.stdout, json, "{form} {more:?}: {}", String::from_utf8_lossy(&back.stderr));
        }
    }
}

#[test]
fn a_message_is_read_from_the_standard_input() {
    let file = || {
        std::fs::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/request.xml")).unwrap()
    };
    let named = kmip(&["encode", "request.xml"]).output().unwrap();
    for arguments in [&["encode"][..], &["encode", "-"]] {
        let read = kmip(arguments).stdin(file()).output().unwrap();
        assert!(read.status.success());
        assert_eq!(read.stdout, named.stdout);
    }
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = Folder::new("whole");
    let path = folder.0.join("out");
    let name = path.to_str().unwrap();
    std::fs::write(&path, "before").unwrap();
    let cut = kmip(&["convert", "cut.hex", "--to", "json", "--output-file", name]).output().unwrap();
    assert_eq!(cut.status.code(), Some(1));
    assert_eq!(std::fs::read(&path).unwrap(), b"before");
    assert!(kmip(&["convert", "two.hex", "--to", "hex", "--output-file", name]).status().unwrap().success());
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
    // Nothing else is left behind.
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1);
}

/// After this, each error has the system's own words.
#[test]
fn what_cannot_be_read_or_written_is_named() {
    for (arguments, expected) in [
        (&["convert", "nowhere.json", "--to", "json"][..], "error: nowhere.json cannot be read: "),
        (&["convert", ".", "--to", "json"], "error: . cannot be read: "),
        (&["explain", "State", "--output-file", "nowhere/out"], "error: nowhere/out cannot be written: "),
    ] {
        let found = kmip(arguments).output().unwrap();
        assert_eq!(found.status.code(), Some(3));
        let error = String::from_utf8(found.stderr).unwrap();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn nothing_is_coloured_but_on_a_terminal() {
    for variable in ["NO_COLOR", "KMIP_UNUSED"] {
        let found = kmip(&["explain", "State"]).env(variable, "1").output().unwrap();
        assert!(!found.stdout.contains(&0x1B));
    }
    let folder = Folder::new("colour");
    let path = folder.0.join("out");
    assert!(kmip(&["explain", "State", "--output-file", path.to_str().unwrap()]).status().unwrap().success());
    assert!(!std::fs::read(&path).unwrap().contains(&0x1B));
}

/// As with `kmip explain 1 | head -1`.
#[test]
fn a_reader_that_has_enough_is_no_error() {
    let mut command = kmip(&["explain", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn every_command_has_a_manual_page() {
    for command in [
        &["man"][..],
        &["man", "explain"],
        &["man", "encode"],
        &["man", "convert"],
        &["man", "decode"],
        &["man", "diff"],
    ] {
        let page = kmip(command).output().unwrap();
        assert!(String::from_utf8(page.stdout).unwrap().contains(".SH NAME"), "{command:?}");
    }
}
