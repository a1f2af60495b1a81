//! Resolves the names of tags and versions, with the nearest known one for a name that is misspelled.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Lit, LitStr};

use crate::errors::Errors;
use crate::model::Tag;
use crate::parse::{AstField, AstVariant};
use crate::tables::{self, TagRow, Version};

/// The version that a text names, and where.
pub(crate) fn resolve_version(text: &LitStr, errors: &mut Errors) -> Option<(Version, Span)> {
    resolve_version_name(&text.value(), text.span(), errors).map(|version| (version, text.span()))
}

/// The version with this name, which stands at a place.
pub(crate) fn resolve_version_name(name: &str, span: Span, errors: &mut Errors) -> Option<Version> {
    let version = Version::from_text(name);
    if version.is_none() {
        let message = format_args!("KMIP has no version `{name}`; its versions are {}", Version::all());
        errors.at(span, message);
    }
    version
}

/// The tag that a name or number stands for.
pub(crate) fn resolve_tag(tag: &Lit, errors: &mut Errors) -> Option<Tag> {
    match tag {
        Lit::Str(name) => resolve_tag_name(name, errors),
        Lit::Int(number) => {
            let value = errors.ok(number.base10_parse::<u32>())?;
            let row = tables::tag_by_value(value);
            if row.is_none() && value >> 16 != 0x54 {
                let message = format_args!(
                    "0x{value:06X} is not a tag of the standard, nor a vendor's, which are 0x540000 to 0x54FFFF"
                );
                errors.on(number, message);
                return None;
            }
            Some(Tag { value, row, span: number.span() })
        }
        other => {
            let message =
                "a tag is a name in quotes, or a number: `tag = \"UniqueIdentifier\"`, `tag = 0x540001`";
            errors.on(other, message);
            None
        }
    }
}

/// The tag with a wire name.
pub(crate) fn resolve_tag_name(name: &LitStr, errors: &mut Errors) -> Option<Tag> {
    let text = name.value();
    let row = tables::tag_by_name(&text);
    if row.is_none() {
        let near = tables::nearest_tag(&text).map(|row| format!("; did you mean `{}`?", row.name));
        let hint = || "; a vendor's is given by its number, such as `0x540001`".to_owned();
        errors.on(name, format_args!("the standard has no tag `{text}`{}", near.unwrap_or_else(hint)));
    }
    row.map(|row| Tag { value: row.value, row: Some(row), span: name.span() })
}

/// The tag that a field or variant has by its own name.
fn resolve_own_name(
    ident: &Ident,
    row: Option<&'static TagRow>,
    written: impl FnOnce(&TagRow) -> String,
    faulty: bool,
    errors: &mut Errors,
) -> Option<Tag> {
    if row.is_none() && !faulty {
        let name = ident.unraw().to_string();
        let near = tables::nearest_tag(&name).map(written).map(|near| format!("did you mean `{near}`?"));
        let hint = "where the name is another than the tag's, add `#[ttlv(tag = \"…\")]`".to_owned();
        errors.at(ident.span(), format_args!("the standard has no tag `{name}`; {}", near.unwrap_or(hint)));
    }
    row.map(|row| Tag { value: row.value, row: Some(row), span: ident.span() })
}

/// The tag that a field has by its own name.
pub(crate) fn resolve_field_name(field: &AstField<'_>, errors: &mut Errors) -> Option<Tag> {
    let row = tables::tag_by_field_name(&field.ident.unraw().to_string());
    let written = |row: &TagRow| row.constant.to_ascii_lowercase();
    resolve_own_name(field.ident, row, written, field.faulty, errors)
}

/// The tag that a variant has by its own name.
pub(crate) fn resolve_variant_name(variant: &AstVariant<'_>, errors: &mut Errors) -> Option<Tag> {
    let row = tables::tag_by_type_name(&variant.ident.unraw().to_string());
    let written = |row: &TagRow| row.name.to_owned();
    resolve_own_name(variant.ident, row, written, variant.faulty, errors)
}
