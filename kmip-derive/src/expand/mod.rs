//! Writes the code. Nothing here can fail: what could is refused before.

mod assertion;
mod builder;
mod choice;
mod known;
mod numbers;
mod secret;
mod structure;
mod stub;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{LitInt, Path};

use crate::model::{Kind, Model, Tag, Versions};
use crate::tables::Version;

pub(crate) use numbers::{enumeration, mask};
pub(crate) use stub::{stub, stub_enumeration, stub_mask};

/// The code of a type.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let mut tokens = match &model.kind {
        Kind::Structure(fields) => structure::expand(model, fields),
        Kind::Transparent { ty, secret } => structure::expand_transparent(model, ty, *secret),
        Kind::Choice(choice) => choice::expand(model, choice),
    };
    if let Some(tag) = &model.root {
        tokens.extend(root(model, tag));
    }
    within(&model.krate, &tokens)
}

/// The code in a scope of its own, in which `__k` has all that it refers to: nothing that is in scope where
/// the type is can be taken for it.
fn within(krate: &Path, tokens: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        const _: () = {
            use #krate::ttlv::derived as __k;
            #tokens
        };
    }
}

/// The type's natural tag.
fn root(model: &Model, tag: &Tag) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &model.ident;
    let assertion = assertion::root(model, tag);
    let tag = tag_tokens(tag);
    let version = model.version.as_ref().map(|path| {
        quote_spanned! {site=>
            const STATES_VERSION: __k::bool = true;

            fn protocol_version(&self) -> __k::ProtocolVersion {
                self.#path
            }
        }
    });
    // What a selector decides cannot be read by itself.
    let deserialize = model.is_decodable().then(|| quote_spanned!(site=> , deserialize_root));
    quote_spanned! {site=>
        impl __k::Root for #ident {
            const TAG: __k::Tag = #tag;
            #version
        }
        __k::serde_impls!(#ident, serialize_root #deserialize);
        #assertion
    }
}

/// How a type is read: `Decode`, or `DecodeSelected` where a selector decides.
fn decode_impl(model: &Model, body: &TokenStream) -> TokenStream {
    let ident = &model.ident;
    match &model.selector {
        None => quote_spanned! {Span::mixed_site()=>
            impl __k::Decode for #ident {
                fn decode(tag: __k::Tag, reader: &mut __k::Reader<'_>) -> __k::Read<Self> {
                    #body
                }
            }
        },
        Some(selector) => decode_selected_impl(model, selector, body),
    }
}

/// How a type is read whose form a selector decides.
fn decode_selected_impl(model: &Model, selector: impl ToTokens, body: &TokenStream) -> TokenStream {
    let ident = &model.ident;
    quote_spanned! {Span::mixed_site()=>
        impl __k::DecodeSelected<#selector> for #ident {
            fn decode_selected(
                selector: &#selector,
                tag: __k::Tag,
                reader: &mut __k::Reader<'_>,
            ) -> __k::Read<Self> {
                #body
            }
        }
    }
}

/// The constant of a tag, at the place that names it.
fn tag_tokens(tag: &Tag) -> TokenStream {
    let site = Span::mixed_site().located_at(tag.span);
    match tag.row {
        Some(row) => {
            let constant = Ident::new(row.constant, site);
            quote_spanned!(site=> __k::Tag::#constant)
        }
        None => {
            let value = LitInt::new(&format!("0x{:06X}", tag.value), site);
            quote_spanned!(site=> __k::Tag::from_raw(#value))
        }
    }
}

/// The constant of a version.
fn version_tokens(version: Version) -> TokenStream {
    let constant = format_ident!("{}", version.constant());
    quote_spanned!(Span::mixed_site()=> __k::ProtocolVersion::#constant)
}

/// The constant of a range of versions.
fn versions_tokens(Versions { since, until, .. }: Versions) -> TokenStream {
    let site = Span::mixed_site();
    if since.is_none() && until.is_none() {
        return quote_spanned!(site=> __k::Versions::ALL);
    }
    let end = |version: Option<Version>| match version.map(version_tokens) {
        Some(version) => quote_spanned!(site=> __k::Some(#version)),
        None => quote_spanned!(site=> __k::None),
    };
    let (since, until) = (end(since), end(until));
    quote_spanned!(site=> __k::Versions::new(#since, #until))
}
