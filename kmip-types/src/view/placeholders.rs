//! The names that stand for what varies: the same value has the same name, another value another one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroize;

use crate::item::{Item, Value};
use crate::tag::Tag;

/// The placeholders that were given so far. Several snapshots that share them show the same identifier by the same name.
///
/// ```
/// use kmip_types::view::{Placeholders, View};
/// use kmip_types::{Item, Tag};
///
/// let names = Placeholders::new();
/// let show = |identifier| View::of(&Item::text_string(Tag::UNIQUE_IDENTIFIER, identifier)).placeholders(&names).render();
/// assert_eq!(show("a")?, "UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0");
/// assert_eq!(show("b")?, "UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_1");
/// assert_eq!(show("a")?, "UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0");
/// # Ok::<(), kmip_types::view::ViewError>(())
/// ```
#[derive(Clone, Default)]
pub struct Placeholders(Arc<Mutex<Given>>);

#[derive(Default)]
struct Given {
    /// By base name and value. The values may be secrets.
    names: HashMap<String, HashMap<Vec<u8>, String>>,
    /// Texts that are looked for within others, with what stands for them.
    texts: Vec<(String, String)>,
}

/// A text that is shorter may well be in another one by chance.
const SHORTEST: usize = 8;

/// How many texts are looked for within others: each is, in all of them.
const MOST: usize = 1 << 12;

impl Placeholders {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The placeholder of a value: `$BASE_0`, `$BASE_1`, by when they were first asked for.
    pub(super) fn name(&self, base: &str, value: &Value) -> String {
        let given = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = given.names.entry(base.to_owned()).or_default();
        let number = names.len();
        let mut key = key(value);
        if let Some(name) = names.get(&key) {
            let name = name.clone();
            key.zeroize();
            return name;
        }
        let name = format!("${base}_{number}");
        names.insert(key, name.clone());
        name
    }

    /// As [`name`](Self::name), for a text that other texts may quote.
    pub(super) fn name_of_text(&self, base: &str, value: &Value) -> String {
        let name = self.name(base, value);
        if let Value::TextString(text) = value {
            let given = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let has_room = given.texts.len() < MOST && text.len() >= SHORTEST;
            if has_room && !given.texts.iter().any(|(known, _)| known == text) {
                given.texts.push((text.clone(), name.clone()));
            }
        }
        name
    }

    /// The placeholder that a value has under a base name, if it has one.
    pub(super) fn known(&self, base: &str, value: &Value) -> Option<String> {
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = key(value);
        let name = given.names.get(base).and_then(|names| names.get(&key)).cloned();
        key.zeroize();
        name
    }

    /// The text with the placeholder of each known one that is in it, the longest where several are; `None` where there is
    /// none.
    pub(super) fn within(&self, text: &str) -> Option<String> {
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<(usize, usize, &str)> = Vec::new();
        for (known, name) in &given.texts {
            let places = text.match_indices(known.as_str()).map(|(at, _)| (at, known.len(), name.as_str()));
            found.extend(places);
        }
        if found.is_empty() {
            return None;
        }
        found.sort_unstable_by_key(|(at, length, _)| (*at, core::cmp::Reverse(*length)));
        let (mut replaced, mut taken) = (String::new(), 0);
        for (at, length, name) in found.into_iter() {
            if at >= taken {
                replaced.push_str(&text[taken..at]);
                replaced.push_str(name);
                taken = at + length;
            }
        }
        replaced.push_str(&text[taken..]);
        Some(replaced)
    }
}

impl core::fmt::Debug for Placeholders {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Placeholders")
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        for (mut key, _) in self.names.drain().flat_map(|(_, names)| names) {
            key.zeroize();
        }
    }
}

/// The placeholder that a text, as the value in a test case, is, without its `$`: `${NAME}` is `$NAME`.
pub(crate) fn placeholder(value: &str) -> Option<&str> {
    let name = value.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-' | b' '));
    is_name.then_some(name)
}

/// What tells a value from another one: its bytes, with its item type. Of what cannot be written, nothing does.
fn key(value: &Value) -> Vec<u8> {
    let item = zeroize::Zeroizing::new(Item::new(Tag::ATTRIBUTE_VALUE, value.clone()));
    item.to_ttlv().unwrap_or_default()
}
