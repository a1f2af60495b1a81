//! Writes the code of a choice.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

use super::{Names, assertion, decode_call, decode_impl, decode_selected_impl, tag_tokens, version_tokens};
use crate::model::{Choice, Model, Tag, Variant};
use crate::parse::{By, type_span};

/// The code of an enum.
pub(super) fn expand(model: &Model, choice: &Choice) -> TokenStream {
    match &choice.by {
        By::ItemType => expand_by_item_type(model, choice),
        By::Tag => expand_by_tag(model, choice),
        By::Value(selector) => expand_by_value(model, choice, selector),
    }
}

fn expand_by_item_type(model: &Model, choice: &Choice) -> TokenStream {
    let Names { krate, ttlv, err, .. } = Names::new(&model.krate);
    let site = Span::mixed_site();
    let wire = wire_impl(model, choice);
    let encode = encode_impl(model, choice);
    let name = model.ident.unraw().to_string();
    let reads = choice.variants.iter().map(|variant| {
        let Variant { ident, ty, select, .. } = variant;
        let call = decode_call(model, ty, *select);
        quote_spanned! {site=>
            if <#ty as #ttlv::Wire>::ITEM_TYPES.contains(item_type) {
                return #call.map(Self::#ident);
            }
        }
    });
    let body = quote_spanned! {site=>
        let item_type = match reader.peek()? {
            ::core::option::Option::Some(header) => header.item_type,
            ::core::option::Option::None => return #err(reader.no_variant(#name, #krate::Found::Nothing)),
        };
        #(#reads)*
        #err(reader.no_variant(#name, #krate::Found::ItemType(item_type)))
    };
    // Without a variant that takes it, the selector would be unused.
    let decode = decode_impl(model, &body);
    let disjoint = disjoint_assertions(model, choice);
    quote!(#wire #encode #decode #disjoint)
}

/// No item type may fit two variants.
fn disjoint_assertions(model: &Model, choice: &Choice) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, variant) in choice.variants.iter().enumerate() {
        let (ident, ty) = (&variant.ident, &variant.ty);
        let span = type_span(ty);
        let ttlv = assertion::located_at(Names::new(&model.krate).ttlv, span);
        for earlier in &choice.variants[..index] {
            let (other, other_ty) = (&earlier.ident, &earlier.ty);
            let message = format!("no item type tells `{ident}` from `{other}`: both can be ");
            tokens.extend(quote_spanned! {span=>
                const _: () = #ttlv::assert_disjoint(
                    <#ty as #ttlv::Wire>::ITEM_TYPES,
                    <#other_ty as #ttlv::Wire>::ITEM_TYPES,
                    #message,
                );
            });
        }
    }
    tokens
}

fn expand_by_tag(model: &Model, choice: &Choice) -> TokenStream {
    let Names { krate, ttlv, result, ok, err } = Names::new(&model.krate);
    let site = Span::mixed_site();
    let ident = &model.ident;
    let name = ident.unraw().to_string();
    let tagged: Vec<(&Variant, &Tag)> =
        choice.variants.iter().filter_map(|variant| Some((variant, variant.tag.as_ref()?))).collect();
    let tags: Vec<TokenStream> = tagged.iter().map(|(_, tag)| tag_tokens(tag, krate)).collect();
    let variants: Vec<_> = tagged.iter().map(|(variant, _)| &variant.ident).collect();
    let types = tagged.iter().map(|(variant, _)| &variant.ty);
    let checks = tagged.iter().map(|(variant, _)| version_check(model, variant));
    let calls = tagged.iter().map(|(variant, _)| decode_call(model, &variant.ty, false));
    let assertions = tagged.iter().map(|(variant, tag)| assertion::under_tag(model, &variant.ty, &[tag]));

    // The variant that takes any other tag holds an `Item`, whose tag is a part of it.
    let other = choice.other.as_ref().map(|other| &other.ident);
    let other_tag = other.map(|other| quote_spanned!(site=> Self::#other(item) => item.tag,));
    let other_encode = other.map(
        |other| quote_spanned!(site=> Self::#other(item) => #ttlv::Encode::encode(&item.value, tag, writer),),
    );
    let otherwise = match other {
        Some(other) => quote_spanned! {site=>
            let value = <#krate::Value as #ttlv::Decode>::decode(tag, reader)?;
            #ok(Self::#other(#krate::Item::new(own, value)))
        },
        None => quote_spanned!(site=> #err(reader.no_variant(#name, #krate::Found::Tag(own)))),
    };
    let item_types = match other {
        Some(_) => quote_spanned!(site=> #krate::ItemTypes::ANY),
        None => quote_spanned!(site=> #krate::ItemTypes::NONE #(.or(<#types as #ttlv::Wire>::ITEM_TYPES))*),
    };
    quote_spanned! {site=>
        #[automatically_derived]
        impl #ttlv::Wire for #ident {
            const ITEM_TYPES: #krate::ItemTypes = #item_types;
        }

        #[automatically_derived]
        impl #ttlv::Tagged for #ident {
            const TAGS: &'static [#krate::Tag] = &[#(#tags),*];

            fn tag(&self) -> #krate::Tag {
                match self {
                    #(Self::#variants(_) => #tags,)*
                    #other_tag
                }
            }

            fn encode_as(
                &self,
                tag: #krate::Tag,
                writer: &mut #ttlv::Writer,
            ) -> #result<(), #krate::EncodeError> {
                match self {
                    #(Self::#variants(value) => { #checks #ttlv::Encode::encode(value, tag, writer) })*
                    #other_encode
                }
            }

            fn decode_as(
                own: #krate::Tag,
                tag: #krate::Tag,
                reader: &mut #ttlv::Reader<'_>,
            ) -> #result<Self, #krate::DecodeError> {
                #(if own == #tags { return #calls.map(Self::#variants); })*
                #otherwise
            }
        }

        #[automatically_derived]
        impl #ttlv::Encode for #ident {
            fn encode(&self, _: #krate::Tag, writer: &mut #ttlv::Writer) -> #result<(), #krate::EncodeError> {
                #ttlv::Tagged::encode_as(self, #ttlv::Tagged::tag(self), writer)
            }
        }

        // The tag that is there decides, whichever one is asked for.
        #[automatically_derived]
        impl #ttlv::Decode for #ident {
            fn decode(_: #krate::Tag, reader: &mut #ttlv::Reader<'_>) -> #result<Self, #krate::DecodeError> {
                match reader.peek_tag() {
                    ::core::option::Option::Some(tag) => #ttlv::Tagged::decode_as(tag, tag, reader),
                    ::core::option::Option::None => #err(reader.no_variant(#name, #krate::Found::Nothing)),
                }
            }
        }

        #(#assertions)*
    }
}

