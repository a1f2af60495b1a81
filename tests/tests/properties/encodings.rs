//! What a value must survive in one version.

use kmip_types::text::{TextCodec, TextErrorKind};
use kmip_types::{EncodeError, EncodeErrorKind, Item, ProtocolVersion, Tag, Value};

/// The bytes must be what the text encodings give back. Where XML lacks a character, it must say so, and the
/// bytes without such characters must come back; they are returned.
pub(crate) fn check_texts(ttlv: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let codec = TextCodec::new();
    let json = codec.to_json(ttlv).map_err(|error| format!("to JSON: {error}"))?;
    let again = codec.from_json(&json).map_err(|error| format!("from JSON: {error}\n{json}"))?;
    equal(ttlv, &again, "through JSON", &json)?;
    let mut item = Item::from_ttlv(ttlv).map_err(|error| format!("to an item: {error}"))?;
    let lacks = replace_forbidden(&mut item.value);
    match codec.to_xml(ttlv) {
        Ok(_) if lacks => Err("XML was written though it lacks a character".to_owned()),
        Ok(xml) => check_xml(&codec, ttlv, &xml).map(|()| None),
        Err(error) if lacks && matches!(error.kind(), TextErrorKind::Unrepresentable { .. }) => {
            let ttlv = item.to_ttlv().map_err(|error| format!("without what XML lacks: {error}"))?;
            let xml = codec.to_xml(&ttlv).map_err(|error| format!("to XML: {error}"))?;
            check_xml(&codec, &ttlv, &xml).map(|()| Some(ttlv))
        }
        Err(error) => Err(format!("to XML: {error}")),
    }
}

fn check_xml(codec: &TextCodec, ttlv: &[u8], xml: &str) -> Result<(), String> {
    let again = codec.from_xml(xml).map_err(|error| format!("from XML: {error}\n{xml}"))?;
    equal(ttlv, &again, "through XML", xml)
}

fn equal(before: &[u8], after: &[u8], way: &str, text: &str) -> Result<(), String> {
    if before == after { Ok(()) } else { Err(format!("{way}, the bytes changed:\n{text}")) }
}

/// Puts `?` for what XML 1.0 lacks (its production `Char`), and says whether there was any.
fn replace_forbidden(value: &mut Value) -> bool {
    match value {
        Value::Structure(items) => {
            items.iter_mut().filter_map(|item| replace_forbidden(&mut item.value).then_some(())).count() > 0
        }
        Value::TextString(text) => {
            let is_forbidden =
                |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
            let any = text.contains(is_forbidden);
            *text = text.replace(is_forbidden, "?");
            any
        }
        _ => false,
    }
}

/// A refusal must say what the version lacks, and where.
pub(crate) fn check_refusal(error: &EncodeError, version: ProtocolVersion, tag: Tag) -> Result<(), String> {
    let names = match error.kind() {
        EncodeErrorKind::NotInVersion { version: of, since, until, .. }
        | EncodeErrorKind::ValueNotInVersion { version: of, since, until, .. } => {
            let early = since.is_some_and(|since| !version.is_at_least(since));
            let late = until.is_some_and(|until| !until.is_at_least(version));
            *of == version && (early || late)
        }
        EncodeErrorKind::NoEquivalent { what, version: of } => *of == version && !what.is_empty(),
        EncodeErrorKind::InvalidValue { expected } => !expected.is_empty(),
        EncodeErrorKind::Missing { version: of, .. } | EncodeErrorKind::TooMany { version: of, .. } => {
            *of == version
        }
        _ => false,
    };
    let starts = error.path().segments().first().is_some_and(|first| first.tag == tag);
    if names && starts { Ok(()) } else { Err(format!("refused without a reason or a place: {error}")) }
}
