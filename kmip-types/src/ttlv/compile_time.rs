//! What the code of `#[derive(Ttlv)]` works out in constants: checks whose failure is a compile error.
//!
//! Each message is completed with what was found, so that the compiler's error says it.

use crate::generated::tags::TAGS;
use crate::item_type::{ItemType, ItemTypes};
use crate::tables::{Names, TagInfo};
use crate::tag::Tag;
use crate::ttlv::known::Form;
use crate::ttlv::{Field, Schema};

/// Refuses at compile time a form that the standard does not allow under a tag, or under one of several that a field
/// has in different versions: one with other item types, or another enumeration or mask.
///
/// What can be any item, such as [`Value`](crate::Value), passes: it is there to keep what comes.
#[track_caller]
pub(super) const fn assert_type(form: Form, tags: &[Tag]) {
    let (mut allowed, mut expected, mut names) = (ItemTypes::NONE, Names::None, Message::new());
    let mut index = 0;
    while index < tags.len() {
        let Some(info) = find(tags[index]) else { return };
        if info.types.is_empty() {
            return;
        }
        allowed = allowed.or(info.types);
        names = if index == 0 { names } else { names.text(" or ") };
        names = names.text(info.name);
        if named(info.names).is_some() {
            expected = info.names;
        }
        index += 1;
    }
    if ItemTypes::ANY.is_subset_of(form.types) {
        return;
    }
    if !form.types.is_subset_of(allowed) {
        let message = names.text(" takes ").item_types(allowed, ItemTypes::ANY).text(", but this type is ");
        message.item_types(form.types, ItemTypes::ANY).fail()
    }
    if let (Some((kind, expected)), Some((found_kind, found))) = (named(expected), named(form.names))
        && !same(expected, found)
    {
        let message = names.text(" takes ").text(kind).text(expected);
        message.text(", but this type is ").text(found_kind).text(found).fail()
    }
}

/// What a value's names are, and of what.
const fn named(names: Names) -> Option<(&'static str, &'static str)> {
    match names {
        Names::Enumeration(info) => Some(("the enumeration ", info.name)),
        Names::Mask(info) => Some(("the mask ", info.name)),
        Names::None | Names::Tags => None,
    }
}

