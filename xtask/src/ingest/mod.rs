//! Ingest: a specification in HTML becomes the facts of one version.

pub(crate) mod classify;
pub(crate) mod encoding;
pub(crate) mod enumerations;
pub(crate) mod html;
pub(crate) mod masks;
pub(crate) mod tags;
pub(crate) mod values;

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::model::Spec;
use classify::Class;
use html::Document;

/// What ingest found, besides the facts.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// How many tables there are of each class.
    pub(crate) counts: BTreeMap<&'static str, usize>,
    /// Tables that were not recognised and hold no facts by their looks.
    pub(crate) warnings: Vec<String>,
    /// Tables of facts that could not be read.
    pub(crate) failures: Vec<String>,
}

/// Reads a document.
///
/// # Errors
/// When the text cannot be decoded.
pub(crate) fn ingest(bytes: &[u8], version: &str) -> Result<(Spec, Report)> {
    let document = html::parse(&html::decode(bytes).context("decoding the document")?);
    let mut report = Report::default();
    let classes = classify_all(&document, &mut report);
    let mut spec = Spec { version: version.to_owned(), ..Spec::default() };
    // Tags come first: other tables are named by them.
    for round in [&[Class::Tags][..], &[Class::Enumeration, Class::Mask]] {
        for (table, class) in document.tables.iter().zip(&classes).filter(|(_, class)| round.contains(class))
        {
            let read = match class {
                Class::Tags => tags::read(table, &mut spec),
                Class::Enumeration => enumerations::read(table, &mut spec),
                Class::Mask => masks::read(table, &mut spec),
                _ => Ok(()),
            };
            if let Err(error) = read {
                report.failures.push(format!("{}: {error:#}", table.place()));
            }
        }
    }
    Ok((spec, report))
}

fn classify_all(document: &Document, report: &mut Report) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for (index, table) in document.tables.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| (&document.tables[before], &classes[before]));
        let class = classify::classify(table, previous.filter(|(before, _)| before.path == table.path));
        if let Class::Unknown { fact } = class {
            let header: Vec<&str> = table.rows[0].cells.iter().map(|cell| cell.text.as_str()).collect();
            let message = format!("{}: no known kind of table has the header {header:?}", table.place());
            if fact { report.failures.push(message) } else { report.warnings.push(message) }
        }
        *report.counts.entry(class.name()).or_default() += 1;
        classes.push(class);
    }
    classes
}
