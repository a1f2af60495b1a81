//! Test cases in files: those together that go on from each other.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kmip_types::case::Case;

/// A test case with the file that it is in.
#[derive(Clone, Debug)]
pub struct NamedCase {
    /// The name of the file, without its ending and, where the case is in a file for each message, without their numbers.
    pub name: String,
    /// The folder and the name.
    pub path: PathBuf,
    /// The case.
    pub case: Case,
}

/// Test cases that go on from each other, so that they are for one server, in their order.
#[derive(Clone, Debug)]
pub struct Family {
    /// The cases.
    pub cases: Vec<NamedCase>,
}

/// Cases of which the later go on from what the earlier left, without saying its identifiers: they find it by Locate.
const KEPT: [&str; 2] = ["SASED-M", "TL-M"];

impl Family {
    /// The test cases in XML files, in the order of their names for each folder.
    ///
    /// # Errors
    /// A file cannot be read, or is no test case.
    pub fn read(files: &[PathBuf]) -> io::Result<Vec<Self>> {
        let mut families: Vec<Self> = Vec::new();
        for pieces in
            files.chunk_by(|one, other| is_piece(one) && is_piece(other) && case_of(one) == case_of(other))
        {
            let Some(first) = pieces.first() else { continue };
            let (path, case) = (case_of(first), read(pieces)?);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let case = NamedCase { name, path, case };
            match families.last_mut() {
                Some(family) if family.cases.last().is_some_and(|last| goes_on(last, &case)) => {
                    family.cases.push(case);
                }
                _ => families.push(Self { cases: vec![case] }),
            }
        }
        Ok(families)
    }

    /// The test cases in the XML files at these paths, those in folders and their folders included.
    ///
    /// # Errors
    /// A path cannot be read, or a file is no test case.
    pub fn find(paths: &[PathBuf]) -> io::Result<Vec<Self>> {
        let mut families = Vec::new();
        for path in paths {
            let mut files = Vec::new();
            collect(path, &mut files)?;
            families.extend(Self::read(&files)?);
        }
        Ok(families)
    }

    /// The name of the first case.
    pub fn name(&self) -> &str {
        self.cases.first().map_or("", |case| &case.name)
    }
}

/// The file at a path, or the XML files in the folder there, in the order of their names.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let at = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    if !path.is_dir() {
        fs::metadata(path).map_err(at)?;
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(at)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries = entries.collect::<io::Result<Vec<PathBuf>>>().map_err(at)?;
    entries.sort();
    entries.retain(|entry| entry.is_dir() || entry.extension().is_some_and(|end| end == "xml"));
    entries.iter().try_for_each(|entry| collect(entry, files))
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
    let file = files.first().map(|file| file.display().to_string()).unwrap_or_default();
    Case::from_xml(&text).map_err(|error| io::Error::other(format!("{file}: {error}")))
}

/// Whether a case goes on from the one before it.
fn goes_on(last: &NamedCase, case: &NamedCase) -> bool {
    // All but the number: `TL-M` and `14` of `TL-M-2-14`.
    let kind = |case: &NamedCase| {
        let (number, version) = case.name.rsplit_once('-')?;
        Some((number.rsplit_once('-')?.0.to_owned(), version.to_owned()))
    };
    let is_of_one = kind(last) == kind(case) && last.path.parent() == case.path.parent();
    is_of_one && (asks_for_unknown(&case.case) || kind(case).is_some_and(|(kind, _)| KEPT.contains(&&*kind)))
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
