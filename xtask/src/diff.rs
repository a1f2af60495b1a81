//! What one version added, removed, renamed or changed against another, for a person to read.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;

use crate::model::{Attribute, Encoding, Field, Named, NamedValues, Policy, Spec, Structure};

/// The differences from `old` to `new`, a heading a kind; empty when there are none.
///
/// # Errors
/// When a number cannot be read.
pub(crate) fn diff(old: &Spec, new: &Spec) -> Result<String> {
    let mut text = String::new();
    section(&mut text, "Tags", names(&old.tags, &new.tags, 6)?);
    section(&mut text, "Enumerations", tables(&old.enumerations, &new.enumerations)?);
    section(&mut text, "Masks", tables(&old.masks, &new.masks)?);
    section(&mut text, "Items", keyed(&items(old), &items(new), encodings));
    section(
        &mut text,
        "Structures",
        keyed(&structures(old), &structures(new), |a, b| fields(&a.fields, &b.fields)),
    );
    let by_name = |spec: &Spec| -> BTreeMap<String, Attribute> {
        spec.attributes.iter().map(|attribute| (attribute.wire.clone(), attribute.clone())).collect()
    };
    section(&mut text, "Attributes", keyed(&by_name(old), &by_name(new), attribute));
    let operations = |spec: &Spec| -> BTreeMap<String, String> {
        spec.operations
            .iter()
            .map(|operation| (operation.wire.clone(), operation.direction.clone()))
            .collect()
    };
    let changes = keyed(&operations(old), &operations(new), |a, b| changed("direction", a, b));
    section(&mut text, "Operations", changes);
    let changes = keyed(&reasons(old), &reasons(new), |a, b| keyed(a, b, |(), ()| Vec::new()));
    section(&mut text, "Result Reasons", changes);
    let changes =
        keyed(&policies(old), &policies(new), |a, b| keyed(a, b, |a, b| changed("allowed to", a, b)));
    section(&mut text, "Operation policies", changes);
    Ok(text)
}

fn section(text: &mut String, heading: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        let separator = if text.is_empty() { "" } else { "\n" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{separator}{heading}\n  {}", lines.join("\n  "));
    }
}

/// Names by number: added, removed, renamed, deprecated.
fn names(old: &[Named], new: &[Named], digits: usize) -> Result<Vec<String>> {
    let by_number = |names: &[Named]| -> Result<BTreeMap<u32, Named>> {
        names.iter().rev().map(|name| Ok((name.number()?, name.clone()))).collect()
    };
    let (old, new) = (by_number(old)?, by_number(new)?);
    let mut lines = Vec::new();
    for (number, before) in &old {
        match new.get(number) {
            None => lines.push(format!("- {} (0x{number:0digits$X})", before.name)),
            Some(after) => {
                if before.name != after.name {
                    let same = if before.wire == after.wire { ", same on the wire" } else { "" };
                    lines.push(format!(
                        "~ {} is now {} (0x{number:0digits$X}{same})",
                        before.name, after.name
                    ));
                }
                if !before.deprecated && after.deprecated {
                    lines.push(format!("~ {} is deprecated", after.name));
                }
            }
        }
    }
    for (number, after) in new.iter().filter(|(number, _)| !old.contains_key(number)) {
        lines.push(format!("+ {} (0x{number:0digits$X})", after.name));
    }
    Ok(lines)
}

fn tables(old: &[NamedValues], new: &[NamedValues]) -> Result<Vec<String>> {
    let by_name = |tables: &[NamedValues]| -> BTreeMap<String, Vec<Named>> {
        tables.iter().map(|table| (table.wire.clone(), table.values.clone())).collect()
    };
    let (old, new) = (by_name(old), by_name(new));
    let mut lines: Vec<String> =
        old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("- {name}")).collect();
    for (name, values) in &new {
        match old.get(name) {
            None => {
                let values: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
                lines.push(format!("+ {name}: {}", values.join(", ")));
            }
            Some(before) => lines.extend(nested(name, names(before, values, 8)?)),
        }
    }
    Ok(lines)
}

/// Each thing by name: added, removed, or changed in the way that `compare` says.
fn keyed<T>(
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    compare: impl Fn(&T, &T) -> Vec<String>,
) -> Vec<String> {
    let mut lines: Vec<String> =
        old.keys().filter(|key| !new.contains_key(*key)).map(|key| format!("- {key}")).collect();
    for (key, after) in new {
        match old.get(key) {
            None => lines.push(format!("+ {key}")),
            Some(before) => lines.extend(nested(key, compare(before, after))),
        }
    }
    lines
}

