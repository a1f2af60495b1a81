//! What a server calls the objects that a test case calls otherwise, and which of them it made itself.

use std::collections::{HashMap, HashSet};

use kmip_types::enumerations::Operation;
use kmip_types::{DateTime, Item, Tag, Value};

use super::variations::set_in_one_line;

/// The identifiers of a server's objects.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// The server's, by the ones that the test case has without a placeholder.
    names: HashMap<String, String>,
    /// Of the objects whose material the server made.
    generated: HashSet<String>,
    /// The dates that were asked for.
    dates: HashSet<i64>,
}

impl Identifiers {
    /// Whether a tag is one of an object's identifier.
    pub(super) fn has(tag: Tag) -> bool {
        matches!(
            tag,
            Tag::UNIQUE_IDENTIFIER
                | Tag::PRIVATE_KEY_UNIQUE_IDENTIFIER
                | Tag::PUBLIC_KEY_UNIQUE_IDENTIFIER
                | Tag::LINKED_OBJECT_IDENTIFIER
        )
    }

    /// Puts the server's identifiers in the place of those of the test case, and names of attributes in one line.
    pub(super) fn put_in(&self, item: &mut Item) {
        let (is_identifier, is_name) = (Self::has(item.tag), item.tag == Tag::ATTRIBUTE_NAME);
        match &mut item.value {
            Value::TextString(text) if is_name => *text = set_in_one_line(text),
            Value::Structure(fields) => fields.iter_mut().for_each(|field| self.put_in(field)),
            Value::TextString(text) if is_identifier => {
                if let Some(name) = self.names.get(text) {
                    text.clone_from(name);
                }
            }
            _ => {}
        }
    }

    /// Whether the server may call an object so: always the same.
    pub(super) fn is(&mut self, expected: &str, found: &str) -> bool {
        self.names.entry(expected.to_owned()).or_insert_with(|| found.to_owned()) == found
    }

    /// Whether the server made the material of an object itself.
    pub(super) fn is_generated(&self, identifier: &str) -> bool {
        self.generated.contains(identifier)
    }

    /// Notes the dates that a request asks for.
    pub(super) fn note_dates(&mut self, request: &Item) {
        let dates = request.walk().filter_map(|item| match item.value {
            Value::DateTime(date) => Some(date.seconds()),
            _ => None,
        });
        self.dates.extend(dates);
    }

    /// Whether a date was asked for, so that no other one may be said in its place.
    pub(super) fn has_date(&self, date: DateTime) -> bool {
        self.dates.contains(&date.seconds())
    }

    /// Notes what the operations of a response made.
    pub(super) fn learn(&mut self, response: &Item) {
        const MAKING: [Operation; 8] = [
            Operation::Create,
            Operation::CreateKeyPair,
            Operation::ReKey,
            Operation::ReKeyKeyPair,
            Operation::Certify,
            Operation::ReCertify,
            Operation::CreateSplitKey,
            Operation::ReProvision,
        ];
        for item in response.children(Tag::BATCH_ITEM) {
            let operation = item.children(Tag::OPERATION).next().and_then(Item::as_enumeration);
            if !MAKING.iter().any(|making| Some(making.value()) == operation) {
                continue;
            }
            let payload = item.children(Tag::RESPONSE_PAYLOAD).flat_map(Item::fields);
            let identifiers = payload.filter(|field| Self::has(field.tag)).filter_map(Item::as_text);
            self.generated.extend(identifiers.map(str::to_owned));
        }
    }
}
