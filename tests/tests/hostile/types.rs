//! Items of another type than their place takes, choices that cannot be made, and numbers that stand for nothing.

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_tests::wire::item;
use kmip_types::message::{Message, RequestHeader, RequestMessage, ResponseHeader, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::Structure;
use kmip_types::{
    BigInteger, DateTime, DateTimeExtended, DecodeErrorKind, Interval, Item, ItemType, Tag, Value,
};

use crate::row::{Read, Row};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = headers();
    rows.extend(key_material());
    rows.extend(roots());
    rows
}

/// What is no message, or is the other one.
fn roots() -> Vec<Row> {
    let request = sample("messages", "request-2.1-header").to_ttlv().unwrap();
    let response = sample("messages", "response-2.1-header").to_ttlv().unwrap();
    let row = |name: &str, input: Vec<u8>, read, expected: Tag, found: Tag| Row {
        name: name.to_owned(),
        input,
        read,
        kind: format!("expected {expected}, found {found}"),
        offset: 0,
        path: found.to_string(),
    };
    let number = item(Tag::BATCH_COUNT, ItemType::Integer, &[0, 0, 0, 1]);
    vec![
        row("a request", request, Read::Response, Tag::RESPONSE_MESSAGE, Tag::REQUEST_MESSAGE),
        row("a response", response, Read::Request, Tag::REQUEST_MESSAGE, Tag::RESPONSE_MESSAGE),
        row("a number", number.clone(), Read::Request, Tag::REQUEST_MESSAGE, Tag::BATCH_COUNT),
        row("a number", number, Read::Response, Tag::RESPONSE_MESSAGE, Tag::BATCH_COUNT),
    ]
}

/// A value of a type, with as little in it as there can be.
fn value(item_type: ItemType) -> Value {
    match item_type {
        ItemType::Structure => Value::Structure(Vec::new()),
        ItemType::Integer => Value::Integer(1),
        ItemType::LongInteger => Value::LongInteger(1),
        ItemType::BigInteger => Value::BigInteger(BigInteger::from(1)),
        ItemType::Enumeration => Value::Enumeration(1),
        ItemType::Boolean => Value::Boolean(true),
        ItemType::TextString => Value::TextString("1".to_owned()),
        ItemType::ByteString => Value::ByteString(vec![1]),
        ItemType::DateTime => Value::DateTime(DateTime::from_seconds(1)),
        ItemType::Interval => Value::Interval(Interval::from_seconds(1)),
        ItemType::DateTimeExtended => Value::DateTimeExtended(DateTimeExtended::from_microseconds(1)),
    }
}

fn sample(folder: &str, name: &str) -> Item {
    let all = vectors::all();
    let vector = all.iter().find(|vector| vector.folder == folder && vector.name == name);
    Item::from_ttlv(&vector.unwrap_or_else(|| panic!("no vector {folder}/{name}")).ttlv().unwrap()).unwrap()
}

fn fields_of(item: &mut Item) -> &mut Vec<Item> {
    match &mut item.value {
        Value::Structure(fields) => fields,
        _ => panic!("{} has no fields", item.tag),
    }
}

/// Each field of the headers with each type that it does not take.
fn headers() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, read, schema) in [
        ("request-2.1-header", Read::Request, RequestHeader::SCHEMA),
        ("response-2.1-header", Read::Response, ResponseHeader::SCHEMA),
    ] {
        let message = sample("messages", name);
        let header = &message.fields()[0];
        let mut offset = 16;
        for (index, item) in header.fields().iter().enumerate() {
            let field = schema.field(item.tag).unwrap();
            let is_alone = header.children(item.tag).count() == 1;
            for item_type in ItemType::ALL {
                // Of an enumeration that was a Boolean once, a choice says which types it takes.
                if field.types.contains(item_type) || item.tag == Tag::ASYNCHRONOUS_INDICATOR {
                    continue;
                }
                let mut message = message.clone();
                fields_of(&mut fields_of(&mut message)[0])[index].value = value(item_type);
                let at = header.fields()[..index].iter().filter(|other| other.tag == item.tag).count();
                let at = if is_alone { String::new() } else { format!("[{at}]") };
                rows.push(Row {
                    name: format!("{} as {item_type}", item.tag),
                    input: message.to_ttlv().unwrap(),
                    read,
                    kind: format!("expected {}, found {item_type}", field.types),
                    offset,
                    path: format!("{}/{}/{}{at}", message.tag, header.tag, item.tag),
                });
            }
            offset += item.to_ttlv().unwrap().len();
        }
    }
    rows
}

