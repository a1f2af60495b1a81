//! Writes code that stands in where there are mistakes, so that what uses the type does not fail in turn.
//!
//! The crate does not compile, so none of it is ever run.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Path};

use super::within;

/// Every trait that the derive of a structure or a choice could have implemented.
pub(crate) fn stub(input: &DeriveInput, krate: &Path) -> TokenStream {
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let site = Span::mixed_site();
    let mut tokens = codec(input);
    let selected = {
        let mut with_selector = input.generics.clone();
        with_selector.params.push(syn::parse_quote!(Selector: ?::core::marker::Sized));
        let (generics, _, bounds) = with_selector.split_for_impl();
        quote_spanned! {site=>
            impl #generics __k::DecodeSelected<Selector> for #ident #arguments #bounds {
                fn decode_selected(
                    _: &Selector,
                    _: __k::Tag,
                    _: &mut __k::Reader<'_>,
                ) -> __k::Read<Self> {
                    ::core::unreachable!()
                }
            }
        }
    };
    tokens.extend(quote_spanned! {site=>
        impl #generics __k::Structure for #ident #arguments #bounds {
            const SCHEMA: &'static __k::Schema =
                &__k::Schema::new(#name, &[]);
        }

        impl #generics __k::Fields for #ident #arguments #bounds {
            fn write_fields(&self, _: &mut __k::Writer) -> __k::Written {
                ::core::unreachable!()
            }

            fn read_fields(_: &mut __k::Reader<'_>, _: __k::End) -> __k::Read<Self> {
                ::core::unreachable!()
            }
        }

        impl #generics __k::Root for #ident #arguments #bounds {
            const TAG: __k::Tag = __k::Tag::from_raw(0);
        }

        impl #generics __k::Tagged for #ident #arguments #bounds {
            const TAGS: &'static [__k::Tag] = &[__k::Tag::from_raw(0)];

            fn tag(&self) -> __k::Tag {
                ::core::unreachable!()
            }

            fn encode_as(&self, _: __k::Tag, _: &mut __k::Writer) -> __k::Written {
                ::core::unreachable!()
            }

            fn decode_to<R>(
                _: __k::Tag,
                _: __k::Tag,
                _: &mut __k::Reader<'_>,
                _: impl __k::FnOnce(Self) -> R,
            ) -> __k::Read<R> {
                ::core::unreachable!()
            }
        }

        #selected
    });
    within(krate, &tokens)
}

/// Every trait and function of an enumeration.
pub(crate) fn stub_enumeration(input: &DeriveInput, krate: &Path) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let mut tokens = codec(input);
    tokens.extend(quote_spanned! {Span::mixed_site()=>
        #[allow(dead_code)]
        impl #generics #ident #arguments #bounds {
            #vis const fn value(&self) -> __k::u32 {
                0
            }

            #vis fn name(&self) -> __k::Option<&'static __k::str> {
                ::core::unreachable!()
            }

            #vis fn from_name(_: &__k::str) -> __k::Option<Self> {
                ::core::unreachable!()
            }
        }

        impl #generics __k::From<__k::u32> for #ident #arguments #bounds {
            fn from(_: __k::u32) -> Self {
                ::core::unreachable!()
            }
        }

        impl #generics __k::From<#ident #arguments> for __k::u32 #bounds {
            fn from(_: #ident #arguments) -> Self {
                ::core::unreachable!()
            }
        }

        impl #generics __k::fmt::Display for #ident #arguments #bounds {
            fn fmt(&self, _: &mut __k::fmt::Formatter<'_>) -> __k::fmt::Result {
                ::core::unreachable!()
            }
        }
    });
    within(krate, &tokens)
}

/// Every trait of a mask's bits.
pub(crate) fn stub_mask(input: &DeriveInput, krate: &Path) -> TokenStream {
    // The traits take types that could be derived for: any other has an error of its own.
    if !input.generics.params.is_empty() || !matches!(input.data, Data::Enum(_)) {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let tokens = quote_spanned! {Span::mixed_site()=>
        impl __k::MaskBit for #ident {
            const INFO: &'static __k::MaskInfo = &__k::MaskInfo::vendor(#name, &[]);

            fn bit(self) -> __k::u32 {
                ::core::unreachable!()
            }
        }

        impl __k::BitOr for #ident {
            type Output = __k::Mask<Self>;

            fn bitor(self, _: Self) -> __k::Mask<Self> {
                ::core::unreachable!()
            }
        }
    };
    within(krate, &tokens)
}

/// What everything that has a form in TTLV implements.
fn codec(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote_spanned! {Span::mixed_site()=>
        impl #generics __k::Wire for #ident #arguments #bounds {
            const ITEM_TYPES: __k::ItemTypes = __k::ItemTypes::NONE;
        }

        impl #generics __k::Encode for #ident #arguments #bounds {
            fn encode(&self, _: __k::Tag, _: &mut __k::Writer) -> __k::Written {
                ::core::unreachable!()
            }
        }

        impl #generics __k::Decode for #ident #arguments #bounds {
            fn decode(_: __k::Tag, _: &mut __k::Reader<'_>) -> __k::Read<Self> {
                ::core::unreachable!()
            }
        }
    }
}
