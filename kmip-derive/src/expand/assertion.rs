//! Constants that do not compile where the standard does not allow a Rust type under a tag.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use crate::model::{Model, Tag};
use crate::parse::type_span;
use crate::tables::item_types_constant;

/// How many item types there are: a tag that takes all of them is not checked.
const ALL_ITEM_TYPES: usize = 11;

/// Checks a type under the tags that it has in different versions.
pub(super) fn under_tag(model: &Model, ty: &Type, tags: &[&Tag]) -> TokenStream {
    check(model, ty, &type_text(ty), type_span(ty), tags)
}

/// Checks a type under its natural tag.
pub(super) fn root(model: &Model, tag: &Tag) -> TokenStream {
    check(model, &model.ident, &model.ident.to_string(), tag.span, &[tag])
}

fn check(model: &Model, ty: impl ToTokens, text: &str, span: Span, tags: &[&Tag]) -> TokenStream {
    let krate = located_at(model.krate.to_token_stream(), span);
    let mut tokens = TokenStream::new();
    let names = tags.iter().map(|tag| tag.name()).collect::<Vec<_>>().join(" or ");
    if let Some(allowed) = allowed(tags) {
        let constants = allowed.iter().filter_map(|name| item_types_constant(name));
        let constants = constants.map(|constant| Ident::new(constant, span));
        let message = format!("{names} takes {}, but `{text}` is ", allowed.join(" or "));
        tokens.extend(quote_spanned! {span=>
            const _: () = #krate::ttlv::assert_item_types(
                <#ty as #krate::ttlv::Wire>::ITEM_TYPES,
                #krate::ItemTypes::NONE #(.or(#krate::ItemTypes::#constants))*,
                #message,
            );
        });
    }
    if let [Tag { row: Some(row), .. }] = tags
        && let Some(enumeration) = row.enumeration
    {
        let message = format!("{names} takes the enumeration {enumeration}, but `{text}` is ");
        tokens.extend(quote_spanned! {span=>
            const _: () = #krate::ttlv::assert_enumeration(
                <#ty as #krate::ttlv::Wire>::ENUMERATION,
                #enumeration,
                #message,
            );
        });
    }
    tokens
}

/// The item types that one of the tags takes; nothing where any will do, or where no table says.
fn allowed(tags: &[&Tag]) -> Option<Vec<&'static str>> {
    let mut allowed = Vec::new();
    for tag in tags {
        let types = tag.row?.types;
        if types.is_empty() {
            return None;
        }
        for name in types {
            if !allowed.contains(name) {
                allowed.push(*name);
            }
        }
    }
    (allowed.len() < ALL_ITEM_TYPES).then_some(allowed)
}

/// A type as it is written, for messages.
pub(super) fn type_text(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" :: ", "::").replace(" < ", "<").replace(" >", ">").replace(" ,", ",")
}

/// The tokens at another place. The compiler points at where the whole call is, so no part of it may be
/// elsewhere.
pub(super) fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), located_at(group.stream(), span)).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(relocate).collect()
}
