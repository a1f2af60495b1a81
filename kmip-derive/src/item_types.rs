//! The item types of those Rust types of which the input alone tells, and what is wrong with them there.
//!
//! They are known by their names, as `Option` and `Vec` are. Of any other type only the compiler knows what it is: the
//! code that is written has a constant for it that does not compile.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Type;

use crate::errors::Errors;
use crate::model::{Choice, Field, FieldTag, Form, Kind, Model, Tag, Variant};
use crate::parse::By;
use crate::shape;

/// An item type.
struct ItemType {
    /// Its name in the tables.
    name: &'static str,
    /// What a value is called.
    words: &'static str,
    /// What a value of it is in Rust.
    rust: &'static str,
    /// Rust's own types that have it, by their paths.
    own: &'static [&'static str],
    /// The types of `kmip-types` that have it.
    ours: &'static [&'static str],
}

const STRUCTURE: ItemType = ItemType {
    name: "Structure",
    words: "a Structure",
    rust: "a struct that derives `Ttlv`",
    own: &[],
    ours: &[],
};

const ITEM_TYPES: [ItemType; 11] = [
    STRUCTURE,
    ItemType { name: "Integer", words: "an Integer", rust: "`i32`", own: &["i32"], ours: &[] },
    ItemType { name: "LongInteger", words: "a Long Integer", rust: "`i64`", own: &["i64"], ours: &[] },
    ItemType {
        name: "BigInteger",
        words: "a Big Integer",
        rust: "`BigInteger`",
        own: &[],
        ours: &["BigInteger", "SecretBigInteger"],
    },
    ItemType {
        name: "Enumeration",
        words: "an Enumeration",
        rust: "a type of the module `enumerations`",
        own: &[],
        ours: &[],
    },
    ItemType { name: "Boolean", words: "a Boolean", rust: "`bool`", own: &["bool"], ours: &[] },
    ItemType {
        name: "TextString",
        words: "a Text String",
        rust: "`String`",
        own: &["String", "std::string::String", "alloc::string::String"],
        ours: &["SecretText"],
    },
    // `Vec<u8>` is not a path alone.
    ItemType {
        name: "ByteString",
        words: "a Byte String",
        rust: "`Vec<u8>`",
        own: &[],
        ours: &["SecretBytes"],
    },
    ItemType { name: "DateTime", words: "a Date-Time", rust: "`DateTime`", own: &[], ours: &["DateTime"] },
    ItemType { name: "Interval", words: "an Interval", rust: "`Interval`", own: &[], ours: &["Interval"] },
    ItemType {
        name: "DateTimeExtended",
        words: "a Date-Time Extended",
        rust: "`DateTimeExtended`",
        own: &[],
        ours: &["DateTimeExtended"],
    },
];

/// The item type of a Rust type, if its name tells.
fn known(ty: &Type) -> Option<&'static ItemType> {
    if shape::is_bytes(ty) {
        return ITEM_TYPES.iter().find(|item_type| item_type.name == "ByteString");
    }
    let path = shape::plain_path(ty)?;
    let (first, last) = (path.split("::").next()?, path.rsplit("::").next()?);
    let is_ours = first == last || ["kmip_types", "kmip_sdk"].contains(&first);
    ITEM_TYPES.iter().find(|item_type| {
        item_type.own.contains(&path.as_str()) || (is_ours && item_type.ours.contains(&last))
    })
}

/// Whether a type's name tells that it has an item type.
pub(crate) fn is_known(ty: &Type) -> bool {
    known(ty).is_some()
}

/// Adds a mistake for each type that has another item type than its tag takes, or than tells it from another.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let root = model.root.as_ref().map(|tag| [tag]);
    match &model.kind {
        Kind::Structure(fields) => {
            if let Some(tags) = root {
                check_tags(&model.name(), &STRUCTURE, &tags, tags[0].span, errors);
            }
            fields.iter().for_each(|field| check_field(field, errors));
        }
        Kind::Transparent { ty, .. } => {
            if let (Some(tags), Some(found)) = (root, known(ty)) {
                check_tags(&model.name(), found, &tags, tags[0].span, errors);
            }
        }
        Kind::Choice(choice) => check_choice(choice, errors),
    }
}

