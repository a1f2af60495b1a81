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
use crate::versions::{Edition, Range, Version};
use missing::Missing;

/// One correction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Erratum {
    /// The version whose document is wrong.
    version: Option<Version>,
    /// Or the first of several.
    since: Option<Version>,
    /// And the last of them.
    until: Option<Version>,
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
    /// The Result Reasons of an operation.
    Error,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// The spelled-out name; the wire name follows it. Of a Result Reason, the ones that are meant, separated by a comma
    /// and a space; empty for none.
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
        for (place, range, reason) in all.entries() {
            range.with_context(|| place.clone())?;
            if reason.trim().is_empty() {
                bail!("{place}: no reason is given");
            }
        }
        Ok(all)
    }

    /// What each entry is about, the versions for which it is, and its reason.
    fn entries(&self) -> impl Iterator<Item = (String, Result<Range>, &str)> {
        let errata =
            self.errata.iter().map(|erratum| (erratum.place(), erratum.range(), erratum.reason.as_str()));
        let missing =
            self.missing.iter().map(|missing| (missing.place(), missing.range(), missing.reason.as_str()));
        errata.chain(missing)
    }

    /// Refuses entries for versions that there are not.
    ///
    /// # Errors
    /// When there is one.
    pub(crate) fn check(&self, editions: &[Edition]) -> Result<()> {
        for (place, range, _) in self.entries() {
            range.and_then(|range| range.check(editions)).context(place)?;
        }
        Ok(())
    }

    /// The corrections of one version.
    pub(crate) fn of(mut self, version: Version) -> Self {
        let is_of = |range: Result<Range>| range.is_ok_and(|range| range.contains(version));
        self.errata.retain(|erratum| is_of(erratum.range()));
        self.missing.retain(|missing| is_of(missing.range()));
        self
    }

    /// Applies all corrections, each to every version for which it is.
    ///
    /// # Errors
    /// When one does not apply: its table or row is not there, or the wrong words are gone.
    pub(crate) fn apply(&self, editions: &mut [Edition]) -> Result<()> {
        for erratum in &self.errata {
            let range = erratum.range()?;
            for edition in editions.iter_mut().filter(|edition| range.contains(edition.version)) {
                erratum.apply(&mut edition.spec).with_context(|| of_several(range, edition.version))?;
            }
        }
        for missing in &self.missing {
            let range = missing.range()?;
            for edition in editions.iter_mut().filter(|edition| range.contains(edition.version)) {
                missing.apply(&mut edition.spec).with_context(|| of_several(range, edition.version))?;
            }
        }
        Ok(())
    }
}

/// What to do about an entry that does not apply to one of its versions.
fn of_several(range: Range, version: Version) -> String {
    format!(
        "errata.toml: an entry for KMIP {range} does not apply to {version}; if that document is right, leave the version out by `since` and `until`"
    )
}

impl Erratum {
    fn place(&self) -> String {
        let row = self.row.as_deref().unwrap_or_default();
        format!("erratum of {:?} {:?} {row:?}", self.table, self.name)
    }

    fn range(&self) -> Result<Range> {
        Range::of(self.version, self.since, self.until)
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
            Kind::Error => {
                let tables = spec.errors.iter_mut().filter(|errors| {
                    self.selects(errors.operation.as_deref().unwrap_or_default(), &errors.section)
                });
                tables.map(|errors| self.change_reasons(&mut errors.reasons)).sum()
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

    fn change_reasons(&self, reasons: &mut Vec<String>) -> usize {
        let place = reasons.iter().position(|reason| self.what == What::Name && *reason == self.from);
        let Some(place) = place else { return 0 };
        let right = self.to.split(", ").filter(|name| !name.is_empty()).map(str::to_owned);
        reasons.splice(place..=place, right);
        1
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
    use crate::model::{Encoding, Errors, Field, NamedValues};

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

    fn edition(version: &str) -> Edition {
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
        Edition { version: Version::parse(version).unwrap(), spec }
    }

    fn apply(text: &str) -> Result<Spec> {
        let mut editions = [edition("9.9")];
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
    fn corrects_the_result_reasons_of_an_operation() {
        let errors = Errors {
            operation: Some("Query".into()),
            section: "11.2".into(),
            reasons: vec!["One".into(), "Two and/or Three".into(), "Four".into()],
        };
        let text = ERRATUM
            .replace("\"enumeration\"", "\"error\"")
            .replace("MaskGenerator", "Query")
            .replace("row = \"MFG1\"\n", "")
            .replace("from = \"MFG1\"", "from = \"Two and/or Three\"");
        for (right, expected) in
            [("Two, Three", &["One", "Two", "Three", "Four"][..]), ("", &["One", "Four"])]
        {
            let text = text.replace("to = \"MGF1\"", &format!("to = {right:?}"));
            let mut editions = [edition("9.9")];
            editions[0].spec.errors.push(errors.clone());
            Errata::parse(&text).unwrap().apply(&mut editions).unwrap();
            assert_eq!(editions[0].spec.errors[0].reasons, expected);
            // It is corrected now.
            assert!(Errata::parse(&text).unwrap().apply(&mut editions).is_err());
        }
    }

    #[test]
    fn rejects_an_entry_that_no_longer_applies() {
        for (from, to) in [
            ("row = \"MFG1\"", "row = \"MGF1\""),
            ("from = \"MFG1\"", "from = \"MGF1\""),
            ("name = \"MaskGenerator\"", "name = \"MaskMaker\""),
        ] {
            let error = format!("{:#}", apply(&ERRATUM.replace(from, to)).unwrap_err());
            assert!(error.contains("KMIP 9.9 does not apply to 9.9;"), "{error}");
            assert!(error.contains("in one place, found it in 0"), "{error}");
        }
        let of_none = Errata::parse(&ERRATUM.replace("9.9", "9.8")).unwrap();
        let error = format!("{:#}", of_none.check(&[edition("9.9")]).unwrap_err());
        assert!(error.ends_with("there is no version 9.8"), "{error}");
    }

    #[test]
    fn applies_to_every_version_of_a_range() {
        let versions = ["9.8", "9.9", "9.10"];
        for (range, expected) in [
            ("since = \"9.9\"", ["MFG1", "MGF1", "MGF1"]),
            ("since = \"9.8\"\nuntil = \"9.9\"", ["MGF1", "MGF1", "MFG1"]),
        ] {
            let text = ERRATUM.replace("version = \"9.9\"", range);
            let mut editions = versions.map(edition);
            Errata::parse(&text).unwrap().apply(&mut editions).unwrap();
            assert_eq!(editions.map(|edition| edition.spec.enumerations[0].values[0].wire.clone()), expected);

            // One of them is right, and the error says which.
            let mut editions = versions.map(edition);
            editions[1].spec.enumerations[0].values[0].name = "MGF1".into();
            let error = format!("{:#}", Errata::parse(&text).unwrap().apply(&mut editions).unwrap_err());
            assert!(error.contains("does not apply to 9.9;"), "{error}");
        }
        assert!(Errata::parse(&ERRATUM.replace("version", "until")).is_err());
    }

    #[test]
    fn rejects_an_entry_without_a_reason() {
        assert!(Errata::parse(&ERRATUM.replace("Letters swapped.", " ")).is_err());
    }
}
