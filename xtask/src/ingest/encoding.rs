//! Reads the cells of a field: its name, how it is encoded, and whether it is required.

use super::html::Cell;
use crate::model::{Encoding, Field, Spec};
use crate::names;

/// The item types as the standard spells them, with spaces and dashes left out; where one name is within
/// another, the longer one is first.
const ITEM_TYPES: &[(&str, &str)] = &[
    ("structure", "Structure"),
    ("longinteger", "LongInteger"),
    ("biginteger", "BigInteger"),
    ("integer", "Integer"),
    ("enumeration", "Enumeration"),
    ("boolean", "Boolean"),
    ("textstring", "TextString"),
    ("bytestring", "ByteString"),
    ("datetimeextended", "DateTimeExtended"),
    ("datetime", "DateTime"),
    ("interval", "Interval"),
];

/// Whether a cell starts with the name of an item type.
pub(crate) fn is_encoding(text: &str) -> bool {
    let text = squeeze(text);
    ITEM_TYPES.iter().any(|(name, _)| text.starts_with(name))
}

/// Reads a cell such as `Enumeration, see 9.1.3.2.5`, `Text String, Enumeration or Integer`, or
/// `Byte String: for wrapped Key Value; Structure: for plaintext Key Value`. `None` when it is none of these.
pub(crate) fn read(cell: &Cell, spec: &Spec) -> Option<Encoding> {
    let text = cell.text.as_str();
    let lower = text.to_lowercase();
    let any = lower.starts_with("any") || (lower.starts_with("varies") && lower.contains("attribute"));
    let types = if any { Vec::new() } else { types(text) };
    let mut encoding = Encoding { types, any, enumeration: reference(text, spec), structure: None };
    if encoding.types.is_empty() && !any {
        let name = field_name(text);
        let named = names::wire(name.trim_end_matches(" Object"));
        if lower.starts_with("varies") || lower.starts_with("attribute,") || lower == "attribute" {
            // The tables of the variants say, or the attribute's own.
        } else if spec.tags.iter().any(|tag| tag.wire == named) {
            encoding.types.push("Structure".to_owned());
            encoding.structure = Some(named);
        } else {
            return None;
        }
    }
    Some(encoding)
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|character| !matches!(character, ' ' | '-')).collect::<String>().to_lowercase()
}

/// The item types that a text names. A remark does not name one: `Text String (with usage …)`.
fn types(text: &str) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for part in text.split([',', ';', '/', '|']).flat_map(|part| part.split(" or ")) {
        let part = part.split(['(', ':']).next().unwrap_or_default();
        let part = squeeze(part.split(" see ").next().unwrap_or_default());
        // `Object Data Structure` ends with the type; a qualified type starts with it.
        let found = ITEM_TYPES
            .iter()
            .find(|(name, _)| part == *name || part.ends_with("structure") && *name == "structure");
        let sentence =
            ITEM_TYPES.iter().find(|(name, _)| part.starts_with("varies.") && part[7..].starts_with(name));
        if let Some((_, wire)) = found.or(sentence)
            && !types.iter().any(|known| known == wire)
        {
            types.push((*wire).to_owned());
        }
    }
    types
}

/// The item types that the description of a payload's field names: `An Integer object that …`, `… (as a Byte
/// String).`, `Final operation as Boolean`, `The lease time Interval or Date Time …`.
pub(crate) fn described_types(description: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in description.to_lowercase().split(". ") {
        let mut rest = squeeze(without_article(sentence));
        if let Some(after) = rest.strip_prefix(&squeeze(name)) {
            rest = after.to_owned();
        }
        let mut types = leading_types(&rest);
        // In the middle of a sentence only a type of its own counts, not a word that a type's name starts.
        for words in ["(as a ", " as a ", " as "] {
            if types.is_empty()
                && let Some((_, after)) = sentence.split_once(words)
            {
                let after = squeeze(after.trim_end_matches(['.', ')', ' ']));
                types.extend(ITEM_TYPES.iter().filter(|(name, _)| after == *name).map(|(_, wire)| *wire));
            }
        }
        for wire in types {
            if !found.iter().any(|known| known == wire) {
                found.push(wire.to_owned());
            }
        }
    }
    found
}

fn without_article(text: &str) -> &str {
    let text = text.trim_start();
    ["a ", "an ", "the "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(text)
}

/// The type that a squeezed text starts with, and those that follow it after `or`.
fn leading_types(text: &str) -> Vec<&'static str> {
    let mut types = Vec::new();
    let Some((name, wire)) = ITEM_TYPES.iter().find(|(name, _)| text.starts_with(name)) else { return types };
    types.push(*wire);
    for other in text[name.len()..].split("or").skip(1) {
        let other = other.strip_prefix("an").or(other.strip_prefix("a")).unwrap_or(other);
        types.extend(ITEM_TYPES.iter().filter(|(name, _)| other.starts_with(name)).map(|(_, wire)| *wire));
    }
    types
}