fn nested(name: &str, lines: Vec<String>) -> Vec<String> {
    let head = (!lines.is_empty()).then(|| format!("~ {name}"));
    head.into_iter().chain(lines.into_iter().map(|line| format!("    {line}"))).collect()
}

/// The Result Reasons by the operation that has them.
fn reasons(spec: &Spec) -> BTreeMap<String, BTreeMap<String, ()>> {
    let mut all: BTreeMap<String, BTreeMap<String, ()>> = BTreeMap::new();
    for errors in &spec.errors {
        let wire = |name: &String| (crate::names::wire(name), ());
        let operation = errors.operation.clone().unwrap_or_else(|| "every operation".to_owned());
        all.entry(operation).or_default().extend(errors.reasons.iter().map(wire));
    }
    all
}

/// Who may do what, by the objects of the policy.
fn policies(spec: &Spec) -> BTreeMap<String, BTreeMap<String, String>> {
    let rules = |policy: &Policy| {
        let named = policy.rules.iter().map(|rule| {
            let operation =
                rule.operation.clone().unwrap_or_else(|| "every one that names a Template".to_owned());
            (operation, rule.allowed.clone())
        });
        named.collect()
    };
    spec.policies.iter().map(|policy| (policy.objects.clone(), rules(policy))).collect()
}

/// What tables of one row say of items, by name.
fn items(spec: &Spec) -> BTreeMap<String, Encoding> {
    spec.items.iter().map(|item| (item.wire.clone(), item.encoding.clone())).collect()
}

/// The structures by name; several of one name by what tells them apart.
fn structures(spec: &Spec) -> BTreeMap<String, Structure> {
    let mut structures = BTreeMap::new();
    for structure in &spec.structures {
        let parts = [Some(&structure.wire), structure.variant.as_ref(), structure.direction.as_ref()];
        let name: Vec<&str> =
            structure.operation.iter().chain(parts.into_iter().flatten()).map(String::as_str).collect();
        let name = name.join(" ");
        let count = (1..).map(|count| if count == 1 { name.clone() } else { format!("{name} ({count})") });
        if let Some(free) = count.into_iter().find(|name| !structures.contains_key(name)) {
            structures.insert(free, structure.clone());
        }
    }
    structures
}