fn expand_by_value(model: &Model, choice: &Choice, selector: &Type) -> TokenStream {
    let Names { krate, ttlv, err, .. } = Names::new(&model.krate);
    let site = Span::mixed_site();
    let wire = wire_impl(model, choice);
    let encode = encode_impl(model, choice);
    let name = model.ident.unraw().to_string();
    let arms = choice.variants.iter().map(|variant| {
        let Variant { ident, ty, pattern, select, .. } = variant;
        let call = decode_call(model, ty, *select);
        quote_spanned!(site=> #pattern => #call.map(Self::#ident),)
    });
    let (otherwise, absent) = match &choice.other {
        Some(other) => {
            let Variant { ident, ty, select, .. } = &**other;
            let call = decode_call(model, ty, *select);
            let read = quote_spanned!(site=> #call.map(Self::#ident));
            (read.clone(), (!select).then_some(read))
        }
        None => {
            let found = quote_spanned! {site=>
                #krate::Found::Value(<::core::primitive::u32 as ::core::convert::From<#selector>>::from(*selector))
            };
            (quote_spanned!(site=> #err(reader.no_variant(#name, #found))), None)
        }
    };
    let absent = absent
        .unwrap_or_else(|| quote_spanned!(site=> #err(reader.no_variant(#name, #krate::Found::Nothing))));
    let present = decode_selected_impl(
        model,
        selector,
        &quote_spanned! {site=>
            match selector {
                #(#arms)*
                _ => #otherwise,
            }
        },
    );
    let optional = decode_selected_impl(
        model,
        quote_spanned!(site=> ::core::option::Option<#selector>),
        &quote_spanned! {site=>
            match selector {
                ::core::option::Option::Some(selector) => {
                    <Self as #ttlv::DecodeSelected<#selector>>::decode_selected(selector, tag, reader)
                }
                ::core::option::Option::None => #absent,
            }
        },
    );
    quote!(#wire #encode #present #optional)
}

/// A choice can be what any variant can be.
fn wire_impl(model: &Model, choice: &Choice) -> TokenStream {
    let Names { krate, ttlv, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    let types: Vec<&Type> = all(choice).map(|variant| &variant.ty).collect();
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::Wire for #ident {
            const ITEM_TYPES: #krate::ItemTypes =
                #krate::ItemTypes::NONE #(.or(<#types as #ttlv::Wire>::ITEM_TYPES))*;
            const ENUMERATION: ::core::option::Option<&'static #krate::tables::EnumerationInfo> =
                #ttlv::only_enumeration(&[#(<#types as #ttlv::Wire>::ENUMERATION),*]);
        }
    }
}

fn encode_impl(model: &Model, choice: &Choice) -> TokenStream {
    let Names { krate, ttlv, result, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    let variants = all(choice).map(|variant| &variant.ident);
    let checks = all(choice).map(|variant| version_check(model, variant));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::Encode for #ident {
            fn encode(&self, tag: #krate::Tag, writer: &mut #ttlv::Writer) -> #result<(), #krate::EncodeError> {
                match self {
                    #(Self::#variants(value) => { #checks #ttlv::Encode::encode(value, tag, writer) })*
                }
            }
        }
    }
}

/// Refuses a variant that the version lacks.
fn version_check(model: &Model, variant: &Variant) -> Option<TokenStream> {
    let krate = Names::new(&model.krate).krate;
    let since = version_tokens(variant.since?, krate);
    let name = format!("{}::{}", model.ident.unraw(), variant.ident.unraw());
    Some(quote_spanned!(Span::mixed_site()=> writer.check_variant(tag, #name, #since)?;))
}

fn all(choice: &Choice) -> impl Iterator<Item = &Variant> {
    choice.variants.iter().chain(choice.other.as_deref())
}
