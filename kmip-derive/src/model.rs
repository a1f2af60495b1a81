//! Resolves names to what they stand for: tags, versions, types, selectors.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{LitStr, Pat, Path, Type, Visibility};

use crate::errors::Errors;
use crate::names::{
    resolve_field_name, resolve_tag, resolve_tag_name, resolve_variant_name, resolve_version,
};
use crate::parse::{Ast, AstChoice, AstField, AstVariant, Body, By, VersionPath};
use crate::shape::Shape;
use crate::tables::{TagRow, Version};

/// A type that is resolved.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Path,
    /// The type's natural tag.
    pub(crate) root: Option<Tag>,
    /// The type whose value decides the form.
    pub(crate) selector: Option<Type>,
    /// The field, or a field of a field, that says in which version's form the value is.
    pub(crate) version: Option<VersionPath>,
    /// The type has a constructor and setters of its own.
    pub(crate) no_new: bool,
    pub(crate) kind: Kind,
}

/// What a type is on the wire.
pub(crate) enum Kind {
    Structure(Vec<Field>),
    Transparent { ty: Box<Type>, secret: bool },
    Choice(Box<Choice>),
}

/// A tag.
#[derive(Clone)]
pub(crate) struct Tag {
    pub(crate) value: u32,
    /// What the standard says of it; nothing for a vendor's.
    pub(crate) row: Option<&'static TagRow>,
    /// Where the input names it.
    pub(crate) span: Span,
}

/// A field of a structure.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) form: Form,
    pub(crate) secret: bool,
}

/// How a field is written and read.
pub(crate) enum Form {
    /// As an item, or several.
    Item(Box<ItemField>),
    /// By a module.
    With(Path),
    /// As the fields of another structure.
    Flatten(Type),
    /// As all items that are left.
    CatchAll { ty: Type },
}

/// A field that is an item, or several.
pub(crate) struct ItemField {
    /// The type of one item.
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
    pub(crate) tag: FieldTag,
    pub(crate) since: Bound,
    pub(crate) until: Bound,
    pub(crate) selector: Option<Selector>,
}

/// How often a field occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Absent reads as the default.
    Defaulted,
    Repeated,
}

/// The tag that a field has.
pub(crate) enum FieldTag {
    /// This one.
    One(Tag),
    /// This one, and another one before a version.
    Renamed { tag: Tag, formerly: Tag, renamed: Version, span: Span },
    /// The one that its value brings.
    OfValue,
}

/// A first or last version.
pub(crate) enum Bound {
    None,
    /// That of the tag.
    OfTag(Version),
    /// As the input has it.
    Given(Version, Span),
}

/// What decides the form of a field.
pub(crate) enum Selector {
    /// An earlier field.
    Field(Ident),
    /// What the structure itself was read with.
    Own,
}

/// A choice.
pub(crate) struct Choice {
    pub(crate) by: By,
    pub(crate) variants: Vec<Variant>,
    /// The variant that takes what no other does.
    pub(crate) other: Option<Box<Variant>>,
}

/// A variant of a choice.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// In a choice by tag.
    pub(crate) tag: Option<Tag>,
    /// In a choice by value.
    pub(crate) pattern: Option<Pat>,
    /// The payload takes the selector too.
    pub(crate) select: bool,
    /// The first version that has the variant.
    pub(crate) since: Option<Version>,
    pub(crate) secret: bool,
}

impl Model {
    /// The type's name.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// Whether a value can be read without a selector.
    pub(crate) fn is_decodable(&self) -> bool {
        let by_value = matches!(&self.kind, Kind::Choice(choice) if matches!(choice.by, By::Value(_)));
        self.selector.is_none() && !by_value
    }
}

impl Choice {
    /// Every variant.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().chain(self.other.as_deref())
    }
}

impl Bound {
    pub(crate) fn version(&self) -> Option<Version> {
        match self {
            Self::None => None,
            Self::OfTag(version) | Self::Given(version, _) => Some(*version),
        }
    }
}

impl Tag {
    /// The name, for messages.
    pub(crate) fn name(&self) -> String {
        match self.row {
            Some(row) => row.current_name().to_owned(),
            None => format!("0x{:06X}", self.value),
        }
    }
}

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
    if let (Some(span), Presence::Optional | Presence::Repeated) = (field.default, presence) {
        errors.at(span, "`default` has no meaning here: absent reads as none");
    }
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
    Some(Form::Item(Box::new(ItemField { ty: ty.clone(), presence, tag, since, until, selector })))
}

/// The versions that have a field's tag, where those are not all versions.
pub(crate) fn tag_bounds(tag: &FieldTag) -> (Option<Version>, Option<Version>) {
    let (first, last) = match tag {
        FieldTag::One(tag) => (tag, tag),
        FieldTag::Renamed { tag, formerly, .. } => (formerly, tag),
        FieldTag::OfValue => return (None, None),
    };
    let since = first.row.map(TagRow::since).filter(|version| *version > Version::first());
    (since, last.row.and_then(TagRow::until))
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
    match earlier.iter().find(|field| field.ident.unraw() == name) {
        Some(field) => Some(Selector::Field(field.ident.clone())),
        None => {
            let names: Vec<String> =
                earlier.iter().map(|field| format!("`{}`", field.ident.unraw())).collect();
            let message = match names.len() {
                0 => format!("`{name}` is no earlier field: this is the first one"),
                _ => format!("`{name}` is no earlier field; those are {}", names.join(", ")),
            };
            errors.on(select, message);
            None
        }
    }
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

fn resolve_variant(
    variant: &AstVariant<'_>,
    by: &By,
    has_selector: bool,
    errors: &mut Errors,
) -> Option<Variant> {
    let AstVariant { ident, ty, .. } = *variant;
    let mut tag = None;
    match by {
        By::Tag if variant.other.is_some() => {}
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
    if let (Some(pattern), false) = (&variant.pattern, matches!(by, By::Value(_))) {
        let message =
            "a variant has a value in a choice by value only: `#[ttlv(select = \"Type\")]` on the enum";
        errors.on(pattern, message);
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
        since: variant
            .since
            .as_ref()
            .and_then(|text| resolve_version(text, errors))
            .map(|(version, _)| version),
        secret: variant.secret.is_some(),
    })
}
