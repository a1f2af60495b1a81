//! Ingest: a specification in HTML becomes the facts of one version.

pub(crate) mod attributes;
pub(crate) mod classify;
pub(crate) mod encoding;
pub(crate) mod enumerations;
pub(crate) mod errors;
pub(crate) mod html;
pub(crate) mod masks;
pub(crate) mod operations;
pub(crate) mod pkcs11;
mod policies;
pub(crate) mod structures;
pub(crate) mod tags;
pub(crate) mod values;
pub(crate) mod version;
pub(crate) mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::model::{Item, Spec};
use crate::names;
use crate::versions::Version;
use classify::Class;
use html::{Document, Table};
use structures::Described;

/// What ingest found, besides the facts.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The version that the document says it is of.
    pub(crate) stated: Option<Version>,
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
/// When the text cannot be decoded, or is nested too deep.
pub(crate) fn ingest(bytes: &[u8], version: &str) -> Result<(Spec, Report)> {
    let document = html::parse(&html::decode(bytes).context("decoding the document")?)?;
    let mut report = Report { stated: document.version, ..Report::default() };
    let classes = classify_all(&document, &mut report);
    let mut reader = Reader {
        tables: document.tables.iter().zip(classes).collect(),
        spec: Spec { version: version.to_owned(), ..Spec::default() },
        section_items: BTreeMap::new(),
        section_structures: BTreeMap::new(),
        report,
    };
    reader.read();
    Ok((reader.spec, reader.report))
}

fn classify_all(document: &Document, report: &mut Report) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for (index, table) in document.tables.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| (&document.tables[before], &classes[before]));
        let class = classify::classify(table, previous.filter(|(before, _)| before.path == table.path));
        if let Class::Unknown { fact } = class {
            let header: Vec<&str> = table.rows[0].cells.iter().map(|cell| cell.text.as_str()).collect();
            let message = format!("{}: no known kind of table has the header {header:?}", table.place());
            if fact {
                report.failures.push(message);
            } else {
                report.warnings.push(message);
            }
        }
        *report.counts.entry(class.name()).or_default() += 1;
        classes.push(class);
    }
    classes
}

struct Reader<'a> {
    tables: Vec<(&'a Table, Class)>,
    spec: Spec,
    /// The items of sections that define attributes, by section.
    section_items: BTreeMap<String, Vec<Item>>,
    /// The wire names of the structures of a section.
    section_structures: BTreeMap<String, Vec<String>>,
    report: Report,
}

impl Reader<'_> {
    fn read(&mut self) {
        // Each kind needs the ones before it: names of tags, then of enumerations, then of structures.
        self.each(&[Class::Tags], |reader, table| tags::read(table, &mut reader.spec));
        self.each(&[Class::Enumeration], |reader, table| enumerations::read(table, &mut reader.spec));
        self.each(&[Class::Mask], |reader, table| masks::read(table, &mut reader.spec));
        self.each(&[Class::Encodings, Class::Fields], Self::read_structure);
        self.each(&[Class::AttributeRules], Self::read_rules);
        self.spec.operations = operations::read(&self.spec);
        self.each(&[Class::Errors], |reader, table| errors::read(table, &mut reader.spec));
        self.each(&[Class::Policies], |reader, table| policies::read(table, &mut reader.spec));
    }

    fn each(&mut self, classes: &[Class], read: impl Fn(&mut Self, &Table) -> Result<()>) {
        let tables: Vec<&Table> = self
            .tables
            .iter()
            .filter(|(_, class)| classes.contains(class))
            .map(|(table, _)| *table)
            .collect();
        for table in tables {
            if let Err(error) = read(self, table) {
                self.report.failures.push(format!("{}: {error:#}", table.place()));
            }
        }
    }

    fn read_structure(&mut self, table: &Table) -> Result<()> {
        let section = table.section().number.clone();
        let has_encodings = classify::Shape::of(table).encoding_column().is_some();
        if !has_encodings {
            self.spec.structures.push(structures::read_fields(table, &self.spec)?);
            return Ok(());
        }
        let defines_attribute = self
            .tables
            .iter()
            .any(|(other, class)| *class == Class::AttributeRules && other.section().number == section);
        match structures::read_encodings(table, &self.spec)? {
            Described::Structures(structures) => {
                let names = structures.iter().map(|structure| structure.wire.clone());
                self.section_structures.entry(section).or_default().extend(names);
                self.spec.structures.extend(structures);
            }
            Described::Items(items) if defines_attribute => {
                if let [item] = items.as_slice()
                    && item.wire != names::wire(&table.section().title)
                {
                    let message = format!("{}: the row is named {:?}", table.place(), item.name);
                    self.report.warnings.push(message);
                }
                self.section_items.entry(section).or_default().extend(items);
            }
            Described::Items(items) => self.spec.items.extend(items),
        }
        Ok(())
    }

    fn read_rules(&mut self, table: &Table) -> Result<()> {
        let section = &table.section().number;
        let items = self.section_items.get(section).cloned().unwrap_or_default();
        let mut structures = self.section_structures.get(section).cloned().unwrap_or_default();
        let name = names::wire(&table.section().title);
        if items.is_empty()
            && structures.is_empty()
            && self.spec.structures.iter().any(|other| other.wire == name)
        {
            // The structure stands in another chapter, for payloads have it too.
            structures.push(name);
        }
        if items.is_empty() && structures.is_empty() {
            anyhow::bail!("expected a table of its encoding in the same section");
        }
        let attributes = attributes::read(table, &self.spec, &items, &structures)?;
        self.spec.attributes.extend(attributes);
        Ok(())
    }
}
