//! Writes code that stands in where there are mistakes, so that what uses the type does not fail in turn.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::{DeriveInput, Path};

/// Every trait that the derive could have implemented. The crate does not compile, so none of it is ever run.
pub(crate) fn stub(input: &DeriveInput, krate: &Path) -> TokenStream {
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let site = Span::mixed_site();
    let selected = {
        let mut with_selector = input.generics.clone();
        with_selector.params.push(syn::parse_quote!(Selector: ?::core::marker::Sized));
        let (generics, _, bounds) = with_selector.split_for_impl();
        quote_spanned! {site=>
            impl #generics #krate::ttlv::DecodeSelected<Selector> for #ident #arguments #bounds {
                fn decode_selected(
                    _: &Selector,
                    _: #krate::Tag,
                    _: &mut #krate::ttlv::Reader<'_>,
                ) -> ::core::result::Result<Self, #krate::DecodeError> {
                    ::core::unreachable!()
                }
            }
        }
    };
    quote_spanned! {site=>
        impl #generics #krate::ttlv::Wire for #ident #arguments #bounds {
            const ITEM_TYPES: #krate::ItemTypes = #krate::ItemTypes::NONE;
        }

        impl #generics #krate::ttlv::Structure for #ident #arguments #bounds {
            const SCHEMA: &'static #krate::ttlv::Schema =
                &#krate::ttlv::Schema { name: #name, fields: &[], catch_all: false };
        }

        impl #generics #krate::ttlv::Root for #ident #arguments #bounds {
            const TAG: #krate::Tag = #krate::Tag::from_raw(0);
        }

        impl #generics #krate::ttlv::Tagged for #ident #arguments #bounds {
            const TAGS: &'static [#krate::Tag] = &[#krate::Tag::from_raw(0)];

            fn tag(&self) -> #krate::Tag {
                ::core::unreachable!()
            }

            fn encode_as(
                &self,
                _: #krate::Tag,
                _: &mut #krate::ttlv::Writer,
            ) -> ::core::result::Result<(), #krate::EncodeError> {
                ::core::unreachable!()
            }

            fn decode_as(
                _: #krate::Tag,
                _: #krate::Tag,
                _: &mut #krate::ttlv::Reader<'_>,
            ) -> ::core::result::Result<Self, #krate::DecodeError> {
                ::core::unreachable!()
            }
        }

        impl #generics #krate::ttlv::Encode for #ident #arguments #bounds {
            fn encode(
                &self,
                _: #krate::Tag,
                _: &mut #krate::ttlv::Writer,
            ) -> ::core::result::Result<(), #krate::EncodeError> {
                ::core::unreachable!()
            }
        }

        impl #generics #krate::ttlv::Decode for #ident #arguments #bounds {
            fn decode(
                _: #krate::Tag,
                _: &mut #krate::ttlv::Reader<'_>,
            ) -> ::core::result::Result<Self, #krate::DecodeError> {
                ::core::unreachable!()
            }
        }

        #selected
    }
}
