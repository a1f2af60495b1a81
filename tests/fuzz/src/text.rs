//! JSON and XML, to TTLV and back.

use kmip_types::text::{TextCodec, TextError};
use kmip_types::{Item, TextErrorKind};

use crate::tree::in_text;

/// A text that is an item gives bytes that are that item, in every encoding; serde reads the same.
pub fn json(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    check(text, TextCodec::from_json, TextCodec::item_from_json);
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
    check(text, TextCodec::from_xml, TextCodec::item_from_xml);
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

fn check(text: &str, read: Read<Vec<u8>>, item: Read<Item>) {
    // What is read straight into TTLV is what is read as a tree.
    let by_item = item(&TextCodec::new(), text).map(|item| item.to_ttlv().expect("what was read is written"));
    assert_eq!(read(&TextCodec::new(), text), by_item);
    let strict = read(&TextCodec::new(), text);
    let tolerant = read(&TextCodec::new(), text);
    match (&strict, &tolerant) {
        (Ok(ttlv), _) => assert_eq!(tolerant.as_ref(), Ok(ttlv)),
        (Err(error), Ok(_)) => {
            assert!(matches!(error.kind(), TextErrorKind::UnexpectedItemType { .. }), "{error}");
        }
        (Err(_), Err(_)) => {}
    }
    if let Err(error) = strict {
        place(&error, text);
    }
    match tolerant {
        Ok(ttlv) => in_text(&ttlv),
        Err(error) => place(&error, text),
    }
}

/// An error in a text says where in it, in few words.
fn place(error: &TextError, text: &str) {
    let shown = format!("{error} {error:?}");
    assert!(shown.len() < 4096, "a long message: {shown}");
    if matches!(error.kind(), TextErrorKind::SizeLimit { .. } | TextErrorKind::Encode(_)) {
        return;
    }
    let (Some(line), Some(column)) = (error.line(), error.column()) else { panic!("no place: {error}") };
    let line = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("no such line: {error}"));
    assert!(column <= line.chars().count() + 1, "no such column: {error}");
}
