//! The facts of one version as JSON.

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::model::{Field, Named, NamedValues, Spec, number};

/// Tags, enumerations, masks and structures, names in wire form and numbers as numbers.
///
/// # Errors
/// When a number cannot be read.
pub(crate) fn to_json(spec: &Spec) -> Result<Value> {
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
        "tags": numbers(&spec.tags)?,
        "enumerations": tables(&spec.enumerations)?,
        "masks": tables(&spec.masks)?,
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

fn tables(tables: &[NamedValues]) -> Result<Map<String, Value>> {
    tables.iter().map(|table| Ok((table.wire.clone(), Value::Object(numbers(&table.values)?)))).collect()
}

fn numbers(names: &[Named]) -> Result<Map<String, Value>> {
    names.iter().map(|name| Ok((name.wire.clone(), json!(number(&name.value)?)))).collect()
}
