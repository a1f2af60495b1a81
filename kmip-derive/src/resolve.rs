//! Resolves names to what they stand for: tags, versions, types, selectors.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{LitStr, Pat};

use crate::errors::Errors;
use crate::model::{
    Bound, Choice, Field, FieldTag, Form, ItemField, Kind, Model, Presence, Selector, Variant, alternatives,
    tag_bounds,
};
use crate::names::{
    resolve_field_name, resolve_tag, resolve_tag_name, resolve_variant_name, resolve_version,
};
use crate::nearest::nearest;
use crate::parse::{Ast, AstChoice, AstField, AstVariant, Body, By};
use crate::presence::resolve_presence;
use crate::shape::{self, Shape};
use crate::tables::Version;
use crate::types::refuse_type;

/// Resolves a whole item. Where something cannot be resolved, it is left out and there is a mistake.
pub(crate) fn resolve(ast: Ast<'_>, errors: &mut Errors) -> Option<Model> {
    let root = ast.tag.as_ref().and_then(|tag| resolve_tag(tag, errors));
    let kind = match &ast.body {
        Body::Structure(fields) => {
            let resolve = |(index, field)| {
                let form = resolve_field(field, &fields[..index], &ast, errors)?;
                let secret = field.secret.is_some();
                Some(Field { ident: field.ident.clone(), ty: field.ty.clone(), form, secret })
            };
            Kind::Structure(fields.iter().enumerate().filter_map(resolve).collect())
        }
        Body::Transparent { ty, secret } => {
            refuse_type(ty, errors);
            Kind::Transparent { ty: Box::new((*ty).clone()), secret: secret.is_some() }
        }
        Body::Choice(choice) => {
            Kind::Choice(Box::new(resolve_choice(choice, ast.selector.is_some(), errors)))
        }
    };
    Some(Model {
        ident: ast.ident.clone(),
        vis: ast.vis.clone(),
        krate: ast.krate,
        root,
        selector: ast.selector,
        version: ast.version,
        no_new: ast.no_new.is_some(),
        kind,
    })
}

fn resolve_field(
    field: &AstField<'_>,
    earlier: &[AstField<'_>],
    ast: &Ast<'_>,
    errors: &mut Errors,
) -> Option<Form> {
    if field.catch_all.is_some() {
        return Some(Form::CatchAll { ty: field.ty.clone() });
    }
    if field.flatten.is_some() {
        return match Shape::of(field.ty) {
            Shape::Required(ty) => Some(Form::Flatten(ty.clone())),
            _ => {
                let message = "what is flattened stands there once, field by field: make the fields of the \
                               structure optional or repeated, not the structure";
                errors.on(field.ty, message);
                None
            }
        };
    }
    if let Some(path) = &field.with {
        return Some(Form::With(path.clone()));
    }
    let (presence, ty) = match Shape::of(field.ty) {
        Shape::Required(ty) if field.default.is_some() => (Presence::Defaulted, ty),
        Shape::Required(ty) => (Presence::Required, ty),
        Shape::Optional(ty) => (Presence::Optional, ty),
        Shape::Repeated(ty) => (Presence::Repeated, ty),
        Shape::OptionalRepeated(ty) => {
            errors.on(field.ty, "`Option<Vec<_>>` has two ways of saying none: use `Vec<_>`");
            (Presence::Repeated, ty)
        }
    };
    refuse_type(ty, errors);
    if let (Some(span), Presence::Optional | Presence::Repeated) = (field.default, presence) {
        errors.at(span, "`default` has no meaning here: absent reads as none");
    }
    let by_version = resolve_presence(field, presence, errors);
    // Resolved before any is asked for, so that each mistake is reported.
    let selector = field.select.as_ref().map(|select| resolve_selector(select, earlier, ast, errors));
    let since = field.since.as_ref().and_then(|text| resolve_version(text, errors));
    let until = field.until.as_ref().and_then(|text| resolve_version(text, errors));
    let tag = resolve_field_tag(field, errors)?;
    let of_tag = tag_bounds(&tag);
    let selector = match selector {
        Some(selector) => Some(selector?),
        None => None,
    };
    let bound = |given: Option<(Version, Span)>, of_tag: Option<Version>| match (given, of_tag) {
        (Some((version, span)), _) => Bound::Given(version, span),
        (None, Some(version)) => Bound::OfTag(version),
        (None, None) => Bound::None,
    };
    let (since, until) = (bound(since, of_tag.0), bound(until, of_tag.1));
    Some(Form::Item(Box::new(ItemField {
        ty: ty.clone(),
        presence,
        tag,
        since,
        until,
        selector,
        by_version,
        essential: field.essential.is_some(),
        version: field.version,
    })))
}

fn resolve_field_tag(field: &AstField<'_>, errors: &mut Errors) -> Option<FieldTag> {
    if field.choice.is_some() {
        return Some(FieldTag::OfValue);
    }
    let tag = match &field.tag {
        Some(tag) => resolve_tag(tag, errors),
        None => resolve_field_name(field, errors),
    };
    let (Some(formerly), Some(renamed)) = (&field.formerly, &field.renamed) else {
        return tag.map(FieldTag::One);
    };
    let span = renamed.span();
    let formerly = resolve_tag_name(formerly, errors);
    let (renamed, _) = resolve_version(renamed, errors)?;
    Some(FieldTag::Renamed { tag: tag?, formerly: formerly?, renamed, span })
}

fn resolve_selector(
    select: &LitStr,
    earlier: &[AstField<'_>],
    ast: &Ast<'_>,
    errors: &mut Errors,
) -> Option<Selector> {
    let name = select.value();
    if name == "selector" && ast.selector.is_some() {
        return Some(Selector::Own);
    }
    if let Some(field) = earlier.iter().find(|field| field.ident.unraw() == name) {
        return Some(Selector::Field(field.ident.clone()));
    }
    let names: Vec<String> = earlier.iter().map(|field| field.ident.unraw().to_string()).collect();
    let known = match &ast.body {
        Body::Structure(fields) => fields.iter().any(|field| field.ident.unraw() == name),
        Body::Transparent { .. } | Body::Choice(_) => false,
    };
    let hint = match nearest(&name, names.iter().map(String::as_str)) {
        _ if known => "what selects comes before what it selects".to_owned(),
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "this is the first one".to_owned(),
        None => format!("those are `{}`", names.join("`, `")),
    };
    errors.on(select, format_args!("`{name}` is no earlier field: {hint}"));
    None
}

fn resolve_choice(choice: &AstChoice<'_>, has_selector: bool, errors: &mut Errors) -> Choice {
    let mut variants = Vec::new();
    let mut other = None;
    for variant in &choice.variants {
        let resolved = resolve_variant(variant, &choice.by, has_selector, errors);
        match variant.other {
            Some(span) if other.is_some() => errors.at(span, "a choice has one `other`"),
            Some(_) => other = resolved.map(Box::new),
            None => variants.extend(resolved),
        }
    }
    Choice { by: choice.by.clone(), variants, other }
}

/// Whether a pattern takes any value: `_`, or a name, which is a constant's only in upper case.
fn takes_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(name) => {
            name.subpat.is_none() && name.ident.to_string().starts_with(|first: char| first.is_lowercase())
        }
        Pat::Paren(inner) => takes_all(&inner.pat),
        _ => false,
    }
}

