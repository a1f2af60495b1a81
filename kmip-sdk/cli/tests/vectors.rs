//! The messages of a folder, such as the OASIS test cases, through `kmip decode` and back: the same bytes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // A panic is how a test fails.

mod common;

use std::path::Path;

use common::run;
use kmip_tests::conformance::{self, Encoding};
use kmip_types::TextCodec;

/// Runs on the files at the path that `KMIP_VECTORS` says.
#[test]
#[ignore = "needs the test cases, which are not of this repository"]
fn every_message_is_the_same_through_the_command() {
    let root = std::env::var("KMIP_VECTORS").unwrap();
    let files = conformance::collect(Path::new(&root)).unwrap();
    let (mut messages, mut faults) = (0, Vec::new());
    for file in &files {
        match check(file) {
            Ok(count) => messages += count,
            Err(fault) => faults.push(format!("{}: {fault}", file.display())),
        }
    }
    println!("{messages} messages of {} files passed", files.len() - faults.len());
    assert!(faults.is_empty() && messages > 0, "{}", faults.join("\n"));
}

/// How many messages there are in a file.
fn check(file: &Path) -> Result<usize, String> {
    let messages = conformance::read(file)?;
    // With values in place of what test cases leave open.
    let filled: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    let filled = filled.join("\n");
    let expected = expected(file)?;
    let encoded = ran(&["encode"], filled.as_bytes())?;
    if encoded != expected {
        return Err("encoded to other bytes".to_owned());
    }
    for form in ["json", "xml", "case"] {
        let decoded = ran(&["decode", "--reveal", "--to", form], filled.as_bytes())?;
        if ran(&["encode"], &decoded)? != expected {
            return Err(format!("through {form}: other bytes"));
        }
    }
    for form in ["text", "lines", "hex"] {
        ran(&["decode", "--to", form], filled.as_bytes())?;
    }
    Ok(messages.len())
}

/// The bytes of the messages of a file: those in hex beside it, or what the library makes of its text.
fn expected(file: &Path) -> Result<Vec<u8>, String> {
    let beside = file.with_extension("hex");
    let messages = conformance::read(if beside.exists() { &beside } else { file })?;
    let codec = TextCodec::new();
    let bytes = messages.iter().map(|message| match message.encoding {
        Encoding::Xml => codec.from_xml(&message.text).map_err(|error| error.to_string()),
        Encoding::Json => codec.from_json(&message.text).map_err(|error| error.to_string()),
        Encoding::Hex => const_hex::decode(&message.text).map_err(|error| error.to_string()),
    });
    bytes.collect::<Result<Vec<_>, _>>().map(|all| all.concat())
}

/// What the command prints, if it succeeds.
fn ran(arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let output = run(arguments, input);
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(output.stdout) } else { Err(format!("{arguments:?}: {errors}")) }
}
