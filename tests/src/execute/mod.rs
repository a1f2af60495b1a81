//! Executes test cases of the standard against the embedded server, a fresh one for each.

mod report;
mod reviewed;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use kmip_sdk::Service;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::testing::execute::{Execution, Outcome};
use kmip_types::DateTime;
use kmip_types::case::Case;

use crate::conformance::collect;
pub use report::Report;

/// Executes the cases in the XML files at these paths, and writes what came of each.
///
/// A case that asks for what only an earlier file told goes on from the file before it.
///
/// # Errors
/// A path cannot be read, a file is no test case, or the report cannot be written.
pub fn run(paths: &[PathBuf], output: &mut dyn Write) -> io::Result<Report> {
    let mut report = Report::default();
    for family in families(paths)? {
        let now = DateTime::now();
        let name = family.first().map(|(file, _)| name_of(file)).unwrap_or_default();
        let options = reviewed::options(&name, ServerOptions::default().clock(move || now));
        let server: Box<dyn Service> = Box::new(Server::new(options));
        let mut execution = Execution::at(&*server, now);
        for (file, case) in family {
            let outcome: Outcome = execution.run(&case);
            let name = name_of(&file);
            report.add(&name, &outcome, reviewed::reason(&name), output)?;
        }
    }
    report.summary(output)?;
    Ok(report)
}

/// Cases of which the later go on from what the earlier left, without saying its identifiers: they find it by Locate.
const FAMILIES: [&str; 2] = ["SASED-M", "TL-M"];

/// The cases, those together that go on from each other.
fn families(paths: &[PathBuf]) -> io::Result<Vec<Vec<(PathBuf, Case)>>> {
    let mut families: Vec<Vec<(PathBuf, Case)>> = Vec::new();
    for path in paths {
        let files =
            collect(path)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "xml"));
        let files: Vec<PathBuf> = files.collect();
        for pieces in
            files.chunk_by(|one, other| is_piece(one) && is_piece(other) && case_of(one) == case_of(other))
        {
            let (file, case) = (case_of(&pieces[0]), read(pieces)?);
            match families.last_mut() {
                Some(family) if goes_on(family, &file, &case) => family.push((file, case)),
                _ => families.push(vec![(file, case)]),
            }
        }
    }
    Ok(families)
}

/// The name of a case by its file.
fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file holds one message of a case: its name ends in the version and a number.
fn is_piece(file: &Path) -> bool {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let mut ends = stem.rsplit('-').map(|end| end.len());
    (ends.next(), ends.next()) == (Some(1), Some(2))
}

/// The name of the case that a file is of.
fn case_of(file: &Path) -> PathBuf {
    let name = file.to_string_lossy();
    match name.rsplit_once('-') {
        Some((case, _)) if is_piece(file) => PathBuf::from(case),
        _ => file.with_extension(""),
    }
}

/// The case in a file, or in files of one message each.
fn read(files: &[PathBuf]) -> io::Result<Case> {
    let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<String>>>()?;
    let text = match texts.as_slice() {
        [text] => text.clone(),
        texts => format!("<KMIP>{}</KMIP>", texts.concat()),
    };
    Case::from_xml(&text).map_err(|error| io::Error::other(format!("{}: {error}", files[0].display())))
}

/// Whether a case goes on from the ones before it.
fn goes_on(family: &[(PathBuf, Case)], file: &Path, case: &Case) -> bool {
    let Some((last, _)) = family.last() else { return false };
    // All but the number: `TL-M` and `14` of `TL-M-2-14`.
    let kind = |file: &Path| {
        let stem = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (number, version) = stem.rsplit_once('-')?;
        Some((number.rsplit_once('-')?.0.to_owned(), version.to_owned()))
    };
    let is_of_one = kind(last) == kind(file) && last.parent() == file.parent();
    is_of_one
        && (asks_for_unknown(case) || kind(file).is_some_and(|(kind, _)| FAMILIES.contains(&kind.as_str())))
}

/// Whether a case asks for an object of which none of its own responses told before.
fn asks_for_unknown(case: &Case) -> bool {
    let Ok(exchanges) = case.exchanges() else { return false };
    let mut known = HashSet::new();
    for (request, response) in exchanges {
        if request.placeholders().any(|name| name.starts_with("UNIQUE_IDENTIFIER") && !known.contains(name)) {
            return true;
        }
        known.extend(response.placeholders());
    }
    false
}
