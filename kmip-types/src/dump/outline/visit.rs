//! Going through the items of an outline, with what their siblings say of them.

use core::fmt;

use super::{Outline, OutlineItem};
use crate::dump::part::count;
use crate::item::{Item, Secrecy, Siblings, Value};
use crate::item_type::ItemType;
use crate::primitive::{BigInteger, DateTime, DateTimeExtended, Interval};
use crate::tag::Tag;
use crate::text::{Printer, attribute_name};

/// An item that is being shown.
pub(super) struct Visit<'o> {
    pub(super) item: &'o OutlineItem,
    /// The Attribute Name beside it.
    attribute: Option<&'o str>,
    /// Whether its value is left out.
    pub(super) is_hidden: bool,
}

/// A structure that an item is in.
struct Around {
    next: usize,
    /// Its fields that say something of others.
    fields: Vec<Item>,
    siblings: Siblings,
    /// Whether all that is in it is a secret.
    is_secret: bool,
}

/// The fields that say something of others, or of which others say something.
const TELLING: [Tag; 5] = [
    Tag::OPERATION,
    Tag::CREDENTIAL_TYPE,
    Tag::ATTRIBUTE_NAME,
    Tag::ATTRIBUTE_VALUE,
    Tag::VENDOR_IDENTIFICATION,
];

impl Outline<'_> {
    /// Shows each item, before those that are in it.
    pub(super) fn visit(&self, mut show: impl FnMut(Visit<'_>) -> fmt::Result) -> fmt::Result {
        let mut around: Vec<Around> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            while around.last().is_some_and(|one| one.next <= index) {
                around.pop();
            }
            let structure = around.last();
            let secrecy = self.secrecy(item, structure);
            let is_hidden = !self.codec.reveal_secrets
                && !item.is_open()
                && (secrecy != Secrecy::Public || !item.is_readable());
            let attribute = structure.and_then(|structure| attribute_name(&structure.fields));
            show(Visit { item, attribute, is_hidden })?;
            if item.is_open() {
                let fields = self.telling_fields(index, item);
                let siblings = Siblings::of(&fields);
                around.push(Around {
                    next: item.next,
                    fields,
                    siblings,
                    is_secret: secrecy == Secrecy::WithContent,
                });
            }
        }
        Ok(())
    }

    fn secrecy(&self, item: &OutlineItem, structure: Option<&Around>) -> Secrecy {
        match (item.header, structure) {
            (None, _) => Secrecy::WithContent,
            (_, Some(structure)) if structure.is_secret => Secrecy::WithContent,
            (Some(header), Some(structure)) => structure.siblings.secrecy_of(header.tag, header.item_type()),
            (Some(header), None) => Siblings::NONE.secrecy_of(header.tag, header.item_type()),
        }
    }

    fn telling_fields(&self, index: usize, structure: &OutlineItem) -> Vec<Item> {
        let mut fields = Vec::new();
        let mut at = index + 1;
        while let Some(item) = self.items.get(at).filter(|_| at < structure.next) {
            at = item.next;
            let Some(tag) = item.header.map(|header| header.tag).filter(|tag| TELLING.contains(tag)) else {
                continue;
            };
            // Of what cannot be read it counts that it is there.
            let value = self.value(item).unwrap_or(Value::Structure(Vec::new()));
            fields.push(Item::new(tag, value));
        }
        fields
    }

    /// The value of an item that is no structure, if it can be read.
    pub(super) fn value(&self, item: &OutlineItem) -> Option<Value> {
        if !item.is_readable() {
            return None;
        }
        let bytes = self.bytes_of(item.value.clone());
        let four = || bytes.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes));
        let eight = || bytes.first_chunk::<8>().map(|bytes| i64::from_be_bytes(*bytes));
        Some(match item.header?.item_type()? {
            ItemType::Structure => return None,
            ItemType::Integer => Value::Integer(four()?.cast_signed()),
            ItemType::LongInteger => Value::LongInteger(eight()?),
            ItemType::BigInteger => Value::BigInteger(BigInteger::from_signed_bytes(bytes)),
            ItemType::Enumeration => Value::Enumeration(four()?),
            ItemType::Boolean => Value::Boolean(eight()? != 0),
            ItemType::TextString => Value::TextString(core::str::from_utf8(bytes).ok()?.to_owned()),
            ItemType::ByteString => Value::ByteString(bytes.to_vec()),
            ItemType::DateTime => Value::DateTime(DateTime::from_seconds(eight()?)),
            ItemType::Interval => Value::Interval(Interval::from_seconds(four()?)),
            ItemType::DateTimeExtended => {
                Value::DateTimeExtended(DateTimeExtended::from_microseconds(eight()?))
            }
        })
    }

    /// Writes a tag and a type.
    pub(super) fn head(&self, item: &OutlineItem, out: &mut dyn fmt::Write) -> fmt::Result {
        let Some(header) = item.header else { return Ok(()) };
        Printer { codec: self.codec }.tag(header.tag, out)?;
        match header.item_type() {
            Some(item_type) => write!(out, " ({item_type})"),
            None => write!(out, " (type 0x{:02X})", header.type_byte),
        }
    }

    /// Writes a value, or what may be said of it.
    pub(super) fn show(&self, visit: &Visit<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
        let printer = Printer { codec: self.codec };
        match (self.value(visit.item), visit.item.header) {
            (Some(value), Some(header)) => {
                let item = Item::new(header.tag, value);
                if visit.is_hidden {
                    printer.redacted(&item.value, out)
                } else {
                    printer.value(&item, visit.attribute, out)
                }
            }
            _ => self.show_unread(visit, out),
        }
    }

    /// Writes bytes that cannot be read as a value, or how many they are.
    fn show_unread(&self, visit: &Visit<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "(not read, {})", count(visit.item.value.len()))?;
        if !visit.is_hidden && !visit.item.value.is_empty() {
            out.write_str(" 0x")?;
            crate::wipe::write_hex(self.bytes_of(visit.item.value.clone()), out)?;
        }
        Ok(())
    }
}
