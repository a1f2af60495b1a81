//! Refuses what the standard refuses, and what the codec could not tell apart.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use quote::ToTokens;

use crate::errors::Errors;
use crate::model::{
    Bound, Choice, Field, FieldTag, Form, ItemField, Kind, Model, Selector, Tag, alternatives, tag_bounds,
};
use crate::shape;
use crate::tables::Version;

/// Adds a mistake for each rule that the type breaks.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    check_selector(model, errors);
    match &model.kind {
        Kind::Structure(fields) => check_structure(fields, errors),
        Kind::Transparent { .. } => {}
        Kind::Choice(choice) => check_choice(choice, errors),
    }
}

/// A selector that nothing takes is a slip.
fn check_selector(model: &Model, errors: &mut Errors) {
    let Some(selector) = &model.selector else { return };
    let (taken, hint) = match &model.kind {
        Kind::Structure(fields) => {
            let takes = |field: &Field| match &field.form {
                Form::Item(item) => matches!(item.selector, Some(Selector::Own)),
                Form::With(_) | Form::Flatten(_) | Form::CatchAll { .. } => false,
            };
            (fields.iter().any(takes), "`select = \"selector\"` on a field")
        }
        Kind::Transparent { .. } => (true, ""),
        Kind::Choice(choice) => {
            (choice.variants.iter().any(|variant| variant.select), "`select` on a variant")
        }
    };
    if !taken {
        errors.on(selector, format_args!("nothing takes the selector: add {hint}, or leave `selector` out"));
    }
}

fn check_structure(fields: &[Field], errors: &mut Errors) {
    let mut seen = Seen::default();
    let mut version = None;
    let mut flattened = HashMap::new();
    for (index, field) in fields.iter().enumerate() {
        match &field.form {
            Form::Item(item) => {
                match &item.tag {
                    FieldTag::One(tag) => seen.tag(tag, &field.ident, errors),
                    FieldTag::Renamed { tag, formerly, .. } => {
                        seen.tag(tag, &field.ident, errors);
                        seen.tag(formerly, &field.ident, errors);
                    }
                    FieldTag::OfValue => {}
                }
                check_versions(item, errors);
                check_ranges(item, &field.ident, errors);
                if let Some(span) = item.version
                    && let Some(other) = version.replace(&field.ident)
                {
                    errors.at(span, format_args!("`{other}` states the version already"));
                }
            }
            Form::With(_) => {}
            Form::Flatten(ty) => {
                let shown = shape::shown(ty);
                if let Some(other) = flattened.insert(shown.clone(), &field.ident) {
                    errors.on(ty, format_args!("the fields of `{shown}` are those of `{other}` already"));
                }
            }
            Form::CatchAll { ty } => {
                if shape::repeated(ty).is_none() {
                    errors.on(
                        ty,
                        "a catch-all is a `Vec<Item>`: it keeps every item that no other field takes",
                    );
                }
                if let Some(after) = fields.get(index + 1) {
                    let name = &field.ident;
                    let message = format_args!("nothing is left for a field after the catch-all `{name}`");
                    errors.at(after.ident.span(), message);
                }
            }
        }
    }
}

/// The tags of a structure or choice so far, and what has them.
#[derive(Default)]
struct Seen<'a>(HashMap<u32, &'a Ident>);

impl<'a> Seen<'a> {
    fn tag(&mut self, tag: &Tag, owner: &'a Ident, errors: &mut Errors) {
        if let Some(other) = self.0.insert(tag.value, owner) {
            errors.at(tag.span, format_args!("`{other}` has the tag {} already", tag.name()));
        }
    }
}

fn check_versions(item: &ItemField, errors: &mut Errors) {
    let (first, last) = tag_bounds(&item.tag);
    let name = match &item.tag {
        FieldTag::One(tag) | FieldTag::Renamed { tag, .. } => tag.name(),
        FieldTag::OfValue => String::new(),
    };
    let mut inside = true;
    for bound in [&item.since, &item.until] {
        let Bound::Given(version, span) = bound else { continue };
        inside &= check_bound(*version, *span, &name, (first, last), errors);
    }
    if let (true, Some(since), Some(until)) = (inside, item.since.version(), item.until.version())
        && since > until
    {
        let span = match (&item.until, &item.since) {
            (Bound::Given(_, span), _) | (_, Bound::Given(_, span)) => *span,
            _ => return,
        };
        errors.at(span, format_args!("`since` is {since}, which is later than `until`, {until}"));
    }
    if let FieldTag::Renamed { tag, formerly, renamed, span } = &item.tag
        && check_bound(*renamed, *span, &tag.name(), tag.bounds(), errors)
    {
        // Up to then the former tag is the field's.
        let last = Version::before(*renamed).unwrap_or(Version::first());
        check_bound(last, *span, &formerly.name(), formerly.bounds(), errors);
    }
}

/// Refuses a range that names a version without the field.
fn check_ranges(item: &ItemField, ident: &Ident, errors: &mut Errors) {
    let versions = (item.since.version(), item.until.version());
    let name = format!("field `{ident}`");
    for range in item.by_version.required.iter().chain(&item.by_version.once) {
        for version in
            range.since.iter().chain(range.until.iter().filter(|until| range.since != Some(**until)))
        {
            check_bound(*version, range.span, &name, versions, errors);
        }
    }
}

/// Refuses a version that has no such tag.
fn check_bound(
    version: Version,
    span: Span,
    name: &str,
    (first, last): (Option<Version>, Option<Version>),
    errors: &mut Errors,
) -> bool {
    let inside = first.is_none_or(|first| version >= first) && last.is_none_or(|last| version <= last);
    if !inside {
        errors.at(span, format_args!("KMIP {version} has no {name}: it is in {}", range(first, last)));
    }
    inside
}

fn range(first: Option<Version>, last: Option<Version>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first == last => format!("{first} alone"),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("{first} and later"),
        (None, Some(last)) => format!("{} to {last}", Version::first()),
        (None, None) => "every version".to_owned(),
    }
}

fn check_choice(choice: &Choice, errors: &mut Errors) {
    let mut tags = Seen::default();
    let mut values: HashMap<String, String> = HashMap::new();
    for variant in &choice.variants {
        if let Some(tag) = &variant.tag {
            tags.tag(tag, &variant.ident, errors);
            if let Some((version, span)) = variant.since {
                check_bound(version, span, &tag.name(), tag.bounds(), errors);
            }
        }
        for value in variant.pattern.iter().flat_map(alternatives) {
            let text = value.to_token_stream().to_string().replace(' ', "");
            if let Some(other) = values.insert(text.clone(), variant.ident.to_string()) {
                errors.on(value, format_args!("`{text}` is the value of `{other}` already"));
            }
        }
    }
}
