//! Constants that do not compile where the standard does not allow a Rust type under a tag.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::known::Known;
use super::tag_tokens;
use crate::model::{Model, Tag};
use crate::parse::type_span;

/// Checks a type under the tags that it has in different versions.
pub(super) fn under_tags(known: &Known<'_>, tags: &[&Tag]) -> Option<TokenStream> {
    let span = type_span(known.ty);
    check(&known.form_at(span), span, tags)
}

/// Checks a type under its natural tag.
pub(super) fn root(model: &Model, tag: &Tag) -> Option<TokenStream> {
    let ident = &model.ident;
    check(&quote_spanned!(tag.span=> __k::Form::of::<#ident>()), tag.span, &[tag])
}

fn check(form: &TokenStream, span: Span, tags: &[&Tag]) -> Option<TokenStream> {
    // Of a vendor's tag, and of one that no table has, there is nothing to check.
    if tags.iter().any(|tag| tag.row.is_none_or(|row| row.types.is_empty())) {
        return None;
    }
    let tags = tags.iter().map(|tag| located_at(tag_tokens(tag), span));
    Some(quote_spanned!(span=> const _: () = #form.check(&[#(#tags),*]);))
}

/// The tokens at another place. The compiler points at where the whole call is, so no part of it may be
/// elsewhere.
fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), located_at(group.stream(), span)).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(relocate).collect()
}