/// Key Material is bytes, text where it is a passphrase, or the fields of a key.
fn key_material() -> Vec<Row> {
    let message = sample("register", "request-2.1");
    let path = "RequestMessage/BatchItem/RequestPayload/SymmetricKey/KeyBlock/KeyValue/KeyMaterial";
    let mut rows = Vec::new();
    for item_type in ItemType::ALL {
        if matches!(item_type, ItemType::Structure | ItemType::ByteString | ItemType::TextString) {
            continue;
        }
        let mut message = message.clone();
        let mut item = &mut message;
        let mut offset = 0;
        for step in path.split('/').skip(1) {
            let fields = fields_of(item);
            let index = fields.iter().position(|field| field.tag.name() == Some(step)).unwrap();
            offset += 8 + fields[..index].iter().map(|field| field.to_ttlv().unwrap().len()).sum::<usize>();
            item = &mut fields[index];
        }
        item.value = value(item_type);
        rows.push(Row {
            name: format!("Key Material as {item_type}"),
            input: message.to_ttlv().unwrap(),
            read: Read::Request,
            kind: format!("no variant of KeyMaterial fits the item type {item_type}"),
            offset,
            path: path.to_owned(),
        });
    }
    rows
}

/// What a reader that counts on the standard's numbers might not expect.
const NUMBERS: [u32; 6] = [0, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

/// A number that no enumeration has survives, unless it is to be a tag and has more than three bytes; a mask may have
/// any bits.
#[test]
fn numbers_without_a_name_survive_unless_they_are_to_be_tags() {
    let (mut survived, mut refused) = (0, 0);
    for vector in vectors::all() {
        let message = Item::from_ttlv(&vector.ttlv().unwrap()).unwrap();
        for index in 0..numbers(&mut message.clone()).len() {
            for number in NUMBERS {
                let mut message = message.clone();
                match numbers(&mut message).swap_remove(index) {
                    Value::Enumeration(value) => *value = number,
                    Value::Integer(value) => *value = number.cast_signed(),
                    _ => unreachable!(),
                }
                let ttlv = message.to_ttlv().unwrap();
                let name = format!("{}/{}: number {index} is {number}", vector.folder, vector.name);
                let read = match vector.message {
                    AnyMessage::Request(_) => RequestMessage::from_ttlv(&ttlv).map(|read| read.to_ttlv()),
                    AnyMessage::Response(_) => ResponseMessage::from_ttlv(&ttlv).map(|read| read.to_ttlv()),
                };
                match read {
                    Ok(again) => {
                        // What is written in another form, as its version is another now, is not compared.
                        if let Ok(again) = again
                            && message.fields()[0].fields()[0]
                                == Item::from_ttlv(&again).unwrap().fields()[0].fields()[0]
                        {
                            assert_eq!(Item::from_ttlv(&again).unwrap(), message, "{name}");
                        }
                        survived += 1;
                    }
                    Err(error) => {
                        let last = error.path().segments().last().unwrap().tag;
                        match error.kind() {
                            DecodeErrorKind::InvalidValue { .. } => {
                                assert_eq!(last, Tag::ATTRIBUTE_REFERENCE, "{name}: {error}");
                                assert!(number > 0x00FF_FFFF, "{name}: {error}");
                            }
                            // Among the bits of the number are those of other versions.
                            DecodeErrorKind::ValueNotInVersion { names, .. } => {
                                assert!(names.ends_with("Mask"), "{name}: {error}");
                            }
                            _ => panic!("{name}: {error}"),
                        }
                        refused += 1;
                    }
                }
                let codec = TextCodec::new();
                assert_eq!(codec.from_json(&codec.to_json(&ttlv).unwrap()).as_ref(), Ok(&ttlv), "{name}");
                assert_eq!(codec.from_xml(&codec.to_xml(&ttlv).unwrap()).as_ref(), Ok(&ttlv), "{name}");
            }
        }
    }
    assert!(survived > 1_000 && refused > 10, "{survived} and {refused}");
}

/// The enumerations and masks in an item.
fn numbers(item: &mut Item) -> Vec<&mut Value> {
    let is_mask = item.tag.name().is_some_and(|name| name.ends_with("Mask"));
    match &mut item.value {
        Value::Structure(fields) => fields.iter_mut().flat_map(numbers).collect(),
        value @ Value::Enumeration(_) => vec![value],
        value @ Value::Integer(_) if is_mask => vec![value],
        _ => Vec::new(),
    }
}
