//! Writes the code of a structure.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::known::Known;
use super::{assertion, builder, decode_impl, secret, tag_tokens, version_tokens, versions_tokens};
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
    let known = match &model.selector {
        Some(selector) => Known::selected(ty, selector),
        None => Known::alone(ty),
    };
    let (form, read) = (known.form(), known.read_item());
    let write = known.write_item(&quote_spanned!(known.site=> &self.0));
    let decode = decode_impl(model, &quote_spanned!(Span::mixed_site()=> #read.map(Self)));
    let secret = is_secret.then(|| secret::of_transparent(model, ty));
    quote_spanned! {Span::mixed_site()=>
        impl __k::Wire for #ident {
            const ITEM_TYPES: __k::ItemTypes = #form.types;
            const NAMES: __k::Names = #form.names;
            const BRINGS_TAG: __k::bool = #form.brings_tag;
        }

        impl __k::Encode for #ident {
            fn encode(&self, tag: __k::Tag, writer: &mut __k::Writer) -> __k::Written {
                #write
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
    let FieldList { spliced, list } = field_list(model, fields);
    let catch_all = fields.iter().any(|field| matches!(field.form, Form::CatchAll { .. }));
    let catch_all = catch_all.then(|| quote_spanned!(Span::mixed_site()=> .and_all_else()));
    let assertions = fields.iter().filter_map(|field| match &field.form {
        Form::Item(item) => assertion(item, &Known::of_field(item, model, fields)),
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
fn assertion(item: &ItemField, known: &Known<'_>) -> Option<TokenStream> {
    match &item.tag {
        FieldTag::One(tag) => assertion::under_tags(known, &[tag]),
        FieldTag::Renamed { tag, formerly, .. } => assertion::under_tags(known, &[tag, formerly]),
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

fn field_list(model: &Model, fields: &[Field]) -> FieldList {
    let site = Span::mixed_site();
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for field in fields {
        match (&field.form, spliced(field)) {
            (Form::Item(item), _) => group.push(field_constant(item, &Known::of_field(item, model, fields))),
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

fn field_constant(item: &ItemField, known: &Known<'_>) -> TokenStream {
    let (site, form) = (known.site, known.form());
    let presence = match item.presence {
        Presence::Required => quote_spanned!(site=> required),
        Presence::Optional | Presence::Defaulted => quote_spanned!(site=> optional),
        Presence::Repeated => quote_spanned!(site=> repeated),
    };
    let (tag, formerly) = match &item.tag {
        FieldTag::One(tag) => (tag_tokens(tag), None),
        FieldTag::Renamed { tag, formerly, renamed, .. } => {
            let (formerly, renamed) = (tag_tokens(formerly), version_tokens(*renamed));
            (tag_tokens(tag), Some(quote_spanned!(site=> .formerly(#formerly, #renamed))))
        }
        FieldTag::OfValue => (quote_spanned!(site=> #form.tags[0]), None),
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
    quote_spanned!(site=> #form.#presence(#tag) #formerly #since #until #required #once #essential)
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
    let statements = encode_statements(model, fields);
    let value = decode_value(model, fields);
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
    let statements = encode_statements(model, fields);
    let value = decode_value(model, fields);
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

fn encode_statements(model: &Model, fields: &[Field]) -> TokenStream {
    let statement = |(index, field): (usize, &Field)| {
        let ident = &field.ident;
        match &field.form {
            Form::Item(item) => {
                let known = Known::of_field(item, model, fields);
                let value = quote_spanned!(known.site=> &self.#ident);
                let place = Place::after(&fields[..index]).field();
                known.write(write_function(item.presence), &value, &place)
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

fn write_function(presence: Presence) -> &'static str {
    match presence {
        Presence::Required | Presence::Defaulted => "write_required",
        Presence::Optional => "write_optional",
        Presence::Repeated => "write_repeated",
    }
}

/// The fields are read in their order. With the last of them, before the value is put together, comes the check that
/// nothing is left: a check behind it would have the whole value moved.
fn decode_value(model: &Model, fields: &[Field]) -> TokenStream {
    let site = Span::mixed_site();
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let mut values: Vec<TokenStream> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match &field.form {
            Form::Item(item) => {
                let known = Known::of_field(item, model, fields);
                decode_field(&Place::after(&fields[..index]).field(), item, &known)
            }
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

fn decode_field(place: &TokenStream, item: &ItemField, known: &Known<'_>) -> TokenStream {
    let site = known.site;
    let place = quote_spanned!(site=> #place, SCHEMA);
    if item.version.is_some() {
        return quote_spanned!(site=> reader.stated_version(#place)?);
    }
    let (function, default) = match item.presence {
        Presence::Required => ("read_required", None),
        Presence::Optional => ("read_optional", None),
        Presence::Defaulted => ("read_optional", Some(quote_spanned!(site=> .unwrap_or_default()))),
        Presence::Repeated => ("read_repeated", None),
    };
    let read = known.read(function, &place);
    quote_spanned!(site=> #read? #default)
}
