//! Items that are malformed: lengths, types, padding, and values that are none of their type.

use kmip_tests::wire::{item, raw, structure};
use kmip_types::{ItemType, Tag};

use crate::row::{Read, Row};

/// The structure around the malformed item, and the item's own tag: what is wrong is at offset 8.
const OUTER: Tag = Tag::PROTOCOL_VERSION;
const INNER: Tag = Tag::BATCH_COUNT;
const PATH: &str = "ProtocolVersion/BatchCount";

/// A row of one item in a structure.
fn inside(name: String, bytes: &[u8], kind: impl Into<String>) -> Row {
    let input = structure(OUTER, bytes);
    Row { name, input, read: Read::Item, kind: kind.into(), offset: 8, path: PATH.into() }
}

/// Lengths below, at and above every boundary, up to the greatest that a header can say.
pub(crate) const LENGTHS: [u32; 23] = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    12,
    15,
    16,
    17,
    24,
    32,
    0x7FFF_FFF8,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFF0,
    0xFFFF_FFF8,
    0xFFFF_FFFB,
    0xFFFF_FFFF,
];

/// Each type with each length that it cannot have, or that is not there.
pub(crate) fn lengths() -> Vec<Row> {
    let mut rows = Vec::new();
    for item_type in ItemType::ALL {
        for length in LENGTHS {
            // Up to 32 bytes are there; of longer values, none is.
            let there = if length <= 32 { length.next_multiple_of(8) as usize } else { 0 };
            let Some(kind) = fault(item_type, length, there) else { continue };
            let bytes = raw(INNER, item_type.number(), length, &vec![0; there]);
            rows.push(inside(format!("{item_type} of {length} bytes"), &bytes, kind));
        }
    }
    rows
}

/// What the standard's table of lengths says (KMIP 1.4 section 9.1.1.3, 2.1 section 10.1.3).
pub(crate) fn fault(item_type: ItemType, length: u32, there: usize) -> Option<String> {
    let (takes, fits) = match item_type {
        ItemType::Integer | ItemType::Enumeration | ItemType::Interval => ("4 bytes", length == 4),
        ItemType::LongInteger | ItemType::Boolean | ItemType::DateTime | ItemType::DateTimeExtended => {
            ("8 bytes", length == 8)
        }
        ItemType::BigInteger => ("a multiple of 8 bytes, at least 8", length.is_multiple_of(8) && length > 0),
        ItemType::Structure => ("a multiple of 8 bytes", length.is_multiple_of(8)),
        ItemType::TextString | ItemType::ByteString => ("any", true),
    };
    if !fits {
        return Some(format!("a length of {length} is not valid for {item_type}, which takes {takes}"));
    }
    let needed = u64::from(length).next_multiple_of(8);
    (needed > there as u64).then(|| format!("truncated: {needed} bytes needed, {there} left"))
}

/// Every number that is no item type, or that a reader might take for one.
pub(crate) fn item_types() -> Vec<Row> {
    [0x00, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x20, 0x40, 0x42, 0x7F, 0x80, 0x81, 0x82, 0xFE, 0xFF]
        .map(|number: u8| {
            let kind = format!("0x{number:02X} is not an item type");
            inside(format!("type {number}"), &raw(INNER, number, 4, &[0; 8]), kind)
        })
        .into()
}

/// Each byte of padding that is not zero, of each type that is padded.
pub(crate) fn padding() -> Vec<Row> {
    let mut padded: Vec<(ItemType, usize)> =
        [ItemType::Integer, ItemType::Enumeration, ItemType::Interval].map(|item_type| (item_type, 4)).into();
    for item_type in [ItemType::TextString, ItemType::ByteString] {
        padded.extend((1..8).map(|length| (item_type, length)));
    }
    let mut rows = Vec::new();
    for (item_type, length) in padded {
        for at in length..8 {
            let mut bytes = item(INNER, item_type, &vec![b'a'; length]);
            bytes[8 + at] = if at % 2 == 0 { 1 } else { 0xFF };
            let name = format!("{item_type} of {length} bytes, byte {at} not zero");
            rows.push(inside(name, &bytes, "padding is not zero"));
        }
    }
    rows
}

