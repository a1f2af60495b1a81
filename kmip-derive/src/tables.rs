//! Look-ups in the generated tables of the standard.

use core::fmt;

use crate::generated::tables::{TAGS, VERSIONS};
use crate::nearest::{abbreviates, nearest};

/// A tag by one of its names.
pub(crate) struct TagRow {
    /// The wire name.
    pub(crate) name: &'static str,
    /// The name that the newest version uses, if it is not this one.
    pub(crate) alias_of: Option<&'static str>,
    /// The Rust constant.
    pub(crate) constant: &'static str,
    /// The number.
    pub(crate) value: u32,
    /// The item types that the structure tables allow; none where no table has the tag.
    pub(crate) types: &'static [&'static str],
    /// The first version that has it.
    pub(crate) since: (i32, i32),
    /// The last version that has it.
    pub(crate) until: Option<(i32, i32)>,
}

/// A version of the standard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) i32, pub(crate) i32);

impl Version {
    /// The first version.
    pub(crate) fn first() -> Self {
        VERSIONS.first().map_or(Self(1, 0), |(major, minor)| Self(*major, *minor))
    }

    /// The version before another.
    pub(crate) fn before(other: Self) -> Option<Self> {
        VERSIONS.iter().map(|(major, minor)| Self(*major, *minor)).rfind(|version| *version < other)
    }

    /// The version that this text names, if the standard has it.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        VERSIONS.iter().map(|(major, minor)| Self(*major, *minor)).find(|version| version.to_string() == text)
    }

    /// All versions, for a message.
    pub(crate) fn all() -> String {
        let all: Vec<String> = VERSIONS.iter().map(|(major, minor)| format!("{major}.{minor}")).collect();
        all.join(", ")
    }

    /// The constant of `ProtocolVersion`.
    pub(crate) fn constant(self) -> String {
        format!("V{}_{}", self.0, self.1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl TagRow {
    /// The first version that has it.
    pub(crate) fn since(&self) -> Version {
        Version(self.since.0, self.since.1)
    }

    /// The last version that has it.
    pub(crate) fn until(&self) -> Option<Version> {
        self.until.map(|(major, minor)| Version(major, minor))
    }

    /// The name of the newest version.
    pub(crate) fn current_name(&self) -> &'static str {
        self.alias_of.unwrap_or(self.name)
    }
}

/// The tag with this wire name.
pub(crate) fn tag_by_name(name: &str) -> Option<&'static TagRow> {
    TAGS.iter().find(|row| row.name == name)
}

/// The tag with this number, under its newest name.
pub(crate) fn tag_by_value(value: u32) -> Option<&'static TagRow> {
    TAGS.iter().find(|row| row.value == value && row.alias_of.is_none())
}

/// The tag whose name in Rust's form for fields is this.
pub(crate) fn tag_by_field_name(name: &str) -> Option<&'static TagRow> {
    TAGS.iter().find(|row| row.alias_of.is_none() && row.constant.eq_ignore_ascii_case(name))
}

/// The tag whose name in Rust's form for types is this.
pub(crate) fn tag_by_type_name(name: &str) -> Option<&'static TagRow> {
    let matches = |row: &&TagRow| {
        let constant = row.constant.bytes().filter(|byte| *byte != b'_');
        constant.map(|byte| byte.to_ascii_lowercase()).eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    TAGS.iter().filter(|row| row.alias_of.is_none()).find(matches)
}

/// The tag whose wire name is nearest to a misspelled one: the shortest that it abbreviates, else the one with the
/// fewest edits.
pub(crate) fn nearest_tag(name: &str) -> Option<&'static TagRow> {
    let abbreviated = TAGS.iter().filter(|row| row.alias_of.is_none() && abbreviates(name, row.constant));
    let shortest = abbreviated.min_by_key(|row| row.constant.len());
    shortest.or_else(|| nearest(name, TAGS.iter().map(|row| row.name)).and_then(tag_by_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_found_by_the_name_that_a_field_or_variant_has() {
        for row in TAGS.iter().filter(|row| row.alias_of.is_none()) {
            let field = tag_by_field_name(&row.constant.to_ascii_lowercase());
            let variant = tag_by_type_name(&row.constant.replace('_', ""));
            assert_eq!(field.map(|found| found.value), Some(row.value), "{}", row.name);
            assert_eq!(variant.map(|found| found.value), Some(row.value), "{}", row.name);
        }
    }

    #[test]
    fn abbreviations_are_near_to_the_tags_that_they_stand_for() {
        for (name, expected) in [
            ("unique_id", Some("UniqueIdentifier")),
            ("UniqueId", Some("UniqueIdentifier")),
            ("key_val", Some("KeyValue")),
            ("crypto_algorithm", Some("CryptographicAlgorithm")),
            ("CryptoAlgorithm", Some("CryptographicAlgorithm")),
            ("crypto_param", Some("CryptographicParameters")),
            ("attr", Some("Attribute")),
            ("uniqe_id", None),
        ] {
            assert_eq!(nearest_tag(name).map(|row| row.name), expected, "{name}");
        }
    }

    #[test]
    fn versions_are_those_of_the_standard() {
        assert!(Version::from_text("1.2") == Some(Version(1, 2)));
        for text in ["1.9", "2", "", "01.2", "2.1.0"] {
            assert!(Version::from_text(text).is_none(), "{text}");
        }
    }
}
