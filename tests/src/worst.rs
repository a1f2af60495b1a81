//! Inputs that cost much to read, of any size: what is densest, and faults behind much that is valid.

#![allow(clippy::unwrap_used)] // What is made here is known to be as it is.

use kmip_types::message::{Message, RequestMessage};
use kmip_types::text::{TextCodec, TextMode};
use kmip_types::{Item, ItemType, Tag};

use crate::wire::{item, nest, raw, structure};

/// An input of about a size, and what reads it.
pub struct Worst {
    /// What it is.
    pub name: &'static str,
    /// What reading it may allocate at once, for each byte of it.
    pub most: usize,
    /// Makes an input of about that many bytes.
    pub make: fn(usize) -> Vec<u8>,
    /// Reads it.
    pub read: fn(&[u8]),
}

fn as_item(input: &[u8]) {
    drop(Item::from_ttlv(input));
}

/// Reads a request strictly.
pub fn as_request(input: &[u8]) {
    drop(RequestMessage::from_ttlv(input));
}

/// Reads a request leniently.
pub fn as_lenient_request(input: &[u8]) {
    drop(RequestMessage::from_ttlv_lenient(input));
}

fn as_json(input: &[u8]) {
    drop(TextCodec::new().from_json(str::from_utf8(input).unwrap()));
}

/// Reads an item from JSON through serde.
pub fn by_serde(input: &[u8]) {
    drop(serde_json::from_slice::<Item>(input));
}

fn as_json_leniently(input: &[u8]) {
    drop(TextCodec::new().mode(TextMode::Lenient).read_json(str::from_utf8(input).unwrap()));
}

fn as_xml(input: &[u8]) {
    drop(TextCodec::new().from_xml(str::from_utf8(input).unwrap()));
}

fn as_xml_of_several(input: &[u8]) {
    drop(TextCodec::new().mode(TextMode::Strict).from_xml_all(str::from_utf8(input).unwrap()));
}

fn into_texts(input: &[u8]) {
    let codec = TextCodec::new();
    drop(codec.to_json(input));
    drop(codec.to_xml(input));
    drop(codec.to_text(input));
}

/// As many of these in a structure as fit in a size.
fn many(tag: Tag, one: &[u8], size: usize) -> Vec<u8> {
    structure(tag, &one.repeat(size / one.len()))
}

/// A valid request whose header, batch item or payload has more in it.
fn request(at: Tag, more: &[u8]) -> Vec<u8> {
    let version = structure(
        Tag::PROTOCOL_VERSION,
        &[
            item(Tag::PROTOCOL_VERSION_MAJOR, ItemType::Integer, &[0, 0, 0, 2]),
            item(Tag::PROTOCOL_VERSION_MINOR, ItemType::Integer, &[0, 0, 0, 1]),
        ]
        .concat(),
    );
    let extra = |tag: Tag| if tag == at { more } else { &[] };
    let count = item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, 1]);
    let header = structure(Tag::REQUEST_HEADER, &[&version, &count, extra(Tag::REQUEST_HEADER)].concat());
    let operation = item(Tag::OPERATION, ItemType::Enumeration, &[0, 0, 0, 8]);
    let payload = structure(Tag::REQUEST_PAYLOAD, extra(Tag::REQUEST_PAYLOAD));
    let batch_item = structure(Tag::BATCH_ITEM, &[&operation, &payload, extra(Tag::BATCH_ITEM)].concat());
    structure(Tag::REQUEST_MESSAGE, &[&header, &batch_item, extra(Tag::REQUEST_MESSAGE)].concat())
}

const VENDOR: Tag = Tag::from_raw(0x54_0001);

