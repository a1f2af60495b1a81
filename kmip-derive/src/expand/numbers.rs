//! Writes the code of an enumeration, and of the bits of a mask.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitInt;

use super::within;
use crate::numbers::Numbers;

/// The code of an enumeration.
pub(crate) fn enumeration(numbers: &Numbers) -> TokenStream {
    let site = Span::mixed_site();
    let Numbers { ident, vis, name, .. } = numbers;
    let (variants, values, names) = columns(numbers);
    let Some(other) = &numbers.other else { return TokenStream::new() };
    let tokens = quote_spanned! {site=>
        static INFO: __k::EnumerationInfo =
            __k::EnumerationInfo::vendor(#name, &[#(__k::NameInfo::vendor(#values, #names)),*]);

        #[allow(dead_code)]
        impl #ident {
            #[doc = "The number on the wire."]
            #vis const fn value(&self) -> __k::u32 {
                match *self {
                    #(Self::#variants => #values,)*
                    Self::#other(value) => value,
                }
            }

            #[doc = "The name in JSON and XML, if the value is listed."]
            #vis fn name(&self) -> __k::Option<&'static __k::str> {
                INFO.name_of(self.value())
            }

            #[doc = "The value with this name."]
            #vis fn from_name(name: &__k::str) -> __k::Option<Self> {
                INFO.by_name(name).map(|row| <Self as __k::From<__k::u32>>::from(row.value))
            }
        }

        impl __k::From<__k::u32> for #ident {
            fn from(value: __k::u32) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    value => Self::#other(value),
                }
            }
        }

        impl __k::From<#ident> for __k::u32 {
            fn from(value: #ident) -> Self {
                value.value()
            }
        }

        impl __k::fmt::Display for #ident {
            fn fmt(&self, formatter: &mut __k::fmt::Formatter<'_>) -> __k::fmt::Result {
                INFO.fmt_value(self.value(), formatter)
            }
        }

        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes = __k::ItemTypes::ENUMERATION;
            const NAMES: __k::Names = __k::Names::Enumeration(&INFO);
        }

        impl __k::Encode for #ident {
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                writer.enumeration(tag, self.value())
            }
        }

        impl __k::Decode for #ident {
            fn decode(tag: __k::Tag, reader: &mut __k::Reader<'_>) -> __k::Read<Self> {
                reader.enumeration(tag).map(<Self as __k::From<__k::u32>>::from)
            }
        }
    };
    within(&numbers.krate, &tokens)
}

/// The code of the bits of a mask.
pub(crate) fn mask(numbers: &Numbers) -> TokenStream {
    let Numbers { ident, name, .. } = numbers;
    let (variants, values, names) = columns(numbers);
    let tokens = quote_spanned! {Span::mixed_site()=>
        impl __k::MaskBit for #ident {
            const INFO: &'static __k::MaskInfo =
                &__k::MaskInfo::vendor(#name, &[#(__k::NameInfo::vendor(#values, #names)),*]);

            fn bit(self) -> __k::u32 {
                match self {
                    #(Self::#variants => #values,)*
                }
            }
        }

        impl __k::BitOr for #ident {
            type Output = __k::Mask<Self>;

            fn bitor(self, other: Self) -> __k::Mask<Self> {
                __k::Mask::from_bits(<Self as __k::MaskBit>::bit(self) | <Self as __k::MaskBit>::bit(other))
            }
        }
    };
    within(&numbers.krate, &tokens)
}

/// The variants, their values and their wire names.
fn columns(numbers: &Numbers) -> (Vec<&Ident>, Vec<LitInt>, Vec<&str>) {
    let site = Span::mixed_site();
    let value = |value: u32| LitInt::new(&format!("0x{value:08X}"), site);
    let variants = numbers.rows.iter().map(|row| &row.ident).collect();
    let values = numbers.rows.iter().map(|row| value(row.value)).collect();
    (variants, values, numbers.rows.iter().map(|row| row.name.as_str()).collect())
}
