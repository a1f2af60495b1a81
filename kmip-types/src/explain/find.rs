//! Finds all that a name or a number stands for.

use super::query::{Subject, fold, folds_to, splits};
use super::{
    BitMeaning, EnumerationMeaning, MaskMeaning, Meaning, ObjectMeaning, OperationMeaning, TagMeaning,
    Unlisted, ValueMeaning,
};
use crate::generated::attributes::ATTRIBUTES;
use crate::generated::enumerations::{ENUMERATIONS, OBJECT_TYPE, OPERATION, Operation};
use crate::generated::masks::MASKS;
use crate::generated::tags::{TAG_NAMES, TAG_SPELLED_NAMES, TAGS};
use crate::schemas::{self, Entry};
use crate::tables::{AttributeInfo, EnumerationInfo, MaskInfo, NameInfo, Names, OperationInfo, TagInfo};
use crate::tag::Tag;

/// A value from here on is a vendor's, and so is a bit (KMIP 1.4 section 9.1.3.2, 2.1 section 11).
const FIRST_VENDOR_VALUE: u32 = 0x8000_0000;

/// All meanings, each once.
pub(super) fn all(query: &str) -> Vec<Meaning> {
    let mut found = Found::default();
    match Subject::of(query) {
        Subject::Name(name) => found.name(&fold(name)),
        Subject::Number(number) => found.number(number),
    }
    // What is a name as a whole is not taken apart: "Key Format Type" is no Type of a Key Format.
    if found.meanings.is_empty() {
        for (qualifier, subject) in splits(query) {
            found.qualified(&fold(qualifier), Subject::of(subject));
        }
    }
    found.meanings
}

/// The tables that a qualifier can stand for.
pub(super) fn qualified_tables(qualifier: &str) -> Vec<Names> {
    let enumerations = ENUMERATIONS.iter().filter(|info| is_one(qualifier, [info.name, info.spelled]));
    let mut tables: Vec<Names> = enumerations.map(|info| Names::Enumeration(info)).collect();
    let masks = MASKS.iter().filter(|info| is_one(qualifier, [info.name, info.spelled]));
    tables.extend(masks.map(|info| Names::Mask(info)));
    if tables.is_empty() {
        // Another tag with values of the same names.
        tables.extend(tags(qualifier).map(|info| info.names));
    }
    tables
}

#[derive(Default)]
struct Found {
    meanings: Vec<Meaning>,
}

impl Found {
    /// Adds a meaning unless it is there.
    fn add(&mut self, meaning: Meaning) {
        let title = meaning.title();
        if self.meanings.iter().all(|other| other.title() != title) {
            self.meanings.push(meaning);
        }
    }

    fn extend(&mut self, meanings: impl Iterator<Item = Meaning>) {
        meanings.for_each(|meaning| self.add(meaning));
    }

    /// Whatever has this folded name.
    fn name(&mut self, name: &str) {
        if name.is_empty() {
            return;
        }
        self.extend(tags(name).map(of_tag));
        self.extend(attributes(name));
        self.extend(
            ENUMERATIONS
                .iter()
                .filter(|info| is_one(name, [info.name, info.spelled]))
                .map(|i| of_enumeration(i)),
        );
        self.extend(MASKS.iter().filter(|info| is_one(name, [info.name, info.spelled])).map(|i| of_mask(i)));
        for info in ENUMERATIONS {
            self.extend(info.values.iter().filter(|row| is_row(row, name)).map(|row| of_value(info, row)));
        }
        for info in MASKS {
            self.extend(info.bits.iter().filter(|row| is_row(row, name)).map(|row| of_bit(info, row)));
        }
    }

    /// Whatever has this number.
    fn number(&mut self, number: u32) {
        self.tag_number(number);
        for info in ENUMERATIONS {
            self.extend(info.by_value(number).into_iter().map(|row| of_value(info, row)));
        }
        for info in MASKS {
            self.extend(info.bits.iter().filter(|row| row.value == number).map(|row| of_bit(info, row)));
        }
        if number >= FIRST_VENDOR_VALUE {
            self.add(Meaning::Unlisted(Unlisted::VendorValue(number)));
        }
    }

    fn tag_number(&mut self, number: u32) {
        let Some(tag) = Tag::new(number) else { return };
        match (tag.info(), number >> 16) {
            (Some(info), _) => self.add(of_tag(info)),
            (None, 0x42) => self.add(Meaning::Unlisted(Unlisted::Tag(tag))),
            (None, 0x54) => self.add(Meaning::Unlisted(Unlisted::VendorTag(tag))),
            _ => {}
        }
    }

    /// What a folded qualifier restricts a name or a number to.
    fn qualified(&mut self, qualifier: &str, subject: Subject<'_>) {
        for table in qualified_tables(qualifier) {
            match table {
                Names::Enumeration(info) => self.value(info, subject),
                Names::Mask(info) => self.bits(info, subject),
                Names::Tags => self.tag(subject),
                Names::None => {}
            }
        }
        let name = match subject {
            Subject::Name(name) => fold(name),
            Subject::Number(_) => String::new(),
        };
        let named = |info: &&'static EnumerationInfo| is_one(&name, [info.name, info.spelled]);
        match qualifier {
            "tag" => self.tag(subject),
            "attribute" => self.extend(attributes(&name)),
            "object" => self.value(&OBJECT_TYPE, subject),
            "enumeration" | "enum" => {
                self.extend(ENUMERATIONS.iter().filter(|info| named(info)).map(|info| of_enumeration(info)));
            }
            "mask" => {
                let masks = MASKS.iter().filter(|info| is_one(&name, [info.name, info.spelled]));
                self.extend(masks.map(|info| of_mask(info)));
            }
            _ => {}
        }
    }