fn json_of(items: &str, size: usize) -> Vec<u8> {
    let items = vec![items; size / (items.len() + 1)].join(",");
    format!(r#"{{"tag":"Name","value":[{items}]}}"#).into_bytes()
}

fn json_text(tag: &str, item_type: &str, value: &str) -> Vec<u8> {
    format!(r#"{{"tag":"{tag}","type":"{item_type}","value":"{value}"}}"#).into_bytes()
}

fn xml_of(items: &str, size: usize) -> Vec<u8> {
    format!("<Name>{}</Name>", items.repeat(size / items.len())).into_bytes()
}

fn xml_text(tag: &str, item_type: &str, value: &str) -> Vec<u8> {
    format!(r#"<{tag} type="{item_type}" value="{value}"/>"#).into_bytes()
}

#[rustfmt::skip] // One a line.
/// What costs the most to read, as far as is known.
pub const WORST: &[Worst] = &[
    Worst { name: "empty Byte Strings", most: 10, make: |size| many(Tag::NAME, &raw(Tag::KEY, 8, 0, &[]), size), read: as_item },
    Worst { name: "empty structures", most: 10, make: |size| many(Tag::NAME, &raw(Tag::NAME, 1, 0, &[]), size), read: as_item },
    Worst { name: "Booleans", most: 5, make: |size| many(Tag::NAME, &item(Tag::KEY, ItemType::Boolean, &[0; 8]), size), read: as_item },
    Worst { name: "structures 31 deep", most: 25, make: |size| many(Tag::NAME, &nest(Tag::NAME, 31), size), read: as_item },
    Worst { name: "a fault after many items", most: 25, make: |size| [many(Tag::NAME, &nest(Tag::NAME, 31), size), vec![0; 8]].concat(), read: as_item },
    Worst { name: "a fault in the last item", most: 5, make: |size| { let mut all = many(Tag::NAME, &item(Tag::KEY, ItemType::Integer, &[0; 4]), size); *all.last_mut().unwrap() = 1; all }, read: as_item },
    Worst { name: "a long Text String", most: 1, make: |size| item(Tag::NAME_VALUE, ItemType::TextString, &vec![b'a'; size]), read: as_item },
    Worst { name: "a long Byte String", most: 1, make: |size| item(Tag::KEY, ItemType::ByteString, &vec![1; size]), read: as_item },
    Worst { name: "a long Big Integer", most: 1, make: |size| item(Tag::MODULUS, ItemType::BigInteger, &vec![0xFF; size]), read: as_item },
    Worst { name: "a length that is not there", most: 0, make: |size| raw(Tag::KEY, 8, u32::MAX - 7, &vec![0; size]), read: as_item },
    Worst { name: "unknown fields in a header", most: 40, make: |size| request(Tag::REQUEST_HEADER, &raw(VENDOR, 8, 0, &[]).repeat(size / 8)), read: as_lenient_request },
    Worst { name: "unknown structures in a header", most: 26, make: |size| request(Tag::REQUEST_HEADER, &nest(VENDOR, 29).repeat(size / 232)), read: as_lenient_request },
    Worst { name: "unknown fields in a payload", most: 42, make: |size| request(Tag::REQUEST_PAYLOAD, &raw(VENDOR, 8, 0, &[]).repeat(size / 8)), read: as_lenient_request },
    Worst { name: "a field again and again", most: 20, make: |size| request(Tag::REQUEST_HEADER, &item(Tag::BATCH_COUNT, ItemType::Integer, &[0; 4]).repeat(size / 16)), read: as_lenient_request },
    Worst { name: "fields of two tags in turn", most: 30, make: |size| request(Tag::REQUEST_HEADER, &[item(Tag::ATTESTATION_TYPE, ItemType::Enumeration, &[0; 4]), raw(VENDOR, 8, 0, &[])].concat().repeat(size / 24)), read: as_lenient_request },
    Worst { name: "fields that do not fit, set aside", most: 100, make: |size| request(Tag::REQUEST_HEADER, &item(Tag::ATTESTATION_TYPE, ItemType::TextString, &[]).repeat(size / 8)), read: as_lenient_request },
    Worst { name: "structures that do not fit, set aside", most: 100, make: |size| request(Tag::REQUEST_HEADER, &structure(Tag::AUTHENTICATION, &structure(Tag::CREDENTIAL, &[]).repeat(size / 8))), read: as_lenient_request },
    Worst { name: "structures within structures that do not fit", most: 100, make: |size| request(Tag::BATCH_ITEM, &nest(Tag::MESSAGE_EXTENSION, 29).repeat(size / 232)), read: as_lenient_request },
    Worst { name: "fields of another version", most: 100, make: |size| request(Tag::BATCH_ITEM, &item(Tag::SERVER_CORRELATION_VALUE, ItemType::TextString, &[]).repeat(size / 8)), read: as_lenient_request },
    Worst { name: "batch items out of order", most: 110, make: |size| request(Tag::REQUEST_MESSAGE, &structure(Tag::BATCH_ITEM, &[structure(Tag::REQUEST_PAYLOAD, &[]), item(Tag::OPERATION, ItemType::Enumeration, &[0, 0, 0, 8])].concat()).repeat(size / 32)), read: as_lenient_request },
    Worst { name: "batch items", most: 110, make: |size| request(Tag::REQUEST_MESSAGE, &structure(Tag::BATCH_ITEM, &[item(Tag::OPERATION, ItemType::Enumeration, &[0, 0, 0, 8]), structure(Tag::REQUEST_PAYLOAD, &[])].concat()).repeat(size / 32)), read: as_request },
    Worst { name: "a fault in the last of many batch items", most: 110, make: |size| request(Tag::REQUEST_MESSAGE, &[structure(Tag::BATCH_ITEM, &[item(Tag::OPERATION, ItemType::Enumeration, &[0, 0, 0, 8]), structure(Tag::REQUEST_PAYLOAD, &[])].concat()).repeat(size / 32), structure(Tag::BATCH_ITEM, &[])].concat()), read: as_request },
    Worst { name: "empty structures, as texts", most: 22, make: |size| many(Tag::NAME, &raw(Tag::NAME, 1, 0, &[]), size), read: into_texts },
    Worst { name: "control characters, as texts", most: 16, make: |size| item(Tag::NAME_VALUE, ItemType::TextString, &vec![0; size]), read: into_texts },
    Worst { name: "JSON: small items", most: 25, make: |size| json_of(r#"{"tag":"X"}"#, size), read: as_json },
    Worst { name: "JSON: small items, by serde", most: 25, make: |size| json_of(r#"{"tag":"X"}"#, size), read: by_serde },
    Worst { name: "JSON: structures", most: 25, make: |size| json_of(r#"{"tag":"Name"}"#, size), read: as_json },
    Worst { name: "JSON: escapes", most: 2, make: |size| json_text("NameValue", "TextString", &"\\n".repeat(size / 2)), read: as_json },
    Worst { name: "JSON: escapes in names", most: 14, make: |size| json_of(r#"{"tag":"\u0058"}"#, size), read: as_json },
    Worst { name: "JSON: hex", most: 2, make: |size| json_text("KeyMaterial", "ByteString", &"00".repeat(size / 2)), read: as_json },
    Worst { name: "JSON: digits", most: 4, make: |size| format!(r#"{{"tag":"Modulus","type":"BigInteger","value":{}.0}}"#, "1".repeat(size)).into_bytes(), read: as_json },
    Worst { name: "JSON: names of a mask", most: 0, make: |size| json_text("CryptographicUsageMask", "Integer", &"Sign ".repeat(size / 5)), read: as_json },
    Worst { name: "JSON: white space", most: 0, make: |size| [vec![b'\n'; size], b"{".to_vec()].concat(), read: as_json },
    Worst { name: "JSON: unknown names", most: 0, make: |size| json_text("Operation", "Enumeration", &"x".repeat(size)), read: as_json },
    Worst { name: "JSON: an attribute's values", most: 7, make: |size| format!(r#"{{"tag":"Attribute","value":[{}]}}"#, vec![r#"{"tag":"AttributeValue","type":"Enumeration","value":1}"#; size / 56].join(",")).into_bytes(), read: as_json },
    Worst { name: "JSON: names spelled otherwise", most: 90, make: |size| json_of(r#"{"tag":"x"}"#, size), read: as_json_leniently },
    Worst { name: "JSON: names spelled otherwise, deep", most: 240, make: |size| { let start = r#"{"tag":"Name","value":["#; format!("{}{}{}", start.repeat(30), vec![r#"{"tag":"x"}"#; size / 12].join(","), "]}".repeat(30)).into_bytes() }, read: as_json_leniently },
    Worst { name: "JSON: names of a mask spelled otherwise", most: 1, make: |size| json_text("CryptographicUsageMask", "Integer", &"sign ".repeat(size / 5)), read: as_json_leniently },
    Worst { name: "XML: small items", most: 50, make: |size| xml_of("<X/>", size), read: as_xml },
    Worst { name: "XML: small items with both tags", most: 50, make: |size| xml_of("<Y></Y>", size), read: as_xml },
    Worst { name: "XML: structures", most: 60, make: |size| xml_of("<Name/>", size), read: as_xml },
    Worst { name: "XML: references", most: 2, make: |size| xml_text("NameValue", "TextString", &"&#10;".repeat(size / 5)), read: as_xml },
    Worst { name: "XML: hex", most: 2, make: |size| xml_text("KeyMaterial", "ByteString", &"00".repeat(size / 2)), read: as_xml },
    Worst { name: "XML: attributes of other namespaces", most: 0, make: |size| format!(r#"<Name {}/>"#, "xml:a=\"\" ".repeat(size / 9)).into_bytes(), read: as_xml },
    Worst { name: "XML: comments", most: 0, make: |size| xml_of("<!---->", size), read: as_xml },
    Worst { name: "XML: namespaces", most: 13, make: |size| xml_of(r#"<Y xmlns:a="urn:a"/>"#, size), read: as_xml },
    Worst { name: "XML: faulty messages", most: 50, make: |size| format!("<KMIP>\n{}</KMIP>", "<BatchCount type='Integer' value='x'/>\n".repeat(size / 39)).into_bytes(), read: as_xml_of_several },
    Worst { name: "XML: faulty messages in one line", most: 125, make: |size| format!("<KMIP>{}</KMIP>", "<X/>".repeat(size / 4)).into_bytes(), read: as_xml_of_several },
    Worst { name: "XML: messages", most: 70, make: |size| format!("<KMIP>{}</KMIP>", "<Name/>\n".repeat(size / 8)).into_bytes(), read: as_xml_of_several },
    Worst { name: "XML: lines", most: 0, make: |size| xml_of("\n", size), read: as_xml },
];
