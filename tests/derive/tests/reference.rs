//! The reference of what the derives refuse is what they say in the UI tests.
//!
//! After a change, `TRYBUILD=overwrite cargo test -p kmip-derive-tests --test reference` writes it anew.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folders of the UI tests and what they are about.
const KINDS: [(&str, &str); 15] = [
    ("tag", "Tags"),
    ("item_type", "Types under a tag"),
    ("version", "Versions"),
    ("presence", "Presence by version"),
    ("shape", "Shapes of structs"),
    ("selector", "Selectors"),
    ("choice", "Choices"),
    ("flatten", "Flattened fields"),
    ("secret", "Secrets"),
    ("attribute", "Attributes"),
    ("enumeration", "Enumerations"),
    ("mask", "Masks"),
    ("required", "What is required"),
    ("extension", "A vendor's operations and attributes"),
    ("several", "Several at once"),
];

#[test]
fn the_reference_lists_every_refusal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expected = reference(&root.join("tests/ui"));
    let path = root.join("../../kmip-types/src/derive/refusals.md");
    if env::var("TRYBUILD").is_ok_and(|value| value == "overwrite") {
        fs::write(&path, &expected).unwrap();
    }
    // Without the text, which is long: the test that writes it shows the difference.
    assert!(fs::read_to_string(&path).unwrap() == expected, "{} is stale", path.display());
}

fn reference(ui: &Path) -> String {
    let mut text = "What the derives refuse, and what they say to it: each from a test.\n".to_owned();
    assert_eq!(files(ui, None).len(), KINDS.len(), "each folder has a title");
    for (folder, title) in KINDS {
        write!(text, "\n# {title}\n").unwrap();
        for file in files(&ui.join(folder), Some("stderr")) {
            let name = file.file_stem().unwrap().to_str().unwrap().replace('_', " ");
            let name = name[..1].to_uppercase() + &name[1..];
            let said = messages(&fs::read_to_string(&file).unwrap());
            write!(text, "\n{name}:\n\n```text\n{said}```\n").unwrap();
        }
    }
    text
}

/// The errors, without the compiler's own hints.
fn messages(stderr: &str) -> String {
    let mut text = String::new();
    for error in stderr.split("\n\n").filter(|part| part.starts_with("error")) {
        // The hints start at the margin, or with a sign there.
        let hint = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("= help")
                || line.starts_with("= note: this error")
                || line.starts_with("= note: required")
        };
        let body = error.lines().enumerate();
        let body =
            body.take_while(|(index, line)| *index == 0 || line.starts_with([' ', '.']) || number(line));
        let mut lines: Vec<&str> =
            body.map(|(_, line)| line).filter(|line| !line.trim_start().starts_with("--> ")).collect();
        if let Some(end) = lines.iter().position(hint) {
            lines.truncate(end);
        }
        // The note with which our own messages say what to do may come after a hint.
        let notes = error.lines().filter(|line| line.trim_start().starts_with("= note: ") && !hint(line));
        let missing: Vec<&str> = notes.filter(|note| !lines.contains(note)).collect();
        lines.extend(missing);
        while lines.last().is_some_and(|line| line.trim() == "|") {
            lines.pop();
        }
        for line in lines {
            writeln!(text, "{}", line.trim_end()).unwrap();
        }
    }
    text
}

/// Whether a line is one of the source, which its number precedes.
fn number(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_digit())
}

/// What is in a folder, in order: the folders in it, or its files with an extension.
fn files(folder: &Path, extension: Option<&str>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = |path: &PathBuf| match extension {
        Some(extension) => path.extension().is_some_and(|found| found == extension),
        None => path.is_dir(),
    };
    let mut files: Vec<PathBuf> = entries.filter(wanted).collect();
    files.sort();
    files
}
