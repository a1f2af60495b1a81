//! Reads the tables of encodings (items and structures) and of payload fields.

use anyhow::{Context, Result, bail};

use super::classify::Shape;
use super::encoding;
use super::html::{Cell, Row, Table};
use crate::model::{Encoding, Field, Item, Spec, Structure};
use crate::names;

/// What a table of encodings describes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Described {
    /// A structure with its fields; several when they have the same fields and one table.
    Structures(Vec<Structure>),
    /// Items, each with its own encoding.
    Items(Vec<Item>),
}

/// Reads a table of encodings.
///
/// # Errors
/// When a cell says no encoding that is known.
pub(crate) fn read_encodings(table: &Table, spec: &Spec) -> Result<Described> {
    let shape = Shape::of(table);
    let column = shape.encoding_column().context("expected a column of encodings")?;
    let required = shape.required_column();
    let mut rows = Vec::new();
    for row in shape.body {
        let (name, cell) = (&row.cells[0], row.cells.get(column).cloned().unwrap_or_default());
        let encoding = encoding::read(&cell, spec)
            .with_context(|| format!("row {:?}: no known encoding: {:?}", name.text, cell.text))?;
        let required = required.and_then(|column| row.cells.get(column));
        let mut field = encoding::field(name, Some(encoding), required, spec);
        let repeated = |text: &str| text.to_lowercase().contains("may be repeated");
        field.repeated |= repeated(&cell.text) || repeated(&name.text);
        rows.push(field);
    }
    let section = &table.section().number;
    // A lone row that asks whether fields are required is a structure whose fields the document forgot.
    let is_structure = rows.first().is_some_and(|head| head.encoding.types == ["Structure"])
        && (rows.len() > 1 || required.is_some());
    // A structure cannot hold itself: such a table describes an item in the form of a structure.
    let wraps_item = is_structure && rows.len() == 2 && rows[0].wire == rows[1].wire;
    let [head, fields @ ..] = rows.as_slice() else { bail!("expected rows below the header") };
    if is_structure && !wraps_item {
        let structure = |name: &str| Structure {
            name: name.to_owned(),
            wire: names::wire(name),
            section: section.clone(),
            kind: kind(table).to_owned(),
            operation: None,
            direction: None,
            variant: variant(table, head, spec),
            fields: fields.to_vec(),
        };
        let several: Vec<&str> = head.name.split(", ").collect();
        let is_tag = |name: &&str| spec.tags.iter().any(|tag| tag.wire == names::wire(name));
        let heads = if several.iter().all(is_tag) { several } else { vec![head.name.as_str()] };
        return Ok(Described::Structures(heads.into_iter().map(structure).collect()));
    }
    let items = if wraps_item { fields } else { rows.as_slice() };
    let item = |field: &Field| Item {
        name: field.name.clone(),
        wire: field.wire.clone(),
        section: section.clone(),
        encoding: field.encoding.clone(),
    };
    Ok(Described::Items(items.iter().map(item).collect()))
}

/// Reads a table of the fields of a payload, a header or a batch item.
///
/// # Errors
/// When the table's title is none of a payload or message part, or a row has one cell.
pub(crate) fn read_fields(table: &Table, spec: &Spec) -> Result<Structure> {
    let shape = Shape::of(table);
    let title = shape.title;
    let section = table.section();
    let to_client =
        table.path.iter().any(|section| section.title.to_lowercase().starts_with("server-to-client"));
    let operation = Some(names::wire(&section.title));
    let lower = title.to_lowercase();
    let (name, kind, operation) = if lower.ends_with("request payload") || lower == "message payload" {
        ("Request Payload", "operation-request", operation)
    } else if lower.ends_with("response payload") {
        ("Response Payload", "operation-response", operation)
    } else if lower.ends_with("header") || lower.ends_with("batch item") {
        (title, "message", None)
    } else {
        bail!("expected the title of a payload, a header or a batch item, found {title:?}");
    };
    // A request's and a response's batch item have one tag.
    let is_tag = |name: &str| spec.tags.iter().any(|tag| tag.wire == names::wire(name));
    let (variant, name) = match name.split_once(' ') {
        Some((variant, rest)) if !is_tag(name) && is_tag(rest) => (Some(variant.to_owned()), rest),
        _ => (None, name),
    };
    let required = shape.required_column();
    let fields =
        shape.body.iter().map(|row| read_field(row, required, spec)).collect::<Result<Vec<Field>>>()?;
    Ok(Structure {
        name: name.to_owned(),
        wire: names::wire(name),
        section: section.number.clone(),
        kind: kind.to_owned(),
        direction: (to_client && operation.is_some()).then(|| "server-to-client".to_owned()),
        operation,
        variant,
        fields,
    })
}