/// The enumeration or mask that a cell names by its section, or in brackets: `Enumeration (Item Type)`.
pub(crate) fn reference(text: &str, spec: &Spec) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some(start) = lower.find("enumeration (") {
        let rest = &text[start + "enumeration (".len()..];
        return rest
            .split(')')
            .next()
            .map(names::wire)
            .filter(|name| !name.is_empty() && !name.starts_with("MAYBe"));
    }
    let section = section_reference(text)?;
    let tables = spec.enumerations.iter().chain(&spec.masks);
    tables.into_iter().find(|table| table.section == section).map(|table| table.wire.clone())
}

/// The section that a cell refers to: `Offset, see 4.4` → `4.4`.
pub(crate) fn section_reference(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let section = lower.split("see ").nth(1)?.trim_start_matches("section ");
    let section: String = section.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    Some(section.trim_end_matches('.').to_owned()).filter(|section| !section.is_empty())
}

/// The name in a cell, without the place it refers to and remarks: `Link Type, see 3.1` → `Link Type`.
pub(crate) fn field_name(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let ends = [
        ", see ",
        " (see ",
        " see section",
        " (section ",
        ", may be repeated",
        " may be repeated",
        " (may be",
    ];
    let end = ends.iter().filter_map(|end| lower.find(end)).min().unwrap_or(text.len());
    super::values::split_mark(&text[..end]).0.trim_end_matches([',', '.', ' ']).to_owned()
}

/// Reads a row into a field.
pub(crate) fn field(name: &Cell, encoding: Option<Encoding>, required: Option<&Cell>, spec: &Spec) -> Field {
    let spelled = field_name(&name.text);
    let lower = spelled.to_lowercase();
    let mut field =
        Field { wire: names::wire(&spelled), encoding: encoding.unwrap_or_default(), ..Field::default() };
    let objects = super::enumerations::named_in(&spelled, "ObjectType", spec);
    if lower.starts_with("any attribute") {
        field.any_of = Some("attribute".to_owned());
    } else if lower.starts_with("any object") || lower.starts_with("all object") {
        field.any_of = Some("object".to_owned());
    } else if objects.len() > 2 {
        field.any_of = Some("object".to_owned());
        field.one_of = objects;
    } else if spelled.contains(" | ") {
        field.one_of = spelled.split(" | ").map(names::wire).collect();
    }
    if field.encoding.any && field.any_of.is_none() && !spec.tags.iter().any(|tag| tag.wire == field.wire) {
        field.any_of = Some("vendor".to_owned());
    }
    if field.any_of.is_some() || !field.one_of.is_empty() {
        field.wire.clear();
    }
    field.name = spelled;
    field.required = required.map_or("unstated", |cell| requirement(&cell.text)).to_owned();
    let text = required.map(|cell| cell.text.to_lowercase()).unwrap_or_default();
    field.repeated = text.contains("may be repeated") || text.contains("is repeated");
    field.deprecated = text.contains("(deprecated") || name.text.to_lowercase().contains("(deprecated");
    field
}

