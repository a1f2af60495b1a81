//! The item types that the tables of all versions allow for each tag, and what names its values.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::MergedValues;
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
    names: BTreeMap<String, TagNames>,
}

impl TagTypes {
    /// Collects them from all versions.
    pub(crate) fn collect(
        _editions: &[Edition],
        enumerations: &[MergedValues],
        masks: &[MergedValues],
    ) -> Self {
        let mut names = BTreeMap::new();
        for enumeration in enumerations {
            names.insert(enumeration.wire.clone(), TagNames::Enumeration(Table::of(enumeration)));
        }
        for mask in masks {
            names.insert(mask.wire.clone(), TagNames::Mask(Table::of(mask)));
        }
        Self { types: BTreeMap::new(), names }
    }

    /// What names the values of a tag.
    pub(crate) fn names(&self, wire: &str) -> TagNames {
        self.names.get(wire).cloned().unwrap_or(TagNames::None)
    }

    /// The expression of its `ItemTypes`.
    pub(crate) fn expression(&self, wire: &str) -> String {
        let Some(types) = self.types.get(wire) else { return "ItemTypes::ANY".to_owned() };
        let mut expression = String::new();
        for name in types {
            let constant = format!("ItemTypes::{}", names::rust_constant(name));
            expression =
                if expression.is_empty() { constant } else { format!("{expression}.or({constant})") };
        }
        expression
    }

    /// The wire names of the item types; empty for any.
    pub(crate) fn types(&self, wire: &str) -> Vec<String> {
        self.types.get(wire).map(|types| types.iter().cloned().collect()).unwrap_or_default()
    }
}
