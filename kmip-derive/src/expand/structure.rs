//! Writes the code of a structure.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::{
    assertion, builder, decode_call, decode_impl, secret, tag_tokens, version_tokens, versions_tokens,
};
use crate::model::{Field, FieldTag, Form, ItemField, Model, Presence, Selector};
use crate::parse::type_span;

/// The code of a struct with named fields.
pub(super) fn expand(model: &Model, fields: &[Field]) -> TokenStream {
    let schema = schema_impls(model, fields);
    let codec = if model.selector.is_none() { codec(model, fields) } else { selected_codec(model, fields) };
    let flattened = fields.iter().filter_map(flattened_assertion);
    let builder = builder::expand(model, fields);
    let secret = secret::of_structure(model, fields);
    quote!(#schema #codec #(#flattened)* #builder #secret)
}

/// The code of a struct with one unnamed field.
pub(super) fn expand_transparent(model: &Model, ty: &Type, is_secret: bool) -> TokenStream {
    let ident = &model.ident;
    let call = decode_call(ty, model.selector.is_some());
    let decode = decode_impl(model, &quote_spanned!(Span::mixed_site()=> #call.map(Self)));
    let secret = is_secret.then(|| secret::of_transparent(model, ty));
    quote_spanned! {Span::mixed_site()=>
        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes = <#ty as __k::Wire>::ITEM_TYPES;
            const NAMES: __k::Names = <#ty as __k::Wire>::NAMES;
            const BRINGS_TAG: __k::bool = <#ty as __k::Wire>::BRINGS_TAG;
        }

        impl __k::Encode for #ident {
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                <#ty as __k::Encode>::encode(&self.0, tag, writer)
            }
        }

        #decode
        #secret
    }
}

/// The schema, and the constants that check each field's type.
fn schema_impls(model: &Model, fields: &[Field]) -> TokenStream {
    let ident = &model.ident;
    let name = model.name();
    let FieldList { spliced, list } = field_list(fields);
    let catch_all = fields.iter().any(|field| matches!(field.form, Form::CatchAll { .. }));
    let catch_all = catch_all.then(|| quote_spanned!(Span::mixed_site()=> .and_all_else()));
    let assertions = fields.iter().filter_map(|field| match &field.form {
        Form::Item(item) => assertion(item),
        Form::With(_) | Form::Flatten(_) | Form::CatchAll { .. } => None,
    });
    quote_spanned! {Span::mixed_site()=>
        #spliced
        const FIELDS: &[__k::Field] = #list;
        const SCHEMA: &__k::Schema = &__k::Schema::new(#name, FIELDS) #catch_all;
        #(#assertions)*

        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes = __k::ItemTypes::STRUCTURE;
        }

        impl __k::Structure for #ident {
            const SCHEMA: &'static __k::Schema = SCHEMA;
        }
    }
}

/// What does not compile where the standard does not allow the type. Each field has a constant of its own, so
/// that every mistake is reported. The variants of a choice by tag are checked where it is.
fn assertion(item: &ItemField) -> Option<TokenStream> {
    match &item.tag {
        FieldTag::One(tag) => assertion::under_tags(&item.ty, &[tag]),
        FieldTag::Renamed { tag, formerly, .. } => assertion::under_tags(&item.ty, &[tag, formerly]),
        FieldTag::OfValue => None,
    }
}

/// The fields of the schema as one slice.
struct FieldList {
    /// The constant in which those of modules and of other structures are spliced into the own ones.
    spliced: Option<TokenStream>,
    /// The slice.
    list: TokenStream,
}