fn resolve_variant(
    variant: &AstVariant<'_>,
    by: &By,
    has_selector: bool,
    errors: &mut Errors,
) -> Option<Variant> {
    let AstVariant { ident, ty, .. } = *variant;
    refuse_type(ty, errors);
    let mut tag = None;
    match by {
        By::Tag if variant.other.is_some() => {
            if !shape::is_named(ty, "Item") {
                let message = format_args!("what keeps any other tag keeps the whole item: `{ident}(Item)`");
                errors.on(ty, message);
            }
        }
        By::Tag => {
            tag = Some(match &variant.tag {
                Some(tag) => resolve_tag(tag, errors)?,
                None => resolve_variant_name(variant, errors)?,
            });
        }
        By::ItemType if variant.other.is_some() => {
            let message = "`other` is for a choice by tag or by value: here, a variant that takes any item type, \
                           such as `Value`, does not need it";
            errors.at(variant.other.unwrap_or_else(|| ident.span()), message);
        }
        By::Value(_) if variant.pattern.is_none() && variant.other.is_none() => {
            let message = "which value of the selector is this? Add `#[ttlv(value = \"Type::Variant\")]`, or \
                           `#[ttlv(other)]` for all that are left";
            errors.at(ident.span(), message);
        }
        By::ItemType | By::Value(_) => {}
    }
    if let (Some(tag), false) = (&variant.tag, matches!(by, By::Tag)) {
        errors
            .on(tag, "a variant has a tag in a choice by tag only: `#[ttlv(choice = \"tag\")]` on the enum");
    }
    match (&variant.pattern, by) {
        (Some(pattern), By::ItemType | By::Tag) => {
            let message =
                "a variant has a value in a choice by value only: `#[ttlv(select = \"Type\")]` on the enum";
            errors.on(pattern, message);
        }
        (Some(pattern), By::Value(_)) => {
            for value in alternatives(pattern).into_iter().filter(|value| takes_all(value)) {
                let shown = value.to_token_stream();
                let message = format_args!(
                    "`{shown}` is no value: what takes every value that is left is `#[ttlv(other)]`"
                );
                errors.on(value, message);
            }
        }
        (None, _) => {}
    }
    if let (Some(span), false) = (variant.select, has_selector || matches!(by, By::Value(_))) {
        errors.at(span, "there is no selector to hand on: add `#[ttlv(selector = \"Type\")]` to the enum");
    }
    Some(Variant {
        ident: ident.clone(),
        ty: ty.clone(),
        tag,
        pattern: variant.pattern.clone(),
        select: variant.select.is_some(),
        since: variant.since.as_ref().and_then(|text| resolve_version(text, errors)),
        secret: variant.secret.is_some(),
    })
}
