//! The tags that a vendor defines, by name, as one codec instance knows them.

use std::collections::BTreeMap;

use crate::tag::Tag;

/// Why a vendor's tag, or names for its values, cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The name cannot be an XML element's name, or reads as a tag in hex.
    #[error(
        "{name:?} cannot be a name: expected a letter, then letters, digits, underscores, dots or dashes"
    )]
    InvalidName {
        /// The name.
        name: String,
    },
    /// Another tag has this name.
    #[error("the name {name} is taken by the tag 0x{:06X}", tag.value())]
    NameTaken {
        /// The name.
        name: String,
        /// The tag that has it.
        tag: Tag,
    },
    /// The tag has another name.
    #[error("the tag 0x{:06X} is named {name} already", tag.value())]
    TagTaken {
        /// The tag.
        tag: Tag,
        /// The name that it has.
        name: String,
    },
    /// Values were to be named for a tag that is not registered.
    #[error("the tag {tag} is not registered")]
    NotRegistered {
        /// The tag.
        tag: Tag,
    },
    /// Two values of a tag have one name, or two names have one value.
    #[error("the value {name} of {tag} clashes with another one")]
    ValueTaken {
        /// The tag.
        tag: Tag,
        /// The name of the second one.
        name: String,
    },
}

/// The registered tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct VendorTags {
    tags: BTreeMap<Tag, VendorTag>,
    names: BTreeMap<String, Tag>,
}

/// A registered tag.
#[derive(Clone, Debug)]
pub(super) struct VendorTag {
    /// Its name.
    pub(super) name: String,
    /// What names its values.
    pub(super) values: VendorValues,
}

/// What names the values of a registered tag.
#[derive(Clone, Debug)]
pub(super) enum VendorValues {
    None,
    Enumeration(VendorNames),
    Mask(VendorNames),
}

/// Names of numbers.
#[derive(Clone, Debug)]
pub(crate) struct VendorNames {
    /// The name of the tag that they belong to.
    pub(super) title: String,
    /// In the order of the numbers.
    pub(super) rows: Vec<(u32, String)>,
}

impl VendorTags {
    pub(super) const fn new() -> Self {
        Self { tags: BTreeMap::new(), names: BTreeMap::new() }
    }

    pub(super) fn register(&mut self, name: &str, tag: Tag) -> Result<(), RegisterError> {
        if !is_name(name) || is_hex_tag(name) {
            return Err(RegisterError::InvalidName { name: name.to_owned() });
        }
        if let Some(taken) = Tag::from_wire_name(name).or_else(|| self.tag(name))
            && taken != tag
        {
            return Err(RegisterError::NameTaken { name: name.to_owned(), tag: taken });
        }
        if let Some(known) = tag.name().or_else(|| self.name(tag))
            && known != name
        {
            return Err(RegisterError::TagTaken { tag, name: known.to_owned() });
        }
        self.names.insert(name.to_owned(), tag);
        let entry = VendorTag { name: name.to_owned(), values: VendorValues::None };
        self.tags.entry(tag).or_insert(entry);
        Ok(())
    }

    pub(super) fn name_values(
        &mut self,
        tag: Tag,
        rows: &[(&str, u32)],
        kind: fn(VendorNames) -> VendorValues,
    ) -> Result<(), RegisterError> {
        let Some(entry) = self.tags.get_mut(&tag) else {
            return Err(RegisterError::NotRegistered { tag });
        };
        let mut sorted: Vec<(u32, String)> = Vec::with_capacity(rows.len());
        for (name, value) in rows {
            if !is_name(name) {
                return Err(RegisterError::InvalidName { name: (*name).to_owned() });
            }
            match sorted.binary_search_by_key(value, |row| row.0) {
                Err(at) if sorted.iter().all(|row| row.1 != *name) => {
                    sorted.insert(at, (*value, (*name).to_owned()));
                }
                _ => return Err(RegisterError::ValueTaken { tag, name: (*name).to_owned() }),
            }
        }
        entry.values = kind(VendorNames { title: entry.name.clone(), rows: sorted });
        Ok(())
    }

    /// The tag with this name.
    pub(super) fn tag(&self, name: &str) -> Option<Tag> {
        self.names.get(name).copied()
    }

    /// The name of this tag.
    pub(super) fn name(&self, tag: Tag) -> Option<&str> {
        self.tags.get(&tag).map(|entry| entry.name.as_str())
    }

    /// What names the values of this tag.
    pub(super) fn values(&self, tag: Tag) -> &VendorValues {
        self.tags.get(&tag).map_or(&VendorValues::None, |entry| &entry.values)
    }

    /// Every registered name, with its tag.
    #[cfg(any(feature = "json", feature = "xml"))]
    pub(super) fn rows(&self) -> impl Iterator<Item = (&str, Tag)> {
        self.names.iter().map(|(name, tag)| (name.as_str(), *tag))
    }

    /// Every registered name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// Whether the name can stand for a tag or a value in every text encoding.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && name != "TTLV"
}

/// `x540001`: an XML element's name that says its tag in hex.
fn is_hex_tag(name: &str) -> bool {
    name.strip_prefix('x')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
