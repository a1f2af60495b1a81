//! What the code of `#[derive(Ttlv)]` works out in constants: checks whose failure is a compile error.
//!
//! Each message is completed with what was found, so that the compiler's error says it.

use crate::item_type::{ItemType, ItemTypes};
use crate::tables::EnumerationInfo;
use crate::tag::Tag;
use crate::ttlv::Field;

/// Refuses at compile time a Rust type whose item types the standard does not allow for a tag.
///
/// A type that can be any item, such as [`Value`](crate::Value), passes: it is there to keep what comes.
#[track_caller]
pub const fn assert_item_types(types: ItemTypes, allowed: ItemTypes, message: &str) {
    let any = ItemTypes::ANY.is_subset_of(types);
    if !any && !types.is_subset_of(allowed) {
        Message::new().text(message).item_types(types, ItemTypes::ANY).fail()
    }
}

/// Refuses at compile time an enumeration under another enumeration's tag.
#[track_caller]
pub const fn assert_enumeration(found: Option<&'static EnumerationInfo>, expected: &str, message: &str) {
    let Some(found) = found else { return };
    if !same(found.name, expected) {
        Message::new().text(message).text("the enumeration ").text(found.name).fail()
    }
}

/// Refuses at compile time two variants of a choice that the item type does not tell apart.
#[track_caller]
pub const fn assert_disjoint(types: ItemTypes, others: ItemTypes, message: &str) {
    if !types.is_disjoint(others) {
        Message::new().text(message).item_types(types, others).fail()
    }
}

/// The enumeration of a choice: that of its variants, if only one has one.
pub const fn only_enumeration(
    variants: &[Option<&'static EnumerationInfo>],
) -> Option<&'static EnumerationInfo> {
    let mut only = None;
    let mut index = 0;
    while index < variants.len() {
        match (only, variants[index]) {
            (Some(_), Some(_)) => return None,
            (None, Some(found)) => only = Some(found),
            (_, None) => {}
        }
        index += 1;
    }
    only
}

/// Groups of fields as one list of `N`, the sum of their lengths.
pub const fn splice_fields<const N: usize>(groups: &[&[Field]]) -> [Field; N] {
    let mut fields = [Field::required(Tag::from_raw(0)); N];
    let (mut next, mut group) = (0, 0);
    while group < groups.len() {
        let mut index = 0;
        while index < groups[group].len() {
            fields[next] = groups[group][index];
            next += 1;
            index += 1;
        }
        group += 1;
    }
    fields
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut same = left.len() == right.len();
    let mut index = 0;
    while same && index < left.len() {
        same = left[index] == right[index];
        index += 1;
    }
    same
}

/// A text that a constant puts together. What does not fit is cut.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn new() -> Self {
        Self { bytes: [0; 512], length: 0 }
    }

    const fn text(mut self, text: &str) -> Self {
        let mut index = 0;
        while index < text.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = text.as_bytes()[index];
            self.length += 1;
            index += 1;
        }
        self
    }

    /// The names of what is in both sets.
    const fn item_types(mut self, types: ItemTypes, others: ItemTypes) -> Self {
        let mut first = true;
        let mut index = 0;
        while index < ItemType::ALL.len() {
            let item_type = ItemType::ALL[index];
            if types.contains(item_type) && others.contains(item_type) {
                self = if first { self } else { self.text(" or ") };
                self = self.text(item_type.name());
                first = false;
            }
            index += 1;
        }
        self
    }

    // Only constants call this: the panic is a compile error, never one at run time.
    #[allow(clippy::panic)]
    #[track_caller]
    const fn fail(self) -> ! {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the type is not one that the tag takes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::enumerations::{OBJECT_TYPE, STATE};

    #[test]
    fn an_only_enumeration_is_that_of_the_choice() {
        let name = |variants: &[_]| only_enumeration(variants).map(|info| info.name);
        assert_eq!(name(&[]), None);
        assert_eq!(name(&[None, Some(&STATE)]), Some("State"));
        assert_eq!(name(&[Some(&OBJECT_TYPE), Some(&STATE)]), None);
    }

    #[test]
    fn groups_of_fields_are_spliced_in_order() {
        const A: &[Field] = &[Field::required(Tag::STATE)];
        const B: &[Field] = &[Field::optional(Tag::NAME), Field::repeated(Tag::LINK)];
        let fields: [Field; 3] = splice_fields(&[A, &[], B]);
        assert_eq!(fields.map(|field| field.tag), [Tag::STATE, Tag::NAME, Tag::LINK]);
    }

    #[test]
    #[should_panic(expected = "BatchCount takes Integer, but `X` is Enumeration or TextString")]
    fn refuses_item_types_that_are_not_allowed() {
        let types = ItemTypes::TEXT_STRING.or(ItemTypes::ENUMERATION);
        assert_item_types(types, ItemTypes::INTEGER, "BatchCount takes Integer, but `X` is ");
    }

    #[test]
    #[should_panic(expected = "takes ObjectType, but `X` is the enumeration State")]
    fn refuses_another_enumeration() {
        assert_enumeration(Some(&STATE), "ObjectType", "takes ObjectType, but `X` is ");
    }
}
