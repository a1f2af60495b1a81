//! Corrections of what a document has wrong, applied to the ingested facts when they are used.
//!
//! The files that ingest writes keep the document's own words, so a new ingest never loses a correction, and
//! a correction whose wrong words are gone is an error.

mod missing;

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::model::{Named, Spec, Structure};
use crate::names;
use crate::versions::{Edition, Version};
use missing::Missing;

/// One correction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Erratum {
    /// The version whose document is wrong.
    version: String,
    /// The kind of table.
    table: Kind,
    /// The wire name of what the table describes; empty for the table of tags.
    #[serde(default)]
    name: String,
    /// The section, where several tables have that name.
    section: Option<String>,
    /// The spelled-out name of the row.
    row: Option<String>,
    /// What of the row is wrong.
    what: What,
    /// The document's words.
    from: String,
    /// The right words.
    to: String,
    /// Why they are right.
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Tag,
    Enumeration,
    Mask,
    Item,
    Structure,
    Attribute,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// The spelled-out name; the wire name follows it.
    Name,
    /// The number.
    Value,
    /// The item types, separated by a comma and a space.
    Types,
    /// Whether it is required.
    Required,
    /// The enumeration that names its values; empty for none.
    Enumeration,
    /// The operation of a payload, in wire form; a row only tells which of several tables is meant.
    Operation,
}

/// The corrections of all versions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errata {
    #[serde(default, rename = "erratum")]
    errata: Vec<Erratum>,
    #[serde(default)]
    missing: Vec<Missing>,
}

impl Errata {
    /// Reads `errata.toml` of a folder.
    ///
    /// # Errors
    /// When it cannot be read or an entry has no reason.
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("errata.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("reading {}", path.display()))
    }

    /// Reads the text of an errata file.
    ///
    /// # Errors
    /// When it is not of that form, or an entry has no reason.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let all: Self = toml::from_str(text)?;
        let errata = all.errata.iter().map(|erratum| (erratum.place(), &erratum.reason));
        let missing = all.missing.iter().map(|missing| (missing.place(), &missing.reason));
        if let Some((place, _)) = errata.chain(missing).find(|(_, reason)| reason.trim().is_empty()) {
            bail!("{place}: no reason is given");
        }
        Ok(all)
    }

    /// The corrections of one version.
    pub(crate) fn of(mut self, version: &str) -> Self {
        self.errata.retain(|erratum| erratum.version == version);
        self.missing.retain(|missing| missing.version == version);
        self
    }

    /// Applies all corrections.
    ///
    /// # Errors
    /// When one does not apply: its version, table or row is not there, or the wrong words are gone.
    pub(crate) fn apply(&self, editions: &mut [Edition]) -> Result<()> {
        for erratum in &self.errata {
            erratum.apply(find(editions, &erratum.version, &erratum.place())?)?;
        }
        for missing in &self.missing {
            missing.apply(find(editions, &missing.version, &missing.place())?)?;
        }
        Ok(())
    }
}

/// The facts of a version.
fn find<'a>(editions: &'a mut [Edition], version: &str, place: &str) -> Result<&'a mut Spec> {
    let version = Version::parse(version)?;
    let edition = editions.iter_mut().find(|edition| edition.version == version);
    Ok(&mut edition.with_context(|| format!("{place}: there is no such version"))?.spec)
}

impl Erratum {
    fn place(&self) -> String {
        let row = self.row.as_deref().unwrap_or_default();
        format!("erratum of {} {:?} {:?} {row:?}", self.version, self.table, self.name)
    }

    fn apply(&self, spec: &mut Spec) -> Result<()> {
        let changed = match self.table {
            Kind::Tag => self.change_named(&mut spec.tags),
            Kind::Enumeration | Kind::Mask => {
                let tables = if self.table == Kind::Mask { &mut spec.masks } else { &mut spec.enumerations };
                let mut changed = 0;
                for table in tables.iter_mut().filter(|table| table.wire == self.name) {
                    if self.row.is_some() {
                        changed += self.change_named(&mut table.values);
                    } else {
                        changed += self.change_name(&mut table.name, &mut table.wire);
                    }
                }
                changed
            }
            Kind::Item => {
                let mut changed = 0;
                for item in spec.items.iter_mut().filter(|item| self.selects(&item.wire, &item.section)) {
                    changed += match self.what {
                        What::Name => self.change_name(&mut item.name, &mut item.wire),
                        _ => self.change_encoding(&mut item.encoding),
                    };
                }
                changed
            }
            Kind::Attribute => {
                let mut changed = 0;
                for attribute in spec
                    .attributes
                    .iter_mut()
                    .filter(|attribute| self.selects(&attribute.wire, &attribute.section))
                {
                    changed += match self.what {
                        What::Name => self.change_name(&mut attribute.name, &mut attribute.wire),
                        _ => self.change_encoding(&mut attribute.encoding),
                    };
                }
                changed
            }
            Kind::Structure => {
                let mut changed = 0;
                for structure in spec
                    .structures
                    .iter_mut()
                    .filter(|structure| self.selects(&structure.wire, &structure.section))
                {
                    changed += self.change_structure(structure);
                }
                changed
            }
        };
        if changed != 1 {
            bail!("{}: expected {:?} in one place, found it in {changed}", self.place(), self.from);
        }
        Ok(())
    }

    fn selects(&self, wire: &str, section: &str) -> bool {
        wire == self.name && self.section.as_deref().is_none_or(|wanted| wanted == section)
    }

