//! JSON and XML, to TTLV and back.

use kmip_types::text::{DecodedText, TextCodec, TextError, TextMode};
use kmip_types::{Item, TextErrorKind};

use crate::tree::in_text;

/// A text that is an item gives bytes that are that item, in every encoding; serde reads the same.
pub fn json(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    check(text, TextCodec::from_json, TextCodec::item_from_json, TextCodec::read_json);
    let by_serde = serde_json::from_str::<Item>(text);
    match (TextCodec::new().item_from_json(text), by_serde) {
        (Ok(item), Ok(by_serde)) => assert_eq!(item, by_serde, "serde reads another item"),
        (Ok(_), Err(error)) => panic!("serde does not read it: {error}"),
        (Err(_), _) => {}
    }
}

/// A text that is an item gives bytes that are that item, in every encoding, alone and among others.
pub fn xml(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    check(text, TextCodec::from_xml, TextCodec::item_from_xml, TextCodec::read_xml);
    let all = TextCodec::new().from_xml_all(text);
    if let Ok(ttlv) = TextCodec::new().from_xml(text) {
        let all = all.unwrap_or_else(|error| panic!("not read as one of several: {error}"));
        let [one] = all.as_slice() else { panic!("one item, but read as {}", all.len()) };
        assert_eq!(one.ttlv.as_ref(), Ok(&ttlv));
        assert!(text.get(one.range.clone()).is_some(), "not a range of the text: {:?}", one.range);
    } else {
        let lines = text.matches('\n').count() + 1;
        for message in all.unwrap_or_default() {
            assert!(message.line <= lines && text.get(message.range).is_some());
        }
    }
}

type Read<T> = fn(&TextCodec, &str) -> Result<T, TextError>;

fn check(text: &str, read: Read<Vec<u8>>, item: Read<Item>, listed: Read<DecodedText>) {
    // What is read straight into TTLV is what is read as a tree.
    let by_item = item(&TextCodec::new(), text).map(|item| item.to_ttlv().expect("what was read is written"));
    assert_eq!(read(&TextCodec::new(), text), by_item);
    let [strict, default, lenient] = [TextMode::Strict, TextMode::Exact, TextMode::Lenient]
        .map(|mode| read(&TextCodec::new().mode(mode), text));
    match (&strict, &default) {
        (Ok(ttlv), _) => assert_eq!(default.as_ref(), Ok(ttlv)),
        (Err(error), Ok(_)) => assert!(is_of_types(error.kind()), "{error}"),
        (Err(_), Err(_)) => {}
    }
    match (&default, &lenient) {
        (Ok(ttlv), _) => assert_eq!(lenient.as_ref(), Ok(ttlv)),
        (Err(error), Ok(_)) => assert!(is_of_names(error.kind()) || is_of_types(error.kind()), "{error}"),
        (Err(_), Err(_)) => {}
    }
    match (&lenient, listed(&TextCodec::new().mode(TextMode::Lenient), text)) {
        (Ok(ttlv), Ok(read)) => {
            assert_eq!(read.item.to_ttlv().as_ref(), Ok(ttlv));
            assert_eq!(strict.is_ok(), read.deviations.is_empty(), "{:?}", read.deviations);
            for one in &read.deviations {
                assert!(!one.path.is_empty() && one.to_string().len() < 4096, "{one}");
                is_in(text, one.line, one.column);
            }
        }
        (Err(error), Err(other)) => assert_eq!(*error, other),
        (Ok(_), Err(error)) => {
            assert!(matches!(error.kind(), TextErrorKind::DeviationLimit { .. }), "{error}");
        }
        // What is no TTLV within the limits is an item all the same.
        (Err(error), Ok(_)) => assert!(matches!(error.kind(), TextErrorKind::Encode(_)), "{error}"),
    }
    for error in [&strict, &default, &lenient].into_iter().filter_map(|read| read.as_ref().err()) {
        place(error, text);
    }
    if let Ok(ttlv) = lenient {
        in_text(&ttlv);
    }
}

fn is_of_types(kind: &TextErrorKind) -> bool {
    matches!(kind, TextErrorKind::UnexpectedItemType { .. } | TextErrorKind::MissingType { .. })
}

fn is_of_names(kind: &TextErrorKind) -> bool {
    matches!(
        kind,
        TextErrorKind::UnknownTag { .. }
            | TextErrorKind::UnknownName { .. }
            | TextErrorKind::UnknownItemType { .. }
    )
}

/// An error in a text says where in it, in few words.
fn place(error: &TextError, text: &str) {
    let shown = format!("{error} {error:?}");
    assert!(shown.len() < 4096, "a long message: {shown}");
    if matches!(error.kind(), TextErrorKind::SizeLimit { .. } | TextErrorKind::Encode(_)) {
        return;
    }
    let (Some(line), Some(column)) = (error.line(), error.column()) else { panic!("no place: {error}") };
    is_in(text, line, column);
}

/// There is such a line in the text, and in it such a column.
fn is_in(text: &str, line: usize, column: usize) {
    let found = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("no line {line}"));
    assert!(column <= found.chars().count() + 1, "line {line} has no column {column}");
}
