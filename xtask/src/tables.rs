//! The facts of one version as JSON.

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::model::{Field, Named, NamedValues, Spec, number};

/// Tags, enumerations, masks and structures, names in wire form; numbers as numbers or, in `hex`, as texts such as
/// `0x420001`.
///
/// # Errors
/// When a number cannot be read.
pub(crate) fn to_json(spec: &Spec, hex: bool) -> Result<Value> {
    let mut structures = Map::new();
    for structure in &spec.structures {
        let fields: Vec<Value> = structure.fields.iter().map(field).collect();
        let mut key = structure.path();
        if structures.contains_key(&key) {
            // Two tables with one name: the section tells them apart.
            key = format!("{key}@{}", structure.section);
        }
        structures.insert(key, Value::Array(fields));
    }
    for item in &spec.items {
        // An item has no fields; its types are still asked for by name.
        if item.encoding.types == ["Structure"] && !structures.contains_key(&item.wire) {
            structures.insert(item.wire.clone(), json!([]));
        }
    }
    Ok(json!({
        "tags": numbers(&spec.tags, hex)?,
        "enumerations": tables(&spec.enumerations, hex)?,
        "masks": tables(&spec.masks, hex)?,
        "structures": structures,
    }))
}

fn field(field: &Field) -> Value {
    let mut value = json!({ "name": field.wire, "required": field.required, "repeated": field.repeated });
    if field.wire.is_empty() {
        value["name"] = json!(field.name);
        value["any-of"] = json!(field.any_of);
        value["one-of"] = json!(field.one_of);
    }
    value["types"] = if field.encoding.any { json!("any") } else { json!(field.encoding.types) };
    if let Some(enumeration) = &field.encoding.enumeration {
        value["enumeration"] = json!(enumeration);
    }
    value
}

fn tables(tables: &[NamedValues], hex: bool) -> Result<Map<String, Value>> {
    tables.iter().map(|table| Ok((table.wire.clone(), Value::Object(numbers(&table.values, hex)?)))).collect()
}

fn numbers(names: &[Named], hex: bool) -> Result<Map<String, Value>> {
    let value =
        |name: &Named| number(&name.value).map(|number| if hex { json!(name.value) } else { json!(number) });
    names.iter().map(|name| Ok((name.wire.clone(), value(name)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_or_hex() {
        let named = |name: &str, value: &str| Named {
            name: name.into(),
            wire: name.into(),
            value: value.into(),
            ..Named::default()
        };
        let values = |name: &str, value| NamedValues {
            wire: name.into(),
            values: vec![named("One", value)],
            ..NamedValues::default()
        };
        let spec = Spec {
            tags: vec![named("Tag", "0x420001")],
            enumerations: vec![values("Enumeration", "0x0000001F")],
            masks: vec![values("Mask", "0x00000010")],
            ..Spec::default()
        };
        let expected = |tag: Value, value: Value, bit: Value| {
            json!({
                "tags": { "Tag": tag },
                "enumerations": { "Enumeration": { "One": value } },
                "masks": { "Mask": { "One": bit } },
                "structures": {},
            })
        };
        assert_eq!(to_json(&spec, false).unwrap(), expected(json!(0x42_0001), json!(0x1F), json!(0x10)));
        assert_eq!(
            to_json(&spec, true).unwrap(),
            expected(json!("0x420001"), json!("0x0000001F"), json!("0x00000010"))
        );
    }
}
