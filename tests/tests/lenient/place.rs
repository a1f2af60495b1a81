//! Finding and changing items in the bytes of a message.

use kmip_types::{Item, ItemType, Tag, Value};

/// The bytes that a text of hex digits says.
pub(super) fn bytes_of(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty(), "an odd number of digits");
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The places of the items in a tree, as the indexes that lead there, outermost first.
pub(super) fn places(item: &Item) -> Vec<Vec<usize>> {
    let mut places = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(place) = open.pop() {
        let here = at(item, &place);
        open.extend((0..here.fields().len()).map(|index| [place.as_slice(), &[index]].concat()));
        places.push(place);
    }
    places.sort();
    places
}

/// The item at a place.
pub(super) fn at<'a>(item: &'a Item, place: &[usize]) -> &'a Item {
    place.iter().fold(item, |item, index| &item.fields()[*index])
}

/// The item at a place, to be changed.
pub(super) fn at_mut<'a>(item: &'a mut Item, place: &[usize]) -> &'a mut Item {
    place.iter().fold(item, |item, index| match &mut item.value {
        Value::Structure(fields) => &mut fields[*index],
        _ => panic!("no structure there"),
    })
}

/// The path of a place, in the manner of an error.
pub(super) fn path(item: &Item, place: &[usize]) -> String {
    let mut path = item.tag.to_string();
    let mut here = item;
    for index in place {
        let field = &here.fields()[*index];
        let same = |fields: &[Item]| fields.iter().filter(|other| other.tag == field.tag).count();
        path = match same(here.fields()) {
            1 => format!("{path}/{}", field.tag),
            _ => format!("{path}/{}[{}]", field.tag, same(&here.fields()[..*index])),
        };
        here = field;
    }
    path
}

/// A value of each item type, of which none is what a field of another type takes.
pub(super) fn value_of(item_type: ItemType) -> Value {
    match item_type {
        ItemType::Structure => Value::Structure(vec![Item::integer(Tag::from_raw(0x54_0001), 7)]),
        ItemType::Integer => Value::Integer(-7),
        ItemType::LongInteger => Value::LongInteger(i64::MIN),
        ItemType::BigInteger => Value::BigInteger(kmip_types::BigInteger::from_signed_bytes(&[7])),
        ItemType::Enumeration => Value::Enumeration(0x8000_0007),
        ItemType::Boolean => Value::Boolean(true),
        ItemType::TextString => Value::TextString("seven".into()),
        ItemType::ByteString => Value::ByteString(vec![7]),
        ItemType::DateTime => Value::DateTime(kmip_types::DateTime::from_seconds(7)),
        ItemType::Interval => Value::Interval(kmip_types::Interval::from_seconds(7)),
        ItemType::DateTimeExtended => {
            Value::DateTimeExtended(kmip_types::DateTimeExtended::from_microseconds(7))
        }
    }
}
