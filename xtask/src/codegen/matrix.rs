//! Generates the matrix of operations and attributes by version, for the documentation.

use std::collections::BTreeMap;

use anyhow::Result;

use super::emit;
use super::merge::{MergedName, MergedValues, Span, newest};
use super::operations;
use crate::model::Attribute;
use crate::names;
use crate::rust_source::Source;
use crate::versions::{Edition, Version};

/// The text of the file. What `source` has no type for has no link.
///
/// # Errors
/// When there is no version at all, or the tables have no enumeration of operations.
pub(crate) fn generate(
    editions: &[Edition],
    enumerations: &[MergedValues],
    source: &Source,
) -> Result<String> {
    let versions: Vec<Version> = editions.iter().map(|edition| edition.version).collect();
    let mut text = emit::MARKDOWN_PREAMBLE.to_owned();
    text.push_str(
        "Which version of the standard has which operation and which attribute: `✓` where it has it, `(✓)` where it\n\
         has it but deprecates it.\n\n# Operations\n\n",
    );
    head(&["Operation", "Asked by"], &versions, &mut text);
    for operation in operations::all(enumerations)? {
        let asked_by = match operations::direction(editions, operation) {
            "ClientToServer" => "client",
            "ServerToClient" => "server",
            _ => "either",
        };
        let cells = [operation_link(operation, source), asked_by.to_owned()];
        row(&cells, &versions, operation.span, operation.deprecated, &mut text);
    }
    text.push_str("\n# Attributes\n\n");
    head(&["Attribute"], &versions, &mut text);
    let mut attributes: BTreeMap<&str, Vec<(Version, &Attribute)>> = BTreeMap::new();
    for edition in editions {
        for attribute in &edition.spec.attributes {
            attributes.entry(&attribute.wire).or_default().push((edition.version, attribute));
        }
    }
    let newest = newest(editions)?;
    for (wire, having) in &attributes {
        let present: Vec<Version> = having.iter().map(|(version, _)| *version).collect();
        let (Some((_, last)), Some(span)) = (having.last(), Span::of(&present, newest)) else { continue };
        let deprecated =
            having.iter().find(|(_, attribute)| attribute.deprecated).map(|(version, _)| *version);
        let cells = [attribute_link(wire, &last.name, source)];
        row(&cells, &versions, span, deprecated, &mut text);
    }
    Ok(text)
}

fn head(columns: &[&str], versions: &[Version], text: &mut String) {
    let columns = columns.iter().map(|column| (*column).to_owned());
    let titles: Vec<String> = columns.chain(versions.iter().map(Version::to_string)).collect();
    text.push_str(&format!("| {} |\n|{}\n", titles.join(" | "), " --- |".repeat(titles.len())));
}

fn row(cells: &[String], versions: &[Version], span: Span, deprecated: Option<Version>, text: &mut String) {
    let marks = versions.iter().map(|version| {
        let has = span.since <= *version && span.until.is_none_or(|until| *version <= until);
        match (has, deprecated.is_some_and(|deprecated| deprecated <= *version)) {
            (false, _) => "",
            (true, false) => "✓",
            (true, true) => "(✓)",
        }
    });
    let cells: Vec<&str> = cells.iter().map(String::as_str).chain(marks).collect();
    text.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// The operation's name, which links to its request, then its response.
fn operation_link(operation: &MergedName, source: &Source) -> String {
    let Some(request) = payload(operation, "RequestPayload", source) else {
        return operation.spelled.clone();
    };
    let mut link = format!("[{}](crate::operation::{request})", operation.spelled);
    // The answer to Poll is that of the operation that is asked after.
    if let Some(response) = payload(operation, "ResponsePayload", source) {
        link.push_str(&format!(", [response](crate::operation::{response})"));
    }
    link
}

/// The type of an operation's payload: what the choice of all payloads holds for it.
pub(super) fn payload<'a>(operation: &MergedName, choice: &str, source: &'a Source) -> Option<&'a str> {
    let name = names::rust_type(&operation.spelled);
    source.enums.get(choice)?.iter().find(|variant| variant.name == name).map(|variant| variant.ty.as_str())
}

/// The attribute's name, which links to its variant.
fn attribute_link(wire: &str, spelled: &str, source: &Source) -> String {
    let squeezed = |name: &str| name.replace('_', "").to_lowercase();
    let variants = source.enums.get("Attribute").map(Vec::as_slice).unwrap_or_default();
    let variant = variants.iter().find(|variant| {
        let own = variant.tag.as_deref().unwrap_or(&variant.name);
        squeezed(own) == squeezed(wire)
    });
    match variant {
        Some(variant) => format!("[{spelled}](crate::attribute::Attribute::{})", variant.name),
        None => spelled.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Spec;

    fn edition(version: &str, attributes: &[(&str, bool)]) -> Edition {
        let attribute = |(name, deprecated): &(&str, bool)| Attribute {
            name: (*name).into(),
            wire: names::wire(name),
            deprecated: *deprecated,
            ..Attribute::default()
        };
        let spec = Spec { attributes: attributes.iter().map(attribute).collect(), ..Spec::default() };
        Edition { version: Version::parse(version).unwrap(), spec }
    }

    fn operation(spelled: &str, since: &str) -> MergedName {
        MergedName {
            value: 1,
            spelled: spelled.into(),
            wire: names::wire(spelled),
            spelled_aliases: Vec::new(),
            wire_aliases: Vec::new(),
            span: Span { since: Version::parse(since).unwrap(), until: None },
            deprecated: None,
        }
    }

    #[test]
    fn links_what_has_a_type_and_marks_the_versions() {
        let editions = [
            edition("9.0", &[("Old Colour", false), ("PGP Shape", false)]),
            edition("9.1", &[("PGP Shape", true)]),
        ];
        let operations = MergedValues {
            spelled: "Operation".into(),
            wire: "Operation".into(),
            span: Span { since: Version::parse("9.0").unwrap(), until: None },
            sections: Vec::new(),
            values: vec![operation("Re-key", "9.0"), operation("Wait", "9.1")],
        };
        let mut source = Source::default();
        source
            .read_text(
                r#"
                #[derive(Ttlv)] enum RequestPayload { ReKey(Box<ReKeyRequest>) }
                #[derive(Ttlv)] enum ResponsePayload { ReKey(ReKeyResponse) }
                #[derive(Ttlv)] enum Attribute { #[ttlv(tag = "PGPShape")] PgpShape(i32) }
            "#,
            )
            .unwrap();
        let text = generate(&editions, &[operations], &source).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(
            rows,
            [
                "| Operation | Asked by | 9.0 | 9.1 |",
                "| --- | --- | --- | --- |",
                "| [Re-key](crate::operation::ReKeyRequest), [response](crate::operation::ReKeyResponse) | client | ✓ | ✓ |",
                "| Wait | client |  | ✓ |",
                "| Attribute | 9.0 | 9.1 |",
                "| --- | --- | --- |",
                "| Old Colour | ✓ |  |",
                "| [PGP Shape](crate::attribute::Attribute::PgpShape) | ✓ | (✓) |",
            ]
        );
    }
}
