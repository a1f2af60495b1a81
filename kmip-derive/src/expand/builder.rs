//! Writes a struct's constructor and setters.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

use crate::model::{Field, FieldTag, Form, ItemField, Model, Presence};
use crate::shape::{self, Shape};

/// What a caller says of a field.
enum Argument<'a> {
    /// A value, to the constructor.
    Required(&'a Type),
    /// Values of which there is at least one, to the constructor.
    RequiredRepeated(&'a Type),
    /// A value, to a setter of an `Option`.
    Optional(&'a Type),
    /// A value, to a setter of what has a default.
    Defaulted(&'a Type),
    /// Values, to a setter of a `Vec`.
    Repeated(&'a Type),
}

/// `new` with what is required, and `with_…` for each field that is not.
pub(super) fn expand(model: &Model, fields: &[Field]) -> TokenStream {
    let ident = &model.ident;
    let new = if model.no_new { None } else { constructor(model, fields) };
    let setters: Vec<TokenStream> = fields.iter().filter_map(|field| setter(model, field)).collect();
    if new.is_none() && setters.is_empty() {
        return TokenStream::new();
    }
    quote_spanned! {Span::mixed_site()=>
        // What a private type does not use of it is no fault of its author, nor is a private field's type.
        #[allow(dead_code, private_bounds, private_interfaces)]
        impl #ident { #new #(#setters)* }
    }
}

fn argument(field: &Field) -> Argument<'_> {
    match &field.form {
        Form::Item(item) => match item.presence {
            Presence::Required => Argument::Required(&item.ty),
            Presence::Optional => Argument::Optional(&item.ty),
            Presence::Defaulted => Argument::Defaulted(&item.ty),
            Presence::Repeated if item.by_version.is_always_required() => {
                Argument::RequiredRepeated(&item.ty)
            }
            Presence::Repeated => Argument::Repeated(&item.ty),
        },
        Form::Flatten(ty) => Argument::Required(ty),
        Form::With(_) | Form::CatchAll { .. } => match Shape::of(&field.ty) {
            Shape::Required(ty) => Argument::Required(ty),
            Shape::Optional(ty) => Argument::Optional(ty),
            Shape::Repeated(ty) => Argument::Repeated(ty),
            // Of a module's field only: any other is refused.
            Shape::OptionalRepeated(_) => Argument::Required(&field.ty),
        },
    }
}

/// Only where something is required: what is not has a `Default`, if any.
fn constructor(model: &Model, fields: &[Field]) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        let ident = &field.ident;
        values.push(match argument(field) {
            Argument::Required(ty) if is_converted(field) => {
                parameters.push(quote_spanned!(site=> #ident: impl __k::Into<#ty>));
                quote_spanned!(site=> #ident: __k::Into::into(#ident))
            }
            Argument::Required(ty) => {
                parameters.push(quote_spanned!(site=> #ident: #ty));
                quote_spanned!(site=> #ident)
            }
            Argument::RequiredRepeated(ty) => {
                let ty = taken(field, ty);
                parameters.push(quote_spanned!(site=> #ident: impl __k::IntoIterator<Item = #ty>));
                quote_spanned!(site=> #ident: __k::collect(#ident))
            }
            Argument::Optional(_) => quote_spanned!(site=> #ident: __k::None),
            Argument::Repeated(_) => quote_spanned!(site=> #ident: __k::Vec::new()),
            Argument::Defaulted(_) => quote_spanned!(site=> #ident: __k::Default::default()),
        });
    }
    if parameters.is_empty() {
        return None;
    }
    let vis = &model.vis;
    // The lint counts what the standard requires.
    let many = (parameters.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    Some(quote_spanned! {site=>
        #[doc = "One with what is required."]
        #many
        #vis fn new(#(#parameters),*) -> Self {
            Self { #(#values),* }
        }
    })
}

fn setter(model: &Model, field: &Field) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let Model { vis, .. } = model;
    let ident = &field.ident;
    let name = ident.unraw().to_string();
    let method = format_ident!("with_{name}", span = site.located_at(ident.span()));
    let converted = is_converted(field);
    let into = |ty| taken(field, ty);
    let value =
        if converted { quote_spanned!(site=> __k::Into::into(value)) } else { quote_spanned!(site=> value) };
    let (parameter, value) = match argument(field) {
        Argument::Required(_) | Argument::RequiredRepeated(_) => return None,
        Argument::Optional(ty) => {
            let ty = into(ty);
            (quote_spanned!(site=> value: #ty), quote_spanned!(site=> __k::Some(#value)))
        }
        Argument::Defaulted(ty) => {
            let ty = into(ty);
            (quote_spanned!(site=> value: #ty), value)
        }
        Argument::Repeated(ty) => {
            let ty = into(ty);
            let parameter = quote_spanned!(site=> values: impl __k::IntoIterator<Item = #ty>);
            let values = quote_spanned!(site=> __k::collect(values));
            (parameter, values)
        }
    };
    let doc = format!("The same with `{name}` set.");
    Some(quote_spanned! {site=>
        #[doc = #doc]
        #vis fn #method(mut self, #parameter) -> Self {
            self.#ident = #value;
            self
        }
    })
}

/// What stands for a value of a field's type as an argument.
fn taken(field: &Field, ty: &Type) -> TokenStream {
    match is_converted(field) {
        true => quote_spanned!(Span::mixed_site()=> impl __k::Into<#ty>),
        false => quote!(#ty),
    }
}

/// Whether several Rust types are likely to stand for the field's: text, bytes, dates, big numbers. Of others,
/// such as an enumeration, the type itself is asked for, which reads better and infers better.
fn is_converted(field: &Field) -> bool {
    const CONVERTED: [&str; 8] = [
        "String",
        "SecretText",
        "SecretBytes",
        "BigInteger",
        "SecretBigInteger",
        "DateTime",
        "DateTimeExtended",
        "Interval",
    ];
    const ITEM_TYPES: [&str; 2] = ["TextString", "ByteString"];
    let Form::Item(item) = &field.form else { return false };
    let ItemField { ty, tag, .. } = &**item;
    let row = match tag {
        FieldTag::One(tag) | FieldTag::Renamed { tag, .. } => tag.row,
        FieldTag::OfValue => None,
    };
    let is_text = row.is_some_and(|row| row.types.iter().any(|name| ITEM_TYPES.contains(name)));
    is_text || CONVERTED.iter().any(|name| shape::is_named(ty, name)) || shape::is_bytes(ty)
}
