//! Writes the code of a structure.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Path, Type};

use super::{Names, assertion, decode_call, decode_impl, tag_tokens, version_tokens};
use crate::model::{Field, FieldTag, Form, ItemField, Model, Presence, Selector};
use crate::parse::type_span;

/// The code of a struct with named fields.
pub(super) fn expand(model: &Model, fields: &[Field]) -> TokenStream {
    let schema = schema_impls(model, fields);
    let encode = encode_impl(model, fields);
    let decode = decode_impl(model, &decode_body(model, fields));
    let assertions = fields.iter().filter_map(|field| match &field.form {
        Form::Item(item) => Some(assertions(model, item)),
        Form::With(_) | Form::CatchAll { .. } => None,
    });
    quote!(#schema #encode #decode #(#assertions)*)
}

/// The code of a struct with one unnamed field.
pub(super) fn expand_transparent(model: &Model, ty: &Type) -> TokenStream {
    let Names { krate, ttlv, result, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    let call = decode_call(model, ty, model.selector.is_some());
    let decode = decode_impl(model, &quote_spanned!(Span::mixed_site()=> #call.map(Self)));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::Wire for #ident {
            const ITEM_TYPES: #krate::ItemTypes = <#ty as #ttlv::Wire>::ITEM_TYPES;
            const ENUMERATION: ::core::option::Option<&'static #krate::tables::EnumerationInfo> =
                <#ty as #ttlv::Wire>::ENUMERATION;
        }

        #[automatically_derived]
        impl #ttlv::Encode for #ident {
            fn encode(&self, tag: #krate::Tag, writer: &mut #ttlv::Writer) -> #result<(), #krate::EncodeError> {
                <#ty as #ttlv::Encode>::encode(&self.0, tag, writer)
            }
        }

        #decode
    }
}

fn schema_impls(model: &Model, fields: &[Field]) -> TokenStream {
    let Names { krate, ttlv, .. } = Names::new(&model.krate);
    let ident = &model.ident;
    let name = ident.unraw().to_string();
    let list = field_list(model, fields);
    let catch_all = fields.iter().any(|field| matches!(field.form, Form::CatchAll { .. }));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #ttlv::Wire for #ident {
            const ITEM_TYPES: #krate::ItemTypes = #krate::ItemTypes::STRUCTURE;
        }

        #[automatically_derived]
        impl #ttlv::Structure for #ident {
            const SCHEMA: &'static #ttlv::Schema =
                &#ttlv::Schema { name: #name, fields: #list, catch_all: #catch_all };
        }
    }
}

