//! What came of executing test cases, added up.

use std::collections::BTreeMap;
use std::fmt;

use super::{Difference, Outcome, Verdict};

/// How many test cases went how, and why: what it shows is the sums, after the causes with how often there was each.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many were executed whole.
    pub whole: usize,
    /// How many had the right statuses and reasons, and another value.
    pub differs: usize,
    /// How many failed.
    pub failed: usize,
    /// How many are known not to be whole, with a reason.
    pub known: usize,
    /// How many are said not to be whole, and are.
    pub stale: usize,
    causes: BTreeMap<String, usize>,
    cases: Vec<Entry>,
}

/// What came of one test case: what it shows is a line.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// The name of the case.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it is known not to be whole, if it is.
    pub known: Option<String>,
}

impl Report {
    /// Counts what came of a case, of which there may be a reason why it is not whole.
    pub fn add(&mut self, name: impl Into<String>, outcome: Outcome, known: Option<&str>) -> Entry {
        let count = match (known, outcome.verdict) {
            (Some(_), Verdict::Whole) => &mut self.stale,
            (Some(_), _) => &mut self.known,
            (None, Verdict::Whole) => &mut self.whole,
            (None, Verdict::Differs) => &mut self.differs,
            (None, Verdict::Failed) => &mut self.failed,
        };
        *count += 1;
        if let (None, Some(Difference { path, expected, found, .. })) = (known, &outcome.difference) {
            *self.causes.entry(format!("{path}: {found}, not {expected}")).or_default() += 1;
        }
        let entry = Entry { name: name.into(), outcome, known: known.map(str::to_owned) };
        self.cases.push(entry.clone());
        entry
    }

    /// How many cases there were.
    pub fn total(&self) -> usize {
        self.cases.len()
    }

    /// Whether there was a case, and each that is not known otherwise was whole.
    pub fn is_well(&self) -> bool {
        self.whole > 0 && self.differs + self.failed + self.stale == 0
    }

    /// The causes with how often there was each, the most frequent first.
    pub fn causes(&self) -> Vec<(&str, usize)> {
        let mut causes: Vec<_> = self.causes.iter().map(|(cause, count)| (cause.as_str(), *count)).collect();
        causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        causes
    }

    /// How many cases went how, in a line.
    pub fn sums(&self) -> String {
        let Self { whole, differs, failed, known, stale, cases, .. } = self;
        let total = cases.len();
        let s = if total == 1 { "" } else { "s" };
        let mut sums = format!("{total} case{s}: {whole} whole, {differs} differ, {failed} failed");
        if *known > 0 {
            sums += &format!(", {known} known");
        }
        if *stale > 0 {
            sums += &format!(", {stale} no longer");
        }
        sums
    }

    /// The report as JSON: the sums, the causes, and what came of each case.
    #[cfg(feature = "json")]
    pub fn to_json(&self) -> serde_json::Value {
        let Self { whole, differs, failed, known, stale, causes, cases } = self;
        let cases: Vec<_> = cases.iter().map(Entry::to_json).collect();
        serde_json::json!({
            "whole": whole, "differs": differs, "failed": failed, "known": known, "stale": stale,
            "causes": causes, "cases": cases,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (cause, count) in self.causes() {
            writeln!(f, "{count:4} {cause}")?;
        }
        f.write_str(&self.sums())
    }
}

impl Entry {
    #[cfg(feature = "json")]
    fn to_json(&self) -> serde_json::Value {
        let difference = self.outcome.difference.as_ref().map(|difference| {
            let Difference { exchange, path, expected, found } = difference;
            serde_json::json!({ "exchange": exchange, "path": path, "expected": expected, "found": found })
        });
        let (name, verdict) = (&self.name, self.outcome.verdict.word());
        serde_json::json!({ "name": name, "verdict": verdict, "difference": difference, "known": self.known })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, outcome, known } = self;
        let word = outcome.verdict.word();
        match (known, outcome.verdict, &outcome.difference) {
            (Some(reason), Verdict::Whole, _) => {
                write!(f, "stale   {name}: is whole, and is said not to be: {reason}")
            }
            (Some(reason), ..) => write!(f, "known   {name}: {reason}"),
            (None, _, None) => write!(f, "{word:7} {name}"),
            (None, _, Some(difference)) => write!(f, "{word:7} {name}: {difference}"),
        }
    }
}
