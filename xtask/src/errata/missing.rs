//! Rows that a document forgot.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::model::{Encoding, Field, Spec};
use crate::names;
use crate::versions::{Range, Version};

/// A row that the table of a structure lacks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Missing {
    /// The version whose document lacks it.
    version: Option<Version>,
    /// Or the first of several.
    since: Option<Version>,
    /// And the last of them.
    until: Option<Version>,
    /// The wire name of the structure.
    structure: String,
    /// The section of its table, where several tables have that name.
    section: Option<String>,
    /// The spelled-out name of the row that it comes after; it comes first, if there is none.
    after: Option<String>,
    /// The spelled-out name of the row.
    row: String,
    /// The item types.
    types: Vec<String>,
    /// Whether it is required.
    required: String,
    /// Whether it may stand several times.
    #[serde(default)]
    repeated: bool,
    /// How it is known.
    pub(super) reason: String,
}

impl Missing {
    /// What it is about, for a message.
    pub(super) fn place(&self) -> String {
        format!("missing row of {} {:?}", self.structure, self.row)
    }

    /// The versions for which it is.
    pub(super) fn range(&self) -> Result<Range> {
        Range::of(self.version, self.since, self.until)
    }

    /// Adds the row.
    ///
    /// # Errors
    /// When there is no such table, it has the row, or it has not the row to come after.
    pub(super) fn apply(&self, spec: &mut Spec) -> Result<()> {
        let mut found = spec.structures.iter_mut().filter(|structure| {
            structure.wire == self.structure
                && self.section.as_ref().is_none_or(|section| *section == structure.section)
        });
        let structure = found.next().with_context(|| format!("{}: there is no such table", self.place()))?;
        if found.next().is_some() {
            bail!("{}: there are several such tables", self.place());
        }
        let position = |name: &str| structure.fields.iter().position(|field| field.name == name);
        if position(&self.row).is_some() {
            bail!("{}: the table has the row", self.place());
        }
        let index = match &self.after {
            Some(after) => {
                position(after).with_context(|| format!("{}: there is no row {after:?}", self.place()))? + 1
            }
            None => 0,
        };
        let field = Field {
            name: self.row.clone(),
            wire: names::wire(&self.row),
            encoding: Encoding { types: self.types.clone(), ..Encoding::default() },
            required: self.required.clone(),
            repeated: self.repeated,
            ..Field::default()
        };
        structure.fields.insert(index, field);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Structure;

    fn missing(after: &str) -> Missing {
        let text = r#"
            version = "9.9"
            structure = "Block"
            section = "7.1"
            row = "Third Part"
            types = ["Integer"]
            required = "no"
            repeated = true
            reason = "The text has it."
        "#;
        toml::from_str(&format!("{text}{after}")).unwrap()
    }

    fn spec(rows: &[&str]) -> Spec {
        let field = |name: &&str| Field { name: (*name).into(), wire: names::wire(name), ..Field::default() };
        let structure = Structure {
            wire: "Block".into(),
            section: "7.1".into(),
            fields: rows.iter().map(field).collect(),
            ..Structure::default()
        };
        Spec { structures: vec![structure], ..Spec::default() }
    }

    #[test]
    fn adds_the_row_in_its_place() {
        for (after, expected) in
            [("", ["ThirdPart", "One", "Two"]), ("after = \"One\"", ["One", "ThirdPart", "Two"])]
        {
            let mut spec = spec(&["One", "Two"]);
            missing(after).apply(&mut spec).unwrap();
            let fields = &spec.structures[0].fields;
            assert_eq!(fields.iter().map(|field| field.wire.as_str()).collect::<Vec<_>>(), expected);
            assert!(fields.iter().any(|field| field.repeated && field.encoding.types == ["Integer"]));
        }
    }

    #[test]
    fn rejects_an_entry_that_no_longer_applies() {
        let mut twice = spec(&["Two"]);
        twice.structures.push(twice.structures[0].clone());
        for (mut spec, after, reason) in [
            (Spec::default(), "", "there is no such table"),
            (twice, "", "there are several such tables"),
            (spec(&["Third Part"]), "", "the table has the row"),
            (spec(&["Two"]), "after = \"One\"", "there is no row \"One\""),
        ] {
            let error = missing(after).apply(&mut spec).unwrap_err().to_string();
            assert_eq!(error, format!("missing row of Block \"Third Part\": {reason}"));
        }
    }
}
