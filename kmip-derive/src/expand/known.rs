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
    by: By<'a>,
    /// The place of the type, to which the compiler points where the type lacks the trait.
    pub(super) site: Span,
}

/// How values are read.
enum By<'a> {
    /// By themselves.
    Alone,
    /// As a choice by tag.
    Tag,
    /// In the form that a value of this type decides, which is the expression behind it.
    Selector(&'a Type, TokenStream),
}

impl<'a> Known<'a> {
    /// A type whose values are read by themselves.
    pub(super) fn alone(ty: &'a Type) -> Self {
        Self { ty, by: By::Alone, site: site_of(ty) }
    }

    /// A type whose form is decided by what its owner is read with.
    pub(super) fn selected(ty: &'a Type, selector: &'a Type) -> Self {
        let site = site_of(ty);
        Self { ty, by: By::Selector(selector, quote_spanned!(site=> selector)), site }
    }

    /// The type of one of the fields of a structure.
    pub(super) fn of_field(item: &'a ItemField, model: &'a Model, fields: &'a [Field]) -> Self {
        let ty = &item.ty;
        match (&item.selector, &model.selector, &item.tag) {
            (Some(Selector::Own), Some(selector), _) => Self::selected(ty, selector),
            (Some(Selector::Field(name)), _, _) => {
                let site = site_of(ty);
                match fields.iter().find(|field| field.ident == *name) {
                    Some(field) => {
                        Self { ty, by: By::Selector(&field.ty, quote_spanned!(site=> &#name)), site }
                    }
                    None => Self::alone(ty),
                }
            }
            (None, _, FieldTag::OfValue) => Self { ty, by: By::Tag, site: site_of(ty) },
            _ => Self::alone(ty),
        }
    }

    /// The type as one that has the trait.
    fn path(&self, site: Span) -> TokenStream {
        let ty = self.ty;
        match &self.by {
            By::Alone => quote_spanned!(site=> <#ty as __k::Known>),
            By::Tag => quote_spanned!(site=> <#ty as __k::BringsTag>),
            By::Selector(selector, _) => quote_spanned!(site=> <#ty as __k::Selected<#selector>>),
        }
    }

    /// What the type is on the wire.
    pub(super) fn form(&self) -> TokenStream {
        self.form_at(self.site)
    }

    /// What the type is on the wire, in code that is at another place.
    pub(super) fn form_at(&self, site: Span) -> TokenStream {
        let path = self.path(site);
        quote_spanned!(site=> #path::FORM)
    }

    /// A call that writes `value`, a reference, by the function with this name.
    pub(super) fn write(&self, function: &str, value: &TokenStream, arguments: &TokenStream) -> TokenStream {
        let site = self.site;
        let (path, function) = (self.path(site), Ident::new(function, site));
        quote_spanned!(site=> #path::#function(#value, #arguments, writer))
    }

    /// A call that reads by the function with this name.
    pub(super) fn read(&self, function: &str, arguments: &TokenStream) -> TokenStream {
        let site = self.site;
        let (path, function) = (self.path(site), Ident::new(function, site));
        let selector = match &self.by {
            By::Selector(_, value) => Some(quote_spanned!(site=> #value,)),
            By::Alone | By::Tag => None,
        };
        quote_spanned!(site=> #path::#function(#selector #arguments, reader))
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
