//! Whether a message is one of a test case.

use std::collections::HashMap;

use super::{Bindings, CaseMessage};
use crate::item::{Item, Value};
use crate::tag::Tag;
use crate::view::{Placeholders, Redaction, Redactions, View, is_identifier};

/// How much of a message must be as the test case has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// All of it: the same items in the same order, with the same values but for placeholders. A placeholder that is not
    /// bound yet is any value, also where it stands for a secret.
    Exact,
    /// All but what may vary when a test case is run (KMIP Profiles 2.1 section 4.1): Unique Identifiers, Unique Batch Item
    /// IDs, correlation values and dates may have other values; attributes may stand in another order; and what a header says
    /// of who asks, how large an answer may be, and what it is for may be there or not.
    #[default]
    Variations,
    /// The operations of its batch items.
    Operations,
}

/// A message is not the one that a test case has.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the message is not the one that the test case has (- expected, + found):\n{difference}")]
pub struct Mismatch {
    difference: String,
}

impl Mismatch {
    /// The lines in which the two differ, among others: those of the test case after `-`, those of the message after `+`.
    pub fn difference(&self) -> &str {
        &self.difference
    }
}

pub(super) fn is(expected: &CaseMessage, said: &Item, matching: Matching, bindings: &mut Bindings) -> bool {
    match matching {
        Matching::Operations => operations(&expected.item) == operations(said),
        Matching::Exact | Matching::Variations => {
            let named = expected.named().map(|(item, name)| (core::ptr::from_ref(item), name));
            let varies = matching == Matching::Variations;
            let mut comparison = Comparison { names: named.collect(), varies, bindings, bound: Vec::new() };
            comparison.item(&expected.item, said)
        }
    }
}

pub(super) fn mismatch(expected: &CaseMessage, said: &Item, bindings: &Bindings) -> Mismatch {
    Mismatch { difference: difference(expected, said, bindings) }
}

/// The operations that a message asks for.
fn operations(message: &Item) -> Vec<Option<&Item>> {
    message.children(Tag::BATCH_ITEM).map(|item| item.children(Tag::OPERATION).next()).collect()
}

struct Comparison<'a> {
    /// The placeholders, by the items whose values they are.
    names: HashMap<*const Item, &'a str>,
    varies: bool,
    bindings: &'a mut Bindings,
    /// The placeholders that were bound on the way, in their order.
    bound: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    fn item(&mut self, expected: &Item, said: &Item) -> bool {
        if expected.tag != said.tag {
            return false;
        }
        if let Some(name) = self.names.get(&core::ptr::from_ref(expected)).copied() {
            return self.placeholder(name, expected, said);
        }
        match (&expected.value, &said.value) {
            (Value::Structure(expected_fields), Value::Structure(fields)) => {
                self.fields(expected.tag, expected_fields, fields)
            }
            _ if self.varies && is_variable(expected) => expected.item_type() == said.item_type(),
            (value, found) => value == found,
        }
    }

    fn placeholder(&mut self, name: &'a str, expected: &Item, said: &Item) -> bool {
        if expected.item_type() != said.item_type() {
            return false;
        }
        // The test case says about when.
        let is_date = matches!(said.value, Value::DateTime(_) | Value::DateTimeExtended(_));
        if is_date && self.bindings.date(name).is_some() {
            return true;
        }
        match self.bindings.get(name) {
            Some(bound) => *bound == said.value,
            None => {
                self.bindings.bind(name, said.value.clone());
                self.bound.push(name);
                true
            }
        }
    }

    fn fields(&mut self, tag: Tag, expected: &[Item], said: &[Item]) -> bool {
        let due = |fields: &'_ [Item]| -> Vec<usize> {
            (0..fields.len()).filter(|at| !self.varies || !is_aside(fields[*at].tag)).collect()
        };
        let (due, mut left) = (due(expected), due(said));
        if due.len() != left.len() {
            return false;
        }
        if !(self.varies && has_any_order(tag)) {
            return due.iter().zip(&left).all(|(one, other)| self.item(&expected[*one], &said[*other]));
        }
        due.iter().all(|one| {
            let before = self.bound.len();
            let found = left.iter().position(|other| {
                let is_same = self.item(&expected[*one], &said[*other]);
                if !is_same {
                    self.bound.drain(before..).for_each(|name| self.bindings.unbind(name));
                }
                is_same
            });
            found.map(|at| left.remove(at)).is_some()
        })
    }
}

/// Whether the value may be another one wherever the test case is run.
fn is_variable(item: &Item) -> bool {
    match &item.value {
        Value::DateTime(_) | Value::DateTimeExtended(_) => true,
        Value::TextString(_) => is_identifier(item.tag),
        _ => item.tag == Tag::ASYNCHRONOUS_CORRELATION_VALUE,
    }
}

/// Whether an item says nothing of what is asked for.
fn is_aside(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::AUTHENTICATION
            | Tag::BATCH_ERROR_CONTINUATION_OPTION
            | Tag::BATCH_ORDER_OPTION
            | Tag::CLIENT_CORRELATION_VALUE
            | Tag::MAXIMUM_RESPONSE_SIZE
            | Tag::SERVER_CORRELATION_VALUE
            | Tag::TIME_STAMP
            | Tag::UNIQUE_BATCH_ITEM_ID
    )
}

/// Whether the order of a structure's fields says nothing.
fn has_any_order(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::ATTRIBUTES
            | Tag::COMMON_ATTRIBUTES
            | Tag::PRIVATE_KEY_ATTRIBUTES
            | Tag::PUBLIC_KEY_ATTRIBUTES
            | Tag::TEMPLATE_ATTRIBUTE
            | Tag::COMMON_TEMPLATE_ATTRIBUTE
            | Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE
            | Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE
    )
}

/// The lines in which the two differ. Placeholders stand for what they are bound to.
fn difference(expected: &CaseMessage, said: &Item, bindings: &Bindings) -> String {
    let mut filled = bindings.clone();
    let expected = expected.fill(&mut filled);
    let mut redactions = Redactions::none();
    // Numbers may well be the same by chance.
    let texts = |value: &Value| matches!(value, Value::TextString(_) | Value::ByteString(_));
    for (name, value) in filled.bound().filter(|(_, value)| texts(value)) {
        redactions = redactions.value(value.clone(), Redaction::named(format!("${name}")).optional());
    }
    // So that secrets which differ have different names.
    let secrets = Placeholders::new();
    let [expected, said] =
        [&expected, said].map(|item| View::of(item).redact(redactions.clone()).secret_placeholders(&secrets));
    expected.difference(&said).unwrap_or_else(|error| error.to_string())
}
