//! Malformed and hostile input: each row states the input, what is wrong with it, and where; and what reading it may
//! cost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod bombs;
mod fields;
mod json;
mod limits;
mod memory;
mod row;
mod ttlv;
mod types;
mod wire;
mod xml;

use row::{Row, TextRow, check, check_text};

/// Every malformed input in TTLV, by kind of fault.
fn ttlv_rows() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("lengths", ttlv::lengths()),
        ("item types", ttlv::item_types()),
        ("padding", ttlv::padding()),
        ("truncation", ttlv::truncation()),
        ("Booleans", ttlv::booleans()),
        ("UTF-8", ttlv::texts()),
        ("trailing data", ttlv::trailing()),
        ("nesting and limits", limits::rows()),
        ("fields of messages", fields::rows()),
        ("types and choices", types::rows()),
    ]
}

/// Every malformed text, by encoding.
fn text_rows() -> Vec<(&'static str, Vec<TextRow>)> {
    vec![("JSON", json::rows()), ("XML", xml::rows()), ("bombs in JSON and XML", bombs::rows())]
}

#[test]
fn malformed_ttlv_is_refused_for_what_is_wrong_and_where() {
    for (fault, rows) in ttlv_rows() {
        println!("{:5} rows: {fault}", rows.len());
        check(&rows);
    }
}

#[test]
fn malformed_text_is_refused_for_what_is_wrong_and_where() {
    for (encoding, rows) in text_rows() {
        println!("{:5} rows: {encoding}", rows.len());
        check_text(&rows);
    }
}

#[test]
fn there_are_many_malformed_inputs_and_no_two_are_the_same() {
    let ttlv: usize = ttlv_rows().iter().map(|(_, rows)| rows.len()).sum();
    let texts: usize = text_rows().iter().map(|(_, rows)| rows.len()).sum();
    println!("{ttlv} malformed inputs in TTLV, {texts} in JSON and XML");
    assert!(ttlv >= 200 && texts >= 100, "{ttlv} and {texts}");
    let mut inputs: Vec<_> = ttlv_rows()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| (row.read, row.input, row.name))
        .collect();
    inputs.sort();
    for pair in inputs.windows(2) {
        assert!((&pair[0].0, &pair[0].1) != (&pair[1].0, &pair[1].1), "twice: {}, {}", pair[0].2, pair[1].2);
    }
}
