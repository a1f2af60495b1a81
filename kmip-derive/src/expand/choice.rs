//! Writes the code of a choice.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

use super::known::Known;
use super::{assertion, decode_impl, decode_selected_impl, secret, tag_tokens, version_tokens};
use crate::model::{Choice, Model, Tag, Variant};
use crate::parse::{By, type_span};

/// The code of an enum.
pub(super) fn expand(model: &Model, choice: &Choice) -> TokenStream {
    let codec = match &choice.by {
        By::ItemType => expand_by_item_type(model, choice),
        By::Tag => expand_by_tag(model, choice),
        By::Value(selector) => expand_by_value(model, choice, selector),
    };
    let secret = secret::of_choice(model, choice);
    quote!(#codec #secret)
}

/// The type of a variant.
fn known<'a>(model: &'a Model, choice: &'a Choice, variant: &'a Variant) -> Known<'a> {
    let selector = match &choice.by {
        By::Value(selector) => Some(&**selector),
        By::ItemType | By::Tag => model.selector.as_ref(),
    };
    match selector {
        Some(selector) if variant.select => Known::selected(&variant.ty, selector),
        _ => Known::alone(&variant.ty),
    }
}

fn expand_by_item_type(model: &Model, choice: &Choice) -> TokenStream {
    let site = Span::mixed_site();
    let wire = wire_impl(model, choice);
    let encode = encode_impl(model, choice);
    let name = model.ident.unraw().to_string();
    let reads = choice.variants.iter().map(|variant| {
        let Variant { ident, .. } = variant;
        let known = known(model, choice, variant);
        let (form, call) = (known.form(), known.read_item());
        let check = read_check(model, choice, variant);
        quote_spanned! {site=>
            if #form.types.contains(item_type) {
                #check
                return #call.map(Self::#ident);
            }
        }
    });
    let body = quote_spanned! {site=>
        let item_type = match reader.peek()? {
            __k::Some(header) => header.item_type,
            __k::None => return __k::Err(reader.no_variant(#name, __k::Found::Nothing)),
        };
        #(#reads)*
        __k::Err(reader.no_variant(#name, __k::Found::ItemType(item_type)))
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
        let span = type_span(&variant.ty);
        let (ident, form) = (&variant.ident, known(model, choice, variant).form_at(span));
        for earlier in &choice.variants[..index] {
            let (other, other_form) = (&earlier.ident, known(model, choice, earlier).form_at(span));
            let message = format!("no item type tells `{ident}` from `{other}`: both can be ");
            tokens.extend(quote_spanned! {span=>
                const _: () = __k::assert_disjoint(
                    #form.types,
                    #other_form.types,
                    #message,
                );
            });
        }
    }
    tokens
}

fn expand_by_tag(model: &Model, choice: &Choice) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &model.ident;
    let name = ident.unraw().to_string();
    let tagged: Vec<(&Variant, &Tag)> =
        choice.variants.iter().filter_map(|variant| Some((variant, variant.tag.as_ref()?))).collect();
    let tags: Vec<TokenStream> = tagged.iter().map(|(_, tag)| tag_tokens(tag)).collect();
    let variants: Vec<_> = tagged.iter().map(|(variant, _)| &variant.ident).collect();
    let types: Vec<Known<'_>> = tagged.iter().map(|(variant, _)| Known::alone(&variant.ty)).collect();
    let forms = types.iter().map(Known::form);
    let checks = tagged.iter().map(|(variant, _)| version_check(model, choice, variant));
    let writes = types.iter().map(|known| known.write_item(&quote_spanned!(known.site=> value)));
    let reads = types.iter().map(Known::read_item);
    let assertions = types.iter().zip(&tagged).map(|(known, (_, tag))| assertion::under_tags(known, &[tag]));

    // The variant that takes any other tag holds an `Item`, whose tag is a part of it.
    let other = choice.other.as_ref().map(|other| &other.ident);
    let other_tag = other.map(|other| quote_spanned!(site=> Self::#other(item) => item.tag,));
    let places = 0..tagged.len();
    let count = tagged.len();
    let other_place = other.map(|other| quote_spanned!(site=> Self::#other(_) => #count,));
    let other_encode = other.map(
        |other| quote_spanned!(site=> Self::#other(item) => __k::Encode::encode(&item.value, tag, writer),),
    );
    let otherwise = match other {
        Some(other) => quote_spanned! {site=>
            let value = <__k::Value as __k::Decode>::decode(tag, reader)?;
            __k::Ok(put(Self::#other(__k::Item::new(own, value))))
        },
        None => quote_spanned!(site=> __k::Err(reader.no_variant(#name, __k::Found::Tag(own)))),
    };
    let bounded = tag_version_checks(choice, &tagged);
    let read_bounded = tag_read_checks(model, choice, &tagged);
    let open = other.map(|_| quote_spanned!(site=> const OPEN: __k::bool = true;));
    let item_types = match other {
        Some(_) => quote_spanned!(site=> __k::ItemTypes::ANY),
        None => quote_spanned!(site=> __k::ItemTypes::NONE #(.or(#forms.types))*),
    };
    quote_spanned! {site=>
        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes = #item_types;
            const BRINGS_TAG: __k::bool = true;
        }

        impl __k::Tagged for #ident {
            const TAGS: &'static [__k::Tag] = &[#(#tags),*];
            #open

            fn tag(&self) -> __k::Tag {
                match self {
                    #(Self::#variants(_) => #tags,)*
                    #other_tag
                }
            }

            #[inline]
            fn place(&self) -> __k::usize {
                match self {
                    #(Self::#variants(_) => #places,)*
                    #other_place
                }
            }

            #[inline(always)]
            fn encode_as(
                &self,
                tag: __k::Tag,
                writer: &mut __k::Writer,
            ) -> __k::Written {
                match self {
                    #(Self::#variants(value) => { #checks #writes })*
                    #other_encode
                }
            }

            fn decode_to<R>(
                own: __k::Tag,
                tag: __k::Tag,
                reader: &mut __k::Reader<'_>,
                put: impl __k::FnOnce(Self) -> R,
            ) -> __k::Read<R> {
                #(if own == #tags { return __k::Ok(put(Self::#variants(#reads?))); })*
                #otherwise
            }
        }

        impl __k::Encode for #ident {
            fn encode(&self, _: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                #bounded
                __k::Tagged::encode_as(self, __k::Tagged::tag(self), writer)
            }
        }

        // The tag that is there decides, whichever one is asked for.
        impl __k::Decode for #ident {
            fn decode(_: __k::Tag, reader: &mut __k::Reader<'_>) -> __k::Read<Self> {
                match reader.peek_tag() {
                    __k::Some(tag) => {
                        #read_bounded
                        __k::Tagged::decode_as(tag, tag, reader)
                    }
                    __k::None => __k::Err(reader.no_variant(#name, __k::Found::Nothing)),
                }
            }
        }

        __k::serde_impls!(#ident, serialize_tagged, deserialize_tagged);
        #(#assertions)*
    }
}

/// Refuses a variant whose tag the version lacks. Under another tag, as an Attribute Value of KMIP 1.x, the
/// variant's own does not matter.
fn tag_version_checks(choice: &Choice, tagged: &[(&Variant, &Tag)]) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let arms: Vec<TokenStream> = tagged
        .iter()
        .filter(|(variant, _)| variant.since.is_none())
        .filter_map(|(Variant { ident, .. }, tag)| {
            let (since, until) = match tag.bounds() {
                (None, None) => return None,
                (since, until) => (since.map(version_tokens), until.map(version_tokens)),
            };
            let tag = tag_tokens(tag);
            let since = since.map(|version| quote_spanned!(site=> .since(#version)));
            let until = until.map(|version| quote_spanned!(site=> .until(#version)));
            Some(quote_spanned! {site=>
                Self::#ident(_) => writer.check_version(&const { __k::Field::required(#tag) #since #until })?,
            })
        })
        .collect();
    let rest = (arms.len() < choice.all().count()).then(|| quote_spanned!(site=> _ => {}));
    (!arms.is_empty()).then(|| quote_spanned!(site=> match self { #(#arms)* #rest }))
}

/// Refuses, or leniently lists, an item that is next whose tag the version lacks.
fn tag_read_checks(model: &Model, choice: &Choice, tagged: &[(&Variant, &Tag)]) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let checks: Vec<TokenStream> = tagged
        .iter()
        .filter_map(|(variant, tag)| {
            let check = match (variant.since, tag.bounds()) {
                (Some(_), _) => read_check(model, choice, variant)?,
                (None, (None, None)) => return None,
                (None, (since, until)) => {
                    let option = |version: Option<_>| match version.map(version_tokens) {
                        Some(version) => quote_spanned!(site=> __k::Some(#version)),
                        None => quote_spanned!(site=> __k::None),
                    };
                    let (name, since, until) = (tag.name(), option(since), option(until));
                    quote_spanned!(site=> reader.check_form(#name, #since, #until)?;)
                }
            };
            let tag = tag_tokens(tag);
            Some(quote_spanned!(site=> if tag == #tag { #check }))
        })
        .collect();
    (!checks.is_empty()).then(|| quote!(#(#checks)*))
}

fn expand_by_value(model: &Model, choice: &Choice, selector: &Type) -> TokenStream {
    let site = Span::mixed_site();
    let wire = wire_impl(model, choice);
    let encode = encode_impl(model, choice);
    let name = model.ident.unraw().to_string();
    let arms = choice.variants.iter().map(|variant| {
        let Variant { ident, pattern, .. } = variant;
        let call = known(model, choice, variant).read_item();
        // The compiler knows when two patterns are one value by different paths.
        quote_spanned!(site=> #[deny(unreachable_patterns)] #pattern => #call.map(Self::#ident),)
    });
    let (otherwise, absent) = match &choice.other {
        Some(other) => {
            let Variant { ident, select, .. } = &**other;
            let call = known(model, choice, other).read_item();
            let read = quote_spanned!(site=> #call.map(Self::#ident));
            (read.clone(), (!select).then_some(read))
        }
        None => {
            let found = quote_spanned! {site=>
                __k::Found::Value(<__k::u32 as __k::From<#selector>>::from(*selector))
            };
            (quote_spanned!(site=> __k::Err(reader.no_variant(#name, #found))), None)
        }
    };
    let absent = absent
        .unwrap_or_else(|| quote_spanned!(site=> __k::Err(reader.no_variant(#name, __k::Found::NoSelector))));
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
        quote_spanned!(site=> __k::Option<#selector>),
        &quote_spanned! {site=>
            match selector {
                __k::Some(selector) => {
                    <Self as __k::DecodeSelected<#selector>>::decode_selected(selector, tag, reader)
                }
                __k::None => #absent,
            }
        },
    );
    quote!(#wire #encode #present #optional)
}

/// A choice can be what any variant can be.
fn wire_impl(model: &Model, choice: &Choice) -> TokenStream {
    let ident = &model.ident;
    let forms: Vec<TokenStream> = choice.all().map(|variant| known(model, choice, variant).form()).collect();
    quote_spanned! {Span::mixed_site()=>
        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes =
                __k::ItemTypes::NONE #(.or(#forms.types))*;
            const NAMES: __k::Names = __k::only_names(&[#(#forms.names),*]);
        }
    }
}

fn encode_impl(model: &Model, choice: &Choice) -> TokenStream {
    let ident = &model.ident;
    let variants = choice.all().map(|variant| &variant.ident);
    let checks = choice.all().map(|variant| version_check(model, choice, variant));
    let writes = choice.all().map(|variant| {
        let known = known(model, choice, variant);
        known.write_item(&quote_spanned!(known.site=> value))
    });
    quote_spanned! {Span::mixed_site()=>
        impl __k::Encode for #ident {
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                match self {
                    #(Self::#variants(value) => { #checks #writes })*
                }
            }
        }
    }
}

/// Refuses a variant that the version lacks.
fn version_check(model: &Model, choice: &Choice, variant: &Variant) -> Option<TokenStream> {
    let since = version_tokens(variant.since?.0);
    let what = described(model, choice, variant);
    Some(quote_spanned!(Span::mixed_site()=> writer.check_variant(tag, #what, #since)?;))
}

/// Refuses, or leniently lists, a variant that the version lacks, which is about to be read.
fn read_check(model: &Model, choice: &Choice, variant: &Variant) -> Option<TokenStream> {
    let since = version_tokens(variant.since?.0);
    let what = described(model, choice, variant);
    Some(quote_spanned!(Span::mixed_site()=> reader.check_form(#what, __k::Some(#since), __k::None)?;))
}

/// What a variant is, in words: `Unique Identifier as Enumeration`, `Certificate Request`, `Request Payload of Ping`.
fn described(model: &Model, choice: &Choice, variant: &Variant) -> String {
    let (whole, part) = (words(&model.name()), words(&variant.ident.unraw().to_string()));
    match choice.by {
        By::ItemType => format!("{whole} as {part}"),
        By::Tag => part,
        By::Value(_) => format!("{whole} of {part}"),
    }
}

/// A name of several words with spaces between them.
fn words(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() && words.ends_with(char::is_lowercase) {
            words.push(' ');
        }
        words.push(character);
    }
    words
}