    fn change_structure(&self, structure: &mut Structure) -> usize {
        if self.what == What::Operation {
            let meant = |row: &String| structure.fields.iter().any(|field| field.name == *row);
            let operation = structure.operation.as_mut().filter(|_| self.row.as_ref().is_none_or(meant));
            return operation.map_or(0, |operation| self.change_text(operation));
        }
        let Some(row) = &self.row else { return self.change_name(&mut structure.name, &mut structure.wire) };
        let mut changed = 0;
        for field in structure.fields.iter_mut().filter(|field| field.name == *row) {
            changed += match self.what {
                What::Name => self.change_name(&mut field.name, &mut field.wire),
                What::Required => self.change_text(&mut field.required),
                _ => self.change_encoding(&mut field.encoding),
            };
        }
        changed
    }

    fn change_named(&self, rows: &mut [Named]) -> usize {
        let mut changed = 0;
        for row in rows.iter_mut().filter(|row| self.row.as_deref().is_none_or(|name| name == row.name)) {
            changed += match self.what {
                What::Name => self.change_name(&mut row.name, &mut row.wire),
                What::Value => self.change_text(&mut row.value),
                _ => 0,
            };
        }
        changed
    }

    fn change_name(&self, name: &mut String, wire: &mut String) -> usize {
        if self.what != What::Name || *name != self.from {
            return 0;
        }
        self.to.clone_into(name);
        *wire = names::wire(&self.to);
        1
    }

    fn change_encoding(&self, encoding: &mut crate::model::Encoding) -> usize {
        match self.what {
            What::Types => {
                let mut types = encoding.types.join(", ");
                let changed = self.change_text(&mut types);
                encoding.types =
                    types.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
                changed
            }
            What::Enumeration => {
                let mut enumeration = encoding.enumeration.clone().unwrap_or_default();
                let changed = self.change_text(&mut enumeration);
                encoding.enumeration = Some(enumeration).filter(|name| !name.is_empty());
                changed
            }
            _ => 0,
        }
    }

    fn change_text(&self, text: &mut String) -> usize {
        if *text != self.from {
            return 0;
        }
        self.to.clone_into(text);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, Field, NamedValues};

    const ERRATUM: &str = r#"
        [[erratum]]
        version = "9.9"
        table = "enumeration"
        name = "MaskGenerator"
        row = "MFG1"
        what = "name"
        from = "MFG1"
        to = "MGF1"
        reason = "Letters swapped."
    "#;

    fn edition() -> Edition {
        let value = Named {
            name: "MFG1".into(),
            wire: "MFG1".into(),
            value: "0x00000001".into(),
            ..Named::default()
        };
        let enumeration =
            NamedValues { wire: "MaskGenerator".into(), values: vec![value], ..NamedValues::default() };
        let encoding = Encoding { types: vec!["Integer".into()], ..Encoding::default() };
        let field =
            Field { name: "Lease Time".into(), wire: "LeaseTime".into(), encoding, ..Field::default() };
        let structure = Structure {
            wire: "RequestPayload".into(),
            operation: Some("Query".into()),
            fields: vec![field],
            ..Structure::default()
        };
        let spec = Spec { enumerations: vec![enumeration], structures: vec![structure], ..Spec::default() };
        Edition { version: Version { major: 9, minor: 9 }, spec }
    }

    fn apply(text: &str) -> Result<Spec> {
        let mut editions = [edition()];
        Errata::parse(text)?.apply(&mut editions)?;
        let [edition] = editions;
        Ok(edition.spec)
    }

    #[test]
    fn corrects_a_name_and_its_wire_form() {
        assert_eq!(apply(ERRATUM).unwrap().enumerations[0].values[0].wire, "MGF1");
    }

    #[test]
    fn corrects_the_types_of_a_field() {
        let text = ERRATUM
            .replace("\"enumeration\"", "\"structure\"")
            .replace("MaskGenerator", "RequestPayload")
            .replace("row = \"MFG1\"", "row = \"Lease Time\"")
            .replace("what = \"name\"", "what = \"types\"")
            .replace("from = \"MFG1\"", "from = \"Integer\"")
            .replace("to = \"MGF1\"", "to = \"Interval, DateTime\"");
        assert_eq!(apply(&text).unwrap().structures[0].fields[0].encoding.types, ["Interval", "DateTime"]);
    }

    #[test]
    fn corrects_the_operation_of_the_table_that_has_the_row() {
        let text = ERRATUM
            .replace("\"enumeration\"", "\"structure\"")
            .replace("MaskGenerator", "RequestPayload")
            .replace("row = \"MFG1\"", "row = \"Lease Time\"")
            .replace("what = \"name\"", "what = \"operation\"")
            .replace("from = \"MFG1\"", "from = \"Query\"")
            .replace("to = \"MGF1\"", "to = \"DiscoverVersions\"");
        assert_eq!(apply(&text).unwrap().structures[0].operation.as_deref(), Some("DiscoverVersions"));
        assert!(apply(&text.replace("Lease Time", "Name")).is_err());
    }

    #[test]
    fn rejects_an_entry_that_no_longer_applies() {
        for (from, to) in [
            ("row = \"MFG1\"", "row = \"MGF1\""),
            ("from = \"MFG1\"", "from = \"MGF1\""),
            ("name = \"MaskGenerator\"", "name = \"MaskMaker\""),
            ("version = \"9.9\"", "version = \"9.8\""),
        ] {
            let error = apply(&ERRATUM.replace(from, to)).unwrap_err().to_string();
            assert!(error.starts_with("erratum of 9."), "{error}");
        }
    }

    #[test]
    fn rejects_an_entry_without_a_reason() {
        assert!(Errata::parse(&ERRATUM.replace("Letters swapped.", " ")).is_err());
    }
}