fn read_field(row: &Row, required: Option<usize>, spec: &Spec) -> Result<Field> {
    let [name, _, description @ ..] = row.cells.as_slice() else {
        bail!("expected a name and whether it is required, found {:?}", row.cells[0].text);
    };
    let description = description.first().map(|cell| cell.text.as_str()).unwrap_or_default();
    let mut encoding = Encoding {
        types: encoding::described_types(description, &encoding::field_name(&name.text)),
        enumeration: encoding::reference(&name.text, spec),
        ..Encoding::default()
    };
    if encoding.types.is_empty()
        && let Some(section) = encoding::section_reference(&name.text)
    {
        encoding.types = types_of_section(&section, spec);
    }
    let required: Option<&Cell> = required.and_then(|column| row.cells.get(column));
    Ok(encoding::field(name, Some(encoding), required, spec))
}

/// The item types of what a section defines: an enumeration, a mask, an attribute or an item.
fn types_of_section(section: &str, spec: &Spec) -> Vec<String> {
    let here = |other: &String| other == section;
    if spec.enumerations.iter().any(|enumeration| here(&enumeration.section)) {
        return vec!["Enumeration".to_owned()];
    }
    if spec.masks.iter().any(|mask| here(&mask.section)) {
        return vec!["Integer".to_owned()];
    }
    Vec::new()
}

/// What a structure is for, by the headings above it.
fn kind(table: &Table) -> &'static str {
    let titles: Vec<String> = table.path.iter().map(|section| section.title.to_lowercase()).collect();
    let any = |words: &[&str]| titles.iter().any(|title| words.iter().any(|word| title.contains(word)));
    let chapter = titles[0].as_str();
    if any(&["object data structures"]) {
        "object-data"
    } else if any(&["base objects"]) {
        "base"
    } else if any(&["attribute data structures"]) {
        "attribute-data"
    } else if chapter.contains("attributes") {
        "attribute"
    } else if chapter.contains("objects") {
        "object"
    } else if chapter.contains("operation") {
        "operation-data"
    } else if any(&["message data structures", "message contents"]) {
        "message-data"
    } else if chapter.contains("message") {
        "message"
    } else {
        "other"
    }
}

/// Which of several structures of one name this is: a value of an enumeration that its heading or its
/// caption names, such as the Key Format Type of a Key Material.
fn variant(table: &Table, head: &Field, spec: &Spec) -> Option<String> {
    let caption = table.caption.as_str();
    let after = caption.split_once(" for ").map_or("", |(_, rest)| rest.trim_start_matches("the "));
    let before = caption.split_once(&head.name).map_or("", |(before, _)| before);
    let candidates = [
        before.trim(),
        after,
        after.trim_end_matches('s'),
        after.trim_end_matches(" Credential"),
        table.section().title.as_str(),
    ];
    // A section named by an operation defines what the operation needs, not a variant.
    let enumerations = || spec.enumerations.iter().filter(|enumeration| enumeration.wire != "Operation");
    let values = || enumerations().flat_map(|enumeration| &enumeration.values);
    candidates
        .iter()
        .map(|candidate| names::wire(candidate))
        .filter(|candidate| !candidate.is_empty() && *candidate != head.wire)
        .find(|candidate| values().any(|value| value.wire == *candidate))
}
