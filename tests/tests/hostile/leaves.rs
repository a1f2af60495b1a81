//! Fields of typed messages whose lengths, padding or values are malformed: once for every tag that a message has, in
//! requests and in responses.

use std::collections::BTreeSet;

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_tests::wire::{item, raw};
use kmip_types::{Item, ItemType, Tag, Value};

use crate::place::{at, locate, replace, size};
use crate::row::{Read, Row};
use crate::ttlv::{LENGTHS, fault};

/// An item of a message.
struct Leaf<'m> {
    name: &'m str,
    message: &'m Item,
    read: Read,
    steps: Vec<usize>,
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for vector in vectors::all() {
        let message = Item::from_ttlv(&vector.ttlv().unwrap()).unwrap();
        let read = match vector.message {
            AnyMessage::Request(_) => Read::Request,
            AnyMessage::Response(_) => Read::Response,
        };
        let name = format!("{}/{}", vector.folder, vector.name);
        for steps in all_steps(&message) {
            let leaf = Leaf { name: &name, message: &message, read, steps };
            if seen.insert((read, leaf.item().tag, leaf.item().item_type().number())) {
                rows.extend(leaf.rows());
            }
        }
    }
    rows
}

/// The steps to each item of the message but itself.
fn all_steps(item: &Item) -> Vec<Vec<usize>> {
    let Value::Structure(fields) = &item.value else { return Vec::new() };
    let mut all = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        all.push(vec![index]);
        all.extend(all_steps(field).into_iter().map(|steps| [vec![index], steps].concat()));
    }
    all
}

impl Leaf<'_> {
    fn item(&self) -> &Item {
        at(self.message, &self.steps)
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = self.lengths();
        let (tag, item_type) = (self.item().tag, self.item().item_type());
        let with = |value: &[u8], at: usize, byte: u8| {
            let mut bytes = item(tag, item_type, value);
            bytes[8 + at] = byte;
            bytes
        };
        match item_type {
            ItemType::Integer | ItemType::Enumeration | ItemType::Interval => {
                for at in [4, 7] {
                    rows.push(self.row(
                        "with padding",
                        &with(&[0, 0, 0, 1], at, 1),
                        "padding is not zero".into(),
                    ));
                }
            }
            ItemType::TextString | ItemType::ByteString => {
                for at in [5, 7] {
                    rows.push(self.row(
                        "with padding",
                        &with(b"abcde", at, 0x80),
                        "padding is not zero".into(),
                    ));
                }
            }
            ItemType::Boolean => {
                let bytes = item(tag, item_type, &[0, 0, 0, 1, 0, 0, 0, 1]);
                rows.push(self.row("not 0 or 1", &bytes, "a Boolean is neither 0 nor 1".into()));
            }
            _ => {}
        }
        if item_type == ItemType::TextString {
            for text in [b"ab\xFFc".as_slice(), b"ab\xED\xA0\x80"] {
                let kind = "text is not valid UTF-8 after 2 bytes".into();
                rows.push(self.row("not UTF-8", &item(tag, item_type, text), kind));
            }
        }
        if tag == Tag::ATTRIBUTE_REFERENCE && item_type == ItemType::Enumeration {
            // The one enumeration whose numbers are bounded.
            for number in [0x0100_0000, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
                let bytes = item(tag, item_type, &number.to_be_bytes());
                let kind = "the value is not a tag, which has three bytes".into();
                rows.push(self.row(&number.to_string(), &bytes, kind));
            }
        }
        rows
    }

    /// Each length that the type cannot have, or that is not there.
    fn lengths(&self) -> Vec<Row> {
        let (tag, item_type) = (self.item().tag, self.item().item_type());
        let (last, around) = self.steps.split_last().unwrap();
        let behind = size(&at(self.message, around).fields()[last + 1..]);
        let rows = LENGTHS.into_iter().filter_map(|length| {
            let (there, left) = match length {
                0..=32 => (length.next_multiple_of(8) as usize, u32::MAX as usize),
                _ => (0, behind),
            };
            let kind = fault(item_type, length, left)?;
            let bytes = raw(tag, item_type.number(), length, &vec![0; there]);
            let mut row = self.row(&format!("of {length} bytes"), &bytes, kind);
            // Nothing is behind what says that it goes on to the end: then it is not the first of several.
            if length > 32
                && let Some(path) = row.path.strip_suffix("[0]")
            {
                row.path = path.to_owned();
            }
            Some(row)
        });
        rows.collect()
    }

    fn row(&self, how: &str, bytes: &[u8], kind: String) -> Row {
        let (offset, path) = locate(self.message, &self.steps);
        Row {
            name: format!("{}: {} {how}", self.name, self.item().tag),
            input: replace(self.message, &self.steps, bytes),
            read: self.read,
            kind,
            offset,
            path,
        }
    }
}
