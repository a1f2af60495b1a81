//! Runs the check over files and says what came of it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use kmip_types::text::TextCodec;

use super::{Passed, check, collect, read};

/// How many messages passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Messages that survived every way.
    pub passed: usize,
    /// Of those, messages of which a part was kept as items.
    pub untyped: usize,
    /// Messages that did not, and files that could not be read or differ from their siblings.
    pub failed: usize,
}

/// A file and the TTLV of its messages.
type FileMessages = (PathBuf, Vec<Vec<u8>>);

/// Checks the files at the paths, and writes what came of each message to `out`.
///
/// # Errors
/// A path cannot be listed, or `out` cannot be written.
pub fn run(paths: &[PathBuf], out: &mut impl Write) -> io::Result<Report> {
    let codec = TextCodec::new();
    let mut report = Report::default();
    let mut siblings: BTreeMap<PathBuf, Vec<FileMessages>> = BTreeMap::new();
    for path in paths {
        for file in collect(path)? {
            let whole = run_file(&codec, &file, &mut report, out)?;
            siblings.entry(file.with_extension("")).or_default().push((file, whole));
        }
    }
    for files in siblings.values() {
        for pair in files.windows(2) {
            if pair[0].1 != pair[1].1 {
                report.failed += 1;
                writeln!(out, "FAILED {}: is not the same as {}", pair[1].0.display(), pair[0].0.display())?;
            }
        }
    }
    writeln!(
        out,
        "{} typed throughout, {} with parts kept as items",
        report.passed - report.untyped,
        report.untyped
    )?;
    writeln!(out, "{} passed, {} failed", report.passed, report.failed)?;
    Ok(report)
}

/// Checks one file, and gives the TTLV of the messages that passed.
fn run_file(
    codec: &TextCodec,
    file: &Path,
    report: &mut Report,
    out: &mut impl Write,
) -> io::Result<Vec<Vec<u8>>> {
    let messages = match read(file) {
        Ok(messages) => messages,
        Err(error) => {
            report.failed += 1;
            writeln!(out, "FAILED {}: {error}", file.display())?;
            return Ok(Vec::new());
        }
    };
    if messages.is_empty() {
        report.failed += 1;
        writeln!(out, "FAILED {}: there is no message in it", file.display())?;
    }
    let mut whole = Vec::new();
    for message in messages {
        let place = format!("{}:{}", file.display(), message.line);
        match check(codec, &message) {
            Ok(Passed { ttlv, untyped }) => {
                report.passed += 1;
                whole.push(ttlv);
                if untyped.is_empty() {
                    writeln!(out, "passed {place}: typed throughout")?;
                } else {
                    report.untyped += 1;
                    writeln!(out, "passed {place}: kept as items: {}", untyped.join(", "))?;
                }
            }
            Err(error) => {
                report.failed += 1;
                writeln!(out, "FAILED {place}: {error}")?;
            }
        }
    }
    Ok(whole)
}
