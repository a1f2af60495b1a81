//! Checks that every name in XML test cases is one of the tables': the elements' tags, and the values of
//! enumerations and masks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::codegen::Tables;
use crate::codegen::types::TagNames;
use crate::names;

/// The outcome of a check.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// How many names were found in the tables.
    pub(crate) passed: usize,
    /// Each name that was not, with its file and line.
    pub(crate) failures: Vec<String>,
}

/// The XML files among the paths and in the folders among them, sorted.
///
/// # Errors
/// When a path cannot be read.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
                let entry = entry?.path();
                if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "xml") {
                    left.push(entry);
                }
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The names of the tables, of all versions.
pub(crate) struct Names {
    /// The main wire name of each tag, by each of its wire names.
    tags: BTreeMap<String, String>,
    /// What names the values of a tag, by its main wire name.
    tag_names: BTreeMap<String, TagNames>,
    /// The names of an enumeration's values or a mask's bits.
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// Takes the names from the tables.
    pub(crate) fn new(tables: &Tables) -> Self {
        let mut names = Self { tags: BTreeMap::new(), tag_names: BTreeMap::new(), values: BTreeMap::new() };
        for tag in &tables.tags {
            for name in std::iter::once(&tag.wire).chain(&tag.wire_aliases) {
                names.tags.insert(name.clone(), tag.wire.clone());
            }
            names.tag_names.insert(tag.wire.clone(), tables.types.names(&tag.wire));
        }
        for values in tables.enumerations.iter().chain(&tables.masks) {
            let all = values
                .values
                .iter()
                .flat_map(|value| std::iter::once(&value.wire).chain(&value.wire_aliases));
            names.values.insert(values.wire.clone(), all.cloned().collect());
        }
        names
    }

    /// Checks one file.
    ///
    /// # Errors
    /// When the file cannot be read or is not well-formed.
    pub(crate) fn check_file(&self, path: &Path, outcome: &mut Outcome) -> Result<()> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        self.check(&path.display().to_string(), &text, outcome)
            .with_context(|| format!("reading {}", path.display()))
    }

    /// Checks a document.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub(crate) fn check(&self, file: &str, text: &str, outcome: &mut Outcome) -> Result<()> {
        let mut reader = Reader::from_str(text);
        // The attribute that an AttributeValue belongs to: its name stands before it.
        let mut attribute = String::new();
        loop {
            let position = usize::try_from(reader.buffer_position())?;
            let event = reader.read_event().with_context(|| format!("at byte {position}"))?;
            let (Event::Start(element) | Event::Empty(element)) = event else {
                if matches!(event, Event::Eof) {
                    return Ok(());
                }
                continue;
            };
            let line =
                text.as_bytes()[..position.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
            let name = element.name().as_ref().to_owned();
            if WRAPPERS.contains(&name.as_str()) {
                continue;
            }
            let place = format!("{file}:{line}: {name}");
            match self.tags.get(&name) {
                Some(tag) => {
                    outcome.passed += 1;
                    self.check_value(&place, tag, &element, &mut attribute, outcome)?;
                }
                None => outcome.failures.push(format!("{place}: no tag has this name")),
            }
        }
    }

    fn check_value(
        &self,
        place: &str,
        tag: &str,
        element: &BytesStart<'_>,
        attribute: &mut String,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let text = |name: &str| -> Result<Option<String>> {
            let Some(found) = element.try_get_attribute(name)? else { return Ok(None) };
            Ok(Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned()))
        };
        let Some(value) = text("value")? else { return Ok(()) };
        if tag == "AttributeName" {
            *attribute = names::wire(&value);
        }
        let described = if tag == "AttributeValue" { attribute.as_str() } else { tag };
        let words: Vec<&str> = match text("type")?.as_deref() {
            Some("Enumeration") => vec![value.as_str()],
            Some("Integer") => value.split([' ', '|']).filter(|word| !word.is_empty()).collect(),
            _ => return Ok(()),
        };
        for word in words.into_iter().filter(|word| !is_number(word) && !word.starts_with('$')) {
            if self.resolves(described, word) {
                outcome.passed += 1;
            } else {
                outcome.failures.push(format!("{place}: {word:?} is no value of {described}"));
            }
        }
        Ok(())
    }

    fn resolves(&self, tag: &str, word: &str) -> bool {
        match self.tag_names.get(tag) {
            Some(TagNames::Enumeration(table) | TagNames::Mask(table)) => {
                self.values.get(&table.wire).is_some_and(|values| values.contains(word))
            }
            Some(TagNames::Tags) => self.tags.contains_key(word),
            Some(TagNames::None) | None => false,
        }
    }
}

/// Elements around the messages of a file, which are no items.
const WRAPPERS: [&str; 2] = ["KMIP", "KmipTestCase"];

/// A decimal or hex number.
fn is_number(word: &str) -> bool {
    word.parse::<i64>().is_ok()
        || word
            .strip_prefix("0x")
            .is_some_and(|hex| !hex.is_empty() && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Outcome {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("spec");
        let names = Names::new(&Tables::load(&spec).unwrap());
        let mut outcome = Outcome::default();
        names.check("test.xml", text, &mut outcome).unwrap();
        outcome
    }

    #[test]
    fn accepts_names_numbers_and_variables() {
        let outcome = check(
            r#"<KMIP><BatchItem><Operation type="Enumeration" value="Create"/>
            <ObjectType type="Enumeration" value="0x00000002"/>
            <CryptographicUsageMask type="Integer" value="Encrypt Decrypt|0x00000100"/>
            <UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/>
            <Attribute><AttributeName type="TextString" value="Cryptographic Algorithm"/>
            <AttributeValue type="Enumeration" value="AES"/></Attribute>
            <AttributeReference type="Enumeration" value="ActivationDate"/></BatchItem></KMIP>"#,
        );
        assert_eq!(outcome.failures, [""; 0]);
        assert_eq!(outcome.passed, 14);
    }

    #[test]
    fn rejects_unknown_names_with_their_lines() {
        let outcome = check(
            "<BtachItem>\n<Operation type=\"Enumeration\" value=\"Creat\"/>\n\
             <BatchCount type=\"Integer\" value=\"Encrypt\"/></BtachItem>",
        );
        assert_eq!(
            outcome.failures,
            [
                "test.xml:1: BtachItem: no tag has this name",
                "test.xml:2: Operation: \"Creat\" is no value of Operation",
                "test.xml:3: BatchCount: \"Encrypt\" is no value of BatchCount",
            ]
        );
    }
}
