//! Reads the rules of attributes: a section with a table of rules defines an attribute.

use anyhow::{Context, Result};

use super::enumerations::named_in;
use super::html::Table;
use crate::model::{Attribute, Item, Spec};
use crate::names;

/// The attributes that a table of rules is about: one with the section's name, or each of the items that the
/// section lists. `items` are the section's own items, `structures` the wire names of its structures.
///
/// # Errors
/// When a rule is missing.
pub(crate) fn read(
    table: &Table,
    spec: &Spec,
    items: &[Item],
    structures: &[String],
) -> Result<Vec<Attribute>> {
    let section = table.section();
    let rule = |start: &str| {
        let row = table.rows.iter().find(|row| row.cells[0].text.to_lowercase().starts_with(start));
        row.and_then(|row| row.cells.get(1)).map(|cell| cell.text.as_str())
    };
    let required =
        |start: &str| rule(start).with_context(|| format!("expected a row {start:?} among the rules"));
    let set_by = required("initially set by")?.to_lowercase();
    let name = super::values::split_mark(&section.title).0;
    let common = Attribute {
        wire: names::wire(&name),
        name,
        section: section.number.clone(),
        multiple: required("multiple instances permitted")?.starts_with("Yes"),
        always_has_value: answer(required("shall always have a value")?),
        initially_set_by: ["server", "client"]
            .into_iter()
            .filter(|who| set_by.contains(who))
            .map(str::to_owned)
            .collect(),
        modifiable_by_server: answer(required("modifiable by server")?),
        modifiable_by_client: answer(required("modifiable by client")?),
        modifiable_by_client_in: named_in(required("modifiable by client")?, "State", spec),
        modifiable_by_client_until: until(required("modifiable by client")?),
        deletable_by_client: answer(required("deletable by client")?),
        deletable_by_client_until: until(required("deletable by client")?),
        // Attributes that nothing sets unasked leave the row out.
        implicitly_set_by: named_in(rule("when implicitly set").unwrap_or_default(), "Operation", spec),
        applies_to: required("applies to object type")?.split(", ").map(str::to_owned).collect(),
        ..Attribute::default()
    };
    let deprecated = |wire: &str| spec.tags.iter().any(|tag| tag.wire == wire && tag.deprecated);
    let mut attributes: Vec<Attribute> = if items.len() > 1 {
        let one = |item: &Item| Attribute {
            name: item.name.clone(),
            wire: item.wire.clone(),
            encoding: item.encoding.clone(),
            ..common.clone()
        };
        items.iter().map(one).collect()
    } else {
        let mut attribute = common;
        if let Some(item) = items.first() {
            attribute.encoding = item.encoding.clone();
        } else if let Some(structure) = structures.first() {
            attribute.encoding.types.push("Structure".to_owned());
            attribute.encoding.structure = Some(structure.clone()).filter(|name| *name != attribute.wire);
        }
        vec![attribute]
    };
    for attribute in &mut attributes {
        attribute.deprecated = deprecated(&attribute.wire);
    }
    Ok(attributes)
}

/// `yes`, `no`, or `conditional` for a yes with a condition.
fn answer(text: &str) -> String {
    let text = text.trim_end_matches(['.', ' ']);
    let answer = match text.to_lowercase().as_str() {
        "yes" => "yes",
        lower if lower.starts_with("no") => "no",
        _ => "conditional",
    };
    answer.to_owned()
}

/// What ends a right, of the two things of which the documents say so: the attribute's own date that is `reached`, or use
/// that is `allocated`.
fn until(text: &str) -> String {
    let until = match text {
        _ if text.contains("Get Usage Allocation") => "allocated",
        _ if text.contains("reached") => "reached",
        _ => "",
    };
    until.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Named, NamedValues};

    #[test]
    fn operations_are_found_without_commas() {
        let names = ["Create", "Create Key Pair", "Activate", "Certify", "Re-key", "Re-key Key Pair", "Get"];
        let values =
            names.map(|name| Named { name: name.into(), wire: names::wire(name), ..Named::default() });
        let operation =
            NamedValues { wire: "Operation".into(), values: values.to_vec(), ..NamedValues::default() };
        let spec = Spec { enumerations: vec![operation], ..Spec::default() };
        assert_eq!(
            named_in(
                "Create, Create Key Pair, Activate Certify, Re-key Key Pair, Getter",
                "Operation",
                &spec
            ),
            ["Create", "CreateKeyPair", "Activate", "Certify", "ReKeyKeyPair"]
        );
        assert!(named_in("When object is created or registered", "Operation", &spec).is_empty());
    }

    #[test]
    fn what_ends_a_right_is_found() {
        for (text, expected) in [
            ("Yes", ""),
            ("Yes, only while in Pre-Active state", ""),
            ("Yes, as long as Get Usage Allocation has not been performed", "allocated"),
            ("Yes, only while in Active state and as long as the Date has not been reached.", "reached"),
        ] {
            assert_eq!(until(text), expected, "{text}");
        }
    }

    #[test]
    fn answers_with_conditions_are_conditional() {
        for (text, expected) in [
            ("Yes", "yes"),
            ("No", "no"),
            ("No, but only by the server", "no"),
            ("Yes, only while in Pre-Active state", "conditional"),
            ("Yes (Except for Opaque Object)", "conditional"),
        ] {
            assert_eq!(answer(text), expected, "{text}");
        }
    }
}
