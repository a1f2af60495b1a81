//! Inputs that are made to hang the command, or to take more than there is.

#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::time::{Duration, Instant};

use common::run;

/// What any of these may take, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

const COMMANDS: [&[&str]; 10] = [
    &["decode"],
    &["decode", "--redact"],
    &["decode", "--to", "lines"],
    &["decode", "--to", "json"],
    &["decode", "--to", "xml", "--reveal"],
    &["decode", "--to", "hex", "--reveal"],
    &["decode", "--to", "case", "--redact"],
    &["encode"],
    &["convert", "--to", "json"],
    &["diff", "-", "request.json", "--ignore-varying"],
];

/// Each command ends on the input with an exit code of its own.
#[track_caller]
fn ends(what: &str, input: &[u8]) {
    for command in COMMANDS {
        let start = Instant::now();
        let output = run(command, input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(0..=2)),
            "{what}, {command:?}: {:?} {errors}",
            output.status
        );
        assert!(start.elapsed() < PATIENCE, "{what}, {command:?}");
        // What is told is for people.
        assert!(output.stderr.len() < 200_000, "{what}, {command:?}: {} bytes are told", output.stderr.len());
    }
}

/// Bytes without any order.
fn random(count: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..count).map(|_| next()).collect()
}

fn item(tag: u32, item_type: u8, value: &[u8]) -> Vec<u8> {
    let mut item = (tag << 8 | u32::from(item_type)).to_be_bytes().to_vec();
    item.extend(u32::try_from(value.len()).unwrap().to_be_bytes());
    item.extend(value);
    item.resize(item.len().next_multiple_of(8), 0);
    item
}

#[test]
fn random_bytes_end_every_command() {
    ends("random bytes", &random(100_000));
    // With the start of an item, so that they are read as one.
    let mut started = vec![0x42, 0, 0x78, 1, 0, 1, 0, 0];
    started.extend(random(100_000));
    ends("random bytes in a message", &started);
    ends("random hex", const_hex::encode(&started).as_bytes());
}

#[test]
fn endless_nesting_ends_every_command() {
    let headers = (1..=100_000_u32).flat_map(|level| {
        let header = [0x42, 0, 0x0F, 1].into_iter();
        header.chain((8 * (100_000 - level)).to_be_bytes())
    });
    ends("nested TTLV", &headers.collect::<Vec<u8>>());
    ends("nested JSON", r#"{"tag":"BatchItem","value":["#.repeat(50_000).as_bytes());
    ends("nested XML", "<BatchItem>".repeat(50_000).as_bytes());
}

#[test]
fn much_of_anything_ends_every_command() {
    let count = item(0x42_000D, 2, &1_u32.to_be_bytes());
    ends("many items", &count.repeat(20_000));
    let faulty = item(0x42_000D, 2, &[1, 2, 3]);
    ends("many faulty items", &item(0x42_0078, 1, &faulty.repeat(20_000)));
    let identifiers =
        (0..10_000).flat_map(|number| item(0x42_0094, 7, format!("identifier-{number}").as_bytes()));
    ends("many identifiers", &item(0x42_0079, 1, &identifiers.collect::<Vec<u8>>()));
    ends("a long text", &item(0x42_0094, 7, &[b'a'; 1 << 20]));
    ends("many faults of XML", "<BatchCount type='Integer' value='x'/>".repeat(10_000).as_bytes());
    ends(
        "many faults of JSON",
        r#"{"tag":"BatchCount","type":"Integer","value":"x"}"#.repeat(5_000).as_bytes(),
    );
}
