//! The fields of a structure as rows of text.

use crate::attribute::Attribute;
use crate::generated::enumerations::{CREDENTIAL_TYPE, DERIVATION_METHOD, KEY_FORMAT_TYPE, OBJECT_TYPE};
use crate::schemas::Entry;
use crate::tables::NameInfo;
use crate::tag::Tag;
use crate::ttlv::{Field, Tagged};
use crate::version::ProtocolVersion;

/// A field under one of its tags.
pub(super) struct Row {
    /// The tag's number; empty for a choice.
    pub(super) number: String,
    /// What it is: a tag, or what a choice is among.
    pub(super) name: String,
    /// How often it is there.
    pub(super) presence: String,
    /// The versions that have it.
    pub(super) versions: String,
}

/// The rows of a structure's fields, in those versions that have the structure.
pub(super) fn rows(entry: &Entry, owner: impl Fn(ProtocolVersion) -> bool) -> Vec<Row> {
    let variant = entry.variant.and_then(deciding);
    let stands = |version: &ProtocolVersion| {
        let is_in = |since: ProtocolVersion, until: Option<ProtocolVersion>| {
            since <= *version && until.is_none_or(|until| *version <= until)
        };
        is_in(entry.since.unwrap_or(*version), entry.until)
            && variant.is_none_or(|row| is_in(row.since, row.until))
            && owner(*version)
    };
    let versions: Vec<ProtocolVersion> = ProtocolVersion::ALL.iter().copied().filter(stands).collect();
    let mut rows = Vec::new();
    for field in entry.schema.fields {
        let formerly = field.formerly.map(|(tag, _)| tag);
        for tag in formerly.into_iter().chain([field.tag]) {
            let has = |version: &ProtocolVersion| {
                field.is_in(*version) && field.tag_in(*version) == tag && is_in(tag, *version)
            };
            let having: Vec<ProtocolVersion> = versions.iter().copied().filter(has).collect();
            if !having.is_empty() {
                let is_choice = !field.other_tags.is_empty();
                rows.push(Row {
                    number: if is_choice { String::new() } else { format!("0x{:06X}", tag.value()) },
                    name: name(field, tag),
                    presence: presence(field, &having),
                    versions: range(&having),
                });
            }
        }
    }
    rows
}

/// The value that decides for a variant of a structure.
fn deciding(variant: &str) -> Option<&'static NameInfo> {
    let tables = [&KEY_FORMAT_TYPE, &CREDENTIAL_TYPE, &DERIVATION_METHOD];
    tables.into_iter().find_map(|table| table.by_name(variant))
}

fn is_in(tag: Tag, version: ProtocolVersion) -> bool {
    tag.info().is_none_or(|info| info.is_in(version))
}

fn name(field: &Field, tag: Tag) -> String {
    let is_object = |tag: &Tag| tag.name().is_some_and(|name| OBJECT_TYPE.by_name(name).is_some());
    match field.other_tags {
        [] => tag.to_string(),
        tags if tags == Attribute::TAGS => "any attribute".to_owned(),
        tags if tags.iter().all(is_object) => "any object".to_owned(),
        tags => {
            let names: Vec<String> = tags.iter().map(Tag::to_string).collect();
            format!("one of {}", names.join(", "))
        }
    }
}

/// `required`, `optional`, `repeated`, `one or more`, each in the versions in which it is so.
fn presence(field: &Field, having: &[ProtocolVersion]) -> String {
    let word =
        |version: &ProtocolVersion| match (field.is_required_in(*version), field.is_single_in(*version)) {
            (true, true) => "required",
            (true, false) => "one or more",
            (false, true) => "optional",
            (false, false) => "repeated",
        };
    let mut words: Vec<(&str, Vec<ProtocolVersion>)> = Vec::new();
    for version in having {
        match words.iter_mut().find(|(known, _)| *known == word(version)) {
            Some((_, versions)) => versions.push(*version),
            None => words.push((word(version), vec![*version])),
        }
    }
    match words.as_slice() {
        [(word, _)] => (*word).to_owned(),
        words => {
            let words: Vec<String> =
                words.iter().map(|(word, versions)| format!("{word} {}", range(versions))).collect();
            words.join(", ")
        }
    }
}

/// `1.0 on`, `1.0-1.4`, `2.0`.
pub(super) fn range(versions: &[ProtocolVersion]) -> String {
    match versions {
        [first, .., last] if *last != ProtocolVersion::NEWEST => format!("{first}-{last}"),
        [first, ..] if versions.last() == Some(&ProtocolVersion::NEWEST) => format!("{first} on"),
        [only, ..] => only.to_string(),
        [] => String::new(),
    }
}
