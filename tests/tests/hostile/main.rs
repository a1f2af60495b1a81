//! Malformed and hostile input: each row states the input, what is wrong with it, and where; and what reading it may
//! cost.
//!
//! `VERDICTS.md` counts the inputs and their verdicts; a test keeps it fresh.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod bombs;
mod fields;
mod json;
mod leaves;
mod limits;
mod memory;
mod place;
mod row;
mod texts;
mod ttlv;
mod types;
mod verdicts;
mod xml;

use row::{Row, TextRow, check, check_text};

/// Every malformed input in TTLV, by kind of fault.
fn ttlv_rows() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("TTLV: lengths of each type", ttlv::lengths()),
        ("TTLV: item types", ttlv::item_types()),
        ("TTLV: padding", ttlv::padding()),
        ("TTLV: truncation", ttlv::truncation()),
        ("TTLV: Booleans", ttlv::booleans()),
        ("TTLV: UTF-8", ttlv::texts()),
        ("TTLV: trailing data", ttlv::trailing()),
        ("TTLV: nesting and limits", limits::rows()),
        ("messages: missing, doubled, misplaced and unknown fields", fields::rows()),
        ("messages: lengths, padding and values of fields", leaves::rows()),
        ("messages: item types and choices", types::rows()),
    ]
}

/// Every malformed text, by encoding and kind of fault.
fn text_rows() -> Vec<(&'static str, Vec<TextRow>)> {
    let mut rows = json::tables();
    rows.extend(xml::tables());
    rows.extend([
        ("JSON and XML: little text that is to cost much", bombs::rows()),
        ("JSON and XML: limits", texts::limits()),
        ("JSON and XML: numbers of very many digits", texts::numbers()),
        ("JSON and XML: enumerations and masks at their extremes", texts::extremes()),
        ("JSON and XML: unpaired surrogates", texts::surrogates()),
        ("JSON and XML: doubled members and attributes", texts::doubled()),
        ("JSON and XML: faults of syntax inside items", texts::paths()),
        ("XML: entities", texts::entities()),
    ]);
    rows
}

#[test]
fn malformed_ttlv_is_refused_for_what_is_wrong_and_where() {
    ttlv_rows().iter().for_each(|(_, rows)| check(rows));
}

#[test]
fn malformed_text_is_refused_for_what_is_wrong_and_where() {
    text_rows().iter().for_each(|(_, rows)| check_text(rows));
}

#[test]
fn no_two_malformed_inputs_are_the_same() {
    let ttlv = ttlv_rows().into_iter().flat_map(|(_, rows)| rows);
    let mut inputs: Vec<_> = ttlv.map(|row| (row.read, row.input, row.name)).collect();
    inputs.sort();
    for pair in inputs.windows(2) {
        assert!((&pair[0].0, &pair[0].1) != (&pair[1].0, &pair[1].1), "twice: {}, {}", pair[0].2, pair[1].2);
    }
    let texts = text_rows().into_iter().flat_map(|(_, rows)| rows);
    let mut inputs: Vec<_> = texts.map(|row| (row.input, row.error)).collect();
    inputs.sort();
    let twice: Vec<&str> =
        inputs.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].0.as_str()).collect();
    assert!(twice.is_empty(), "twice: {twice:#?}");
}