fn check_field(field: &Field, errors: &mut Errors) {
    let Form::Item(item) = &field.form else { return };
    match &item.tag {
        FieldTag::One(tag) => check_type(&item.ty, &[tag], errors),
        FieldTag::Renamed { tag, formerly, .. } => check_type(&item.ty, &[tag, formerly], errors),
        FieldTag::OfValue => {}
    }
}

fn check_choice(choice: &Choice, errors: &mut Errors) {
    for (index, variant) in choice.variants.iter().enumerate() {
        if let Some(tag) = &variant.tag {
            check_type(&variant.ty, &[tag], errors);
        }
        if matches!(choice.by, By::ItemType) {
            check_disjoint(variant, &choice.variants[..index], errors);
        }
    }
}

/// Refuses a variant whose item type is that of an earlier one.
fn check_disjoint(variant: &Variant, earlier: &[Variant], errors: &mut Errors) {
    let Some(found) = known(&variant.ty) else { return };
    let same = |other: &&Variant| known(&other.ty).is_some_and(|other| other.name == found.name);
    for other in earlier.iter().filter(same) {
        let message = format_args!(
            "no item type tells `{}` from `{}`: each is {}",
            variant.ident, other.ident, found.words
        );
        errors.on(&variant.ty, message);
    }
}

/// Refuses a type under the tags that it has in different versions.
fn check_type(ty: &Type, tags: &[&Tag], errors: &mut Errors) {
    if let Some(found) = known(ty) {
        let span = syn::Error::new_spanned(ty.to_token_stream(), "").span();
        check_tags(&shape::shown(ty), found, tags, span, errors);
    }
}

/// Refuses an item type that none of the tags takes. Of a vendor's tag, and of one that no table has, there is nothing to
/// check.
fn check_tags(shown: &str, found: &ItemType, tags: &[&Tag], span: Span, errors: &mut Errors) {
    let rows: Option<Vec<_>> = tags.iter().map(|tag| tag.row.filter(|row| !row.types.is_empty())).collect();
    let Some(rows) = rows else { return };
    let takes = |item_type: &&ItemType| rows.iter().any(|row| row.types.contains(&item_type.name));
    if takes(&found) {
        return;
    }
    let taken = ITEM_TYPES.iter().filter(takes).map(|item_type| {
        let is_mask = item_type.name == "Integer" && rows.iter().all(|row| row.name.ends_with("Mask"));
        let rust = if is_mask { "a type of the module `masks`" } else { item_type.rust };
        format!("{}, which is {rust}", item_type.words)
    });
    let names = tags.iter().map(|tag| format!("`{}`", tag.name())).collect::<Vec<_>>().join(" or ");
    let taken = taken.collect::<Vec<_>>().join(", or ");
    errors.at(span, format_args!("{names} takes {taken}, but `{shown}` is {}", found.words));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_types_by_their_names() {
        for (ty, expected) in [
            ("i32", Some("Integer")),
            ("String", Some("TextString")),
            ("::std::string::String", Some("TextString")),
            ("std::vec::Vec<u8>", Some("ByteString")),
            ("SecretBytes", Some("ByteString")),
            ("kmip_types::SecretText", Some("TextString")),
            ("::kmip_sdk::types::primitive::DateTime", Some("DateTime")),
            ("my::String", None),
            ("my::Interval", None),
            ("chrono::DateTime<Utc>", None),
            ("DateTime<Utc>", None),
            ("Vec<String>", None),
            ("ObjectType", None),
            ("u32", None),
        ] {
            let parsed = syn::parse_str(ty).expect("a type");
            assert_eq!(known(&parsed).map(|found| found.name), expected, "{ty}");
        }
    }

    #[test]
    fn every_item_type_of_the_tables_has_words() {
        for row in crate::generated::tables::TAGS {
            for name in row.types {
                assert!(ITEM_TYPES.iter().any(|item_type| item_type.name == *name), "{name}");
            }
        }
    }
}