/// `yes`, `no` or `conditional`.
fn requirement(text: &str) -> &'static str {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if lower.starts_with("yes") {
        if has(&["unless", "except", "if ", "if\u{a0}", " for ", "(for ", "omitted"]) {
            "conditional"
        } else {
            "yes"
        }
    } else if lower.starts_with("no") {
        if has(&["unless", "depends", "shall be present", "required only if", "shall only be present"]) {
            "conditional"
        } else {
            "no"
        }
    } else if lower.is_empty() {
        "unstated"
    } else {
        "conditional"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Named, NamedValues};

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned() }
    }

    #[test]
    fn encodings_name_their_types() {
        let spec = Spec {
            tags: vec![Named { wire: "RNGParameters".to_owned(), ..Named::default() }],
            ..Spec::default()
        };
        for (text, types) in [
            ("Date-Time", &["DateTime"][..]),
            ("Date Time Extended", &["DateTimeExtended"]),
            ("TextString", &["TextString"]),
            ("Text string, see 3.1", &["TextString"]),
            ("Text String, Enumeration or Integer", &["TextString", "Enumeration", "Integer"]),
            ("Text String/Enumeration/Integer", &["TextString", "Enumeration", "Integer"]),
            ("Long Integer", &["LongInteger"]),
            ("Enumeration (Item Type)", &["Enumeration"]),
            ("Object Data Structure", &["Structure"]),
            ("Structure, MAY be repeated", &["Structure"]),
            (
                "Byte String: for wrapped Key Value; Structure: for plaintext Key Value",
                &["ByteString", "Structure"],
            ),
            ("Text String (with usage limited to - i.e. [A-Z])", &["TextString"]),
            ("Varies. Structure for one Credential Type.", &["Structure"]),
            ("RNG Parameters (see 2.1.18)", &["Structure"]),
            ("Varies based on Credential Type.", &[]),
        ] {
            let encoding = read(&cell(text), &spec).unwrap();
            assert_eq!(encoding.types, types, "{text}");
            assert!(!encoding.any, "{text}");
        }
        for text in [
            "Any, MAY be repeated",
            "Varies, depending on attribute. See Section 3",
            "Any data type or structure.",
        ] {
            assert!(read(&cell(text), &spec).unwrap().any, "{text}");
        }
        assert_eq!(read(&cell("Quaternion"), &spec), None);
    }

    #[test]
    fn section_references_name_the_enumeration() {
        let table = NamedValues {
            wire: "HashingAlgorithm".into(),
            section: "9.1.3.2.16".into(),
            ..NamedValues::default()
        };
        let spec = Spec { enumerations: vec![table], ..Spec::default() };
        let enumeration = |text| read(&cell(text), &spec).unwrap().enumeration;
        assert_eq!(enumeration("Enumeration, see 9.1.3.2.16").as_deref(), Some("HashingAlgorithm"));
        assert_eq!(enumeration("Enumeration, see 9.1.3.2.1"), None);
        assert_eq!(enumeration("Enumeration (Tag)").as_deref(), Some("Tag"));
        assert_eq!(enumeration("Enumeration"), None);
    }

    #[test]
    fn descriptions_name_their_types() {
        for (name, text, types) in [
            ("Offset", "An Interval object indicating a difference.", &["Interval"][..]),
            ("Data", "The encrypted data (as a Byte String).", &["ByteString"]),
            ("Final Indicator", "Final operation as Boolean", &["Boolean"]),
            ("Lease Time", "The lease time Interval or Date Time for the ticket", &["Interval", "DateTime"]),
            (
                "Function",
                "The one to perform. An Enumeration for these or an Integer for those.",
                &["Enumeration", "Integer"],
            ),
            ("Ephemeral", "Says that it is not kept. Boolean.", &["Boolean"]),
            ("Certificate", "The certificate, as a client has it.", &[]),
        ] {
            assert_eq!(described_types(text, name), types, "{text}");
        }
    }

    #[test]
    fn requirements_are_told_apart() {
        for (text, expected) in [
            ("Yes", "yes"),
            ("Yes.", "yes"),
            ("Yes, but MAY be the empty string", "yes"),
            ("Yes, MAY be repeated", "yes"),
            ("Yes, unless a failure,", "conditional"),
            ("Yes for single-part. No for multi-part.", "conditional"),
            ("Yes (for one kind) / No (for the other)", "conditional"),
            ("No", "no"),
            ("No. If Encoding Option is not present, the default holds.", "no"),
            ("No, SHALL be present if the other is omitted", "conditional"),
            ("If and only if the key object is wrapped.", "conditional"),
            ("", "unstated"),
        ] {
            assert_eq!(requirement(text), expected, "{text}");
        }
    }

    #[test]
    fn field_names_lose_their_remarks() {
        for (text, expected) in [
            ("Link Type, see 3.1", "Link Type"),
            ("Credential, MAY be repeated", "Credential"),
            ("Cryptographic Parameters,", "Cryptographic Parameters"),
            ("Usage Limits Count, see Usage Limits Count field in 3.21", "Usage Limits Count"),
            ("Template (deprecated)", "Template"),
        ] {
            assert_eq!(field_name(text), expected);
        }
    }

    #[test]
    fn choices_have_no_name_of_their_own() {
        let values = ["Certificate", "Symmetric Key", "Opaque Object"];
        let values =
            values.map(|name| Named { name: name.into(), wire: names::wire(name), ..Named::default() });
        let types =
            NamedValues { wire: "ObjectType".into(), values: values.to_vec(), ..NamedValues::default() };
        let spec = Spec { enumerations: vec![types], ..Spec::default() };
        let read = |text| field(&cell(text), None, Some(&cell("Yes")), &spec);
        let choice = read("Certificate, Symmetric Key Opaque Object, see 2.2");
        assert_eq!((choice.wire.as_str(), choice.any_of.as_deref()), ("", Some("object")));
        assert_eq!(choice.one_of, ["Certificate", "SymmetricKey", "OpaqueObject"]);
        assert_eq!(read("Any Object (Section 2)").any_of.as_deref(), Some("object"));
        assert_eq!(read("Any attribute in Section 4").any_of.as_deref(), Some("attribute"));
        assert_eq!(read("Object Type | ObjectTypes").one_of, ["ObjectType", "ObjectTypes"]);
        assert_eq!(read("Certificate").wire, "Certificate");
    }
}
