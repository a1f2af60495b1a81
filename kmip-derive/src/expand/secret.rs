//! Writes what keeps secrets: a `Debug` that leaves them out, a `Drop` that wipes them.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::ext::IdentExt;

use super::structure::site_of;
use crate::model::{Choice, Field, Model};

/// Of a struct with named fields, if one is a secret.
pub(super) fn of_structure(model: &Model, fields: &[Field]) -> Option<TokenStream> {
    let site = Span::mixed_site();
    if !fields.iter().any(|field| field.secret) {
        return None;
    }
    let wipe = fields.iter().filter(|field| field.secret).map(|Field { ident, ty, .. }| {
        // The whole call has the place of the type, to which the compiler points where it cannot be wiped.
        quote_spanned!(site_of(ty)=> <#ty as __k::Wipe>::wipe(&mut self.#ident);)
    });
    let wipe: TokenStream = wipe.collect();
    let shown = fields.iter().map(|Field { ident, secret, .. }| {
        let name = ident.unraw().to_string();
        match secret {
            true => quote_spanned!(site=> .field(#name, &__k::SECRET)),
            false => quote_spanned!(site=> .field(#name, &self.#ident)),
        }
    });
    let name = model.name();
    let debug = quote_spanned!(site=> formatter.debug_struct(#name) #(#shown)* .finish());
    Some(impls(model, &debug, &wipe))
}

/// Of a struct with one unnamed field, which is a secret.
pub(super) fn of_transparent(model: &Model, ty: &Type) -> TokenStream {
    let site = Span::mixed_site();
    let name = model.name();
    let debug = quote_spanned!(site=> formatter.debug_tuple(#name).field(&__k::SECRET).finish());
    impls(model, &debug, &quote_spanned!(site_of(ty)=> <#ty as __k::Wipe>::wipe(&mut self.0);))
}

/// Of an enum, if a variant is a secret.
pub(super) fn of_choice(model: &Model, choice: &Choice) -> Option<TokenStream> {
    let site = Span::mixed_site();
    if !choice.all().any(|variant| variant.secret) {
        return None;
    }
    let shown = choice.all().map(|variant| {
        let ident = &variant.ident;
        let name = ident.unraw().to_string();
        match variant.secret {
            true => quote_spanned!(site=> Self::#ident(_) => formatter.debug_tuple(#name).field(&__k::SECRET).finish(),),
            false => quote_spanned!(site=> Self::#ident(value) => formatter.debug_tuple(#name).field(value).finish(),),
        }
    });
    let wiped = choice.all().map(|variant| {
        let ident = &variant.ident;
        match variant.secret {
            true => {
                let ty = &variant.ty;
                quote_spanned!(site_of(ty)=> Self::#ident(value) => <#ty as __k::Wipe>::wipe(value),)
            }
            false => quote_spanned!(site=> Self::#ident(_) => {}),
        }
    });
    let debug = quote_spanned!(site=> match self { #(#shown)* });
    Some(impls(model, &debug, &quote_spanned!(site=> match self { #(#wiped)* })))
}

fn impls(model: &Model, debug: &TokenStream, wipe: &TokenStream) -> TokenStream {
    let ident = &model.ident;
    quote_spanned! {Span::mixed_site()=>
        impl __k::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut __k::fmt::Formatter<'_>) -> __k::fmt::Result {
                #debug
            }
        }

        impl __k::Drop for #ident {
            fn drop(&mut self) {
                #wipe
            }
        }
    }
}