/// The fields of the schema as one slice, into which the fields of modules are spliced.
fn field_list(model: &Model, fields: &[Field]) -> TokenStream {
    let site = Span::mixed_site();
    let ttlv = Names::new(&model.krate).ttlv;
    let mut groups = Vec::new();
    let mut group = Vec::new();
    let mut spliced = Vec::new();
    let mut own = 0_usize;
    for field in fields {
        match &field.form {
            Form::Item(item) => {
                own += 1;
                group.push(field_constant(model, item));
            }
            Form::With(path) => {
                let before = core::mem::take(&mut group);
                groups.push(quote_spanned!(site=> &[#(#before),*]));
                groups.push(quote_spanned!(site=> #path::FIELDS));
                spliced.push(path);
            }
            Form::CatchAll { .. } => {}
        }
    }
    if spliced.is_empty() {
        return quote_spanned!(site=> &[#(#group),*]);
    }
    quote_spanned! {site=>
        &#ttlv::splice_fields::<{ #own #(+ #spliced::FIELDS.len())* }>(&[#(#groups,)* &[#(#group),*]])
    }
}

fn field_constant(model: &Model, item: &ItemField) -> TokenStream {
    let Names { krate, ttlv, .. } = Names::new(&model.krate);
    let ty = &item.ty;
    let site = site_of(item);
    let presence = match item.presence {
        Presence::Required => Ident::new("required", site),
        Presence::Optional | Presence::Defaulted => Ident::new("optional", site),
        Presence::Repeated => Ident::new("repeated", site),
    };
    let (tag, more) = match &item.tag {
        FieldTag::One(tag) => (tag_tokens(tag, krate), None),
        FieldTag::Renamed { tag, formerly, renamed, .. } => {
            let formerly = tag_tokens(formerly, krate);
            let renamed = version_tokens(*renamed, krate);
            (tag_tokens(tag, krate), Some(quote_spanned!(site=> .formerly(#formerly, #renamed))))
        }
        FieldTag::OfValue => {
            let tags = quote_spanned!(site=> <#ty as #ttlv::Tagged>::TAGS);
            (quote_spanned!(site=> #tags[0]), Some(quote_spanned!(site=> .tagged(#tags))))
        }
    };
    let since = item.since.version().map(|version| version_tokens(version, krate));
    let since = since.map(|version| quote_spanned!(site=> .since(#version)));
    let until = item.until.version().map(|version| version_tokens(version, krate));
    let until = until.map(|version| quote_spanned!(site=> .until(#version)));
    quote_spanned!(site=> #ttlv::Field::#presence(#tag).of::<#ty>() #more #since #until)
}

/// The place of a field's type, to which the compiler points where the type lacks a trait.
fn site_of(item: &ItemField) -> Span {
    Span::mixed_site().located_at(type_span(&item.ty))
}

fn assertions(model: &Model, item: &ItemField) -> TokenStream {
    match &item.tag {
        FieldTag::One(tag) => assertion::under_tag(model, &item.ty, &[tag]),
        FieldTag::Renamed { tag, formerly, .. } => assertion::under_tag(model, &item.ty, &[tag, formerly]),
        FieldTag::OfValue => TokenStream::new(),
    }
}

/// The constant of each field that is an item: its place in the schema.
struct Places<'a> {
    own: usize,
    spliced: Vec<&'a Path>,
}

impl<'a> Places<'a> {
    fn new() -> Self {
        Self { own: 0, spliced: Vec::new() }
    }

    /// The next field.
    fn next(&mut self) -> TokenStream {
        let index = proc_macro2::Literal::usize_unsuffixed(self.own);
        let spliced = &self.spliced;
        self.own += 1;
        quote_spanned!(Span::mixed_site()=> &schema.fields[#index #(+ #spliced::FIELDS.len())*])
    }

    /// The fields of a module lie between.
    fn splice(&mut self, path: &'a Path) {
        self.spliced.push(path);
    }
}

fn encode_impl(model: &Model, fields: &[Field]) -> TokenStream {
    let Names { krate, ttlv, result, ok, .. } = Names::new(&model.krate);
    let site = Span::mixed_site();
    let name = &model.ident;
    let mut places = Places::new();
    let statements: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let ident = &field.ident;
            match &field.form {
                Form::Item(item) => {
                    let site = site_of(item);
                    let method = Ident::new(encode_method(item), site);
                    let place = places.next();
                    quote_spanned!(site=> writer.#method(#place, &self.#ident)?;)
                }
                Form::With(path) => {
                    places.splice(path);
                    quote_spanned!(site=> #path::encode(&self.#ident, writer)?;)
                }
                Form::CatchAll { .. } => quote_spanned!(site=> writer.items(&self.#ident)?;),
            }
        })
        .collect();
    let closure = if statements.is_empty() {
        quote_spanned!(site=> |_| #ok(()))
    } else {
        quote_spanned!(site=> |writer| { #(#statements)* #ok(()) })
    };
    let schema = (places.own > 0).then(|| schema_binding(&ttlv));
    quote_spanned! {site=>
        #[automatically_derived]
        impl #ttlv::Encode for #name {
            fn encode(&self, tag: #krate::Tag, writer: &mut #ttlv::Writer) -> #result<(), #krate::EncodeError> {
                #schema
                writer.structure(tag, #closure)
            }
        }
    }
}

fn schema_binding(ttlv: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> let schema = <Self as #ttlv::Structure>::SCHEMA;)
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

fn decode_body(model: &Model, fields: &[Field]) -> TokenStream {
    let Names { ttlv, ok, .. } = Names::new(&model.krate);
    let site = Span::mixed_site();
    let mut places = Places::new();
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let values = fields.iter().map(|field| match &field.form {
        Form::Item(item) => decode_field(item, &places.next()),
        Form::With(path) => {
            places.splice(path);
            quote_spanned!(site=> #path::decode(reader)?)
        }
        Form::CatchAll { .. } => quote_spanned!(site=> reader.rest()?),
    });
    // Either way the fields are read in their order; they need names only where one selects another.
    let value = if fields.iter().any(selects) {
        quote_spanned!(site=> #(let #idents = #values;)* #ok(Self { #(#idents),* }))
    } else {
        quote_spanned!(site=> #ok(Self { #(#idents: #values),* }))
    };
    let schema = schema_binding(&ttlv);
    let reader = if fields.is_empty() { quote_spanned!(site=> _) } else { quote_spanned!(site=> reader) };
    quote_spanned! {site=>
        #schema
        reader.structure(tag, schema, |#reader| { #value })
    }
}

fn selects(field: &Field) -> bool {
    match &field.form {
        Form::Item(item) => matches!(item.selector, Some(Selector::Field(_))),
        Form::With(_) | Form::CatchAll { .. } => false,
    }
}

fn decode_field(item: &ItemField, place: &TokenStream) -> TokenStream {
    let site = site_of(item);
    let selector = item.selector.as_ref().map(|selector| match selector {
        Selector::Field(ident) => quote_spanned!(site=> , &#ident),
        Selector::Own => quote_spanned!(site=> , selector),
    });
    let suffix = if selector.is_some() { "_selected" } else { "" };
    let method = |name: &str| Ident::new(&format!("{name}{suffix}"), site);
    match item.presence {
        Presence::Required => {
            let method = method("required");
            quote_spanned!(site=> reader.#method(#place, schema #selector)?)
        }
        Presence::Optional => {
            let method = method("optional");
            quote_spanned!(site=> reader.#method(#place #selector)?)
        }
        Presence::Defaulted => {
            let method = method("optional");
            quote_spanned!(site=> reader.#method(#place #selector)?.unwrap_or_default())
        }
        Presence::Repeated => {
            let method = method("repeated");
            quote_spanned!(site=> reader.#method(#place #selector)?)
        }
    }
}