    fn tag(&mut self, subject: Subject<'_>) {
        match subject {
            Subject::Name(name) => self.extend(tags(&fold(name)).map(of_tag)),
            Subject::Number(number) => self.tag_number(number),
        }
    }

    fn value(&mut self, info: &'static EnumerationInfo, subject: Subject<'_>) {
        match subject {
            Subject::Name(name) => {
                let name = fold(name);
                self.extend(
                    info.values.iter().filter(|row| is_row(row, &name)).map(|row| of_value(info, row)),
                );
            }
            Subject::Number(number) => match info.by_value(number) {
                Some(row) => self.add(of_value(info, row)),
                None if number >= FIRST_VENDOR_VALUE => {
                    self.add(Meaning::Unlisted(Unlisted::VendorValue(number)));
                }
                None => {}
            },
        }
    }

    /// Bits by name, or each that is set in a number.
    fn bits(&mut self, info: &'static MaskInfo, subject: Subject<'_>) {
        match subject {
            Subject::Name(name) => {
                let name = fold(name);
                self.extend(info.bits.iter().filter(|row| is_row(row, &name)).map(|row| of_bit(info, row)));
            }
            Subject::Number(number) => {
                let set = info.bits.iter().filter(|row| row.value & number != 0);
                self.extend(set.map(|row| of_bit(info, row)));
                let listed = info.bits.iter().fold(0, |listed, row| listed | row.value);
                if number & !listed != 0 {
                    self.add(Meaning::Unlisted(Unlisted::Bits(info, number & !listed)));
                }
            }
        }
    }
}

fn is_one<'n>(folded: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    names.into_iter().any(|name| folds_to(name, folded))
}

fn is_row(row: &NameInfo, folded: &str) -> bool {
    is_one(folded, [row.name, row.spelled].into_iter().chain(row.aliases.iter().copied()))
}

fn tags(folded: &str) -> impl Iterator<Item = &'static TagInfo> + '_ {
    let names = TAG_NAMES.iter().chain(TAG_SPELLED_NAMES);
    names.filter(move |(name, _)| folds_to(name, folded)).filter_map(|(_, tag)| tag.info())
}

fn attributes(folded: &str) -> impl Iterator<Item = Meaning> + '_ {
    let is_called = move |info: &&'static AttributeInfo| {
        is_one(folded, [info.name, info.spelled].into_iter().chain(info.aliases.iter().copied()))
    };
    ATTRIBUTES.iter().filter(is_called).map(Meaning::Attribute)
}

fn of_tag(info: &'static TagInfo) -> Meaning {
    let forms = schemas::STRUCTURES.iter().copied().filter(|entry| entry.tag == info.tag).collect();
    Meaning::Tag(TagMeaning { info, forms, used_in: used_in(&[info]) })
}

/// The structures that have one of the tags as a field.
fn used_in(tags: &[&'static TagInfo]) -> Vec<Entry> {
    let has =
        |entry: &Entry| entry.schema.fields.iter().any(|field| tags.iter().any(|info| field.lists(info.tag)));
    schemas::all().filter(has).collect()
}

fn of_enumeration(info: &'static EnumerationInfo) -> Meaning {
    let tags =
        TAGS.iter().filter(|tag| matches!(tag.names, Names::Enumeration(named) if named.name == info.name));
    let tags: Vec<&'static TagInfo> = tags.collect();
    let (attributes, used_in) = (attributes_of(&tags), used_in(&tags));
    Meaning::Enumeration(EnumerationMeaning { info, tags, attributes, used_in })
}

fn of_mask(info: &'static MaskInfo) -> Meaning {
    let tags = TAGS.iter().filter(|tag| matches!(tag.names, Names::Mask(named) if named.name == info.name));
    let tags: Vec<&'static TagInfo> = tags.collect();
    let (attributes, used_in) = (attributes_of(&tags), used_in(&tags));
    Meaning::Mask(MaskMeaning { info, tags, attributes, used_in })
}

fn attributes_of(tags: &[&'static TagInfo]) -> Vec<&'static AttributeInfo> {
    let is_of = |info: &&AttributeInfo| tags.iter().any(|tag| info.tag == Some(tag.tag));
    ATTRIBUTES.iter().filter(is_of).collect()
}

/// A value, which is more than that in two enumerations: an operation, or a kind of object.
fn of_value(enumeration: &'static EnumerationInfo, value: &'static NameInfo) -> Meaning {
    if enumeration.name == OPERATION.name
        && let Some(info) = OperationInfo::of(Operation::from(value.value))
    {
        let payload =
            |tag| schemas::all().find(|entry| entry.tag == tag && entry.operation == Some(info.operation));
        let (request, response) = (payload(Tag::REQUEST_PAYLOAD), payload(Tag::RESPONSE_PAYLOAD));
        return Meaning::Operation(OperationMeaning { info, request, response });
    }
    if enumeration.name == OBJECT_TYPE.name {
        let tag = Tag::from_wire_name(value.name).and_then(Tag::info);
        return Meaning::Object(ObjectMeaning { object_type: value, tag });
    }
    Meaning::Value(ValueMeaning { enumeration, value })
}

fn of_bit(mask: &'static MaskInfo, bit: &'static NameInfo) -> Meaning {
    Meaning::Bit(BitMeaning { mask, bit })
}