/// A message that ends at any of its bytes.
pub(crate) fn truncation() -> Vec<Row> {
    let text = item(Tag::NAME_VALUE, ItemType::TextString, b"0123456789");
    let whole = structure(Tag::NAME, &text);
    let mut rows = Vec::new();
    for length in 0..whole.len() {
        let (kind, path) = match length {
            0..8 => (format!("truncated: 8 bytes needed, {length} left"), ""),
            _ => (format!("truncated: 24 bytes needed, {} left", length - 8), "Name"),
        };
        rows.push(Row {
            name: format!("{length} of {} bytes", whole.len()),
            input: whole[..length].to_vec(),
            read: Read::Item,
            kind,
            offset: 0,
            path: path.into(),
        });
    }
    // The structure ends, though more bytes follow: they are not the item's.
    for length in (8..text.len()).step_by(8) {
        let mut input = raw(Tag::NAME, 1, length as u32, &text);
        input.extend_from_slice(&text);
        let kind = format!("truncated: 16 bytes needed, {} left", length - 8);
        rows.push(Row {
            name: format!("a structure of {length} bytes that ends inside an item"),
            input,
            read: Read::Item,
            kind,
            offset: 8,
            path: "Name/NameValue".into(),
        });
    }
    rows
}

/// Numbers that are neither true nor false.
pub(crate) fn booleans() -> Vec<Row> {
    [2, 3, 0x80, 0xFF, 0x100, 1 << 32, (1 << 32) + 1, 1 << 56, 1 << 63, u64::MAX - 1, u64::MAX]
        .map(|number: u64| {
            let bytes = item(INNER, ItemType::Boolean, &number.to_be_bytes());
            inside(format!("Boolean {number}"), &bytes, "a Boolean is neither 0 nor 1")
        })
        .into()
}

/// Bytes that are no UTF-8, with how many are before them.
const NOT_UTF_8: [(&[u8], usize); 24] = [
    (b"\x80", 0),
    (b"\xBF", 0),
    (b"a\x80", 1),
    (b"\xC0\x80", 0),
    (b"\xC1\xBF", 0),
    (b"\xC2", 0),
    (b"ab\xC3", 2),
    (b"\xC3\x28", 0),
    (b"\xE0\x80\x80", 0),
    (b"\xE0\x9F\xBF", 0),
    (b"\xE2\x82", 0),
    (b"\xE2\x28\xA1", 0),
    (b"\xED\xA0\x80", 0),
    (b"\xED\xBF\xBF", 0),
    (b"\xED\xA0\xBD\xED\xB8\x80", 0),
    (b"\xF0\x80\x80\x80", 0),
    (b"\xF0\x8F\xBF\xBF", 0),
    (b"\xF0\x9F\x98", 0),
    (b"\xF4\x90\x80\x80", 0),
    (b"\xF5\x80\x80\x80", 0),
    (b"\xF8\x88\x80\x80\x80", 0),
    (b"\xFE", 0),
    (b"\xFF", 0),
    (b"\xC3\xA4\xE2\x82\xAC\xFF", 5),
];

/// Text that is not UTF-8: overlong, surrogates, beyond the last character, cut short.
pub(crate) fn texts() -> Vec<Row> {
    NOT_UTF_8
        .map(|(text, valid)| {
            let bytes = item(INNER, ItemType::TextString, text);
            inside(
                format!("text {text:02X?}"),
                &bytes,
                format!("text is not valid UTF-8 after {valid} bytes"),
            )
        })
        .into()
}

/// What follows an item that is complete.
pub(crate) fn trailing() -> Vec<Row> {
    let whole = item(INNER, ItemType::Integer, &[0, 0, 0, 1]);
    let row = |name: &str, rest: &[u8]| Row {
        name: format!("followed by {name}"),
        input: [&whole, rest].concat(),
        read: Read::Item,
        kind: format!("{} bytes follow the item", rest.len()),
        offset: whole.len(),
        path: String::new(),
    };
    vec![
        row("a byte", &[0]),
        row("seven bytes", &[0; 7]),
        row("a header of zeros", &[0; 8]),
        row("nine bytes", &[0; 9]),
        row("itself", &whole),
        row("half of itself", &whole[..8]),
        row("a line break", b"\r\n"),
        row("a structure", &structure(OUTER, &whole)),
        row("bytes that are no item", &[0xFF; 16]),
    ]
}
