//! What came of executing test cases.

use std::collections::BTreeMap;
use std::io::{self, Write};

use kmip_sdk::testing::execute::{Difference, Outcome, Verdict};

/// How many test cases went how, and why.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many were executed whole.
    pub whole: usize,
    /// How many had the right statuses and reasons, and another value.
    pub differs: usize,
    /// How many failed.
    pub failed: usize,
    /// How many are known not to be whole, with a reason.
    pub reviewed: usize,
    /// How many are said not to be whole, and are.
    pub stale: usize,
    /// How many went wrong for each cause.
    causes: BTreeMap<String, usize>,
    /// What came of each case.
    cases: Vec<serde_json::Value>,
}

impl Report {
    /// Counts and writes what came of a case, of which there may be a reason why it is not whole.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(
        &mut self,
        name: &str,
        outcome: &Outcome,
        reason: Option<&str>,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        self.cases.push(case(name, outcome, reason));
        match (reason, outcome.verdict) {
            (Some(reason), Verdict::Whole) => {
                self.stale += 1;
                return writeln!(output, "stale   {name}: is whole, and is said not to be: {reason}");
            }
            (Some(reason), _) => {
                self.reviewed += 1;
                return writeln!(output, "known   {name}: {reason}");
            }
            (None, _) => {}
        }
        let (count, word) = match outcome.verdict {
            Verdict::Whole => (&mut self.whole, "whole"),
            Verdict::Differs => (&mut self.differs, "differs"),
            Verdict::Failed => (&mut self.failed, "failed"),
        };
        *count += 1;
        match &outcome.difference {
            None => writeln!(output, "{word:7} {name}"),
            Some(difference) => {
                let cause = format!("{}: {}, not {}", difference.path, difference.found, difference.expected);
                *self.causes.entry(cause).or_default() += 1;
                writeln!(output, "{word:7} {name}: {difference}")
            }
        }
    }

    /// The report as JSON: the sums, and what came of each case.
    pub fn to_json(&self) -> serde_json::Value {
        let Self { whole, differs, failed, reviewed, stale, causes, cases } = self;
        serde_json::json!({
            "whole": whole, "differs": differs, "failed": failed, "known": reviewed, "stale": stale,
            "causes": causes, "cases": cases,
        })
    }

    /// Writes the sums, and the causes with how often there was each.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn summary(&self, output: &mut dyn Write) -> io::Result<()> {
        let mut causes: Vec<(&String, &usize)> = self.causes.iter().collect();
        causes.sort_by(|(_, one), (_, other)| other.cmp(one));
        for (cause, count) in causes {
            writeln!(output, "{count:4} {cause}")?;
        }
        let Self { whole, differs, failed, reviewed, stale, .. } = self;
        let all = whole + differs + failed + reviewed + stale;
        write!(output, "{all} cases: {whole} whole, {differs} differ, {failed} failed, {reviewed} known")?;
        if *stale > 0 {
            write!(output, ", {stale} no longer")?;
        }
        writeln!(output)
    }
}

/// What came of a case.
fn case(name: &str, outcome: &Outcome, reason: Option<&str>) -> serde_json::Value {
    let verdict = match outcome.verdict {
        Verdict::Whole => "whole",
        Verdict::Differs => "differs",
        Verdict::Failed => "failed",
    };
    let difference = outcome.difference.as_ref().map(|difference| {
        let Difference { exchange, path, expected, found } = difference;
        serde_json::json!({ "exchange": exchange, "path": path, "expected": expected, "found": found })
    });
    serde_json::json!({ "name": name, "verdict": verdict, "difference": difference, "known": reason })
}
