//! Holding a response against that of a test case, and saying where the two differ first.

use std::collections::HashMap;

use kmip_types::case::{Bindings, CaseMessage};
use kmip_types::enumerations::{Operation, Pkcs11Function};
use kmip_types::view::View;
use kmip_types::{Item, Tag, Value};

use super::Verdict;
use super::identifiers::Identifiers;
use super::times::Times;
use super::variations;

/// A place where a response is not as the test case has it.
pub(super) struct Found {
    pub(super) verdict: Verdict,
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) found: String,
    /// Whether it is the State of an object, which time may change.
    pub(super) is_state: bool,
}

/// The first place where a response differs in its statuses or reasons, or else in anything else.
pub(super) fn compare(
    case: &CaseMessage,
    asked: &Item,
    said: &Item,
    bindings: &mut Bindings,
    identifiers: &mut Identifiers,
    times: &Times,
) -> Option<Found> {
    let failed = results(case.item(), said);
    let mut comparison = Comparison {
        names: case.named().map(|(item, name)| (core::ptr::from_ref(item), name)).collect(),
        bindings,
        identifiers,
        times,
        asked,
        is_state: false,
        operation: None,
        is_about_itself: false,
        is_generated: false,
        is_random: false,
        path: Vec::new(),
        found: None,
    };
    comparison.item(case.item(), said);
    failed.or(comparison.found)
}

/// The first item whose status or reason is another one.
fn results(expected: &Item, said: &Item) -> Option<Found> {
    let items =
        |message: &'_ Item| -> Vec<String> { message.children(Tag::BATCH_ITEM).map(result).collect() };
    let (due, found) = (items(expected), items(said));
    let number = (0..due.len().max(found.len())).find(|number| due.get(*number) != found.get(*number))?;
    let shown = |results: &[String]| results.get(number).map_or("nothing", String::as_str).to_owned();
    Some(Found {
        verdict: Verdict::Failed,
        path: format!("ResponseMessage/BatchItem[{number}]"),
        expected: shown(&due),
        // The message of the server says why.
        is_state: false,
        found: match said.children(Tag::BATCH_ITEM).nth(number) {
            Some(item) => match item.children(Tag::RESULT_MESSAGE).next().and_then(Item::as_text) {
                Some(message) => format!("{} ({message})", shown(&found)),
                None => shown(&found),
            },
            None => shown(&found),
        },
    })
}

/// The operation of a batch item, its status and its reason.
fn result(item: &Item) -> String {
    let tags = [Tag::OPERATION, Tag::RESULT_STATUS, Tag::RESULT_REASON];
    let values = tags.iter().filter_map(|tag| item.children(*tag).next());
    let names = values.map(|value| value.enumeration_name().map_or_else(|| show(value), str::to_owned));
    names.collect::<Vec<_>>().join(" ")
}

struct Comparison<'a> {
    /// The placeholders, by the items whose values they are.
    names: HashMap<*const Item, &'a str>,
    bindings: &'a mut Bindings,
    identifiers: &'a mut Identifiers,
    times: &'a Times,
    asked: &'a Item,
    /// Whether the Attribute that is being looked at is the State.
    is_state: bool,
    /// The operation of the batch item that is being looked at.
    operation: Option<u32>,
    /// Whether the batch item is a call of PKCS#11 by which a server says of itself who made it.
    is_about_itself: bool,
    /// Whether the server made the object that the batch item is about.
    is_generated: bool,
    /// Whether what is done with it has another result each time.
    is_random: bool,
    path: Vec<Tag>,
    found: Option<Found>,
}

