//! Reads `#[ttlv(...)]` into names with values, and refuses names that the place does not take.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Lit, LitStr, Token};

use crate::errors::Errors;
use crate::nearest::nearest;

/// Where attributes stand, and which that place takes.
pub(crate) struct Place {
    /// The place, for messages: `a field`.
    pub(crate) name: &'static str,
    /// The attributes.
    pub(crate) takes: &'static [&'static str],
}

/// One `name` or `name = value`.
struct Attribute {
    name: Ident,
    value: Option<Lit>,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `crate` is a keyword.
        let name = input.call(Ident::parse_any)?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { name, value })
    }
}

/// An attribute that holds in a range of versions, or in all.
pub(crate) struct When {
    pub(crate) span: Span,
    pub(crate) range: Option<LitStr>,
}

/// The attributes of one place.
pub(crate) struct Attributes(Vec<Attribute>);

impl Attributes {
    /// Reads all `#[ttlv(...)]` of a place.
    pub(crate) fn read(attributes: &[syn::Attribute], place: &Place, errors: &mut Errors) -> Self {
        let mut list: Vec<Attribute> = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("ttlv")) {
            let parser = Punctuated::<Attribute, Token![,]>::parse_terminated;
            for one in errors.ok(attribute.parse_args_with(parser)).unwrap_or_default() {
                let name = one.name.to_string();
                if !place.takes.contains(&name.as_str()) {
                    errors.at(one.name.span(), unknown(&name, place));
                } else if list.iter().any(|other| other.name == one.name) {
                    errors.at(one.name.span(), format_args!("`{name}` is given twice"));
                } else {
                    list.push(one);
                }
            }
        }
        Self(list)
    }

    fn find(&self, name: &str) -> Option<&Attribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    /// The place of an attribute, if it is given.
    pub(crate) fn span(&self, name: &str) -> Option<Span> {
        self.find(name).map(|attribute| attribute.name.span())
    }

    /// The place of an attribute's value, if it has one.
    pub(crate) fn value_span(&self, name: &str) -> Option<Span> {
        self.find(name)?.value.as_ref().map(Lit::span)
    }

    /// An attribute that takes no value.
    pub(crate) fn flag(&self, name: &str, errors: &mut Errors) -> Option<Span> {
        let attribute = self.find(name)?;
        if let Some(value) = &attribute.value {
            errors.on(value, format_args!("`{name}` takes no value here"));
        }
        Some(attribute.name.span())
    }

    /// An attribute that may say in which versions it holds.
    pub(crate) fn when(&self, name: &str, example: &str, errors: &mut Errors) -> Option<When> {
        let attribute = self.find(name)?;
        let range = match &attribute.value {
            Some(_) => Some(self.text(name, example, errors)?.clone()),
            None => None,
        };
        Some(When { span: attribute.name.span(), range })
    }

    /// An attribute that takes any literal.
    pub(crate) fn value(&self, name: &str, example: &str, errors: &mut Errors) -> Option<&Lit> {
        let attribute = self.find(name)?;
        if attribute.value.is_none() {
            errors.at(
                attribute.name.span(),
                format_args!("`{name}` needs a value, such as `{name} = {example}`"),
            );
        }
        attribute.value.as_ref()
    }

    /// An attribute that takes a text in quotes.
    pub(crate) fn text(&self, name: &str, example: &str, errors: &mut Errors) -> Option<&LitStr> {
        match self.value(name, example, errors)? {
            Lit::Str(text) => Some(text),
            other => {
                errors.on(
                    other,
                    format_args!("`{name}` takes a value in quotes, such as `{name} = {example}`"),
                );
                None
            }
        }
    }

    /// An attribute that takes Rust code in quotes.
    pub(crate) fn code<T: Parse>(&self, name: &str, example: &str, errors: &mut Errors) -> Option<T> {
        self.code_with(name, example, T::parse, errors)
    }

    /// An attribute that takes Rust code in quotes.
    pub(crate) fn code_with<T>(
        &self,
        name: &str,
        example: &str,
        parser: impl Parser<Output = T>,
        errors: &mut Errors,
    ) -> Option<T> {
        let text = self.text(name, example, errors)?;
        let parsed = text.parse_with(parser);
        if parsed.is_err() {
            errors.on(text, format_args!("`{}` is not Rust as in `{name} = {example}`", text.value()));
        }
        parsed.ok()
    }

    /// Refuses each attribute given of `names` beside the one that is at odds with them.
    pub(crate) fn conflict(&self, with: &str, names: &[&str], errors: &mut Errors) {
        if self.find(with).is_none() {
            return;
        }
        for attribute in self.0.iter().filter(|attribute| names.iter().any(|name| attribute.name == name)) {
            let name = &attribute.name;
            errors.at(name.span(), format_args!("`{name}` has no meaning beside `{with}`"));
        }
    }
}

fn unknown(name: &str, place: &Place) -> String {
    if place.takes.is_empty() {
        return format!("{} has no attributes", place.name);
    }
    match nearest(name, place.takes.iter().copied()) {
        Some(near) => format!("{} has no attribute `{name}`; did you mean `{near}`?", place.name),
        None => {
            let takes: Vec<String> = place.takes.iter().map(|name| format!("`{name}`")).collect();
            format!("{} has no attribute `{name}`; it takes {}", place.name, takes.join(", "))
        }
    }
}
