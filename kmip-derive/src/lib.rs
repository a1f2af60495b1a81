//! `#[derive(Ttlv)]`: the codec of KMIP structures and choices, checked against the tables of the standard.
//!
//! The macro works in four steps. `parse` reads the Rust item and its attributes; `model` resolves names to
//! tags, versions and types; `check` refuses what the standard refuses; `expand` writes the code, and cannot
//! fail. Every mistake found on the way is reported at once. Where there is one, `expand::stub` stands in for
//! the code, so that the rest of the crate does not fail in turn.

mod attributes;
mod check;
mod errors;
mod expand;
mod generated;
#[cfg(test)]
mod golden;
mod model;
mod names;
mod nearest;
mod parse;
mod shape;
mod tables;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::errors::Errors;

/// Derives the codec of a structure or a choice.
///
/// # Structures
///
/// A struct with named fields is a TTLV structure: its fields are the structure's items, in their order.
/// `Option<T>` is a field that may be absent, `Vec<T>` one that is repeated; `Vec<u8>` is one Byte String. The
/// tag is the field's name in CamelCase, unless `tag` says otherwise. What the standard's tables say of the tag
/// is checked: its name, its item types, its enumeration, and the versions that have it. Where a field has no
/// `since` or `until`, those of its tag hold.
///
/// A struct with one unnamed field is that field's type under a new name.
///
/// On a struct: `tag = "…"` (the type's natural tag: implements `Root`), `selector = "Type"` (implements
/// `DecodeSelected<Type>` in place of `Decode`), `crate = "path"` (where the types are, if not `::kmip_types`).
///
/// On a field:
///
/// | attribute | meaning |
/// | --- | --- |
/// | `tag = "UniqueIdentifier"`, `tag = 0x540001` | the tag, by its wire name or, a vendor's, by number |
/// | `since = "1.2"`, `until = "1.4"` | the first and the last version that has the field |
/// | `formerly = "TemplateAttribute", renamed = "2.0"` | the tag before the version that renamed it |
/// | `select = "operation"` | an earlier field decides the form; `selector` is the struct's own selector |
/// | `choice` | the field's type is a choice by tag, which brings its own tag |
/// | `default` | absent reads as the default |
/// | `with = "module"` | `encode`, `decode` and `FIELDS` of a module stand in for the field |
/// | `catch_all` | the last field, `Vec<Item>`, takes every item that the others do not |
///
/// # Choices
///
/// An enum whose variants have one unnamed field each is a choice. What decides is, by an attribute of the enum:
///
/// | attribute | what decides | on a variant |
/// | --- | --- | --- |
/// | none | the item type; no two variants may share one | |
/// | `choice = "tag"` | the tag | `tag`, if not the variant's name; `other` for an `Item` of any other tag |
/// | `select = "Operation"` | a sibling's value | `value = "Operation::Create"`, a pattern; `other` for the rest |
///
/// On a variant of any choice, `since = "1.2"` is the first version that has it.
///
/// A choice by value without `other` refuses the values that it does not list; for that, the selector's type
/// converts to `u32`, as every enumeration does.
///
/// `selector = "Type"` on a choice by item type hands a selector on to the variants marked `select`.
#[proc_macro_derive(Ttlv, attributes(ttlv))]
pub fn derive_ttlv(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// The code of an item, or what is wrong with it.
fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let model = parse::parse(input, &mut errors).and_then(|ast| model::resolve(ast, &mut errors));
    if let Some(model) = &model {
        check::check(model, &mut errors);
    }
    match model {
        Some(model) if errors.is_empty() => expand::expand(&model),
        _ => {
            let krate = parse::crate_path(input);
            let mut tokens = errors.into_tokens();
            tokens.extend(expand::stub(input, &krate));
            tokens
        }
    }
}
