//! `#[derive(Ttlv)]` and its siblings: the codec of KMIP types, checked against the tables of the standard.
//!
//! A macro works in four steps. `parse` reads the Rust item and its attributes; `resolve` makes of it a `model`,
//! in which names are tags, versions and types; `check` refuses what the standard refuses; `expand` writes the
//! code, and cannot fail. Every mistake found on the way is reported at once. Where there is one, `expand::stub`
//! stands in for the code, so that the rest of the crate does not fail in turn.

#![forbid(unsafe_code)]

mod attributes;
mod check;
mod errors;
mod expand;
mod generated;
#[cfg(test)]
mod golden;
mod item_types;
mod location;
mod model;
mod names;
mod nearest;
mod numbers;
mod parse;
mod presence;
mod resolve;
mod shape;
mod tables;
mod types;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::errors::Errors;

/// Derives the codec of a structure (a struct) or a choice (an enum), and a constructor with setters.
///
/// The reference, with an example of every attribute and every refusal, is in the module `derive` of the
/// package `kmip-types`.
#[proc_macro_derive(Ttlv, attributes(ttlv))]
pub fn derive_ttlv(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Derives an enumeration: an enum whose variants are numbers, and one that keeps any other number.
///
/// The reference is in the module `derive` of the package `kmip-types`.
#[proc_macro_derive(TtlvEnum, attributes(ttlv))]
pub fn derive_enumeration(input: TokenStream) -> TokenStream {
    enumeration(&parse_macro_input!(input as DeriveInput)).into()
}

/// Derives the bits of a mask: an enum whose variants are bits.
///
/// The reference is in the module `derive` of the package `kmip-types`.
#[proc_macro_derive(TtlvMask, attributes(ttlv))]
pub fn derive_mask(input: TokenStream) -> TokenStream {
    mask(&parse_macro_input!(input as DeriveInput)).into()
}

/// The code of a structure or a choice, or what is wrong with it.
fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let model = parse::parse(input, &mut errors).and_then(|ast| resolve::resolve(ast, &mut errors));
    if let Some(model) = &model {
        check::check(model, &mut errors);
        item_types::check(model, &mut errors);
    }
    finish(model.as_ref(), errors, expand::expand, || Some(expand::stub(input, &parse::crate_path(input)?)))
}

/// The code of an enumeration, or what is wrong with it.
fn enumeration(input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let numbers = numbers::parse(input, numbers::Kind::Enumeration, &mut errors);
    let stub = || Some(expand::stub_enumeration(input, &parse::crate_path(input)?));
    finish(numbers.as_ref(), errors, expand::enumeration, stub)
}

/// The code of a mask's bits, or what is wrong with them.
fn mask(input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let numbers = numbers::parse(input, numbers::Kind::Mask, &mut errors);
    let stub = || Some(expand::stub_mask(input, &parse::crate_path(input)?));
    finish(numbers.as_ref(), errors, expand::mask, stub)
}

/// The code, or the mistakes and what stands in for the code. Nothing does where it is unknown where the types are.
fn finish<T>(
    model: Option<&T>,
    errors: Errors,
    expand: impl FnOnce(&T) -> proc_macro2::TokenStream,
    stub: impl FnOnce() -> Option<proc_macro2::TokenStream>,
) -> proc_macro2::TokenStream {
    match model {
        Some(model) if errors.is_empty() => expand(model),
        _ => {
            let mut tokens = errors.into_tokens();
            tokens.extend(stub());
            tokens
        }
    }
}
