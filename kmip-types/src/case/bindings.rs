//! What placeholders stand for.

use std::collections::{BTreeMap, HashMap};

use crate::item::{Item, Value};
use crate::item_type::ItemType;
use crate::primitive::{BigInteger, DateTime, DateTimeExtended, Interval};

/// The values that the placeholders of a test case stand for, which the messages bind as they come.
#[derive(Clone, Debug)]
pub struct Bindings {
    values: HashMap<String, Value>,
    now: DateTime,
}

impl Default for Bindings {
    fn default() -> Self {
        Self::new()
    }
}

impl Bindings {
    /// None yet; `$NOW` is now.
    pub fn new() -> Self {
        Self::at(DateTime::now())
    }

    /// None yet; `$NOW` is this date.
    pub fn at(now: DateTime) -> Self {
        Self { values: HashMap::new(), now }
    }

    /// The value that a placeholder, without its `$`, is bound to.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Binds a placeholder, without its `$`, to a value.
    pub fn bind(&mut self, name: impl Into<String>, value: Value) {
        self.values.insert(name.into(), value);
    }

    /// Takes a binding back.
    pub(super) fn unbind(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// What is bound, in the order of the names.
    pub(super) fn bound(&self) -> impl Iterator<Item = (&str, &Value)> {
        let mut bound: Vec<_> = self.values.iter().map(|(name, value)| (name.as_str(), value)).collect();
        bound.sort_unstable_by_key(|(name, _)| *name);
        bound.into_iter()
    }

    /// The date that `NOW`, `NOW+60` or `NOW-60` is.
    pub(super) fn date(&self, name: &str) -> Option<i64> {
        let offset = name.get(..3).filter(|now| now.eq_ignore_ascii_case("NOW")).and(name.get(3..))?;
        let offset: String = offset.chars().filter(|character| *character != ' ').collect();
        let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        self.now.seconds().checked_add(offset)
    }

    /// The value of a placeholder where an item of this type is due.
    fn value(&mut self, name: &str, item_type: ItemType) -> Value {
        let is_date = matches!(item_type, ItemType::DateTime | ItemType::DateTimeExtended);
        if let Some(seconds) = self.date(name).filter(|_| is_date) {
            return match item_type {
                ItemType::DateTimeExtended => Value::DateTimeExtended(DateTimeExtended::from_microseconds(
                    seconds.saturating_mul(1_000_000),
                )),
                _ => Value::DateTime(DateTime::from_seconds(seconds)),
            };
        }
        if let Some(bound) = self.values.get(name) {
            return bound.clone();
        }
        let value = stand_in(name, item_type);
        self.values.insert(name.to_owned(), value.clone());
        value
    }
}

/// Replaces the values that have placeholders.
pub(super) fn fill(
    item: &mut Item,
    placeholders: &BTreeMap<usize, String>,
    place: &mut usize,
    bindings: &mut Bindings,
) {
    let own = placeholders.get(place);
    *place += 1;
    match (&mut item.value, own) {
        (Value::Structure(fields), None) => {
            fields.iter_mut().for_each(|field| fill(field, placeholders, place, bindings));
        }
        // A structure that is a placeholder as a whole: what it was cannot be told, unless it was bound.
        (Value::Structure(_), Some(name)) => {
            if let Some(bound @ Value::Structure(_)) = bindings.values.get(name) {
                item.value = bound.clone();
            }
        }
        (_, Some(name)) => item.value = bindings.value(name, item.item_type()),
        (_, None) => {}
    }
}

/// A value of a type, another one for another name.
pub(super) fn stand_in(name: &str, item_type: ItemType) -> Value {
    // Small, so that it is a number of any type, and never the same for names that are alike.
    let number = name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let number = number & 0x00FF_FFFF;
    let bytes = || (0..4).flat_map(|round| number.rotate_left(round * 7).to_be_bytes()).collect::<Vec<u8>>();
    match item_type {
        ItemType::Structure => Value::Structure(Vec::new()),
        ItemType::Integer => Value::Integer(number.cast_signed()),
        ItemType::LongInteger => Value::LongInteger(i64::from(number)),
        ItemType::BigInteger => Value::BigInteger(BigInteger::from(i64::from(number))),
        ItemType::Enumeration => Value::Enumeration(0x8000_0000 | number),
        ItemType::Boolean => Value::Boolean(true),
        ItemType::TextString => Value::TextString(format!("value-of-{}", name.to_ascii_lowercase())),
        ItemType::ByteString => Value::ByteString(bytes()),
        ItemType::DateTime => Value::DateTime(DateTime::from_seconds(i64::from(number))),
        ItemType::Interval => Value::Interval(Interval::from_seconds(number)),
        ItemType::DateTimeExtended => {
            Value::DateTimeExtended(DateTimeExtended::from_microseconds(i64::from(number)))
        }
    }
}
