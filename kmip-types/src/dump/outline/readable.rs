//! The items of an outline as trees, up to where it goes wrong.

use super::Outline;
use crate::item::{Item, Value};

/// The outermost items, up to the first that cannot be read.
pub(super) fn items(outline: &Outline<'_>) -> Vec<Item> {
    let end = outline.items.iter().position(|item| !item.is_open() && !item.is_readable());
    within(outline, 0, end.unwrap_or(outline.items.len()))
}

/// The items from one index up to another one.
fn within(outline: &Outline<'_>, mut index: usize, end: usize) -> Vec<Item> {
    let mut items = Vec::new();
    while let Some(item) = outline.items.get(index).filter(|_| index < end) {
        let Some(header) = item.header else { return items };
        let value = match item.is_open() {
            true => Some(Value::Structure(within(outline, index + 1, item.next.min(end)))),
            false => outline.value(item),
        };
        items.extend(value.map(|value| Item::new(header.tag, value)));
        index = item.next;
    }
    items
}