fn fields(old: &[Field], new: &[Field]) -> Vec<String> {
    let name = |field: &Field| if field.wire.is_empty() { field.name.clone() } else { field.wire.clone() };
    let by_name = |fields: &[Field]| -> BTreeMap<String, Field> {
        fields.iter().map(|field| (name(field), field.clone())).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let mut lines = keyed(&before, &after, |a, b| {
        let mut lines = changed("required", &a.required, &b.required);
        lines.extend(changed("repeated", &a.repeated.to_string(), &b.repeated.to_string()));
        lines.extend(encodings(&a.encoding, &b.encoding));
        lines
    });
    let order = |fields: &[Field], other: &BTreeMap<String, Field>| -> Vec<String> {
        fields.iter().map(name).filter(|name| other.contains_key(name)).collect()
    };
    let (old_order, new_order) = (order(old, &after), order(new, &before));
    if old_order != new_order {
        lines.push(format!("order: {} is now {}", old_order.join(", "), new_order.join(", ")));
    }
    lines
}

fn attribute(old: &Attribute, new: &Attribute) -> Vec<String> {
    let mut lines = encodings(&old.encoding, &new.encoding);
    for (rule, before, after) in [
        ("multiple", old.multiple.to_string(), new.multiple.to_string()),
        ("always has a value", old.always_has_value.clone(), new.always_has_value.clone()),
        ("initially set by", old.initially_set_by.join(", "), new.initially_set_by.join(", ")),
        ("modifiable by server", old.modifiable_by_server.clone(), new.modifiable_by_server.clone()),
        ("modifiable by client", old.modifiable_by_client.clone(), new.modifiable_by_client.clone()),
        (
            "modifiable by client in",
            old.modifiable_by_client_in.join(", "),
            new.modifiable_by_client_in.join(", "),
        ),
        (
            "modifiable by client until",
            old.modifiable_by_client_until.clone(),
            new.modifiable_by_client_until.clone(),
        ),
        ("deletable by client", old.deletable_by_client.clone(), new.deletable_by_client.clone()),
        (
            "deletable by client until",
            old.deletable_by_client_until.clone(),
            new.deletable_by_client_until.clone(),
        ),
        ("implicitly set by", old.implicitly_set_by.join(", "), new.implicitly_set_by.join(", ")),
        ("applies to", old.applies_to.join(", "), new.applies_to.join(", ")),
        ("deprecated", old.deprecated.to_string(), new.deprecated.to_string()),
    ] {
        lines.extend(changed(rule, &before, &after));
    }
    lines
}

fn encodings(old: &Encoding, new: &Encoding) -> Vec<String> {
    let types = |encoding: &Encoding| match (encoding.any, encoding.types.is_empty()) {
        (true, _) => "any".to_owned(),
        (false, true) => "unstated".to_owned(),
        (false, false) => encoding.types.join(" or "),
    };
    let mut lines = changed("type", &types(old), &types(new));
    // Where a cell names none, the tag's own is meant, or that of an earlier version.
    if let (Some(before), Some(after)) = (&old.enumeration, &new.enumeration) {
        lines.extend(changed("enumeration", before, after));
    }
    lines
}

fn changed(what: &str, old: &str, new: &str) -> Vec<String> {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    if old == new { Vec::new() } else { vec![format!("{what}: {} is now {}", shown(old), shown(new))] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Errors, Item};

    fn named(name: &str, value: &str) -> Named {
        Named { name: name.into(), wire: crate::names::wire(name), value: value.into(), ..Named::default() }
    }

    fn field(name: &str, required: &str) -> Field {
        Field { name: name.into(), wire: name.into(), required: required.into(), ..Field::default() }
    }

    #[test]
    fn tells_added_removed_renamed_and_changed() {
        let mut old =
            Spec { tags: vec![named("Gone", "0x420001"), named("Old Name", "0x420002")], ..Spec::default() };
        let mut new =
            Spec { tags: vec![named("New Name", "0x420002"), named("Added", "0x420003")], ..Spec::default() };
        let structure = |fields: &[Field]| Structure {
            wire: "Link".into(),
            fields: fields.to_vec(),
            ..Structure::default()
        };
        old.structures = vec![structure(&[field("A", "yes"), field("B", "no")])];
        new.structures = vec![structure(&[field("B", "no"), field("A", "no"), field("C", "no")])];
        assert_eq!(
            diff(&old, &new).unwrap(),
            "Tags\n  - Gone (0x420001)\n  ~ Old Name is now New Name (0x420002)\n  + Added (0x420003)\n\n\
             Structures\n  ~ Link\n      ~ A\n          required: yes is now no\n      + C\n      order: A, B is now B, A\n"
        );
    }

    #[test]
    fn tells_with_which_reasons_operations_fail() {
        let errors = |operation: Option<&str>, reasons: &[&str]| Errors {
            operation: operation.map(str::to_owned),
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            ..Errors::default()
        };
        let old = Spec {
            errors: vec![errors(None, &["Noise"]), errors(Some("Wait"), &["Thick Dust"])],
            ..Spec::default()
        };
        let new = Spec {
            errors: vec![errors(Some("Wait"), &["Thick dust", "Grey"]), errors(Some("Wait"), &["Noise"])],
            ..Spec::default()
        };
        assert_eq!(
            diff(&old, &new).unwrap(),
            "Result Reasons\n  - every operation\n  ~ Wait\n      + Grey\n      + Noise\n"
        );
    }

    #[test]
    fn tells_what_items_are_and_what_names_their_values() {
        let item = |types: &[&str], enumeration: &str| Item {
            wire: "Data".into(),
            encoding: Encoding {
                types: types.iter().map(|name| (*name).to_owned()).collect(),
                enumeration: Some(enumeration.into()),
                ..Encoding::default()
            },
            ..Item::default()
        };
        let old = Spec { items: vec![item(&["ByteString"], "A")], ..Spec::default() };
        let new = Spec { items: vec![item(&["ByteString", "Enumeration"], "B")], ..Spec::default() };
        assert_eq!(
            diff(&old, &new).unwrap(),
            "Items\n  ~ Data\n      type: ByteString is now ByteString or Enumeration\n      enumeration: A is now B\n"
        );
    }

    #[test]
    fn equal_versions_have_no_differences() {
        let spec = Spec { tags: vec![named("Tag", "0x420001")], ..Spec::default() };
        assert_eq!(diff(&spec, &spec).unwrap(), "");
    }
}
