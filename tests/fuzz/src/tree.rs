//! Binary TTLV as a tree of items.

use kmip_types::text::{JsonOptions, NameForm, NumberForm, TagForm, TextCodec, TextErrorKind, XmlOptions};
use kmip_types::{DecodeErrorKind, Item, Limits};

/// Bytes that are an item are written again as they were, and are the same item in every other encoding; of
/// others, the error says where they are wrong.
pub fn ttlv_item(data: &[u8]) {
    let item = match Item::from_ttlv(data) {
        Ok(item) => item,
        Err(error) => {
            assert!(error.offset() <= data.len(), "the offset is not in the input: {error}");
            let shown = format!("{error} {error:?}");
            assert!(shown.len() < 4096, "a long message: {shown}");
            return;
        }
    };
    let again = item.to_ttlv().expect("what was read is written");
    assert_eq!(again, data, "the bytes changed");
    assert_eq!(Item::from_ttlv(&again).as_ref(), Ok(&item));
    within_narrow_limits(data, &item);
    in_text(data);
    through(&other_forms(), data);
    drop(format!("{item} {item:?}"));
}

/// With limits, there is the same item or an error that says which was exceeded.
fn within_narrow_limits(data: &[u8], item: &Item) {
    let limits = Limits { depth: 4, size: 1024, items: 24 };
    match Item::from_ttlv_within(data, limits) {
        Ok(read) => assert_eq!(read, *item),
        Err(error) => assert!(
            matches!(
                error.kind(),
                DecodeErrorKind::DepthLimit { .. }
                    | DecodeErrorKind::SizeLimit { .. }
                    | DecodeErrorKind::ItemLimit { .. }
            ),
            "{error}"
        ),
    }
}

/// The item comes back from JSON and XML, or XML says which character it lacks.
pub(crate) fn in_text(ttlv: &[u8]) {
    through(&TextCodec::new(), ttlv);
}

fn through(codec: &TextCodec, ttlv: &[u8]) {
    let json = codec.to_json(ttlv).expect("any item has a JSON form");
    let read = codec.from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"));
    assert_eq!(read, ttlv, "through JSON, the bytes changed:\n{json}");
    match codec.to_xml(ttlv) {
        Ok(xml) => {
            let read = codec.from_xml(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
            assert_eq!(read, ttlv, "through XML, the bytes changed:\n{xml}");
        }
        Err(error) => {
            assert!(matches!(error.kind(), TextErrorKind::Unrepresentable { .. }), "{error}");
        }
    }
    codec.to_text(ttlv).expect("any item has a text form");
}

/// Every option the other way, as far as what is written is read back.
fn other_forms() -> TextCodec {
    let json = JsonOptions::new()
        .pretty(true)
        .structure_type(false)
        .integers(NumberForm::Hex)
        .enumerations(NameForm::Number)
        .masks(NameForm::Hex)
        .hex_booleans(true)
        .tags(TagForm::HexAndName);
    let xml = XmlOptions::new()
        .pretty(true)
        .structure_type(true)
        .namespace(true)
        .integers(NumberForm::Hex)
        .enumerations(NameForm::Hex)
        .masks(NameForm::Number)
        .tags(TagForm::HexAndName);
    TextCodec::new().json(json).xml(xml)
}
