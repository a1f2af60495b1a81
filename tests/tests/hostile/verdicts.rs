//! How many malformed inputs there are, and which verdicts they get: the table in `VERDICTS.md`, which a test keeps.
//!
//! `VERDICTS=write cargo test -p kmip-tests --test hostile verdicts` writes it anew.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::{env, fs};

use kmip_types::TextCodec;
use kmip_types::text::TextMode;

use crate::{text_rows, ttlv_rows};

/// What the file says beside the table.
const HEAD: &str = "\
# Malformed inputs and their verdicts

Every input is refused with an error that states its kind, where it is (an offset in bytes, or line and column), and the
path of tags to it; the tests of this folder state all three for each. The path is empty where there is none: before any
item, or where no tag is known yet. `verdicts.rs` writes this table.

| what | inputs | verdicts |
| --- | ---: | --- |
";

/// The name of an error's kind.
fn name(kind: &impl Debug) -> String {
    format!("{kind:?}").chars().take_while(|character| character.is_ascii_alphanumeric()).collect()
}

/// Each family with the kinds of error that its inputs get.
fn families() -> Vec<(&'static str, Vec<String>)> {
    let ttlv = ttlv_rows().into_iter().map(|(family, rows)| {
        let kinds = rows.iter().map(|row| name(row.read.run(&row.input).unwrap_err().kind()));
        (family, kinds.collect())
    });
    let texts = text_rows().into_iter().map(|(family, rows)| {
        let kinds = rows.iter().map(|row| {
            name((row.read)(&TextCodec::new().mode(TextMode::Strict), &row.input).unwrap_err().kind())
        });
        (family, kinds.collect())
    });
    ttlv.chain(texts).collect()
}

#[test]
fn malformed_inputs_and_their_verdicts_are_as_many_as_the_table_says() {
    let mut table = HEAD.to_owned();
    let mut all = Vec::new();
    for (family, kinds) in families() {
        row(&mut table, family, &kinds);
        all.extend(kinds);
    }
    row(&mut table, "all", &all);
    print!("{table}");
    assert!(all.len() >= 200, "{}", all.len());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/VERDICTS.md");
    if env::var("VERDICTS").is_ok_and(|mode| mode == "write") {
        fs::write(path, &table).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), table, "to write it anew, see verdicts.rs");
}

/// A line of the table, with the most frequent verdict first.
fn row(table: &mut String, family: &str, kinds: &[String]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    kinds.iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| usize::MAX - count);
    let verdicts: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    writeln!(table, "| {family} | {} | {} |", kinds.len(), verdicts.join(", ")).unwrap();
}
