//! Writes the code. Nothing here can fail: what could is refused before.

mod assertion;
mod choice;
mod structure;
mod stub;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{LitInt, Path, Type};

use crate::model::{Kind, Model, Tag};
use crate::tables::Version;

pub(crate) use stub::stub;

/// The code of a type.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let mut tokens = match &model.kind {
        Kind::Structure(fields) => structure::expand(model, fields),
        Kind::Transparent(ty) => structure::expand_transparent(model, ty),
        Kind::Choice(choice) => choice::expand(model, choice),
    };
    if let Some(tag) = &model.root {
        tokens.extend(root(model, tag));
    }
    tokens
}

/// The type's natural tag.
fn root(model: &Model, tag: &Tag) -> TokenStream {
    let Names { ttlv, krate, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    let assertion = assertion::root(model, tag);
    let tag = tag_tokens(tag, krate);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::Root for #ident {
            const TAG: #krate::Tag = #tag;
        }
        #assertion
    }
}

/// The names that all code refers to.
struct Names<'a> {
    krate: &'a Path,
    /// The module of the codec.
    ttlv: TokenStream,
    /// `Result<T, DecodeError>` without its `T`.
    result: TokenStream,
    ok: TokenStream,
    err: TokenStream,
}

impl<'a> Names<'a> {
    fn new(krate: &'a Path) -> Self {
        let site = Span::mixed_site();
        Self {
            krate,
            ttlv: quote_spanned!(site=> #krate::ttlv),
            result: quote_spanned!(site=> ::core::result::Result),
            ok: quote_spanned!(site=> ::core::result::Result::Ok),
            err: quote_spanned!(site=> ::core::result::Result::Err),
        }
    }
}

/// How a type is read: `Decode`, or `DecodeSelected` where a selector decides.
fn decode_impl(model: &Model, body: &TokenStream) -> TokenStream {
    let Names { krate, ttlv, result, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    match &model.selector {
        None => quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl #ttlv::Decode for #ident {
                fn decode(tag: #krate::Tag, reader: &mut #ttlv::Reader<'_>) -> #result<Self, #krate::DecodeError> {
                    #body
                }
            }
        },
        Some(selector) => decode_selected_impl(model, selector, body),
    }
}

/// How a type is read whose form a selector decides.
fn decode_selected_impl(model: &Model, selector: impl ToTokens, body: &TokenStream) -> TokenStream {
    let Names { krate, ttlv, result, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::DecodeSelected<#selector> for #ident {
            fn decode_selected(
                selector: &#selector,
                tag: #krate::Tag,
                reader: &mut #ttlv::Reader<'_>,
            ) -> #result<Self, #krate::DecodeError> {
                #body
            }
        }
    }
}

/// A call that reads an item of type `ty` under `tag`.
fn decode_call(model: &Model, ty: &Type, select: bool) -> TokenStream {
    let ttlv = Names::new(&model.krate).ttlv;
    if select {
        quote_spanned!(Span::mixed_site()=> <#ty as #ttlv::DecodeSelected<_>>::decode_selected(selector, tag, reader))
    } else {
        quote_spanned!(Span::mixed_site()=> <#ty as #ttlv::Decode>::decode(tag, reader))
    }
}

/// The constant of a tag, at the place that names it.
fn tag_tokens(tag: &Tag, krate: &Path) -> TokenStream {
    let site = Span::mixed_site().located_at(tag.span);
    match tag.row {
        Some(row) => {
            let constant = Ident::new(row.constant, site);
            quote_spanned!(site=> #krate::Tag::#constant)
        }
        None => {
            let value = LitInt::new(&format!("0x{:06X}", tag.value), site);
            quote_spanned!(site=> #krate::Tag::from_raw(#value))
        }
    }
}

/// The constant of a version.
fn version_tokens(version: Version, krate: &Path) -> TokenStream {
    let constant = format_ident!("{}", version.constant());
    quote_spanned!(Span::mixed_site()=> #krate::ProtocolVersion::#constant)
}
