//! Refers to what the codec knows of the type of a field or a variant: all of it goes through one trait, so that a
//! type without a form in TTLV is one error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;

use super::structure::site_of;
use crate::model::{Field, FieldTag, ItemField, Model, Selector};

/// A type by the trait that it is written and read by.
pub(super) struct Known<'a> {
    pub(super) ty: &'a Type,
    /// The place of the type, to which the compiler points where the type lacks the trait.
    pub(super) site: Span,
    /// `<Type as Trait>`.
    path: TokenStream,
    /// The value that decides the form, if one does.
    selector: Option<TokenStream>,
}

impl<'a> Known<'a> {
    /// A type whose values are read by themselves.
    pub(super) fn alone(ty: &'a Type) -> Self {
        let site = site_of(ty);
        Self { ty, site, path: quote_spanned!(site=> <#ty as __k::Known>), selector: None }
    }

    /// A choice by tag.
    fn brings_tag(ty: &'a Type) -> Self {
        let site = site_of(ty);
        Self { ty, site, path: quote_spanned!(site=> <#ty as __k::BringsTag>), selector: None }
    }

    /// A type whose form is decided by what its owner is read with.
    pub(super) fn selected(ty: &'a Type, selector: &Type) -> Self {
        let site = site_of(ty);
        Self::selected_by(ty, selector, quote_spanned!(site=> selector))
    }

    fn selected_by(ty: &'a Type, selector: &Type, value: TokenStream) -> Self {
        let site = site_of(ty);
        let path = quote_spanned!(site=> <#ty as __k::Selected<#selector>>);
        Self { ty, site, path, selector: Some(quote_spanned!(site=> #value,)) }
    }

    /// The type of one of the fields of a structure.
    pub(super) fn of_field(item: &'a ItemField, model: &Model, fields: &[Field]) -> Self {
        let ty = &item.ty;
        let type_of = |name: &Ident| fields.iter().find(|field| field.ident == *name).map(|field| &field.ty);
        let site = site_of(ty);
        match (&item.selector, &item.tag) {
            (Some(Selector::Field(name)), _) => match type_of(name) {
                Some(selector) => Self::selected_by(ty, selector, quote_spanned!(site=> &#name)),
                None => Self::alone(ty),
            },
            (Some(Selector::Own), _) => match &model.selector {
                Some(selector) => Self::selected(ty, selector),
                None => Self::alone(ty),
            },
            (None, FieldTag::OfValue) => Self::brings_tag(ty),
            (None, _) => Self::alone(ty),
        }
    }

    /// What the type is on the wire.
    pub(super) fn form(&self) -> TokenStream {
        let Self { path, site, .. } = self;
        quote_spanned!(*site=> #path::FORM)
    }

    /// A call that writes `value`, a reference, by the function with this name.
    pub(super) fn write(&self, function: &str, value: &TokenStream, arguments: &TokenStream) -> TokenStream {
        let Self { path, site, .. } = self;
        let function = Ident::new(function, *site);
        quote_spanned!(*site=> #path::#function(#value, #arguments, writer))
    }

    /// A call that reads by the function with this name.
    pub(super) fn read(&self, function: &str, arguments: &TokenStream) -> TokenStream {
        let Self { path, site, selector, .. } = self;
        let function = Ident::new(function, *site);
        quote_spanned!(*site=> #path::#function(#selector #arguments, reader))
    }

    /// A call that writes `value` as an item under `tag`.
    pub(super) fn write_item(&self, value: &TokenStream) -> TokenStream {
        self.write("write", value, &quote_spanned!(self.site=> tag))
    }

    /// A call that reads an item under `tag`.
    pub(super) fn read_item(&self) -> TokenStream {
        self.read("read", &quote_spanned!(self.site=> tag))
    }
}
