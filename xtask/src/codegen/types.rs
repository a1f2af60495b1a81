//! The item types that the tables of all versions allow for each tag, and what names its values.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::merge::MergedValues;
use crate::model::Encoding;
use crate::names;
use crate::versions::Edition;

/// What names the values of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TagNames {
    /// Nothing.
    None,
    /// The value is the number of a tag.
    Tags,
    /// An enumeration.
    Enumeration(Table),
    /// A mask.
    Mask(Table),
}

/// An enumeration or a mask that names the values of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The wire name.
    pub(crate) wire: String,
    /// The name of the generated constant.
    pub(crate) constant: String,
}

impl Table {
    fn of(values: &MergedValues) -> Self {
        Self { wire: values.wire.clone(), constant: names::rust_constant(&values.spelled) }
    }
}

/// The item types and the names for each tag, by wire name.
#[derive(Clone, Debug, Default)]
pub(crate) struct TagTypes {
    types: BTreeMap<String, BTreeSet<String>>,
    /// Tags whose type depends on something else.
    any: BTreeSet<String>,
    names: BTreeMap<String, TagNames>,
}

/// What `bindings.toml` says of a tag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Binding {
    tag: String,
    /// The tag whose types and names it has.
    same_as: Option<String>,
    /// The enumeration that names its values.
    enumeration: Option<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bindings {
    #[serde(default, rename = "binding")]
    bindings: Vec<Binding>,
}

/// Reads `bindings.toml` of a folder.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn load_bindings(folder: &Path) -> Result<Vec<Binding>> {
    let path = folder.join("bindings.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let bindings: Bindings = toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    Ok(bindings.bindings)
}

impl TagTypes {
    /// Collects them from all versions, then adds the bindings.
    ///
    /// # Errors
    /// When a cell names another enumeration than the tag's own, two cells name two enumerations, or a
    /// binding says what the tables say already.
    pub(crate) fn collect(
        editions: &[Edition],
        enumerations: &[MergedValues],
        masks: &[MergedValues],
        bindings: &[Binding],
    ) -> Result<Self> {
        let mut types = Self::default();
        let mut tables: BTreeMap<String, TagNames> = BTreeMap::new();
        for enumeration in enumerations {
            tables.insert(enumeration.wire.clone(), TagNames::Enumeration(Table::of(enumeration)));
        }
        for mask in masks {
            tables.insert(mask.wire.clone(), TagNames::Mask(Table::of(mask)));
        }
        // The table of tags is the enumeration of the same name.
        tables.insert("Tag".to_owned(), TagNames::Tags);
        types.names.clone_from(&tables);
        for edition in editions {
            types.add_edition(edition, &tables)?;
        }
        // A tag that no table describes but that has an enumeration or mask of its own has its type.
        for (wire, names) in &tables {
            let item_type = if matches!(names, TagNames::Mask(_)) { "Integer" } else { "Enumeration" };
            if !types.any.contains(wire) && types.types.get(wire).is_none_or(BTreeSet::is_empty) {
                types.types.entry(wire.clone()).or_default().insert(item_type.to_owned());
            }
        }
        for binding in bindings {
            types.bind(binding, &tables)?;
        }
        Ok(types)
    }

    fn add_edition(&mut self, edition: &Edition, tables: &BTreeMap<String, TagNames>) -> Result<()> {
        let spec = &edition.spec;
        for item in &spec.items {
            self.add(&item.wire, &item.encoding, tables)?;
        }
        for attribute in &spec.attributes {
            self.add(&attribute.wire, &attribute.encoding, tables)?;
        }
        for structure in &spec.structures {
            self.types.entry(structure.wire.clone()).or_default().insert("Structure".to_owned());
            for field in &structure.fields {
                self.add(&field.wire, &field.encoding, tables).with_context(|| {
                    format!("KMIP {} section {}, {}", edition.version, structure.section, structure.wire)
                })?;
            }
        }
        Ok(())
    }

    fn add(&mut self, wire: &str, encoding: &Encoding, tables: &BTreeMap<String, TagNames>) -> Result<()> {
        if encoding.any {
            self.any.insert(wire.to_owned());
        }
        self.types.entry(wire.to_owned()).or_default().extend(encoding.types.iter().cloned());
        if let Some(enumeration) = &encoding.enumeration {
            let names =
                tables.get(enumeration).with_context(|| format!("{wire}: no enumeration {enumeration}"))?;
            match self.names.get(wire) {
                Some(known) if known != names => {
                    bail!("{wire}: the cell names {enumeration}, but {known:?} names its values")
                }
                Some(_) => {}
                None => {
                    self.names.insert(wire.to_owned(), names.clone());
                }
            }
        }
        Ok(())
    }

    fn bind(&mut self, binding: &Binding, tables: &BTreeMap<String, TagNames>) -> Result<()> {
        let Binding { tag, same_as, enumeration, reason } = binding;
        if reason.trim().is_empty() {
            bail!("bindings.toml: {tag}: no reason is given");
        }
        if let Some(other) = same_as {
            if !self.types(tag).is_empty() {
                bail!("bindings.toml: {tag}: the tables say its types already");
            }
            let types =
                self.types.get(other).with_context(|| format!("bindings.toml: no table has {other}"))?;
            self.types.insert(tag.clone(), types.clone());
            if let Some(names) = self.names.get(other).cloned() {
                self.names.insert(tag.clone(), names);
            }
        }
        if let Some(enumeration) = enumeration {
            let names = tables.get(enumeration);
            let names =
                names.with_context(|| format!("bindings.toml: {tag}: no enumeration {enumeration}"))?;
            if self.names.insert(tag.clone(), names.clone()).is_some() {
                bail!("bindings.toml: {tag}: the tables say its enumeration already");
            }
        }
        Ok(())
    }

    /// What names the values of a tag.
    pub(crate) fn names(&self, wire: &str) -> TagNames {
        self.names.get(wire).cloned().unwrap_or(TagNames::None)
    }

    /// The expression of its `ItemTypes`.
    pub(crate) fn expression(&self, wire: &str) -> String {
        expression(&self.types(wire))
    }

    /// The wire names of the item types; empty for any.
    pub(crate) fn types(&self, wire: &str) -> Vec<String> {
        if self.any.contains(wire) {
            return Vec::new();
        }
        self.types.get(wire).map(|types| types.iter().cloned().collect()).unwrap_or_default()
    }

    /// The tags for which every type is allowed because no table says which.
    pub(crate) fn undescribed<'a>(&self, tags: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        tags.filter(|wire| !self.any.contains(*wire) && self.types(wire).is_empty()).collect()
    }
}

/// The `ItemTypes` of wire names of types; empty for any.
pub(crate) fn expression(types: &[String]) -> String {
    let mut expression = String::new();
    for name in types {
        let constant = format!("ItemTypes::{}", names::rust_constant(name));
        expression = if expression.is_empty() { constant } else { format!("{expression}.or({constant})") };
    }
    if expression.is_empty() { "ItemTypes::ANY".to_owned() } else { expression }
}
