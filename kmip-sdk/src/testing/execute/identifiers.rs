//! What a server calls the objects that a test case calls otherwise, and which of them it made itself.

use std::collections::{HashMap, HashSet};

use kmip_types::case::{Bindings, CaseMessage};
use kmip_types::enumerations::{CryptographicAlgorithm, Operation, PaddingMethod};
use kmip_types::{Item, Tag, Value};

use super::variations::set_in_one_line;

/// The operations that make objects.
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

/// The identifiers of a server's objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Identifiers {
    /// The server's, by the ones that the test case has without a placeholder.
    names: HashMap<String, String>,
    /// Of the objects whose material the server made.
    generated: HashSet<String>,
    /// Of the keys with which encryption or signing has another result each time.
    random: HashSet<String>,
    /// What the last answer had under each tag.
    said: HashMap<Tag, Value>,
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

    /// Binds the placeholders of a request that no answer bound to what the last answer had under the same tag: a test case
    /// may say the value in one place and its name in the other.
    pub(super) fn bind(&self, request: &CaseMessage, bindings: &mut Bindings) {
        for (item, name) in request.named() {
            if let Some(value) = self.said.get(&item.tag)
                && bindings.get(name).is_none()
                && value.item_type() == item.item_type()
                && !name.starts_with("NOW")
            {
                bindings.bind(name, value.clone());
            }
        }
    }

    /// Whether encryption or signing with a key has another result each time.
    pub(super) fn is_random(&self, identifier: &str) -> bool {
        self.random.contains(identifier)
    }

    /// Notes what the operations of a response made, and how the request said that it is to be used.
    pub(super) fn learn(&mut self, request: &Item, response: &Item) {
        let said = response.walk().filter(|item| !matches!(item.value, Value::Structure(_)));
        self.said.extend(said.map(|item| (item.tag, item.value.clone())));
        for (asked, said) in request.children(Tag::BATCH_ITEM).zip(response.children(Tag::BATCH_ITEM)) {
            let pads = |item: &Item| {
                let random = [PaddingMethod::Oaep, PaddingMethod::Pkcs1V1_5, PaddingMethod::Pss];
                let pads = |padding: &PaddingMethod| item.as_enumeration() == Some(padding.value());
                match item.tag {
                    Tag::PADDING_METHOD => random.iter().any(pads),
                    Tag::RANDOM_IV => item.as_boolean() == Some(true),
                    Tag::CRYPTOGRAPHIC_ALGORITHM => {
                        let random = [CryptographicAlgorithm::Ecdsa, CryptographicAlgorithm::Dsa];
                        random.iter().any(|algorithm| item.as_enumeration() == Some(algorithm.value()))
                    }
                    _ => false,
                }
            };
            if asked.walk().any(pads) {
                let payload = said.children(Tag::RESPONSE_PAYLOAD).flat_map(Item::fields);
                let identifiers = payload.filter(|field| Self::has(field.tag)).filter_map(Item::as_text);
                self.random.extend(identifiers.map(str::to_owned));
            }
        }
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
