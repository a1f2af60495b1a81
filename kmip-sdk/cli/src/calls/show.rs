//! How answers are shown.

use std::io::IsTerminal;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use kmip_sdk::types::attribute::UniqueIdentifier;
use kmip_sdk::types::escape::Escaped;
use kmip_sdk::types::view::{self, Redactions, View};
use kmip_sdk::types::{Item, Tag, Value};

use super::values::BytesForm;
use super::{Form, Printing};
use crate::failure::Failure;
use crate::output::Output;
use crate::style::Line;

/// The tags of the identifiers of objects.
const IDENTIFIERS: [Tag; 3] =
    [Tag::UNIQUE_IDENTIFIER, Tag::PRIVATE_KEY_UNIQUE_IDENTIFIER, Tag::PUBLIC_KEY_UNIQUE_IDENTIFIER];

/// A request that was not sent.
pub(super) fn request(message: &[u8], printing: &Printing, output: &mut Output) -> Result<(), Failure> {
    let item = Item::from_ttlv(message).map_err(|error| Failure::Faulty(error.to_string()))?;
    match printing.output {
        Form::Table | Form::Id => tree(&item, printing, output),
        _ => payload(&item, printing, output),
    }
}

/// The payload of a response.
pub(super) fn payload(item: &Item, printing: &Printing, output: &mut Output) -> Result<(), Failure> {
    let view = || of(item, printing);
    match printing.output {
        Form::Text => tree(item, printing, output)?,
        Form::Json => output.lines(&view().json().render().map_err(Failure::View)?, Line::Plain),
        Form::Xml => output.lines(&view().xml().render().map_err(Failure::View)?, Line::Plain),
        Form::Id => {
            for identifier in identifiers(item) {
                output.line(&identifier, Line::Plain);
            }
        }
        Form::Table => {
            let shown = view().form(view::Form::Text).render().map_err(Failure::View)?;
            let rows: Vec<[String; 2]> = shown.lines().filter_map(row).collect();
            if !rows.is_empty() {
                table(None, rows.iter().map(|row| row.to_vec()), output);
            }
        }
    }
    Ok(())
}

fn of(item: &Item, printing: &Printing) -> View {
    let view = View::of(item).redact(Redactions::none());
    if printing.reveal { view.reveal() } else { view }
}

fn tree(item: &Item, printing: &Printing, output: &mut Output) -> Result<(), Failure> {
    output.lines(&of(item, printing).form(view::Form::Tree).render().map_err(Failure::View)?, Line::Text);
    Ok(())
}

/// The identifiers that a payload begins with, and those of its lists.
fn identifiers(payload: &Item) -> Vec<String> {
    let fields = payload.fields().iter().filter(|field| IDENTIFIERS.contains(&field.tag));
    fields
        .map(|field| match &field.value {
            Value::TextString(text) => Escaped(text).to_string(),
            other => of_value(other),
        })
        .collect()
}

fn of_value(value: &Value) -> String {
    format!("{value:?}")
}

/// An identifier as it is shown.
pub(super) fn identifier(identifier: &UniqueIdentifier) -> String {
    Escaped(&identifier.to_string()).to_string()
}

/// `ResponsePayload/Path (Type): value` in two columns, the path without what every line has.
fn row(line: &str) -> Option<[String; 2]> {
    let (path, rest) = line.split_once(" (")?;
    let (_, value) = rest.split_once("): ")?;
    let path = path.strip_prefix("ResponsePayload/").unwrap_or(path);
    let path = path.strip_prefix("Attributes/").unwrap_or(path);
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    // Numbers beside names are for those who look for them.
    let value = match value.rsplit_once(" (0x") {
        Some((name, number)) if number.ends_with(')') => name,
        _ => value,
    };
    Some([path.to_owned(), value.to_owned()])
}

/// A table: as wide as the terminal at most, and as it is elsewhere.
pub(crate) fn table(header: Option<&[&str]>, rows: impl Iterator<Item = Vec<String>>, output: &mut Output) {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if let Some(header) = header {
        table.set_header(header);
    }
    let mut first = 0;
    for row in rows {
        first = first.max(row.first().map_or(0, |cell| cell.chars().count()));
        table.add_row(row);
    }
    if let Some(width) = width(output) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        // Identifiers and names, which are copied, stay whole as long as there is room for the others.
        if first <= usize::from(width) * 2 / 3
            && let Some(column) = table.column_mut(0)
        {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let line = line.strip_prefix(' ').unwrap_or(line);
        output.line(line, if header.is_some() && index == 0 { Line::Title } else { Line::Plain });
    }
}

/// How wide a table may be: `COLUMNS`, or the terminal.
pub(crate) fn width(output: &Output) -> Option<u16> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| width.0);
    columns.or_else(|| output.is_terminal().then(of_terminal).flatten()).filter(|width| *width >= 20)
}

/// Bytes in this form, or as they are, but in hex for somebody at a terminal.
pub(super) fn bytes(bytes: &[u8], form: Option<BytesForm>, output: &mut Output) {
    let form = form.unwrap_or(if output.is_terminal() { BytesForm::Hex } else { BytesForm::Raw });
    output.bytes(&form.write(bytes));
}

/// Whether progress is shown: for somebody who looks.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
