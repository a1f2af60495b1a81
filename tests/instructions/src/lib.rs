//! The table of instruction counts, and what makes two of them differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// By how many percent a count may differ from the checked-in one, either way.
///
/// The same sources have the same counts, to a few instructions, wherever they are compiled. This leaves room for other
/// releases of the C library, whose allocator is counted, and for what the compiler makes of unrelated changes.
pub const TOLERANCE: u64 = 2;

const PREAMBLE: &str = "# Instructions of the typed codec, counted by callgrind. Written by `tests/instructions/count --accept`.\n\n";

/// Counts, and what compiled the code that they are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// The compiler's version.
    pub rust: String,
    /// What it compiled for.
    pub target: String,
    /// By direction, and then by workload.
    pub instructions: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What came of comparing counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// All counts side by side, as Markdown.
    pub table: String,
    /// What differs by more than the tolerance, a line each.
    pub faults: Vec<String>,
}

impl Counts {
    /// Reads what [`Counts::to_text`] writes.
    ///
    /// # Errors
    /// The text is no TOML of this shape.
    pub fn from_text(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The counts as the checked-in file has them.
    ///
    /// # Errors
    /// A count does not fit TOML's integers.
    pub fn to_text(&self) -> Result<String> {
        Ok(PREAMBLE.to_owned() + &toml::to_string(self)?)
    }

    /// The count of a workload in a direction.
    fn of(&self, direction: &str, workload: &str) -> Option<u64> {
        self.instructions.get(direction)?.get(workload).copied()
    }

    /// All that is counted.
    fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.instructions.iter().flat_map(|(direction, workloads)| {
            workloads.keys().map(|workload| (direction.as_str(), workload.as_str()))
        })
    }
}

/// Compares each count of now with that of before.
///
/// A count that has become lower is a fault as well: were it not written down, it could become higher again unseen.
pub fn compare(before: &Counts, now: &Counts) -> Comparison {
    let mut table = String::from("| what | before | now | change |\n| --- | ---: | ---: | ---: |\n");
    let mut faults = Vec::new();
    let mut row =
        |direction: &str, workload: &str| match (before.of(direction, workload), now.of(direction, workload))
        {
            (Some(old), Some(new)) => {
                let change = (new as f64 / old as f64 - 1.0) * 100.0;
                let _ = writeln!(table, "| {direction} {workload} | {old} | {new} | {change:+.1} % |");
                if new.abs_diff(old).saturating_mul(100) > old.saturating_mul(TOLERANCE) {
                    let verdict = if change > 0.0 { "a regression" } else { "an improvement" };
                    faults.push(format!(
                    "{direction} {workload}: {verdict}, {old} instructions before, {new} now ({change:+.1} %)"
                ));
                }
            }
            (None, Some(new)) => {
                faults.push(format!("{direction} {workload}: not in the table, {new} instructions now"))
            }
            (_, None) => faults.push(format!("{direction} {workload}: in the table, but not counted now")),
        };
    let mut names: Vec<_> = before.names().chain(now.names()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().for_each(|(direction, workload)| row(direction, workload));
    if !faults.is_empty() && before.rust != now.rust {
        faults.push(format!("the table is of Rust {}, and this is Rust {}", before.rust, now.rust));
    }
    Comparison { table, faults }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&str, &str, u64)]) -> Counts {
        let mut instructions = BTreeMap::<_, BTreeMap<_, _>>::new();
        for &(direction, workload, count) in rows {
            instructions.entry(direction.to_owned()).or_default().insert(workload.to_owned(), count);
        }
        Counts { rust: "1.95.0".to_owned(), target: "x86_64-unknown-linux-gnu".to_owned(), instructions }
    }

    #[test]
    fn text_holds_all_of_the_counts() {
        let written = counts(&[("encode", "a", 1), ("encode", "b", 2), ("decode", "a", u64::MAX >> 1)]);
        assert_eq!(Counts::from_text(&written.to_text().unwrap()).unwrap(), written);
    }

    #[test]
    fn what_leaves_the_tolerance_is_a_fault_either_way() {
        let before = counts(&[("encode", "a", 1000)]);
        for (now, fault) in [
            (1000, None),
            (1020, None),
            (980, None),
            (1021, Some("encode a: a regression, 1000 instructions before, 1021 now (+2.1 %)")),
            (979, Some("encode a: an improvement, 1000 instructions before, 979 now (-2.1 %)")),
        ] {
            let faults = compare(&before, &counts(&[("encode", "a", now)])).faults;
            assert_eq!(faults, Vec::from_iter(fault), "{now}");
        }
    }

    #[test]
    fn what_only_one_side_has_is_a_fault() {
        let (one, other) = (counts(&[("encode", "a", 1)]), counts(&[("decode", "a", 1)]));
        let expected =
            ["decode a: not in the table, 1 instructions now", "encode a: in the table, but not counted now"];
        assert_eq!(compare(&one, &other).faults, expected);
    }

    #[test]
    fn another_compiler_is_named_beside_faults_alone() {
        let before = counts(&[("encode", "a", 1000)]);
        let mut now = counts(&[("encode", "a", 1000)]);
        now.rust = "1.96.0".to_owned();
        assert_eq!(compare(&before, &now).faults, [""; 0]);
        now.instructions = counts(&[("encode", "a", 2000)]).instructions;
        assert_eq!(compare(&before, &now).faults[1], "the table is of Rust 1.95.0, and this is Rust 1.96.0");
    }
}