impl Comparison<'_> {
    /// Whether an item is as it should be; if not, it is noted unless one was before.
    fn item(&mut self, expected: &Item, said: &Item) -> bool {
        if expected.tag == Tag::BATCH_ITEM {
            self.enter(said);
        }
        self.path.push(expected.tag);
        let is_same = self.value(expected, said);
        self.path.pop();
        is_same
    }

    /// Notes what a batch item is about.
    fn enter(&mut self, item: &Item) {
        self.operation = item.children(Tag::OPERATION).next().and_then(Item::as_enumeration);
        let functions =
            item.children(Tag::RESPONSE_PAYLOAD).flat_map(|item| item.children(Tag::PKCS_11_FUNCTION));
        self.is_about_itself = functions
            .filter_map(Item::as_enumeration)
            .any(|function| function == Pkcs11Function::CGetInfo.value());
        let payloads = item
            .children(Tag::RESPONSE_PAYLOAD)
            .chain(self.asked.children(Tag::BATCH_ITEM).flat_map(|item| item.children(Tag::REQUEST_PAYLOAD)));
        let identifiers = payloads.flat_map(|payload| payload.children(Tag::UNIQUE_IDENTIFIER));
        let identifiers: Vec<&str> = identifiers.filter_map(Item::as_text).collect();
        self.is_generated = identifiers.iter().any(|identifier| self.identifiers.is_generated(identifier));
        self.is_random = identifiers.iter().any(|identifier| self.identifiers.is_random(identifier));
    }

    fn value(&mut self, expected: &Item, said: &Item) -> bool {
        if expected.tag != said.tag {
            return self.differs(expected, Some(said));
        }
        if let Some(name) = self.names.get(&core::ptr::from_ref(expected)).copied() {
            return self.placeholder(name, expected, said);
        }
        let anything = variations::is_variable(expected.tag)
            || variations::yields_anything(self.operation, expected.tag, self.is_random)
            || (variations::is_variable_attribute(expected) && variations::is_variable_attribute(said))
            || (self.is_generated && variations::is_variable_of_generated(expected.tag))
            || (self.is_about_itself && self.is_alike(expected, said));
        let is_same = match (&expected.value, &said.value) {
            _ if anything => true,
            (Value::Structure(due), Value::Structure(found)) => return self.fields(expected.tag, due, found),
            (Value::TextString(due), Value::TextString(found)) if Identifiers::has(expected.tag) => {
                self.identifiers.is(due, found)
            }
            (Value::TextString(due), Value::TextString(found)) if expected.tag == Tag::ATTRIBUTE_NAME => {
                variations::set_in_one_line(due) == *found
            }
            (Value::DateTime(due), Value::DateTime(found)) => {
                let due = self.times.of_case(due.seconds());
                due == found.seconds() || !self.times.has(due)
            }
            (due, found) => due == found,
        };
        is_same || self.differs(expected, Some(said))
    }

    fn placeholder(&mut self, name: &str, expected: &Item, said: &Item) -> bool {
        // A placeholder for a whole Key Value does not say whether the bytes that are in it stand in a structure.
        if expected.tag == Tag::KEY_VALUE && self.bindings.get(name).is_none() {
            self.bindings.bind(name, said.value.clone());
            return true;
        }
        if expected.item_type() != said.item_type() {
            return self.differs(expected, Some(said));
        }
        let is_date = matches!(said.value, Value::DateTime(_) | Value::DateTimeExtended(_));
        if is_date && name.starts_with("NOW") {
            return true;
        }
        match self.bindings.get(name) {
            Some(bound) if *bound == said.value => true,
            // What is another one each time has the name that the case gives it from now on.
            Some(_) if self.is_new_each_time(expected.tag) => {
                self.bindings.bind(name, said.value.clone());
                true
            }
            Some(bound) => {
                let bound = Item::new(expected.tag, bound.clone());
                self.differs(&bound, Some(said))
            }
            None => {
                self.bindings.bind(name, said.value.clone());
                true
            }
        }
    }

    /// Whether what a server says of itself by PKCS#11 is as long as it is to be.
    fn is_alike(&self, expected: &Item, said: &Item) -> bool {
        let length = |item: &'_ Item| match &item.value {
            Value::ByteString(bytes) => Some(bytes.len()),
            _ => None,
        };
        expected.tag == Tag::PKCS_11_OUTPUT_PARAMETERS && length(expected) == length(said)
    }

    /// Whether the server may say another value of this tag whenever it is asked.
    fn is_new_each_time(&self, tag: Tag) -> bool {
        matches!(tag, Tag::CORRELATION_VALUE | Tag::ASYNCHRONOUS_CORRELATION_VALUE)
            || variations::yields_anything(self.operation, tag, self.is_random)
    }

    fn fields(&mut self, tag: Tag, due: &[Item], found: &[Item]) -> bool {
        let operation = self.operation;
        if tag == Tag::ATTRIBUTE {
            self.is_state = variations::is_named(due, "State");
        }
        let counts =
            |item: &&Item| !variations::is_aside(item.tag) && !variations::is_open_list(operation, item.tag);
        let due: Vec<&Item> = due.iter().filter(counts).collect();
        let mut left: Vec<&Item> = found.iter().filter(counts).collect();
        let has_open_versions = self.has_open_versions();
        let is_set = |item: &Item| {
            variations::is_set(tag)
                || variations::is_set_item(item.tag)
                || (tag == Tag::RESPONSE_PAYLOAD && variations::is_longer_list(operation, item.tag))
                || (item.tag == Tag::PROTOCOL_VERSION && has_open_versions)
        };
        let mut is_same = true;
        for expected in due {
            let position = if is_set(expected) {
                // Which of several values is meant is found by trying them, without a word about those that are not.
                left.iter().position(|said| self.quietly(expected, said))
            } else {
                left.iter().position(|said| said.tag == expected.tag)
            };
            match position {
                Some(position) => is_same &= self.item(expected, left.remove(position)),
                None if variations::is_optional(expected) || is_index_0(expected) => {}
                None => {
                    let near = left.iter().position(|said| is_near(expected, said));
                    let near = near.map(|position| left.remove(position));
                    self.path.push(expected.tag);
                    match near {
                        Some(near) => is_same &= self.value(expected, near),
                        None => is_same = self.differs(expected, None),
                    }
                    self.path.pop();
                }
            }
        }
        let more = left
            .into_iter()
            .find(|said| !is_set(said) && !variations::is_optional(said) && !is_index_0(said));
        if let Some(more) = more {
            self.path.push(more.tag);
            self.note("nothing".to_owned(), show(more));
            self.path.pop();
            return false;
        }
        is_same
    }

    /// Whether the server may list more versions than the case has: in Discover Versions, if the client listed none.
    fn has_open_versions(&self) -> bool {
        let payloads =
            self.asked.children(Tag::BATCH_ITEM).flat_map(|item| item.children(Tag::REQUEST_PAYLOAD));
        self.operation == Some(Operation::DiscoverVersions.value())
            && payloads.flat_map(|payload| payload.children(Tag::PROTOCOL_VERSION)).next().is_none()
            && self.path.last() == Some(&Tag::RESPONSE_PAYLOAD)
    }

    /// Whether an item would be as it should be; nothing is noted or bound.
    fn quietly(&mut self, expected: &Item, said: &Item) -> bool {
        let (bindings, found) = (self.bindings.clone(), self.found.take());
        let is_same = self.item(expected, said);
        (*self.bindings, self.found) = (bindings, found);
        is_same
    }

    fn differs(&mut self, expected: &Item, said: Option<&Item>) -> bool {
        self.note(show(expected), said.map_or_else(|| "nothing".to_owned(), show));
        false
    }

    fn note(&mut self, expected: String, found: String) {
        if self.found.is_none() {
            let names = self.path.iter().map(ToString::to_string);
            let path = names.collect::<Vec<_>>().join("/");
            let is_state = match self.path.last() {
                Some(&Tag::STATE) => true,
                Some(&Tag::ATTRIBUTE_VALUE) => self.is_state,
                _ => false,
            };
            self.found = Some(Found { verdict: Verdict::Differs, path, expected, found, is_state });
        }
    }
}

/// An Attribute Index of 0 need not be said.
fn is_index_0(item: &Item) -> bool {
    item.tag == Tag::ATTRIBUTE_INDEX && item.value == Value::Integer(0)
}

/// Whether an item is of the attribute that is expected, with another value.
fn is_near(expected: &Item, said: &Item) -> bool {
    let name = |item: &'_ Item| item.children(Tag::ATTRIBUTE_NAME).next().cloned();
    expected.tag == said.tag && name(expected) == name(said)
}

/// A value, without its secrets.
fn show(item: &Item) -> String {
    match View::of(item).render() {
        Ok(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Err(_) => item.tag.to_string(),
    }
}