fn field_list(fields: &[Field]) -> FieldList {
    let site = Span::mixed_site();
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for field in fields {
        match (&field.form, spliced(field)) {
            (Form::Item(item), _) => group.push(field_constant(item)),
            (_, Some(others)) => {
                let before = core::mem::take(&mut group);
                groups.push(quote_spanned!(site=> &[#(#before),*]));
                groups.push(others);
            }
            (_, None) => {}
        }
    }
    if groups.is_empty() {
        return FieldList { spliced: None, list: quote_spanned!(site=> &[#(#group),*]) };
    }
    let Place { own, spliced } = Place::after(fields);
    let constant = quote_spanned! {site=>
        const SPLICED: [__k::Field; #own #(+ #spliced.len())*] =
            __k::splice_fields(&[#(#groups,)* &[#(#group),*]]);
    };
    FieldList { spliced: Some(constant), list: quote_spanned!(site=> &SPLICED) }
}

/// The fields that stand in the schema for one that is written and read as several.
fn spliced(field: &Field) -> Option<TokenStream> {
    match &field.form {
        Form::With(path) => Some(quote_spanned!(Span::mixed_site()=> #path::FIELDS)),
        Form::Flatten(ty) => Some(quote_spanned!(site_of(ty)=> <#ty as __k::Fields>::INNER.fields)),
        Form::Item(_) | Form::CatchAll { .. } => None,
    }
}

/// A place in the schema.
struct Place {
    /// How many fields of the structure's own are before it.
    own: Literal,
    /// What is spliced before it.
    spliced: Vec<TokenStream>,
}

impl Place {
    /// The place behind these fields.
    fn after(fields: &[Field]) -> Self {
        let own = fields.iter().filter(|field| matches!(field.form, Form::Item(_))).count();
        Self { own: Literal::usize_unsuffixed(own), spliced: fields.iter().filter_map(spliced).collect() }
    }

    /// The field there.
    fn field(&self) -> TokenStream {
        let Self { own, spliced } = self;
        quote_spanned!(Span::mixed_site()=> &FIELDS[#own #(+ #spliced.len())*])
    }
}

fn field_constant(item: &ItemField) -> TokenStream {
    let ty = &item.ty;
    let site = site_of(ty);
    let presence = match item.presence {
        Presence::Required => quote_spanned!(site=> required),
        Presence::Optional | Presence::Defaulted => quote_spanned!(site=> optional),
        Presence::Repeated => quote_spanned!(site=> repeated),
    };
    let of = quote_spanned!(site=> .of::<#ty>());
    let (tag, more) = match &item.tag {
        FieldTag::One(tag) => (tag_tokens(tag), of),
        FieldTag::Renamed { tag, formerly, renamed, .. } => {
            let (formerly, renamed) = (tag_tokens(formerly), version_tokens(*renamed));
            (tag_tokens(tag), quote_spanned!(site=> #of.formerly(#formerly, #renamed)))
        }
        FieldTag::OfValue => {
            let first = quote_spanned!(site=> <#ty as __k::Tagged>::TAGS[0]);
            (first, quote_spanned!(site=> .choice::<#ty>()))
        }
    };
    let since =
        item.since.version().map(version_tokens).map(|version| quote_spanned!(site=> .since(#version)));
    let until =
        item.until.version().map(version_tokens).map(|version| quote_spanned!(site=> .until(#version)));
    let required = item.by_version.required.map(|versions| {
        let versions = versions_tokens(versions);
        quote_spanned!(site=> .required_in(#versions))
    });
    let once = item.by_version.once.map(|versions| {
        let versions = versions_tokens(versions);
        quote_spanned!(site=> .once_in(#versions))
    });
    let essential = item.essential.then(|| quote_spanned!(site=> .essential()));
    quote_spanned!(site=> __k::Field::#presence(#tag) #more #since #until #required #once #essential)
}

/// The place of a field's type, to which the compiler points where the type lacks a trait.
pub(super) fn site_of(ty: &Type) -> Span {
    Span::mixed_site().located_at(type_span(ty))
}

fn flattened_assertion(field: &Field) -> Option<TokenStream> {
    let Form::Flatten(ty) = &field.form else { return None };
    let site = type_span(ty);
    Some(quote_spanned!(site=> const _: () = __k::assert_flattened(<#ty as __k::Fields>::INNER, SCHEMA);))
}

/// How a structure is written and read, with and without the structure around its fields.
fn codec(model: &Model, fields: &[Field]) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &model.ident;
    let statements = encode_statements(fields);
    let value = decode_value(fields);
    let writer = if fields.is_empty() { quote!(_) } else { quote_spanned!(site=> writer) };
    quote_spanned! {site=>
        impl __k::Fields for #ident {
            #[inline(always)]
            fn write_fields(&self, #writer: &mut __k::Writer) -> __k::Written {
                #statements
            }

            #[inline(always)]
            fn read_fields(reader: &mut __k::Reader<'_>, end: __k::End) -> __k::Read<Self> {
                #value
            }
        }

        impl __k::Encode for #ident {
            #[inline]
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                __k::encode_structure(self, tag, writer)
            }
        }

        impl __k::Decode for #ident {
            #[inline]
            fn decode(tag: __k::Tag, reader: &mut __k::Reader<'_>) -> __k::Read<Self> {
                __k::decode_structure(tag, reader)
            }
        }
    }
}

/// How a structure is written and read whose form a selector decides.
fn selected_codec(model: &Model, fields: &[Field]) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &model.ident;
    let statements = encode_statements(fields);
    let value = decode_value(fields);
    let decode =
        decode_impl(model, &quote_spanned!(site=> reader.fields(tag, SCHEMA, |reader, end| { #value })));
    quote_spanned! {site=>
        impl __k::Encode for #ident {
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                writer.structure(tag, |writer| { #statements })
            }
        }

        #decode
    }
}

fn encode_statements(fields: &[Field]) -> TokenStream {
    let statement = |(index, field): (usize, &Field)| {
        let ident = &field.ident;
        match &field.form {
            Form::Item(item) => {
                let site = site_of(&item.ty);
                let method = Ident::new(encode_method(item), site);
                let place = Place::after(&fields[..index]).field();
                quote_spanned!(site=> writer.#method(#place, &self.#ident))
            }
            Form::With(path) => quote_spanned!(Span::mixed_site()=> #path::encode(&self.#ident, writer)),
            Form::Flatten(ty) => {
                quote_spanned!(site_of(ty)=> <#ty as __k::Fields>::write_fields(&self.#ident, writer))
            }
            Form::CatchAll { .. } => quote_spanned!(Span::mixed_site()=> writer.items(&self.#ident)),
        }
    };
    let mut statements: Vec<TokenStream> = fields.iter().enumerate().map(statement).collect();
    let last = statements.pop().unwrap_or_else(|| quote_spanned!(Span::mixed_site()=> __k::Ok(())));
    quote_spanned!(Span::mixed_site()=> #(#statements?;)* #last)
}

fn encode_method(item: &ItemField) -> &'static str {
    match (&item.tag, item.presence) {
        (FieldTag::OfValue, Presence::Required | Presence::Defaulted) => "tagged",
        (FieldTag::OfValue, Presence::Optional) => "tagged_optional",
        (FieldTag::OfValue, Presence::Repeated) => "tagged_repeated",
        (_, Presence::Required | Presence::Defaulted) => "required",
        (_, Presence::Optional) => "optional",
        (_, Presence::Repeated) => "repeated",
    }
}

/// The fields are read in their order. With the last of them, before the value is put together, comes the check that
/// nothing is left: a check behind it would have the whole value moved.
fn decode_value(fields: &[Field]) -> TokenStream {
    let site = Span::mixed_site();
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let mut values: Vec<TokenStream> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match &field.form {
            Form::Item(item) => decode_field(&Place::after(&fields[..index]).field(), item),
            Form::With(path) => quote_spanned!(site=> #path::decode(reader)?),
            Form::Flatten(ty) => {
                quote_spanned!(site_of(ty)=> <#ty as __k::Fields>::read_fields(reader, __k::End::OfFlattened)?)
            }
            Form::CatchAll { .. } => quote_spanned!(site=> reader.rest()?),
        })
        .collect();
    let Some(last) = values.pop() else {
        return quote_spanned!(site=> end.after(Self {}, reader));
    };
    values.push(quote_spanned!(site=> end.after(#last, reader)?));
    // They need names only where one selects another.
    if fields.iter().any(selects) {
        quote_spanned!(site=> #(let #idents = #values;)* __k::Ok(Self { #(#idents),* }))
    } else {
        quote_spanned!(site=> __k::Ok(Self { #(#idents: #values),* }))
    }
}

fn selects(field: &Field) -> bool {
    matches!(&field.form, Form::Item(item) if matches!(item.selector, Some(Selector::Field(_))))
}

fn decode_field(place: &TokenStream, item: &ItemField) -> TokenStream {
    let site = site_of(&item.ty);
    let selector = item.selector.as_ref().map(|selector| match selector {
        Selector::Field(ident) => quote_spanned!(site=> , &#ident),
        Selector::Own => quote_spanned!(site=> , selector),
    });
    let suffix = if selector.is_some() { "_selected" } else { "" };
    let (name, default) = match item.presence {
        _ if item.version.is_some() => ("stated_version", None),
        Presence::Required => ("required", None),
        Presence::Optional => ("optional", None),
        Presence::Defaulted => ("optional", Some(quote_spanned!(site=> .unwrap_or_default()))),
        Presence::Repeated => ("repeated", None),
    };
    let method = Ident::new(&format!("{name}{suffix}"), site);
    quote_spanned!(site=> reader.#method(#place, SCHEMA #selector)? #default)
}
