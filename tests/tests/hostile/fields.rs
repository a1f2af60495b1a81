//! Fields of messages that are missing, doubled, misplaced, unknown or of another type: of every operation's payload,
//! of the headers and of the batch items.

use std::collections::BTreeSet;

use kmip_tests::samples::messages::AnyMessage;
use kmip_tests::vectors;
use kmip_types::message::{
    RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::ttlv::{Presence, Schema, Structure};
use kmip_types::{Item, Tag, Value, schemas};

use crate::place::{self, locate, size};
use crate::row::{Read, Row};

/// A tag of a vendor, which is no field of any structure of the standard.
const VENDOR: Tag = Tag::from_raw(0x54_0001);

/// A structure of a message, and where it is.
struct Place<'m> {
    name: String,
    message: &'m Item,
    read: Read,
    schema: &'static Schema,
    /// Which field of the message it is, then which field of that, and so on.
    steps: Vec<usize>,
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for vector in vectors::all() {
        let message = Item::from_ttlv(&vector.ttlv().unwrap()).unwrap();
        let name = format!("{}/{}", vector.folder, vector.name);
        for place in places(&name, &message, &vector.message) {
            rows.extend(place.rows());
            for place in place.inner() {
                // What is in payloads and headers comes again and again: once with the same fields is enough.
                let tags: Vec<Tag> = place.structure().fields().iter().map(|field| field.tag).collect();
                if seen.insert((place.read, place.schema.name, tags)) {
                    rows.extend(place.rows());
                }
            }
        }
    }
    rows.sort_by(|one, other| (one.read, &one.input).cmp(&(other.read, &other.input)));
    rows.dedup_by(|one, other| one.read == other.read && one.input == other.input);
    rows
}

/// The message itself, its header, its batch items and their payloads.
fn places<'m>(name: &str, message: &'m Item, typed: &AnyMessage) -> Vec<Place<'m>> {
    let (read, schemas, payload, operations) = match typed {
        AnyMessage::Request(typed) => (
            Read::Request,
            [RequestMessage::SCHEMA, RequestHeader::SCHEMA, RequestBatchItem::SCHEMA],
            Tag::REQUEST_PAYLOAD,
            typed.batch_item.iter().map(|item| Some(item.operation)).collect::<Vec<_>>(),
        ),
        AnyMessage::Response(typed) => (
            Read::Response,
            [ResponseMessage::SCHEMA, ResponseHeader::SCHEMA, ResponseBatchItem::SCHEMA],
            Tag::RESPONSE_PAYLOAD,
            typed.batch_item.iter().map(|item| item.operation).collect(),
        ),
    };
    let place = |schema, steps| Place { name: name.to_owned(), message, read, schema, steps };
    let mut places = vec![place(schemas[0], vec![]), place(schemas[1], vec![0])];
    for (index, operation) in operations.into_iter().enumerate() {
        let batch_item = &message.fields()[index + 1];
        places.push(place(schemas[2], vec![index + 1]));
        let entry = schemas::all().find(|entry| entry.tag == payload && entry.operation == operation);
        let at = batch_item.fields().iter().position(|item| item.tag == payload);
        if let (Some(entry), Some(at)) = (entry.filter(|entry| entry.operation.is_some()), at) {
            places.push(place(entry.schema, vec![index + 1, at]));
        }
    }
    places
}

impl<'m> Place<'m> {
    /// The structures inside, at any depth, that are always of the same type.
    fn inner(&self) -> Vec<Place<'m>> {
        let mut places = Vec::new();
        for (step, item) in self.structure().fields().iter().enumerate() {
            let mut entries = schemas::all().filter(|entry| entry.tag == item.tag);
            let (Some(entry), None) = (entries.next(), entries.next()) else { continue };
            if !matches!(item.value, Value::Structure(_)) {
                continue;
            }
            let steps = self.steps.iter().copied().chain([step]).collect();
            let place = Place { name: self.name.clone(), schema: entry.schema, steps, ..*self };
            places.extend(place.inner());
            places.push(place);
        }
        places
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let fields = self.structure().fields();
        let name = self.schema.name;
        for (index, item) in fields.iter().enumerate() {
            let Some(field) = self.schema.field(item.tag) else { continue };
            let tag = item.tag;
            let others = fields.iter().filter(|other| field.is_tagged(other.tag)).count() - 1;
            // A reader does not know the version: no attributes by tag are no attributes by name either.
            let may_be_by_name = self.schema.fields.iter().any(|field| field.tag == Tag::ATTRIBUTE);
            if field.presence == Presence::Required && !(tag == Tag::ATTRIBUTES && may_be_by_name) {
                let changed = self.with(|fields| drop(fields.remove(index)));
                // By the tag that the message's version has, and a choice by that of its first variant.
                let formerly =
                    field.formerly.map(|(formerly, _)| formerly).filter(|formerly| *formerly == tag);
                let kind = format!("{name} lacks its required field {}", formerly.unwrap_or(field.tag));
                rows.push(self.row("without", tag, &changed, kind, index, None));
            }
            // A structure that keeps all else keeps this too.
            if field.presence == Presence::Repeated || self.schema.catch_all {
                continue;
            }
            let changed = self.with(|fields| fields.insert(index, item.clone()));
            let kind = format!("{tag} occurs more than once in {name}");
            rows.push(self.row("twice", tag, &changed, kind, index + 1, Some(index + 1)));
            if others == 0 && index + 1 < fields.len() {
                let changed = self.with(|fields| {
                    let item = fields.remove(index);
                    fields.push(item);
                });
                let kind = format!("{tag} is out of order in {name}");
                let last = fields.len() - 1;
                rows.push(self.row("last", tag, &changed, kind, last, Some(last)));
            }
        }
        for index in [0, fields.len()] {
            // Unless the structure keeps it, or takes it for a choice of a vendor's.
            if self.schema.catch_all || self.schema.fields.iter().any(|field| field.open) {
                continue;
            }
            let changed = self.with(|fields| fields.insert(index, Item::integer(VENDOR, 1)));
            let kind = format!("{name} has no field {VENDOR}");
            rows.push(self.row("with a vendor's", VENDOR, &changed, kind, index, Some(index)));
        }
        rows
    }

    fn structure(&self) -> &'m Item {
        place::at(self.message, &self.steps)
    }

    /// The message with other fields in the structure.
    fn with(&self, change: impl FnOnce(&mut Vec<Item>)) -> Item {
        let mut message = self.message.clone();
        let structure = self.steps.iter().fold(&mut message, |item, step| match &mut item.value {
            Value::Structure(fields) => &mut fields[*step],
            _ => panic!("{} has no fields", item.tag),
        });
        let Value::Structure(fields) = &mut structure.value else {
            panic!("{} has no fields", structure.tag)
        };
        change(fields);
        message
    }

    /// A row whose fault is where a field of the structure starts; its path is that of a field, or of the structure.
    fn row(&self, how: &str, tag: Tag, message: &Item, kind: String, at: usize, field: Option<usize>) -> Row {
        let (mut offset, mut path) = locate(message, &self.steps);
        match field {
            Some(field) => (offset, path) = locate(message, &[&self.steps[..], &[field]].concat()),
            None => offset += 8 + size(&place::at(message, &self.steps).fields()[..at]),
        }
        let name = format!("{}: {} {how} {tag}", self.name, self.schema.name);
        Row { name, input: message.to_ttlv().unwrap(), read: self.read, kind, offset, path }
    }
}