/// What the standard says of a tag. [`Tag::info`] cannot be asked in a constant.
const fn find(tag: Tag) -> Option<&'static TagInfo> {
    let (mut start, mut end) = (0, TAGS.len());
    while start < end {
        let middle = start + (end - start) / 2;
        if TAGS[middle].tag.value() == tag.value() {
            return Some(&TAGS[middle]);
        }
        if TAGS[middle].tag.value() < tag.value() {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    None
}

/// Refuses at compile time two variants of a choice that the item type does not tell apart.
#[track_caller]
pub const fn assert_disjoint(types: ItemTypes, others: ItemTypes, message: &str) {
    if !types.is_disjoint(others) {
        Message::new().text(message).item_types(types, others).fail()
    }
}

/// What names the value of a choice: the enumeration or mask of its variants, if only one has one.
pub const fn only_names(variants: &[Names]) -> Names {
    let mut only = Names::None;
    let mut index = 0;
    while index < variants.len() {
        match (named(only), named(variants[index])) {
            (Some(_), Some(_)) => return Names::None,
            (None, Some(_)) => only = variants[index],
            (_, None) => {}
        }
        index += 1;
    }
    only
}

/// Refuses at compile time a flattened structure whose fields cannot be told from the others of the structure
/// in which they stand, or which takes whatever comes.
#[track_caller]
pub const fn assert_flattened(inner: &Schema, outer: &Schema) {
    if inner.catch_all {
        let message = Message::new().text("a flattened structure cannot have a catch-all, but ");
        message.text(inner.name).text(" has one").fail()
    }
    let mut index = 0;
    while index < inner.fields.len() {
        let field = &inner.fields[index];
        assert_only(field.tag, inner, outer);
        if let Some((formerly, _)) = field.formerly {
            assert_only(formerly, inner, outer);
        }
        let mut at = 0;
        while at < field.other_tags.len() {
            assert_only(field.other_tags[at], inner, outer);
            at += 1;
        }
        index += 1;
    }
}

/// Refuses a tag of a flattened structure that another field of the whole structure can have. The fields of
/// the whole include those that are flattened into it.
#[track_caller]
const fn assert_only(tag: Tag, inner: &Schema, outer: &Schema) {
    if count_tagged(outer.fields, tag) > 1 {
        let message = Message::new().text("the tag ").tag(tag).text(" of ").text(inner.name);
        message.text(" is that of another field of ").text(outer.name).text(" too").fail()
    }
}

/// How many fields can have a tag.
const fn count_tagged(fields: &[Field], tag: Tag) -> usize {
    let (mut count, mut index) = (0, 0);
    while index < fields.len() {
        count += fields[index].lists(tag) as usize;
        index += 1;
    }
    count
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

    /// The name of a tag, or its number.
    const fn tag(mut self, tag: Tag) -> Self {
        if let Some(info) = find(tag) {
            return self.text(info.name);
        }
        self = self.text("0x");
        let mut shift = 24;
        while shift > 0 {
            shift -= 4;
            let digit = (tag.value() >> shift & 0xF) as usize;
            self = self.text("0123456789ABCDEF".split_at(digit).1.split_at(1).0);
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
    use crate::generated::enumerations::{OBJECT_TYPE, ObjectType, STATE, State};

    #[test]
    fn the_only_names_are_those_of_the_choice() {
        let name = |variants: &[_]| named(only_names(variants)).map(|(_, name)| name);
        let (state, object_type) = (Names::Enumeration(&STATE), Names::Enumeration(&OBJECT_TYPE));
        assert_eq!(name(&[]), None);
        assert_eq!(name(&[Names::None, state]), Some("State"));
        assert_eq!(name(&[object_type, state]), None);
    }

    #[test]
    fn groups_of_fields_are_spliced_in_order() {
        const A: &[Field] = &[Field::required(Tag::STATE)];
        const B: &[Field] = &[Field::optional(Tag::NAME), Field::repeated(Tag::LINK)];
        let fields: [Field; 3] = splice_fields(&[A, &[], B]);
        assert_eq!(fields.map(|field| field.tag), [Tag::STATE, Tag::NAME, Tag::LINK]);
    }

    #[test]
    fn every_tag_is_found_in_a_constant() {
        for info in TAGS {
            assert_eq!(find(info.tag).map(|found| found.name), Some(info.name));
        }
        assert!(find(Tag::from_raw(0)).is_none());
        assert!(find(Tag::from_raw(Tag::MAX)).is_none());
    }

    #[test]
    fn allows_what_the_standard_allows() {
        assert_type(Form::of::<i32>(), &[Tag::BATCH_COUNT]);
        assert_type(Form::of::<ObjectType>(), &[Tag::OBJECT_TYPE]);
        assert_type(Form::of::<crate::Value>(), &[Tag::BATCH_COUNT]);
        assert_type(Form::of::<i32>(), &[Tag::from_raw(0x54_0001)]);
        assert_type(Form::of::<i32>(), &[Tag::NAME_VALUE, Tag::BATCH_COUNT]);
    }

    #[test]
    #[should_panic(
        expected = "takes the mask CryptographicUsageMask, but this type is the mask StorageStatusMask"
    )]
    fn refuses_another_mask() {
        assert_type(Form::of::<crate::masks::StorageStatusMask>(), &[Tag::CRYPTOGRAPHIC_USAGE_MASK]);
    }

    #[test]
    fn a_tag_without_a_name_is_said_in_hex() {
        let message = Message::new().tag(Tag::from_raw(0x54_0A1B));
        assert_eq!(core::str::from_utf8(&message.bytes[..message.length]), Ok("0x540A1B"));
    }

    #[test]
    #[should_panic(expected = "BatchCount takes Integer, but this type is TextString")]
    fn refuses_item_types_that_are_not_allowed() {
        assert_type(Form::of::<String>(), &[Tag::BATCH_COUNT]);
    }

    #[test]
    #[should_panic(
        expected = "BatchCount or NameValue takes Integer or TextString, but this type is Boolean"
    )]
    fn refuses_item_types_that_neither_tag_allows() {
        assert_type(Form::of::<bool>(), &[Tag::BATCH_COUNT, Tag::NAME_VALUE]);
    }

    #[test]
    #[should_panic(
        expected = "ObjectType takes the enumeration ObjectType, but this type is the enumeration State"
    )]
    fn refuses_another_enumeration() {
        assert_type(Form::of::<State>(), &[Tag::OBJECT_TYPE]);
    }
}
